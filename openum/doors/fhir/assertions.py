"""Sign-in assertions (SMART Backend Services): a client proves itself with a signed statement of five minutes' life."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from openum.core.refusal import Refusal
from openum.doors.fhir.addresses import token_url
from openum.records.parties.actions import use_assertion
from openum.records.parties.cards import ClientCard
from openum.records.parties.queries import find_client

ALGORITHMS = ["RS384", "ES384"]
LONGEST = timedelta(minutes=5)
SKEW = timedelta(seconds=30)
"""How far two clocks may be apart."""
LONGEST_ID = 200


def client_of(assertion: str, *, at: datetime) -> ClientCard:
    """The client the assertion proves. It is used up by this: a second time it is refused.

    Raises:
        Refusal: ``assertion-not-readable``, ``client-unknown``, ``keys-not-inline``, ``signature-not-valid``,
            ``assertion-not-for-us``, ``assertion-expired``, ``assertion-too-long-lived``, ``assertion-without-id``,
            ``assertion-replayed``.
    """
    client = _named(assertion)
    claims = _proven(assertion, client)
    if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
        raise _refusal("signature-not-valid", "iss and sub must both be the client id.")
    audience = claims.get("aud")
    if token_url() not in (audience if isinstance(audience, list) else [audience]):
        raise _refusal("assertion-not-for-us", "aud must be the address of this token endpoint.")
    expires = _expiry(claims, at)
    used = claims.get("jti")
    if not isinstance(used, str) or not 0 < len(used) <= LONGEST_ID or "\x00" in used:
        raise _refusal("assertion-without-id", f"jti must be a text of 1 to {LONGEST_ID} characters.")
    use_assertion(client, jti=used, expires_at=expires + SKEW, at=at)
    return client


def _named(assertion: str) -> ClientCard:
    """The client the unverified assertion names: only to find the keys to verify it with."""
    try:
        claims = orjson.loads(jws.extract_compact(assertion.encode()).payload)
    except (JoseError, ValueError):
        raise _refusal("assertion-not-readable", "client_assertion is not a signed JWT.") from None
    named = claims.get("iss") if isinstance(claims, dict) else None
    client = find_client(named) if isinstance(named, str) and "\x00" not in named else None
    if client is None:
        raise _refusal("client-unknown", "No active client of this id is registered here.")
    return client


def _proven(assertion: str, client: ClientCard) -> dict[str, Any]:
    if client.jwks is None:
        raise _refusal(
            "keys-not-inline", "This client is registered with an address of its keys; keys are not fetched yet."
        )
    try:
        keys = KeySet.import_key_set({"keys": list(client.jwks.get("keys", []))})
        return dict(jwt.decode(assertion, keys, algorithms=ALGORITHMS).claims)
    except (JoseError, ValueError, TypeError, KeyError):
        raise _refusal("signature-not-valid", "The assertion is not signed with a registered key.") from None


def _expiry(claims: dict[str, Any], at: datetime) -> datetime:
    expires, issued, begins = (claims.get(name) for name in ("exp", "iat", "nbf"))
    if not isinstance(expires, int) or isinstance(expires, bool):
        raise _refusal("assertion-expired", "exp must be a whole number of seconds.")
    now = at.timestamp()
    if expires <= now - SKEW.total_seconds():
        raise _refusal("assertion-expired", "The assertion has expired.")
    if expires > now + (LONGEST + SKEW).total_seconds():
        raise _refusal("assertion-too-long-lived", "exp may be five minutes ahead at most.")
    for moment in (issued, begins):
        if moment is not None and (not isinstance(moment, int) or moment > now + SKEW.total_seconds()):
            raise _refusal("assertion-expired", "The assertion is not valid yet; check the clock of your system.")
    return datetime.fromtimestamp(expires, UTC)


def _refusal(code: str, message: str) -> Refusal:
    return Refusal(code, message, "Make a new assertion as SMART Backend Services describes.")
