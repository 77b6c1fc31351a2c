"""Documents sent inside a Bundle: inline data of DocumentReferences, reports, forms and Binary resources."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from openum.core.refusal import Refusal
from openum.core.request import Attachment
from openum.wire.fhir.reading_bundle import Held, Opened
from openum.wire.fhir.reading_segments import segment
from openum.wire.fhir.reading_values import Json, codes, label, obj, rows, text, when

DROPPED = frozenset({"entered-in-error", "superseded", "cancelled"})


def documents(held: Held, opened: Opened) -> Iterator[Attachment]:
    """The documents one resource carries.

    Raises:
        Refusal: ``attachment-not-base64`` with the place of the data.
    """
    resource = held.resource
    if text(resource.get("status")) in DROPPED:
        return
    if held.type == "DocumentReference":
        for index, content in enumerate(rows(resource.get("content"))):
            path = f"{held.path}.content[{index}].attachment"
            yield from _attachment(held, obj(content.get("attachment")), path, opened)
    elif held.type == "DiagnosticReport":
        for index, form in enumerate(rows(resource.get("presentedForm"))):
            yield from _attachment(held, form, f"{held.path}.presentedForm[{index}]", opened)
    elif held.type == "QuestionnaireResponse":
        for path, form in _answered(resource, held.path):
            yield from _attachment(held, form, path, opened)


def without_data(held: Held, opened: Opened) -> Iterator[str]:
    """Paths of documents that are named but not sent: a payer cannot fetch them."""
    if held.type == "DocumentReference":
        for index, content in enumerate(rows(held.resource.get("content"))):
            attachment = obj(content.get("attachment"))
            if not text(attachment.get("data"), 1) and _binary(attachment, held, opened) is None:
                yield f"{held.path}.content[{index}].attachment"


def _answered(element: Json, path: str) -> Iterator[tuple[str, Json]]:
    for index, item in enumerate(rows(element.get("item"))):
        here = f"{path}.item[{index}]"
        for place, answer in enumerate(rows(item.get("answer"))):
            if isinstance(answer.get("valueAttachment"), dict):
                yield f"{here}.answer[{place}].valueAttachment", answer["valueAttachment"]
            yield from _answered(answer, f"{here}.answer[{place}]")
        yield from _answered(item, here)


def _attachment(held: Held, attachment: Json, path: str, opened: Opened) -> Iterator[Attachment]:
    binary = _binary(attachment, held, opened)
    data = attachment.get("data") if isinstance(attachment.get("data"), str) else (binary or {}).get("data")
    if not isinstance(data, str) or not data.strip():
        return
    stated = text(attachment.get("contentType"), 80) or text((binary or {}).get("contentType"), 80)
    resource = held.resource
    day = when(attachment.get("creation")) or when(resource.get("date")) or when(resource.get("issued"))
    yield Attachment(
        title=text(attachment.get("title"), 200) or text(resource.get("description"), 200)
        or label(resource.get("type")) or label(resource.get("code")) or held.type,
        content_type=stated or "application/octet-stream", data=_decoded(data, path),
        date=day.day if day is not None and not day.partial else None, source=held.source,
        segment=segment(resource, binary), codes=codes(resource.get("type"), resource.get("code")),
    )  # fmt: skip


def _binary(attachment: Json, held: Held, opened: Opened) -> Json | None:
    found = opened.target({"reference": attachment.get("url")}, held, "Binary")
    return None if found is None else found.resource


def _decoded(data: str, path: str) -> bytes:
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(
            "attachment-not-base64",
            "The data of a document cannot be decoded.",
            "Encode the document in base64 (RFC 4648, section 4) and send it whole.",
            where=f"{path}.data",
        ) from None
