"""Keys of the practices' systems. Made from the seed, so that they are worth nothing outside the world."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha512

from cryptography.hazmat.primitives.asymmetric import ec

CURVE_ORDER = int(
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973", 16
)
"""The order of P-384 (SEC 2, secp384r1)."""
WIDTH = 48


@dataclass(frozen=True, slots=True)
class Key:
    """An ES384 key pair as JSON Web Keys. ``private`` holds the public part too and never leaves the world."""

    public: Mapping[str, str]
    private: Mapping[str, str]

    @property
    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public key as a set, the way a client is registered."""
        return {"keys": [dict(self.public)]}


def key_of(*name: str | int) -> Key:
    """The key pair that belongs to a name. Deterministic, and for demonstrations only."""
    digest = sha512("\x1f".join(map(str, ("key", *name))).encode()).digest()
    secret = int.from_bytes(digest) % (CURVE_ORDER - 1) + 1
    point = ec.derive_private_key(secret, ec.SECP384R1()).public_key().public_numbers()
    public = {
        "kty": "EC", "crv": "P-384", "alg": "ES384", "use": "sig", "kid": f"{name[-1]}-1",
        "x": _base64(point.x), "y": _base64(point.y),
    }  # fmt: skip
    return Key(public, {**public, "d": _base64(secret)})


def _base64(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(WIDTH)).rstrip(b"=").decode()
