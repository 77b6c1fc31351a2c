"""A request's body, as far as HTTP goes: method, type, size. What it says is read by ``openum.wire.fhir``."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.request import UnreadablePostError

from openum.core.refusal import Refusal
from openum.wire.fhir.reading import too_large

TAKEN = frozenset({"application/fhir+json", "application/json"})
ANYTHING = frozenset({"*/*", "application/*", *TAKEN})


def require_method(request: HttpRequest, method: str) -> None:
    """Raises ``Refusal`` ``method-not-allowed``. HEAD is answered as GET."""
    if request.method != method and not (method == "GET" and request.method == "HEAD"):
        raise Refusal("method-not-allowed", "This address does not take this method.", f"Use {method}.")


def require_json(request: HttpRequest) -> None:
    """The body must be JSON, and the caller must take JSON.

    Raises:
        Refusal: ``xml-not-accepted``, ``content-type-not-taken``, ``not-acceptable``.
    """
    kind = (request.content_type or "").lower()
    if "xml" in kind:
        raise Refusal("xml-not-accepted", "XML is not taken.", "Send application/fhir+json.")
    charset = str((request.content_params or {}).get("charset", "utf-8")).strip('"').lower()
    if kind not in TAKEN or charset not in ("utf-8", "utf8") or request.headers.get("Content-Encoding"):
        raise Refusal(
            "content-type-not-taken",
            "The body is not declared as FHIR JSON in UTF-8 without compression.",
            "Send Content-Type: application/fhir+json, and no Content-Encoding.",
        )
    wanted = [part.partition(";")[0].strip().lower() for part in request.headers.get("Accept", "*/*").split(",")]
    if ANYTHING.isdisjoint(wanted):
        raise Refusal("not-acceptable", "Answers are FHIR JSON only.", "Send Accept: application/fhir+json.")


def length_of(request: HttpRequest) -> int:
    """The length the caller declares, in bytes; 0 when it declares none that can be read."""
    declared = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(declared) if declared.isascii() and declared.isdigit() else 0


def body_of(request: HttpRequest) -> bytes:
    """The bytes of the body, never more than the limit of this installation.

    Raises:
        Refusal: ``too-large``, ``body-cut-short``.
    """
    most: int = settings.MOST_BODY_BYTES
    if length_of(request) > most:
        raise too_large(most)
    try:
        body = request.read(most + 1)
    except UnreadablePostError:
        raise Refusal("body-cut-short", "The connection ended before the body did.", "Send it again.") from None
    if len(body) > most:
        raise too_large(most)
    return body
