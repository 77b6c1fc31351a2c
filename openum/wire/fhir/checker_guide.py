"""Rules that stand in the text of the PAS 2.2.1 guide and in no snapshot, with their requirement ids.

They belong to profiles: a resource that is checked against the profile is checked against its rules. Ids are those of
the guide's own requirement list; ``R4`` marks what the definition of an element says in words only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from openum.wire.fhir.checker_run import At, Check, Issue, Json, Run
from openum.wire.fhir.invariants_reading import has, items, parts, values
from openum.wire.fhir.references import RESTFUL, Entries, closure, entries_of

PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
QUANTITY_UNITS = re.compile(r"https?://codesystem\.x12\.org/005010/673")
URN_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MODIFIED, CANCEL = "A6", "3"

ONCE = "Each resource may stand in the Bundle once (spec-14)."

# Which member of an item names entries of which list.
CLAIM_SEQUENCES = {
    "careTeam": "careTeamSequence",
    "diagnosis": "diagnosisSequence",
    "procedure": "procedureSequence",
    "supportingInfo": "informationSequence",
    "insurance": "",
    "item": "",
}


# ---- Bundles ---------------------------------------------------------------------------------------------------


def once_each(bundle: Json, at: At, run: Run) -> None:
    """spec-14, spec-31: each unique resource instance appears at most once."""
    for path in closure(bundle).duplicates:
        index = int(path.rpartition("[")[2][:-1])
        run.error("duplicate-entry", (at, "entry", index), ONCE)


def full_urls(bundle: Json, at: At, run: Run) -> None:
    """spec-16: a fullUrl is where the resource exists, or ``urn:uuid:`` and a GUID; R4: a URL ends in type and id."""
    for index, entry in enumerate(items(bundle, "entry")):
        url = entry.get("fullUrl") if isinstance(entry, dict) else None
        if not isinstance(url, str) or URN_UUID.fullmatch(url):
            continue
        place = (at, "entry", index)
        found = RESTFUL.match(url) if url.startswith(("http://", "https://")) else None
        if found is None:
            run.error("full-url", place, "A fullUrl is an http(s) URL of a resource or urn:uuid: and a GUID (spec-16).")
            continue
        held = entry.get("resource") if isinstance(entry.get("resource"), dict) else {}
        same_id = held.get("id") in (None, found.group("id"))
        if held.get("resourceType") != found.group("type") or not same_id:
            run.error("full-url", place, "A fullUrl that is a URL ends in the resource's type and id (R4 Bundle).")


def no_grandparent(bundle: Json, at: At, run: Run) -> None:
    """spec-66: the Bundle of an update holds the Claim it updates, and not the one that was updated before."""
    entries = entries_of(bundle)
    for index, resource in enumerate(entries.resources):
        if index == 0 or not resource or resource.get("resourceType") != "Claim":
            continue
        for literal in items(resource, "related", "claim", "reference"):
            if isinstance(literal, str) and entries.find(literal, entries.urls[index]):
                message = "The Bundle holds the updated Claim but no Claim before that one (spec-66)."
                run.error("grandparent-claim", (at, "entry", index), message)


# ---- Claim and ClaimResponse -----------------------------------------------------------------------------------


def sequences(claim: Json, at: At, run: Run) -> None:
    """spec-22 for supportingInfo, R4 for the other lists: numbers stand once, and items name numbers that exist."""
    for name, pointer in CLAIM_SEQUENCES.items():
        held = _numbers(claim, name, "sequence")
        _report_twice(held, name, at, run)
        for index, item in enumerate(items(claim, "item") if pointer else ()):
            if not set(_texts(items(item, pointer))) <= set(held):
                message = f"{pointer} names a number that no {name} has (R4)."
                run.error("unknown-sequence", (at, "item", index), message)


def cancelled_items(claim: Json, at: At, run: Run) -> None:
    """spec-70, prof-7: an item that is flagged as cancelled has certification type 3."""
    for index, item in enumerate(items(claim, "item")):
        flags = [e for e in items(item, "modifierExtension") if isinstance(e, dict)]
        flagged = any(e.get("url") == f"{PAS}modifierextension-infoCancelled" and e.get("valueBoolean") for e in flags)
        kinds = values(parts(item, f"{PAS}extension-certificationType"))
        if flagged and CANCEL not in [code for kind in kinds for code in items(kind, "coding", "code")]:
            message = "A cancelled item has certification type 3 (spec-70)."
            run.error("cancelled-item", (at, "item", index), message)


def answered_items(response: Json, at: At, run: Run) -> None:
    """spec-34 and R4: an item is answered once; noteNumber names a processNote that exists."""
    _report_twice(_numbers(response, "item", "itemSequence"), "item", at, run)
    notes = _numbers(response, "processNote", "number")
    _report_twice(notes, "processNote", at, run)
    for name in ("item", "addItem"):
        for index, item in enumerate(items(response, name)):
            if not set(_texts(items(item, "noteNumber"))) <= set(notes):
                run.error("unknown-sequence", (at, name, index), "noteNumber names no processNote (R4).")


def modified_items(response: Json, at: At, run: Run) -> None:
    """spec-36, spec-37: what was authorized instead of a modified item stands in addItem."""
    added = {str(n) for n in items(response, "addItem", "itemSequence")}
    for index, item in enumerate(items(response, "item")):
        actions = [p for a in items(item, "adjudication") for p in parts(a, f"{PAS}extension-reviewAction")]
        codes = [
            c
            for action in actions
            for v in values(parts(action, f"{PAS}extension-reviewActionCode"))
            for c in items(v, "coding", "code")
        ]
        if MODIFIED in codes and str(item.get("itemSequence")) not in added:
            message = "A modified item (A6) needs an addItem with its number (spec-37)."
            run.error("modified-without-add-item", (at, "item", index), message)


def _numbers(resource: Json, name: str, member: str) -> list[str]:
    return [text for entry in items(resource, name) for text in _texts(items(entry, member))[:1]]


def _texts(found: Iterable[Any]) -> list[str]:
    return [str(number) for number in found]


def _report_twice(numbers: list[str], name: str, at: At, run: Run) -> None:
    for index, number in enumerate(numbers):
        if number in numbers[:index]:
            message = "This number stands at another entry already (spec-22, R4)."
            run.error("duplicate-sequence", (at, name, index), message)


# ---- datatypes -------------------------------------------------------------------------------------------------


def timing(value: Json, at: At, run: Run) -> None:
    """prof-1: a Timing says how often, in one of four ways."""
    repeat = (items(value, "repeat") or [{}])[0]
    often = has(repeat, "count") or all(has(repeat, name) for name in ("frequency", "period", "periodUnit"))
    by_pattern = parts(value, f"{PAS}extension-timingcalendarpattern", f"{PAS}extension-timingdeliverypattern")
    if not often and not by_pattern:
        message = (
            "A Timing needs a count, a frequency with period and unit, or a calendar or delivery pattern (prof-1)."
        )
        run.error("timing-without-frequency", at, message)


def quantity(value: Json, at: At, run: Run) -> None:
    """prof-2, prof-3: a Quantity has a unit or a code, and a code is one of X12's units.

    Warnings: five of the guide's own examples have neither, one has a code of another system.
    """
    if not has(value, "unit") and not has(value, "code"):
        run.warn("quantity-without-unit", at, "A Quantity needs a unit or a code (prof-2).")
    if has(value, "code") and not QUANTITY_UNITS.fullmatch(str(value.get("system"))):
        run.warn("wrong-code", at, "A code of a Quantity is one of the X12 quantity units (prof-3).")


# ---- which profile has which rules -----------------------------------------------------------------------------

_REQUEST = (once_each, full_urls, no_grandparent)
_RESPONSE = (once_each, full_urls)
_CLAIM = (sequences, cancelled_items)
_ANSWER = (answered_items, modified_items)

RULES: Mapping[str, tuple[Check, ...]] = {
    f"{PAS}profile-pas-request-bundle": _REQUEST,
    f"{PAS}profile-pas-inquiry-request-bundle": _REQUEST,
    f"{PAS}profile-pas-response-bundle": _RESPONSE,
    f"{PAS}profile-pas-inquiry-response-bundle": _RESPONSE,
    f"{PAS}profile-claim": _CLAIM,
    f"{PAS}profile-claim-update": _CLAIM,
    f"{PAS}profile-claim-inquiry": _CLAIM,
    f"{PAS}profile-claimresponse": _ANSWER,
    f"{PAS}profile-claiminquiryresponse": _ANSWER,
    f"{PAS}profile-datatype-timing": (timing,),
    f"{PAS}profile-quantity": (quantity,),
}


def guide_check(canonical: str) -> Check | None:
    """The rules of one profile as one check, None when the guide's text adds nothing to its snapshot."""
    rules = RULES.get(canonical.partition("|")[0])
    if rules is None:
        return None

    def check(value: Any, at: At, run: Run) -> None:
        for rule in rules:
            rule(value, at, run)

    return check


# ---- a response and its request --------------------------------------------------------------------------------


def echo(request: Json, response: Json) -> tuple[Issue, ...]:
    """Whether a response Bundle answers this request Bundle: identifier, items and echoed resources.

    spec-34, spec-46: every item of the Claim is answered under its own number, unless the outcome is an error;
    spec-33: a resource with the same type and identifiers keeps its fullUrl; §1.2.3: the identifier is the request's.
    """
    found: list[Issue] = []
    if request.get("identifier") != response.get("identifier"):
        found.append(Issue("error", "wrong-echo", "Bundle.identifier", "The request's identifier is expected."))
    asked, answered = entries_of(request), entries_of(response)
    claim, answer = _first(asked), _first(answered)
    wanted = set(_numbers(claim, "item", "sequence"))
    given = set(_numbers(answer, "item", "itemSequence"))
    if answer.get("outcome") != "error" and wanted != given:
        message = (
            f"{len(wanted - given)} items unanswered, {len(given - wanted)} answered that were not asked (spec-34)."
        )
        found.append(Issue("error", "wrong-echo", "Bundle.entry[0].resource.item", message))
    urls = dict(_identified(asked))
    for index, (key, url) in enumerate(_identified(answered)):
        if key and urls.get(key, url) != url:
            place = f"Bundle.entry[{index}].fullUrl"
            found.append(Issue("error", "wrong-echo", place, "An echoed resource keeps its fullUrl (spec-33)."))
    return tuple(found)


def _first(entries: Entries) -> Json:
    return (entries.resources[0] if entries.resources else None) or {}


def _identified(entries: Entries) -> list[tuple[str, str]]:
    """Per entry: type and identifiers as a key (empty without identifiers), and the fullUrl."""
    rows = []
    for resource, url in zip(entries.resources, entries.urls, strict=True):
        pairs = sorted(
            f"{i.get('system')}|{i.get('value')}" for i in items(resource, "identifier") if isinstance(i, dict)
        )
        rows.append((f"{(resource or {}).get('resourceType')} {pairs}" if pairs else "", url))
    return rows
