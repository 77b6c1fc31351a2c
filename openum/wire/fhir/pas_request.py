"""A PAS request Bundle as one ``Request``: the front door's only reading of it.

Written for PAS 2.2.1; Bundles of 2.0.1 read the same. What the Claim itself says must be readable, or the request is
refused. What supports it is read as far as it can be: the rest is left unknown and a warning says so. An optional
element that is missing is never a refusal (conf-14).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from openum.core.codes import Code
from openum.core.refusal import Refusal
from openum.core.request import Attachment, Identifier, Line, Priority, Request, ReviewType
from openum.wire.fhir import pas_names as names
from openum.wire.fhir.pas_evidence import evidence_of
from openum.wire.fhir.pas_faults import check_closed, check_lines, check_preauthorization, check_readable
from openum.wire.fhir.pas_lines import Around, around, coded_extension, line_warnings, lines_of
from openum.wire.fhir.pas_parties import care_team, insurer_of, member_of, ordering_of, patient_of, requester_of
from openum.wire.fhir.reading import digest_of
from openum.wire.fhir.reading_bundle import Opened, open_bundle
from openum.wire.fhir.reading_values import (
    Json,
    code_values,
    extensions,
    identifier,
    identifiers,
    obj,
    rows,
    text,
    when,
)
from openum.wire.fhir.references import Closure

MOST_LINES = 1000

BUSINESS = frozenset({"update-not-taken", "cancel-not-taken", "appeal-not-taken", "code-range"})
"""Refusals of the reader that are answers of the business and not faults of the message (§1.2.3 of the guide)."""

EXTENDING = frozenset({"4", "R"})
"""X12 1322: extension and renewal of an authorization that exists. (VA FileMan file 356.002, public domain.)"""

NOT_NEW = {
    "3": ("cancel-not-taken", "This asks to cancel a request, which is not taken here yet.", "Call the payer."),
    "S": ("update-not-taken", "This revises a request sent before.", "Send a new request with all that is asked for."),
    "1": ("appeal-not-taken", "This is an appeal.", "File it as the notice of the decision says."),
    "2": ("appeal-not-taken", "This is an appeal.", "File it as the notice of the decision says."),
    "N": ("appeal-not-taken", "This asks to reconsider.", "File it as the notice of the decision says."),
}
URGENT = frozenset({"stat", "urgent", "asap"})
EMERGENCY_ROOM, EMERGENCY_ADMISSION, EMERGENCY_LEVEL = "23", "1", "03"
"""CMS place of service 23; NUBC priority of admission 1; X12 1338 ``03`` (the last two from knowledge)."""


def read_request(bundle: Json, *, most_lines: int = MOST_LINES) -> Request:
    """The request a PAS Bundle makes, with its chart, its documents and what is wrong with it but does not stop it.

    Raises:
        Refusal: with a stable code and the place (FHIRPath from Bundle), never with what was sent. Those in
            ``BUSINESS`` are business answers, all others technical.
    """
    opened = open_bundle(bundle, "Claim")
    check_preauthorization(opened)
    check_lines(opened, most_lines)
    check_readable(opened)
    closed = check_closed(bundle)
    patient = patient_of(opened)
    _is_new(opened)
    team = care_team(opened)
    about = around(opened, team)
    lines = lines_of(about)
    claim = opened.first.resource
    created = when(claim.get("created"))
    on = _first_day(lines) or (created.day if created is not None else None)
    found = evidence_of(opened, patient, on=on)
    emergency = _emergency(opened, lines)
    return Request(
        submission=_submission(bundle), identifiers=_identifiers(claim, lines), digest=digest_of(bundle),
        member=member_of(opened, patient), insurer=insurer_of(opened), requester=requester_of(opened),
        ordering=ordering_of(opened, team), review_type=_review_type(lines, created.day if created else None),
        priority=_priority(claim, emergency), emergency=emergency, created=created.at if created else None,
        created_date=created.day if created and not created.partial else None, lines=lines,
        diagnoses=_diagnoses(about), entries=found.entries, attachments=(*_messages(claim), *found.attachments),
        extends=_extends(claim, lines), sender=_sender(claim), warnings=_warnings(about, closed, found.warnings),
    )  # fmt: skip


# ---- what is no new request ------------------------------------------------------------------------------------


def _is_new(opened: Opened) -> None:
    """Updates, cancellations and appeals are not read as new requests: they would ask for the same thing twice."""
    claim = opened.first.resource
    kinds = [coded_extension(one, names.CERTIFICATION_TYPE) for one in _certified(claim)]
    for kind in kinds:
        if kind in NOT_NEW:
            code, message, next = NOT_NEW[kind]
            raise Refusal(code, message, next, where=opened.first.path)
    if _changes(claim) or (_follows(claim) and not EXTENDING.intersection(kinds)):
        raise Refusal(
            "update-not-taken",
            "This Claim changes a request sent before, and changes are not taken here yet.",
            "Send a new request with all that is asked for, or call the payer.",
            where=opened.first.path,
        )


def _follows(claim: Json) -> bool:
    """Whether the Claim names one that was sent before it."""
    return any("prior" in code_values(row.get("relationship")) for row in rows(claim.get("related")))


def _changes(claim: Json) -> bool:
    """Whether the Claim says of itself, or of a part of it, that it changes what was sent before."""
    parts = [claim, *rows(claim.get("item")), *rows(claim.get("supportingInfo"))]
    flags = [flag for one in parts for flag in rows(one.get("modifierExtension"))]
    return any(extensions(one, names.INFO_CHANGED) for one in parts) or any(
        flag.get("url") == names.INFO_CANCELLED and flag.get("valueBoolean") is True for flag in flags
    )


def _certified(claim: Json) -> list[Json]:
    return [claim, *rows(claim.get("item"))]


# ---- what is asked, how fast and of what kind ------------------------------------------------------------------


def _submission(bundle: Json) -> Identifier:
    """The submitter's own number of this transaction; without one the digest is all that recognizes a replay."""
    return identifier(bundle.get("identifier")) or Identifier("", "")


def _identifiers(claim: Json, lines: tuple[Line, ...]) -> tuple[Identifier, ...]:
    own = identifiers(claim.get("identifier"))
    return tuple(dict.fromkeys([*own, *(trace for line in lines for trace in line.trace_numbers)]))


def _review_type(lines: tuple[Line, ...], created: date | None) -> ReviewType:
    """Concurrent when it extends what is authorized; retrospective when all of it lies before the Claim was made."""
    if any(line.certification in EXTENDING for line in lines):
        return "concurrent"
    ends = [line.service_to or line.service_from for line in lines]
    past = [end for end in ends if end is not None and created is not None and end < created]
    return "retrospective" if len(past) == len(lines) else "prospective"


def _priority(claim: Json, emergency: bool) -> Priority:
    said = {value.lower() for value in code_values(claim.get("priority"))}
    level = coded_extension(claim, names.LEVEL_OF_SERVICE)
    return "expedited" if emergency or said & URGENT or level in ("U", EMERGENCY_LEVEL) else "standard"


def _emergency(opened: Opened, lines: tuple[Line, ...]) -> bool:
    """Emergency care: said of the whole Claim or its encounter, or every line is done in an emergency room."""
    claim = opened.first.resource
    if coded_extension(claim, names.LEVEL_OF_SERVICE) == EMERGENCY_LEVEL:
        return True
    if all(line.place == EMERGENCY_ROOM for line in lines):
        return True
    for row in extensions(claim, names.R5_ENCOUNTER):
        encounter = opened.target(row.get("valueReference"), opened.first, "Encounter")
        held = encounter.resource if encounter is not None else {}
        kind = obj(held.get("class"))
        if (text(kind.get("system")), text(kind.get("code"))) == (names.ACT_CODE, "EMER"):
            return True
        if EMERGENCY_ADMISSION in code_values(held.get("type"), names.ADMISSION_PRIORITY):
            return True
    return False


def _extends(claim: Json, lines: tuple[Line, ...]) -> str:
    """The authorization number a concurrent request goes on from (REF-BB)."""
    if not any(line.certification in EXTENDING for line in lines):
        return ""
    held = [row for one in _certified(claim) for row in extensions(one, names.AUTHORIZATION_NUMBER)]
    return next((number for row in held if (number := text(row.get("valueString"), 40))), "")


def _sender(claim: Json) -> str:
    """The sending system's own name for itself (ISA06), as far as it gives one."""
    parts = [part for one in extensions(claim, names.TRANSMISSION) for part in extensions(one, "interchangeSenderID")]
    return next((found for part in parts if (found := text(part.get("valueString"), 120))), "")


def _diagnoses(about: Around) -> tuple[Code, ...]:
    held = rows(about.opened.first.resource.get("diagnosis"))
    ordered = sorted(held, key=lambda row: "principal" not in code_values(row.get("type")))
    return tuple(dict.fromkeys(code for row in ordered for code in about.diagnoses.get(row.get("sequence", 0), ())))


def _first_day(lines: Iterable[Line]) -> date | None:
    return min((line.service_from for line in lines if line.service_from is not None), default=None)


def _messages(claim: Json) -> tuple[Attachment, ...]:
    """What the sender writes to the reviewer (``freeFormMessage``), kept as a document."""
    found = []
    for index, row in enumerate(rows(claim.get("supportingInfo"))):
        words = row.get("valueString")
        if isinstance(words, str) and words.strip():
            found.append(Attachment(
                title="Message from the requester", content_type="text/plain", data=words.encode(),
                source=f"Claim#supportingInfo.{row.get('sequence', index + 1)}",
            ))  # fmt: skip
    return tuple(found)


def _warnings(about: Around, closed: Closure, found: tuple[str, ...]) -> tuple[str, ...]:
    dangling = [f"{one.from_path} refers to something the Bundle does not hold." for one in closed.dangling]
    unused = [f"Nothing leads from the Claim to {path}." for path in closed.unreachable]
    return tuple(dict.fromkeys([*line_warnings(about), *found, *dangling, *unused]))
