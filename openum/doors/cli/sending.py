"""Sending the world's requests to the FHIR door: the whole application with its middleware, called in this process.

No socket lies between, so that hundreds of requests take seconds; everything else is as over HTTP: sign-in with a
signed assertion, an access token, a body. The moment of each request is the world's own.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import orjson
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from joserfc import jwt
from joserfc.jwk import ECKey

from openum.world.values import Client
from openum.world.world import Sent, World

MOMENT = "openum.now"
"""Where the FHIR door looks for a moment that is not the wall's (``doors/fhir/moment.py``); HTTP cannot set it."""
BASE = "/fhir/pas/2.2.1"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFE = timedelta(minutes=4)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the door answered to one request: ``refused`` is empty, or why (codes only)."""

    sent: Sent
    status: int
    refused: str


class Sender:
    """The systems of the world's practices."""

    def __init__(self, world: World) -> None:
        self.application = get_wsgi_application()
        self.clients: dict[str, Client] = {one.client_id: one for one in world.clients}

    def send(self, sent: Sent) -> Answered:
        """Sign in and submit, at the moment the request is sent."""
        client = self.clients[sent.client_id]
        status, token = self._post("/token", self._form(client, sent.sent_at), FORM, at=sent.sent_at)
        if status != 200:
            return Answered(sent, status, str(token.get("error_description", token.get("error", "")))[:100])
        status, answer = self._post(
            f"{BASE}/Claim/$submit", sent.body, "application/fhir+json", at=sent.sent_at, bearer=token["access_token"]
        )
        return Answered(sent, status, _refused(status, answer))

    def _form(self, client: Client, at: datetime) -> bytes:
        claims = {
            "iss": client.client_id, "sub": client.client_id, "aud": f"{settings.OPENUM_BASE_URL}/token",
            "iat": int(at.timestamp()), "exp": int((at + LIFE).timestamp()), "jti": str(uuid4()),
        }  # fmt: skip
        key = ECKey.import_key(dict(client.key.private))
        header = {"alg": "ES384", "typ": "JWT", "kid": client.key.public["kid"]}
        form = {
            "grant_type": "client_credentials",
            "scope": " ".join(client.scopes),
            "client_assertion_type": ASSERTION,
            "client_assertion": jwt.encode(header, claims, key, algorithms=["ES384"]),
        }
        return urlencode(form).encode()

    def _post(
        self, path: str, body: bytes, content_type: str, *, at: datetime, bearer: str = ""
    ) -> tuple[int, Mapping[str, Any]]:
        """One POST through the whole application."""
        where = urlsplit(settings.OPENUM_BASE_URL)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_PROTOCOL": "HTTP/1.1",
            "SERVER_NAME": where.hostname, "SERVER_PORT": str(where.port or 80), "HTTP_HOST": where.netloc,
            "REMOTE_ADDR": "127.0.0.1", "CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.version": (1, 0),
            "wsgi.url_scheme": where.scheme, "wsgi.multithread": False, "wsgi.multiprocess": True,
            "wsgi.run_once": False, MOMENT: at,
        }  # fmt: skip
        if bearer:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {bearer}"
        begun: list[str] = []

        def start(status: str, _headers: Any, _fault: Any = None, /) -> Any:
            begun.append(status)

        answer = self.application(environ, start)
        try:
            content = b"".join(answer)
        finally:
            answer.close()
        return int(begun[0].partition(" ")[0]), orjson.loads(content)


FORM = "application/x-www-form-urlencoded"


def _refused(status: int, answer: Mapping[str, Any]) -> str:
    """The codes of a refusal; empty where the request was taken in."""
    if status != 200:
        issues = answer.get("issue", [])
        return "; ".join(str(issue.get("details", {}).get("text", issue.get("code", ""))) for issue in issues)[:200]
    claim = answer["entry"][0]["resource"]
    if claim.get("outcome") != "error":
        return ""
    codes = (coding.get("code", "") for error in claim.get("error", []) for coding in error["code"].get("coding", []))
    return f"answered with error {', '.join(codes)}"
