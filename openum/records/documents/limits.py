"""What kinds of attachments are taken, and how large. An installation may set its own in the settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from django.conf import settings

from openum.core.refusal import Refusal
from openum.core.request import Attachment

PDF, HTML, PLAIN = "application/pdf", "text/html", "text/plain"
XML = frozenset({"application/xml", "text/xml", "application/hl7-cda+xml", "application/cda+xml"})
SIGNATURES: Mapping[str, tuple[bytes, ...]] = {
    PDF: (b"%PDF-",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/tiff": (b"II*\x00", b"MM\x00*"),
}
"""How a file of the type begins; a type that is not here is text."""
TYPES = frozenset({*SIGNATURES, HTML, PLAIN, *XML})
LARGEST = 20 * 1024 * 1024
MOST_BYTES = 50 * 1024 * 1024
MOST = 50
SNIFFED = 1024
"""A PDF may carry a little before its header (ISO 32000-1, Annex H, note 13: within the first 1024 bytes)."""


def check(attachments: Iterable[Attachment]) -> None:
    """Refuse what cannot be taken, before anything is written.

    Raises:
        Refusal: ``attachment-type``, ``attachment-empty``, ``attachment-mismatch``, ``attachment-too-large``,
            ``attachments-too-many``.
    """
    given = tuple(attachments)
    if len(given) > _setting("DOCUMENT_MOST", MOST):
        raise _refusal("attachments-too-many", f"{len(given)} documents are attached.", "Send fewer, or join them.")
    if sum(len(one.data) for one in given) > _setting("DOCUMENT_MOST_BYTES", MOST_BYTES):
        raise _refusal("attachment-too-large", "The documents are too large together.", "Send the pages that matter.")
    for place, attachment in enumerate(given, 1):
        _check_one(place, attachment)


def bare_type(content_type: str) -> str:
    """The media type without its parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def _check_one(place: int, attachment: Attachment) -> None:
    kind, largest = bare_type(attachment.content_type), _setting("DOCUMENT_LARGEST", LARGEST)
    allowed: frozenset[str] = frozenset(getattr(settings, "DOCUMENT_TYPES", TYPES))
    if kind not in allowed:
        listed = ", ".join(sorted(allowed))
        raise _refusal("attachment-type", f"Document {place} is of a type not taken.", f"Send one of: {listed}.")
    if not attachment.data:
        raise _refusal("attachment-empty", f"Document {place} is empty.", "Send its content with it.")
    if len(attachment.data) > largest:
        size = f"{largest // (1024 * 1024)} MiB"
        raise _refusal("attachment-too-large", f"Document {place} is larger than {size}.", "Send it in parts.")
    begins = SIGNATURES.get(kind, ())
    head = attachment.data[:SNIFFED]
    if begins and not any(sign in head if kind == PDF else head.startswith(sign) for sign in begins):
        raise _refusal("attachment-mismatch", f"Document {place} is not of the type stated.", "State its real type.")


def _setting(name: str, default: int) -> int:
    return cast(int, getattr(settings, name, default))


def _refusal(code: str, message: str, next: str) -> Refusal:
    return Refusal(code, message, next, where="attachments")
