"""Access tokens: short-lived, signed with a key derived from the installation's secret, kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from openum.core.refusal import Refusal
from openum.doors.fhir.addresses import base_url

LIFETIME = timedelta(minutes=5)
ALGORITHM = "HS256"


@dataclass(frozen=True, slots=True)
class Token:
    """What a valid access token says: whose it is and what it may be used for."""

    client_id: str
    scopes: tuple[str, ...]


def issue(client_id: str, scopes: tuple[str, ...], *, at: datetime) -> str:
    """A token for the client, good for ``LIFETIME``."""
    claims = {
        "iss": base_url(), "aud": base_url(), "sub": client_id, "scope": " ".join(scopes),
        "iat": int(at.timestamp()), "exp": int((at + LIFETIME).timestamp()),
    }  # fmt: skip
    return jwt.encode({"alg": ALGORITHM, "typ": "at+jwt"}, claims, _key(settings.SECRET_KEY))


def read(token: str, *, at: datetime) -> Token:
    """What the token says. Raises ``Refusal`` ``token-not-valid``."""
    try:
        held = jwt.decode(token, _key(settings.SECRET_KEY), algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        raise _not_valid() from None
    claims: dict[str, Any] = held.claims
    good = held.header.get("typ") == "at+jwt" and claims.get("aud") == base_url()
    expires = claims.get("exp")
    if not good or not isinstance(expires, int) or expires <= at.timestamp():
        raise _not_valid()
    return Token(str(claims.get("sub", "")), tuple(str(claims.get("scope", "")).split()))


def _not_valid() -> Refusal:
    return Refusal(
        "token-not-valid",
        "The access token is not valid or has expired.",
        "Get a new one from the token endpoint; it holds for five minutes.",
    )


@lru_cache(maxsize=4)
def _key(secret: str) -> OctKey:
    return OctKey.import_key(salted_hmac("openum.doors.fhir.tokens", secret, algorithm="sha256").digest())
