"""Systems sign in with a signed assertion (SMART Backend Services), and only so."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from openum.doors.fhir import tokens
from openum.records.parties import actions as parties
from openum.records.parties.queries import find_client
from tests.journeys import bundles
from tests.journeys.pas_parties import AT, BOTH, Speaker, Town, build, jwks, key

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> Town:
    return build()


def newcomer(town: Town) -> Speaker:
    """Priya's system, not signed in yet."""
    return Speaker("ehr-priya")


def error_of(response: Any, *, status: int, error: str) -> str:
    assert response.status_code == status
    found = response.json()
    assert found["error"] == error
    assert response["Cache-Control"] == "no-store"
    return str(found["error_description"]).partition(":")[0]


@pytest.mark.parametrize("kind", ["EC", "RSA"])
def test_a_token_is_given_for_a_signature_of_either_kind(town: Town, kind: str) -> None:
    speaker = newcomer(town)
    answer = speaker.ask_token(speaker.assertion(using=key("ehr-priya", kind)))
    assert answer.status_code == 200
    found = answer.json()
    assert (found["token_type"], found["expires_in"], found["scope"]) == ("bearer", 300, " ".join(BOTH))
    assert answer["Cache-Control"] == "no-store"
    speaker.token = found["access_token"]
    assert speaker.submit(bundles.met()).status_code == 200


def test_an_assertion_is_good_once(town: Town) -> None:
    speaker = newcomer(town)
    assertion = speaker.assertion()
    assert speaker.ask_token(assertion).status_code == 200
    assert error_of(speaker.ask_token(assertion), status=401, error="invalid_client") == "assertion-replayed"


CLAIMS: list[tuple[dict[str, Any], str]] = [
    ({"iss": "ehr-sam"}, "signature-not-valid"),
    ({"sub": "ehr-sam"}, "signature-not-valid"),
    ({"iss": "nobody", "sub": "nobody"}, "client-unknown"),
    ({"iss": ...}, "client-unknown"),
    ({"iss": ["ehr-priya"]}, "client-unknown"),
    ({"aud": "https://elsewhere.example.org/token"}, "assertion-not-for-us"),
    ({"aud": ...}, "assertion-not-for-us"),
    ({"exp": ...}, "assertion-expired"),
    ({"exp": "soon"}, "assertion-expired"),
    ({"exp": int(AT.timestamp()) - 31}, "assertion-expired"),
    ({"exp": int(AT.timestamp()) + 331}, "assertion-too-long-lived"),
    ({"exp": 10**18}, "assertion-too-long-lived"),
    ({"iat": int(AT.timestamp()) + 60}, "assertion-expired"),
    ({"nbf": int(AT.timestamp()) + 60}, "assertion-expired"),
    ({"jti": ...}, "assertion-without-id"),
    ({"jti": ""}, "assertion-without-id"),
    ({"jti": "x" * 201}, "assertion-without-id"),
    ({"jti": "a\x00b"}, "assertion-without-id"),
    ({"jti": 7}, "assertion-without-id"),
]


@pytest.mark.parametrize(("claims", "code"), CLAIMS)
def test_an_assertion_with_a_fault_proves_nobody(town: Town, claims: dict[str, Any], code: str) -> None:
    speaker = newcomer(town)
    assert error_of(speaker.ask_token(speaker.assertion(**claims)), status=401, error="invalid_client") == code


def test_the_limits_of_time_hold_to_the_second(town: Town) -> None:
    speaker = newcomer(town)
    now = int(AT.timestamp())
    assert speaker.ask_token(speaker.assertion(exp=now - 29)).status_code == 200
    assert speaker.ask_token(speaker.assertion(exp=now + 330)).status_code == 200
    assert speaker.ask_token(speaker.assertion(exp=now - 30)).status_code == 401


@pytest.mark.parametrize("assertion", ["", "x", "a.b.c", "é", "eyJhbGciOiJub25lIn0.e30.", "e30.e30.e30"])
def test_what_is_no_signed_token_proves_nobody(town: Town, assertion: str) -> None:
    code = error_of(
        newcomer(town).ask_token(assertion), status=400 if not assertion else 401,
        error="invalid_request" if not assertion else "invalid_client",
    )  # fmt: skip
    assert code in ("assertion-missing", "assertion-not-readable", "client-unknown")


def test_another_systems_key_proves_nobody(town: Town) -> None:
    speaker = newcomer(town)
    stolen = ECKey.generate_key("P-384", {"kid": "ehr-priya-EC"})
    for signer in (key("ehr-sam"), stolen):
        answer = speaker.ask_token(speaker.assertion(using=signer))
        assert error_of(answer, status=401, error="invalid_client") == "signature-not-valid"


def signed_with_public_key(secret: bytes) -> str:
    """An HS256 token whose secret is the client's public key: what a careless verifier takes."""
    head = {"alg": "HS256", "kid": "ehr-priya-EC"}
    claims = {"iss": "ehr-priya", "sub": "ehr-priya", "aud": "x", "jti": "y", "exp": int(AT.timestamp()) + 60}
    parts = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (head, claims)]
    parts.append(urlsafe_b64encode(hmac.digest(secret, b".".join(parts), "sha256")).rstrip(b"="))
    return b".".join(parts).decode()


def test_other_algorithms_are_refused_and_a_public_key_is_no_shared_secret(town: Town) -> None:
    speaker = newcomer(town)
    small = ECKey.generate_key("P-256", {"kid": "small"})
    client = find_client("ehr-priya")
    assert client is not None
    parties.register_client(
        town.harbor.whole, organization_id=client.organization_id, client_id="ehr-priya", name="x", scopes=BOTH,
        jwks=jwks(key("ehr-priya"), small),
    )  # fmt: skip
    weak = speaker.assertion(using=small, header={"alg": "ES256"})
    assert error_of(speaker.ask_token(weak), status=401, error="invalid_client") == "signature-not-valid"
    forged = signed_with_public_key(key("ehr-priya").as_pem(private=False))
    assert error_of(speaker.ask_token(forged), status=401, error="invalid_client") == "signature-not-valid"


def test_keys_behind_an_address_are_refused_in_words(town: Town) -> None:
    client = find_client("ehr-priya")
    assert client is not None
    parties.register_client(
        town.harbor.whole, organization_id=client.organization_id, client_id="ehr-far", name="x", scopes=BOTH,
        jwks_url="https://ehr.example.org/jwks.json",
    )  # fmt: skip
    speaker = Speaker("ehr-far")
    assert error_of(speaker.ask_token(), status=401, error="invalid_client") == "keys-not-inline"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "unsupported_grant_type"),
        ({"client_assertion_type": "x"}, "invalid_request"),
    ],
)
def test_another_kind_of_token_request_is_refused(town: Town, form: dict[str, str], error: str) -> None:
    error_of(newcomer(town).ask_token(**form), status=400, error=error)


def test_a_token_request_is_a_posted_form(town: Town) -> None:
    http = newcomer(town).http
    error_of(http.get("/token"), status=400, error="invalid_request")
    error_of(http.post("/token", b"{}", content_type="application/json"), status=400, error="invalid_request")
    large = b"x=" + b"x" * 70_000
    form = "application/x-www-form-urlencoded"
    error_of(http.post("/token", large, content_type=form), status=400, error="invalid_request")


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("system/Claim.$submit", "system/Claim.$submit"),
        ("system/Claim.$submit system/Patient.read openid", "system/Claim.$submit"),
        ("system/*.*", "system/*.*"),
        ("system/Claim.cruds system/Claim.cruds", "system/Claim.cruds"),
        ("system/Claim.rs", "system/Claim.rs"),
    ],
)
def test_the_scopes_a_client_is_registered_for_are_given(town: Town, asked: str, given: str) -> None:
    assert newcomer(town).ask_token(scope=asked).json()["scope"] == given


@pytest.mark.parametrize("asked", ["", "openid", "system/Patient.read", "user/Claim.write", "system/Claim."])
def test_scopes_that_open_nothing_here_are_refused(town: Town, asked: str) -> None:
    error_of(newcomer(town).ask_token(scope=asked), status=400, error="invalid_scope")


def test_a_client_gets_no_more_than_it_is_registered_for(town: Town) -> None:
    client = find_client("ehr-priya")
    assert client is not None
    parties.register_client(
        town.harbor.whole, organization_id=client.organization_id, client_id="ehr-priya", name="x",
        scopes=("system/Claim.read",), jwks=jwks(key("ehr-priya")),
    )  # fmt: skip
    error_of(newcomer(town).ask_token(scope="system/Claim.$submit"), status=400, error="invalid_scope")
    error_of(newcomer(town).ask_token(scope="system/*.*", client_id="x"), status=400, error="invalid_scope")
    # and a token given before no longer submits
    assert town.priya.submit(bundles.met()).status_code == 403


def test_a_token_holds_five_minutes(town: Town) -> None:
    town.priya.at = AT + timedelta(seconds=299)
    assert town.priya.submit(bundles.met()).status_code == 200
    town.priya.at = AT + timedelta(seconds=300)
    response = town.priya.submit(bundles.met())
    assert response.status_code == 401
    assert 'error="invalid_token"' in response["WWW-Authenticate"]


def test_a_token_is_bound_to_this_installation(town: Town, settings: Any) -> None:
    forged = jwt.encode(
        {"alg": "HS256", "typ": "at+jwt"}, {"sub": "ehr-priya", "scope": "system/*.*", "exp": 10**12},
        OctKey.import_key(b"k" * 32),
    )  # fmt: skip
    good = tokens.issue("ehr-priya", BOTH, at=AT)
    town.priya.token = forged
    assert town.priya.submit(bundles.met()).status_code == 401
    town.priya.token = good
    assert town.priya.submit(bundles.met()).status_code == 200
    settings.OPENUM_BASE_URL = "https://elsewhere.example.org"
    assert town.priya.submit(bundles.met()).status_code == 401
