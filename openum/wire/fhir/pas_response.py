"""PAS 2.2.1 response Bundles: the answer to a request, line by line, and the answer that a request is not taken.

Choices where the guide leaves one:

* A line that needs no authorization is answered ``NA`` (X12 306, no action required) with reason ``0H`` and a note in
  words: ``A1`` would promise a number that does not exist. No example of the guide shows such a line.
* ``preAuthRef`` is the authorization number when there is one only, the administration reference number when there are
  several, and left out when nothing was authorized.
* What is missing for a pended line stands in its notes. A CommunicationRequest is not written yet.

X12 values beside those in the guide's examples are from tables of the US Department of Veterans Affairs (FileMan files
356.02, 356.021 and 365.017, public domain).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from openum.wire.fhir import pas_names as names
from openum.wire.fhir.pas_answer import Answer, AnsweredLine, Problem, Standing
from openum.wire.fhir.pas_echo import Echo, insurer_echo, patient_echo, requestor_echo
from openum.wire.fhir.reading import digest_of
from openum.wire.fhir.reading_bundle import Opened, open_bundle
from openum.wire.fhir.reading_values import Json, code_values, extensions, identifiers, obj, rows, text
from openum.wire.fhir.writing import (
    ABSENT_REASON,
    coded,
    concept,
    extension,
    guid,
    identifier,
    moment,
    period,
    words,
    writable,
)

ACTIONS: dict[Standing, tuple[str, str]] = {
    "approved": ("A1", "Certified in total"),
    "modified": ("A6", "Modified"),
    "adverse": ("A3", "Not Certified"),
    "excluded": ("A3", "Not Certified"),
    "not_required": ("NA", "No action required"),
    "pended": ("A4", "Pending"),
}
"""X12 306 by standing."""

REASONS: dict[Standing, str] = {"adverse": "0F", "excluded": "0M", "not_required": "0H"}
INFORMATION_REQUIRED, REVIEW_REQUIRED = "0U", "0V"
"""X12 886 (file 356.021): not necessary, not covered, certification not required; information, review required."""

REASON_SYSTEM = "https://codesystem.x12.org/external/886"
CLAIM_TYPES = frozenset({"institutional", "professional", "oral"})
CLAIM_TYPE = "http://terminology.hl7.org/CodeSystem/claim-type"
SUBMITTED = concept("http://terminology.hl7.org/CodeSystem/adjudication", "submitted")
RESPONSE, RESPONSE_BUNDLE = f"{names.PAS}profile-claimresponse", f"{names.PAS}profile-pas-response-bundle"

REJECTIONS: dict[str, str] = {
    "unknown-member": "67",
    "member-mismatch": "67",
    "not-covered-on-date": "95",
    "unknown-organization": "51",
    "not-your-organization": "41",
    "unknown-insurer": "79",
    "unknown-plan": "79",
    "code-range": "54",
    "update-not-taken": "33",
    "cancel-not-taken": "33",
    "appeal-not-taken": "33",
}
"""X12 901 by our code (file 365.017): patient not found, not eligible, provider not on file, access restrictions,
invalid participant, inappropriate service id, input errors. What is not listed is an input error."""
INPUT_ERRORS = "33"
RESUBMIT = "C"
"""X12 889: please correct and resubmit."""


def write_response(answer: Answer, request: Json) -> Json:
    """The response Bundle that answers this request Bundle with a case as it stands. Same input, same bytes."""
    opened = open_bundle(request, "Claim")
    response, echoes = claim_response(answer, opened)
    return bundle_of(response, echoes, request, at=answer.at, own=(answer.issuer, answer.number))


def write_error(
    problems: Iterable[Problem], request: Json, *, issuer: str, at: datetime,
    profile: str = RESPONSE, bundle_profile: str = RESPONSE_BUNDLE,
) -> Json:  # fmt: skip
    """The response Bundle that says why nothing was taken: ``outcome`` error, no item, nothing was written."""
    opened = open_bundle(request, "Claim")
    found = tuple(problems)
    skeleton, echoes = _skeleton(opened, at=at, outcome="error", profile=profile)
    notes = Notes()
    errors = [_error(problem, notes) for problem in found]
    response = {**skeleton, "processNote": notes.written, "error": errors}
    key = (issuer, digest_of(request))
    return bundle_of(response, echoes, request, at=at, own=key, profile=bundle_profile)


def claim_response(
    answer: Answer, opened: Opened, *, profile: str = RESPONSE, requestor: Echo | None = None
) -> tuple[Json, tuple[Echo, ...]]:
    """The ClaimResponse of a case and the resources it refers to; ``requestor`` where it is not this Claim's own."""
    skeleton, echoes = _skeleton(
        opened, at=answer.at, outcome="complete", profile=profile, answer=answer, requestor=requestor
    )
    notes = Notes()
    lines = [_item(line, answer, notes, echoes[2]) for line in answer.lines]
    added = [_added(line) for line in answer.lines if line.standing == "modified"]
    response = {
        **skeleton,
        "disposition": disposition(answer),
        **_authorized(answer),
        "item": lines,
        **({"addItem": added} if added else {}),
        **({"processNote": notes.written} if notes.written else {}),
    }
    return response, echoes


def disposition(answer: Answer) -> str:
    """The answer in a few words: ``1 approved, 2 pended``."""
    counts: dict[str, int] = {}
    for line in answer.lines:
        counts[line.standing] = counts.get(line.standing, 0) + 1
    return ", ".join(f"{count} {standing.replace('_', ' ')}" for standing, count in counts.items())


class Notes:
    """Process notes as they are collected: one sentence is written once, however many lines it is about."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, sentence: str) -> int | None:
        """The number under which a sentence stands; ``None`` for an empty one."""
        plain = words(sentence)
        return self._numbers.setdefault(plain, len(self._numbers) + 1) if plain else None

    @property
    def written(self) -> list[Json]:
        """``ClaimResponse.processNote``."""
        return [{"number": number, "type": "display", "text": text} for text, number in self._numbers.items()]


def bundle_of(
    response: Json, echoes: Iterable[Echo], request: Json, *, at: datetime, own: tuple[str, str],
    profile: str = RESPONSE_BUNDLE,
) -> Json:  # fmt: skip
    """A response Bundle: the ClaimResponse (or outcome) first, then each echoed resource once."""
    url = guid(response["resourceType"], *own)
    entries: dict[str, Json] = {url: {"fullUrl": url, "resource": _with_id(response, url)}}
    for echo in echoes:
        if echo.entry is not None:
            entries.setdefault(echo.entry["fullUrl"], echo.entry)
    return {
        "resourceType": "Bundle",
        "id": guid("Bundle", *own).rpartition(":")[2],
        "meta": {"profile": [profile]},
        "identifier": _submission(request, own),
        "type": "collection",
        "timestamp": moment(at),
        "entry": list(entries.values()),
    }


def _with_id(resource: Json, url: str) -> Json:
    return {"resourceType": resource["resourceType"], "id": url.rpartition(":")[2], **resource}


# ---- the parts every ClaimResponse has -------------------------------------------------------------------------


def _skeleton(
    opened: Opened,
    *,
    at: datetime,
    outcome: str,
    profile: str = RESPONSE,
    answer: Answer | None = None,
    requestor: Echo | None = None,
) -> tuple[Json, tuple[Echo, ...]]:
    claim = opened.first.resource
    patient, insurer = patient_echo(opened), insurer_echo(opened)
    requestor = requestor_echo(opened) if requestor is None else requestor
    kind = next((value for value in code_values(claim.get("type")) if value in CLAIM_TYPES), "professional")
    traces = [identifier(one) for one in writable(identifiers(claim.get("identifier")))]
    own = [{"system": f"{answer.issuer}/case", "value": answer.number}] if answer is not None else []
    response = {
        "resourceType": "ClaimResponse",
        "meta": {"profile": [profile]},
        "extension": [*_transmission(claim), *_reviewer(answer)],
        **({"identifier": [*traces, *own]} if traces or own else {}),
        "status": "active",
        "type": concept(CLAIM_TYPE, kind),
        "use": "preauthorization",
        "patient": patient.reference,
        "created": moment(at),
        "insurer": insurer.reference,
        "requestor": requestor.reference,
        "request": _request(opened, traces),
        "outcome": outcome,
    }
    if not response["extension"]:
        del response["extension"]
    return response, (patient, insurer, requestor)


def _request(opened: Opened, traces: list[Json]) -> Json:
    """The Claim that is answered, by URL or number; the Bundle need not hold it."""
    url = opened.entries.urls[0]
    if url and not any(char.isspace() for char in url):
        return {"reference": url}
    return {"identifier": traces[0]} if traces else {"extension": [extension(ABSENT_REASON, valueCode="unknown")]}


def _transmission(claim: Json) -> list[Json]:
    """The sender's transmission identifiers the other way round, where all four were given."""
    pairs = (
        ("applicationSenderCode", "applicationReceiverCode"), ("applicationReceiverCode", "applicationSenderCode"),
        ("interchangeSenderID", "interchangeReceiverID"), ("interchangeReceiverID", "interchangeSenderID"),
    )  # fmt: skip
    held = next(iter(extensions(claim, names.TRANSMISSION)), None)
    parts = rows(obj(held).get("extension"))
    said = {text(part.get("url")): words(text(part.get("valueString"), 120)) for part in parts}
    if not all(said.get(name) for name, _ in pairs):
        return []
    return [
        extension(names.TRANSMISSION, extension=[extension(name, valueString=said[other]) for name, other in pairs])
    ]


def _reviewer(answer: Answer | None) -> list[Json]:
    """Whether a person decided any line; the specialty of the one who did."""
    if answer is None:
        return []
    parts = [extension("wasHumanReviewedFlag", valueBoolean=answer.human)]
    specialty = words(answer.reviewer_specialty)
    if answer.human and specialty:
        parts.append(extension("reviewerSpecialty", valueCodeableConcept={"text": specialty}))
    return [extension(names.CLAIM_RESPONSE_REVIEWER, extension=parts)]


def _authorized(answer: Answer) -> Json:
    held = [line for line in answer.lines if line.authorization]
    if not held:
        return {}
    numbers = {line.authorization for line in held}
    first = [line.valid_from for line in held if line.valid_from is not None]
    last = [line.valid_until for line in held if line.valid_until is not None]
    return {
        "preAuthRef": numbers.pop() if len(numbers) == 1 else answer.number,
        "preAuthPeriod": period(min(first, default=None), max(last, default=None)),
    }


# ---- lines -----------------------------------------------------------------------------------------------------


def _item(line: AnsweredLine, answer: Answer, notes: Notes, requestor: Echo) -> Json:
    numbers = [number for sentence in _sentences(line) if (number := notes.number(sentence)) is not None]
    return {
        "extension": [
            *_traces(line),
            *_granted(line),
            *_asked_for(line),
            *([_authorized_provider(requestor)] if line.authorization and requestor.entry is not None else []),
            extension(names.ADMINISTRATION_REFERENCE_NUMBER, valueString=answer.number),
        ],
        "itemSequence": line.sequence,
        **({"noteNumber": list(dict.fromkeys(numbers))} if numbers else {}),
        "adjudication": [_adjudication(line.standing, line)],
    }


def _traces(line: AnsweredLine) -> Iterable[Json]:
    for one in writable(line.trace_numbers):
        yield extension(names.ITEM_TRACE_NUMBER, valueIdentifier=identifier(one))


def _sentences(line: AnsweredLine) -> Iterable[str]:
    if line.standing == "not_required":
        yield "No authorization is needed for this line, or one is already held; no new number is issued."
    yield from line.reasons
    if line.missing and line.missing not in line.reasons:
        yield f"Still needed: {line.missing}"


def _granted(line: AnsweredLine) -> Iterable[Json]:
    if line.authorization:
        if line.decided_date is not None:
            yield extension(names.ITEM_PRE_AUTH_ISSUE_DATE, valueDate=line.decided_date.isoformat())
        span = period(line.valid_from, line.valid_until)
        if span:
            yield extension(names.ITEM_PRE_AUTH_PERIOD, valuePeriod=span)


def _asked_for(line: AnsweredLine) -> Iterable[Json]:
    if line.service_from is not None and line.service_to is None:
        yield extension(names.ITEM_REQUESTED_SERVICE_DATE, valueDateTime=line.service_from.isoformat())
    elif line.service_from is not None:
        span = period(line.service_from, line.service_to)
        yield extension(names.ITEM_REQUESTED_SERVICE_DATE, valuePeriod=span)


def _authorized_provider(requestor: Echo) -> Json:
    kind = extension(names.AUTHORIZED_PROVIDER_TYPE, valueCodeableConcept=concept(names.ENTITY[0], "1P"))
    return extension(
        names.ITEM_AUTHORIZED_PROVIDER,
        extension=[extension("provider", valueReference=requestor.reference), kind],
    )


def _adjudication(standing: Standing, line: AnsweredLine) -> Json:
    code, display = ACTIONS[standing]
    parts = [extension("number", valueString=line.authorization)] if line.authorization else []
    reason = _reason(standing, line)
    if reason:
        parts.append(extension("reasonCode", valueCodeableConcept=concept(REASON_SYSTEM, reason)))
    action = concept(names.REVIEW_ACTION_CODES[0], code, display)
    parts.append(extension(names.REVIEW_ACTION_CODE, valueCodeableConcept=action))
    return {"extension": [extension(names.REVIEW_ACTION, extension=parts)], "category": SUBMITTED}


def _reason(standing: Standing, line: AnsweredLine) -> str:
    if standing == "pended":
        return INFORMATION_REQUIRED if line.missing else REVIEW_REQUIRED
    return REASONS.get(standing, "")


def _added(line: AnsweredLine) -> Json:
    """What was authorized instead of what was asked for (spec-37)."""
    amount: dict[str, Any] = {}
    if line.quantity is not None:
        amount = {"quantity": {"value": line.quantity, **({"unit": words(line.unit)} if words(line.unit) else {})}}
    granted = list(_granted(line))
    return {
        **({"extension": granted} if granted else {}),
        "itemSequence": [line.sequence],
        "productOrService": coded(line.code),
        **amount,
        "adjudication": [_adjudication("approved", line)],
    }


# ---- errors and identity ---------------------------------------------------------------------------------------


def _error(problem: Problem, notes: Notes) -> Json:
    number = notes.number(f"{problem.message} {problem.next}")
    parts = [extension(names.ERROR_ELEMENT, extension=[extension("processNote", valuePositiveInt=number)])]
    if problem.where:
        parts.append(extension(names.ERROR_PATH, valueString=problem.where))
    follow_up = concept(names.FOLLOW_UP[0], RESUBMIT)
    parts.append(extension(names.ERROR_FOLLOWUP, valueCodeableConcept=follow_up))
    code = concept(names.REJECT_REASON[0], REJECTIONS.get(problem.code, INPUT_ERRORS))
    return {"extension": parts, "code": {**code, "text": problem.code}}


def _submission(request: Json, own: tuple[str, str]) -> Json:
    """The submitter's transaction identifier as it was sent, where it is one; else our own."""
    held = obj(request.get("identifier"))
    plain = all(isinstance(value, str) and words(value) == value and value for value in held.values())
    if held.get("value") and plain and set(held) <= {"system", "value"}:
        return held
    found = writable(identifiers(held))
    return identifier(found[0]) if found else {"system": own[0], "value": own[1]}
