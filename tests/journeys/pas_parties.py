"""Two payers, two practices and their systems with real keys, speaking PAS over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from openum.core.request import PartyRef
from openum.payer.conftest import NPI, OTHER_NPI, Payer, set_up_payer
from openum.records.parties import actions as parties
from openum.records.parties.queries import find_organization, plan_card
from openum.wire.fhir.tests.bundles import INSURER_NPI

AT = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
NUMBERS = count(1)
BASE = "/fhir/pas/2.2.1"
BOTH = ("system/Claim.$submit", "system/Claim.$inquire")
FHIR, FORM = "application/fhir+json", "application/x-www-form-urlencoded"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def key(name: str, kind: str = "EC") -> ECKey | RSAKey:
    """A system's signing key, made once per run."""
    return _made(name, kind)


@cache
def _made(name: str, kind: str) -> ECKey | RSAKey:
    parameters = {"kid": f"{name}-{kind}", "use": "sig"}
    return ECKey.generate_key("P-384", parameters) if kind == "EC" else RSAKey.generate_key(2048, parameters)


def jwks(*keys: ECKey | RSAKey) -> dict[str, Any]:
    return {"keys": [one.as_dict(private=False) for one in keys]}


@dataclass
class Speaker:
    """A practice's system: it signs in with its key and posts Bundles. ``at`` is the moment it all happens."""

    client_id: str
    at: datetime = AT
    http: Client = field(default_factory=Client)
    token: str = ""

    def assertion(self, *, using: Any = None, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """A good sign-in assertion; ``...`` as a claim leaves it out."""
        signer = using if using is not None else key(self.client_id)
        algorithm = "ES384" if isinstance(signer, ECKey) else "RS384"
        said = {
            "iss": self.client_id, "sub": self.client_id, "aud": f"{settings.OPENUM_BASE_URL}/token",
            "exp": int((self.at + timedelta(minutes=4)).timestamp()), "iat": int(self.at.timestamp()),
            "jti": f"{self.client_id}-{next(NUMBERS)}", **claims,
        }  # fmt: skip
        kept = {name: value for name, value in said.items() if value is not ...}
        head = {"alg": algorithm, "kid": signer.kid, "typ": "JWT", **(header or {})}
        return jwt.encode(head, kept, signer, algorithms=["ES384", "RS384", "ES256"])

    def ask_token(self, assertion: str | None = None, *, scope: str = " ".join(BOTH), **form: str) -> Any:
        sent = {
            "grant_type": "client_credentials", "scope": scope, "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.assertion() if assertion is None else assertion, **form,
        }  # fmt: skip
        return self.http.post("/token", urlencode(sent), content_type=FORM, **self._moment())

    def signed_in(self, scope: str = " ".join(BOTH)) -> Speaker:
        answer = self.ask_token(scope=scope)
        assert answer.status_code == 200, answer.content
        self.token = answer.json()["access_token"]
        return self

    def post(self, operation: str, body: Any, *, kind: str = FHIR, **meta: Any) -> Any:
        """Post a Bundle (or raw bytes) to ``$submit`` or ``$inquire``."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"CONTENT_TYPE": kind, **({"HTTP_AUTHORIZATION": f"Bearer {self.token}"} if self.token else {})}
        return self.http.post(
            f"{BASE}/Claim/${operation}", data, content_type=kind, **{**self._moment(), **headers, **meta}
        )

    def submit(self, body: Any, **more: Any) -> Any:
        return self.post("submit", body, **more)

    def inquire(self, body: Any, **more: Any) -> Any:
        return self.post("inquire", body, **more)

    def _moment(self) -> dict[str, Any]:
        return {"openum.now": self.at}


@dataclass(frozen=True)
class Town:
    """Everybody: Harbor's rooms, Priya (its North practice), Sam (its South practice), Mallory (another payer's)."""

    harbor: Payer
    other: Payer
    priya: Speaker
    sam: Speaker
    mallory: Speaker


def build() -> Town:
    """Set both payers up through the rooms' own actions."""
    harbor, other = set_up_payer("harbor"), set_up_payer("other-plan")
    for payer, member in ((harbor, "MBR-1001"), (other, "MBR-9009")):
        parties.enroll(
            payer.whole, plan="MA-1", number=member, family="Rivera", given="Ana", birth_date=date(1951, 3, 11),
            start=date(2025, 1, 1), end=date(2026, 12, 31), sex="female",
        )  # fmt: skip
    plan = plan_card(harbor.whole, "MA-1")
    parties.set_up_plan(
        harbor.whole, code="MA-1", name=plan.name, line_of_business=plan.line_of_business, state=plan.state,
        time_zone=plan.time_zone, phone=plan.phone, address=plan.address, notice_texts=plan.notice_texts,
        settings={"insurer_identifiers": [f"http://hl7.org/fhir/sid/us-npi|{INSURER_NPI}"]},
    )  # fmt: skip
    return Town(
        harbor, other, _speaker(harbor, "ehr-priya", NPI), _speaker(harbor, "ehr-sam", OTHER_NPI),
        _speaker(other, "ehr-mallory", NPI),
    )  # fmt: skip


def _speaker(payer: Payer, client_id: str, npi: str) -> Speaker:
    organization = find_organization(payer.whole, PartyRef(npi=npi))
    parties.register_client(
        payer.whole, organization_id=organization.id, client_id=client_id, name=client_id, scopes=BOTH,
        jwks=jwks(key(client_id), key(client_id, "RSA")),
    )  # fmt: skip
    return Speaker(client_id).signed_in()


def row_counts() -> dict[str, int]:
    """Rows of every table, so that a test can say that nothing was written."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608 - names of our own tables
            found[table] = cursor.fetchone()[0]
    return found


def outcome_of(response: HttpResponse) -> dict[str, Any]:
    """The one OperationOutcome of a refusal."""
    found = json.loads(response.content)
    assert response["Content-Type"] == "application/fhir+json; charset=utf-8"
    assert found["resourceType"] == "OperationOutcome"
    assert len(found["issue"]) == 1
    return found
