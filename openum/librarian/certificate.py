"""Issue and verify decision certificates, without a database, a network or Django.

``verify`` looks first whether the file is byte for byte what was signed; only then are the policy, the facts and the
clock rules rebuilt from the file's own text, and the decision run again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openum.core.certificate import (
    Certificate,
    Check,
    Unreadable,
    as_bytes,
    canonical,
    head_of,
    integrity,
    read,
    salted,
)
from openum.core.refusal import Refusal
from openum.librarian.certificate_keys import SigningKey, knows, signature_fault
from openum.librarian.certificate_rerun import rerun


@dataclass(frozen=True, slots=True)
class Report:
    """How a certificate came out. ``certificate`` is ``None`` when the bytes are none."""

    certificate: Certificate | None
    checks: tuple[Check, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing differs. What is withheld or not run again does not: the report says so."""
        return all(check.state != "differs" for check in self.checks)

    def of(self, state: str) -> tuple[Check, ...]:
        """The checks that came out so."""
        return tuple(check for check in self.checks if check.state == state)


def issue(
    contents: Mapping[str, Any], *, of: Mapping[str, Any], key: SigningKey, reader: str = "",
    withheld: Mapping[str, str] | None = None,
) -> bytes:  # fmt: skip
    """The signed file. The same contents, reader and key give the same bytes.

    ``of`` names the decision; ``reader`` and ``withheld`` say for whom a copy is and which parts it leaves out, why.
    """
    parts = salted(contents, key.salt)
    head = head_of(parts, of=of, key=key.jwk, reader=reader, withheld=withheld)
    return as_bytes(head, parts, key.sign(canonical(head)))


def verify(data: bytes, jwks: Mapping[str, Any] | None = None) -> Report:
    """Check a certificate's file and run its decision again; ``jwks`` are the keys its plan published.

    Without ``jwks`` nobody can tell whose key it is: the report says so.

    Raises:
        Refusal: ``not-a-jwks``.
    """
    try:
        certificate = read(data)
    except Unreadable as wrong:
        return Report(None, (Check("file", "differs", str(wrong)),))
    checks = (*_signed(certificate, jwks), *integrity(certificate))
    if any(check.state == "differs" for check in checks):
        stopped = Check("decision", "not_rerun", "Nothing was run again: the file is not what its issuer signed.")
        return Report(certificate, (*checks, stopped))
    try:
        again = rerun(certificate)
    except (ValueError, KeyError, TypeError, AttributeError, Refusal) as wrong:
        # The bytes are as signed, so this is a certificate somebody signed who does not write certificates.
        words = f"It was signed, but its parts are not written as those of a certificate ({type(wrong).__name__})."
        again = (Check("contents", "differs", words),)
    return Report(certificate, (*checks, *again))


def _signed(certificate: Certificate, jwks: Mapping[str, Any] | None) -> tuple[Check, ...]:
    jwk = certificate.head["key"]
    fault = signature_fault(certificate.signature, canonical(certificate.head), jwk)
    if fault:
        return (Check("signature", "differs", f"The signature does not hold: {fault}."),)
    signed = Check("signature", "agrees", f"Signed with the key {jwk['kid']}.")
    if jwks is None:
        words = "Whose key that is was not checked: give the plan's published keys with --key."
        return signed, Check("issuer", "not_rerun", words)
    if not knows(jwks, jwk):
        return signed, Check("issuer", "differs", "The key is none of the published ones.")
    return signed, Check("issuer", "agrees", "The key is one of the published ones.")
