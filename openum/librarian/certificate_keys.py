"""The keys certificates are signed with: Ed25519 (RFC 9864), one folder of private keys for each tenant, newest last.

A private key is a file only the installation's own user can read; it never leaves its folder. What is printed and what
a certificate carries is the public half, as a JWK (RFC 8037). Signatures are detached JWS (RFC 7515, appendix F), so
that any JOSE library can check one.
"""

from __future__ import annotations

import hmac
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from openum.core.certificate import canonical
from openum.core.refusal import Refusal

Jwk = Mapping[str, str]
TYP = "openum-certificate"
_SALTS = b"openum certificate salts"


class SigningKey:
    """One key of a tenant; printing it never shows the private half."""

    __slots__ = ("_private", "jwk")

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.jwk: Jwk = jwk_of(private.public_key())

    def sign(self, payload: bytes) -> str:
        """A detached JWS over the payload; the same payload, the same signature."""
        head = _written(canonical({"alg": "Ed25519", "kid": self.jwk["kid"], "typ": TYP}))
        return f"{head}..{_written(self._private.sign(f'{head}.{_written(payload)}'.encode()))}"

    def salt(self, name: str, content: bytes) -> str:
        """32 hex digits nobody can work out without the private key: the same content, the same salt."""
        secret = hmac.digest(self._private.private_bytes_raw(), _SALTS, "sha256")
        return hmac.digest(secret, name.encode() + b"\0" + content, "sha256").hex()[:32]


def signing_key(folder: Path) -> SigningKey:
    """The tenant's newest key; the first is made when there is none.

    Raises:
        Refusal: ``key-unreadable`` when the newest key's file holds no Ed25519 key.
    """
    files = _files(folder)
    return _read(files[-1]) if files else new_key(folder)


def new_key(folder: Path) -> SigningKey:
    """Make the next key. The earlier ones stay, so that what they signed can still be checked."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = folder / f".{jwk_of(private.public_key())['kid']}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    number = len(_files(folder)) + 1
    try:
        os.link(draft, folder / f"{number:04d}.pem")  # fails where another process was first
    except FileExistsError:
        return _read(folder / f"{number:04d}.pem")
    finally:
        draft.unlink()
    return SigningKey(private)


def public_keys(folder: Path) -> dict[str, list[Jwk]]:
    """Every key of the tenant as a public JWKS, newest first."""
    return {"keys": [_read(file).jwk for file in reversed(_files(folder))]}


def jwk_of(public: Ed25519PublicKey) -> dict[str, str]:
    """The public key as a JWK; ``kid`` is its thumbprint (RFC 7638)."""
    told = {"crv": "Ed25519", "kty": "OKP", "x": _written(public.public_bytes_raw())}
    return told | {"kid": _written(sha256(canonical(told)).digest()), "alg": "Ed25519", "use": "sig"}


def signature_fault(signature: str, payload: bytes, jwk: Jwk) -> str:
    """Why this is no signature of the payload by that key, in words; empty when it is."""
    try:
        public = Ed25519PublicKey.from_public_bytes(_bytes(jwk["x"]))
        head, middle, value = signature.split(".")
        told = json.loads(_bytes(head))
        raw = _bytes(value)
    except (ValueError, KeyError):
        return "the signature or its key is not written as one"
    if middle or dict(jwk) != jwk_of(public) or told != {"alg": "Ed25519", "kid": jwk["kid"], "typ": TYP}:
        return "the signature does not name the key that the certificate carries"
    try:
        public.verify(raw, f"{head}.{_written(payload)}".encode())
    except InvalidSignature:
        return "the signature is not of this text"
    return ""


def knows(jwks: Mapping[str, Any], jwk: Jwk) -> bool:
    """Whether a key is among published ones, by its key material alone.

    Raises:
        Refusal: ``not-a-jwks``.
    """
    keys = jwks.get("keys")
    if not isinstance(keys, list) or not all(isinstance(one, Mapping) for one in keys):
        raise Refusal(
            "not-a-jwks", "The file of keys is not a JWKS.", "Use what `openum certificate keys` printed at the plan."
        )
    return any((one.get("kty"), one.get("crv"), one.get("x")) == ("OKP", "Ed25519", jwk.get("x")) for one in keys)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("[0-9][0-9][0-9][0-9].pem"))


def _read(file: Path) -> SigningKey:
    try:
        private = load_pem_private_key(file.read_bytes(), None)
    except ValueError:
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise Refusal(
            "key-unreadable",
            f"The signing key {file.name} is not an Ed25519 key.",
            "Put the key back from a backup, or make another with `openum certificate keys --new`.",
        )
    return SigningKey(private)


def _written(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """The bytes of base64url as JOSE writes it; ``ValueError`` for any other writing of the same bytes."""
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _written(raw) != text:
        raise ValueError("not base64url as JOSE writes it")
    return raw
