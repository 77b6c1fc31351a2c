"""A PAS inquiry Bundle as a query by example, and the Parameters that answer it.

The Claim's own identifier names the inquiry and is never searched for. What is not said does not narrow: several
diagnoses are a union, several items too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openum.core.codes import Code
from openum.core.refusal import Refusal
from openum.core.request import Identifier, MemberRef, PartyRef
from openum.wire.fhir import pas_names as names
from openum.wire.fhir.pas_answer import Answer, Problem
from openum.wire.fhir.pas_echo import Echo, own_organization, requestor_echo
from openum.wire.fhir.pas_faults import check_closed, check_preauthorization, check_readable
from openum.wire.fhir.pas_lines import coded_extension, diagnosis_codes
from openum.wire.fhir.pas_parties import care_team, insurer_of, member_of, patient_of, person_of, requester_of
from openum.wire.fhir.pas_response import bundle_of, claim_response, write_error
from openum.wire.fhir.reading import digest_of
from openum.wire.fhir.reading_bundle import Opened, open_bundle
from openum.wire.fhir.reading_values import (
    Json,
    codes,
    extensions,
    identifier,
    identifiers,
    period,
    rows,
    text,
    timed,
    when,
)
from openum.wire.fhir.writing import identifier as written
from openum.wire.fhir.writing import writable

INQUIRY_RESPONSE = f"{names.PAS}profile-claiminquiryresponse"
INQUIRY_RESPONSE_BUNDLE = f"{names.PAS}profile-pas-inquiry-response-bundle"


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day wanted, both included; ``None`` is open."""

    first: date | None = None
    last: date | None = None

    @property
    def open(self) -> bool:
        """Whether nothing is asked."""
        return self.first is None and self.last is None

    def meets(self, first: date | None, last: date | None) -> bool:
        """Whether a stretch of days has a day in common with these; one that is not known has none."""
        if self.open:
            return True
        if first is None:
            return False
        ends = last or first
        return (self.last is None or first <= self.last) and (self.first is None or ends >= self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAbout:
    """One item of the example; ``codes`` empty asks about any service."""

    codes: tuple[Code, ...] = ()
    references: tuple[str, ...] = ()
    authorizations: tuple[str, ...] = ()
    traces: tuple[Identifier, ...] = ()
    action: str = ""
    issued: Days = Days()
    effective: Days = Days()
    expires: Days = Days()
    service: Days = Days()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What is asked about: whose requests, by whom, and what narrows them.

    ``providers`` are the NPIs of the requester and its care team, by which another party than the submitter is
    matched (spec-53). ``references`` and ``authorizations`` are the numbers of the whole request.
    """

    submission: Identifier
    member: MemberRef
    insurer: PartyRef
    requester: PartyRef
    providers: frozenset[str] = frozenset()
    references: tuple[str, ...] = ()
    authorizations: tuple[str, ...] = ()
    period: Days = Days()
    diagnoses: tuple[Code, ...] = ()
    items: tuple[AskedAbout, ...] = ()


def read_inquiry(bundle: Json) -> Inquiry:
    """The inquiry a PAS Bundle makes.

    Raises:
        Refusal: as ``read_request`` does of the Bundle and the Claim; an inquiry may be without items.
    """
    opened = open_bundle(bundle, "Claim")
    check_preauthorization(opened)
    check_readable(opened)
    check_closed(bundle)
    patient = patient_of(opened)
    claim, requester = opened.first.resource, requester_of(opened)
    people = [person_of(opened, claim.get("provider"), opened.first), *(one.party for one in care_team(opened))]
    return Inquiry(
        submission=identifier(bundle.get("identifier")) or Identifier("", ""), member=member_of(opened, patient),
        insurer=insurer_of(opened), requester=requester,
        providers=frozenset(one.npi for one in (requester, *people) if one.npi),
        references=_numbers(claim, names.ADMINISTRATION_REFERENCE_NUMBER),
        authorizations=_numbers(claim, names.AUTHORIZATION_NUMBER), period=_days(claim.get("billablePeriod")),
        diagnoses=tuple(code for row in rows(claim.get("diagnosis")) for code in diagnosis_codes(opened, row)),
        items=tuple(_asked(item, index) for index, item in enumerate(rows(claim.get("item")))),
    )  # fmt: skip


def write_inquiry_response(
    answers: Iterable[Answer], request: Json, *, issuer: str, at: datetime, withheld: str = ""
) -> Json:
    """Parameters with one ``return`` Bundle per case found, and a warning when some were withheld.

    ``withheld`` is the sentence that says so and where to ask (spec-50); empty when nothing was.
    """
    opened = open_bundle(request, "Claim")
    found = [_answered(answer, opened, request) for answer in answers]
    if withheld:
        _warn(found, withheld, request, at=at, key=(issuer, digest_of(request)))
    parameters: Json = {"resourceType": "Parameters"}
    if found:
        parameters["parameter"] = [{"name": "return", "resource": one} for one in found]
    return parameters


def write_inquiry_error(problems: Iterable[Problem], request: Json, *, issuer: str, at: datetime) -> Json:
    """Parameters whose only Bundle says why the inquiry cannot be answered."""
    failed = write_error(
        problems, request, issuer=issuer, at=at, profile=INQUIRY_RESPONSE, bundle_profile=INQUIRY_RESPONSE_BUNDLE
    )
    return {"resourceType": "Parameters", "parameter": [{"name": "return", "resource": failed}]}


# ---- reading ---------------------------------------------------------------------------------------------------


def _asked(item: Json, index: int) -> AskedAbout:
    if extensions(item, names.CODE_END):
        raise Refusal(
            "code-range",
            "An item asks about a range of codes.",
            "Ask about each service in an item of its own, or about any service.",
            where=f"Bundle.entry[0].resource.item[{index}].productOrService",
        )
    traces = [row.get("valueIdentifier") for row in extensions(item, names.ITEM_TRACE_NUMBER)]
    own = timed(item, "serviced")
    return AskedAbout(
        codes=codes(item.get("productOrService")),
        references=_numbers(item, names.ADMINISTRATION_REFERENCE_NUMBER),
        authorizations=_numbers(item, names.AUTHORIZATION_NUMBER), traces=identifiers(traces),
        action=coded_extension(item, names.REVIEW_ACTION_CODE), issued=_extended(item, names.CERTIFICATION_ISSUE),
        effective=_extended(item, names.CERTIFICATION_EFFECTIVE),
        expires=_extended(item, names.CERTIFICATION_EXPIRATION),
        service=Days(own.start.day if own.start else None, (own.end or own.start).day if own.start else None),
    )  # fmt: skip


def _numbers(element: Json, url: str) -> tuple[str, ...]:
    return tuple(number for row in extensions(element, url) if (number := text(row.get("valueString"), 60)))


def _extended(item: Json, url: str) -> Days:
    for row in extensions(item, url):
        day = when(row.get("valueDate"))
        return Days(day.day, day.day) if day is not None else _days(row.get("valuePeriod"))
    return Days()


def _days(value: Any) -> Days:
    span = period(value)
    return Days(span.start.day if span.start else None, span.end.day if span.end else None)


# ---- writing ---------------------------------------------------------------------------------------------------


def _answered(answer: Answer, opened: Opened, request: Json) -> Json:
    requestor = _requestor(answer, opened)
    response, echoes = claim_response(answer, opened, profile=INQUIRY_RESPONSE, requestor=requestor)
    own = [written(one) for one in writable(answer.identifiers)]
    response["identifier"] = [*own, {"system": f"{answer.issuer}/case", "value": answer.number}]
    response["request"] = {"identifier": response["identifier"][0]}
    key = (answer.issuer, answer.number)
    return bundle_of(response, echoes, request, at=answer.at, own=key, profile=INQUIRY_RESPONSE_BUNDLE)


def _requestor(answer: Answer, opened: Opened) -> Echo:
    """Who made the request: the asker's own resource when it is the same organization, else from our records."""
    here = requester_of(opened)
    same = bool(here.npi) and here.npi == answer.requester.npi
    return requestor_echo(opened) if same or not answer.requester.name else own_organization(answer.requester)


def _warn(found: list[Json], sentence: str, request: Json, *, at: datetime, key: tuple[str, str]) -> None:
    """Say that something was left out (spec-50): in the first Bundle found, else in one of its own.

    That one claims no profile: an inquiry-response Bundle must begin with a ClaimResponse, and there is none.
    """
    issue = {"severity": "warning", "code": "suppressed", "diagnostics": sentence}
    outcome = {"resourceType": "OperationOutcome", "issue": [issue]}
    alone = bundle_of(outcome, (), request, at=at, own=key)
    if found:
        found[0]["entry"] += alone["entry"]
    else:
        del alone["meta"]
        found.append(alone)
