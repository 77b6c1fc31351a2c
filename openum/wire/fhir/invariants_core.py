"""Invariants of R4 itself in Python: presence of members, Bundles, every resource, datatypes.

A function is found by the exact text of the FHIRPath expression it stands for. It gets the element and the run, and
answers whether the invariant holds; it is only called on values whose shape is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from openum.wire.fhir.checker_run import Json, Run
from openum.wire.fhir.invariants_reading import has, items

Test = Callable[[Any, Run], bool]

CODED: dict[str, Test] = {}


def coded(*expressions: str) -> Callable[[Test], Test]:
    """Keep the decorated test in ``CODED`` as the answer to each of these FHIRPath expressions, letter by letter."""

    def keep(test: Test) -> Test:
        CODED.update(dict.fromkeys(expressions, test))
        return test

    return keep


# ---- presence of members ---------------------------------------------------------------------------------------


def declare(expression: str, names: str, test: Callable[..., bool]) -> None:
    """An invariant over the presence of some members of one element."""
    wanted = names.split()
    CODED[expression] = lambda value, _run: test(*(has(value, name) for name in wanted))


def _any(*flags: bool) -> bool:
    return any(flags)


def _not_both(first: bool, second: bool) -> bool:
    return not (first and second)


def _implies(first: bool, second: bool) -> bool:
    return second or not first


def _exactly_one(first: bool, second: bool) -> bool:
    return first != second


def _alike(first: bool, second: bool) -> bool:
    return first == second


for _expression, _names, _test in (
    ("extension.exists() != value.exists()", "extension value[x]", _exactly_one),
    ("code.empty() or system.exists()", "code system", _implies),
    ("comparator.empty()", "comparator", lambda comparator: not comparator),
    ("start.exists() = end.exists()", "start end", _alike),
    ("type.exists() or actor.exists()", "type actor", _any),
    ("resource.exists() or request.exists() or response.exists()", "resource request response", _any),
    ("detail.empty() or reference.empty()", "detail reference", _not_both),
    ("summary.exists() or assessment.exists()", "summary assessment", _any),
    ("code.exists() or detail.exists()", "code detail", _any),
    ("(detail.exists() and measure.exists()) or detail.exists().not()", "detail[x] measure", _implies),
    ("documentType.exists() or reference.exists()", "documentType reference", _any),
    ("dataAbsentReason.empty() or value.empty()", "dataAbsentReason value[x]", _not_both),
    ("low.exists() or high.exists() or text.exists()", "low high text", _any),
    ("(identifier.count() + name.count()) > 0", "identifier name", _any),
    (
        "name.exists() or telecom.exists() or address.exists() or organization.exists()",
        "name telecom address organization",
        _any,
    ),
    ("(answer.exists() and item.exists()).not()", "answer item", _not_both),
    ("orderDetail.empty() or code.exists()", "orderDetail code", _implies),
    ("duration.empty() or durationUnit.exists()", "duration durationUnit", _implies),
    ("period.empty() or periodUnit.exists()", "period periodUnit", _implies),
    ("periodMax.empty() or period.exists()", "periodMax period", _implies),
    ("durationMax.empty() or duration.exists()", "durationMax duration", _implies),
    ("countMax.empty() or count.exists()", "countMax count", _implies),
    ("timeOfDay.empty() or when.empty()", "timeOfDay when", _not_both),
    ("value.exists() or dataAbsentReason.exists()", "value[x] dataAbsentReason", _any),
    ("url.exists() or data.exists()", "url data", _any),
    ("telecom.exists() or endpoint.exists()", "telecom endpoint", _any),
    ("telecom or endpoint", "telecom endpoint", _any),
    (
        "practitioner.exists() or organization.exists() or healthcareService.exists() or location.exists()",
        "practitioner organization healthcareService location",
        _any,
    ),
    (
        "practitioner or organization or healthcareService or location",
        "practitioner organization healthcareService location",
        _any,
    ),
    ("data.empty() or contentType.exists()", "data contentType", _implies),
    ("value.empty() or system.exists()", "value system", _implies),
    ("participantType.exists() or actor.exists()", "participantType actor", _any),
    ("expression.exists() or reference.exists()", "expression reference", _any),
    ("emptyReason.empty() or entry.empty()", "emptyReason entry", _not_both),
    ("name.exists() or relationship.exists()", "name relationship", _any),
    (
        "udiCarrier.empty() or (manufactureDate.exists() or expirationDate.exists() or lotNumber.exists() or"
        " serialNumber.exists() or distinctIdentifier.exists())",
        "udiCarrier manufactureDate expirationDate lotNumber serialNumber distinctIdentifier",
        lambda carrier, *marks: not carrier or any(marks),
    ),
):
    declare(_expression, _names, _test)


# ---- Bundle ----------------------------------------------------------------------------------------------------


def _bundle_only(member: str, *types: str) -> Test:
    return lambda b, _run: b.get("type") in types or not any(has(e, member) for e in items(b, "entry"))


def _entries_with(member: str, *types: str) -> Test:
    return lambda b, _run: all(has(e, member) == (b.get("type") in types) for e in items(b, "entry"))


def _first_is(type_name: str) -> Test:
    return lambda b, _run: items(b, "entry")[:1] != [] and _first_type(b) == type_name


def _first_type(bundle: Json) -> Any:
    first = items(bundle, "entry")[:1]
    return (items(first[0], "resource", "resourceType") or [None])[0] if first else None


def _when_type(bundle_type: str, then: Callable[[Json], bool]) -> Test:
    return lambda b, _run: b.get("type") != bundle_type or then(b)


CODED.update(
    {
        "total.empty() or (type = 'searchset') or (type = 'history')": lambda b, _run: (
            not has(b, "total") or b.get("type") in ("searchset", "history")
        ),
        "entry.search.empty() or (type = 'searchset')": _bundle_only("search", "searchset"),
        "entry.all(request.exists() = (%resource.type = 'batch' or %resource.type = 'transaction'"
        " or %resource.type = 'history'))": _entries_with("request", "batch", "transaction", "history"),
        "entry.all(response.exists() = (%resource.type = 'batch-response' or %resource.type = 'transaction-response'"
        " or %resource.type = 'history'))": _entries_with(
            "response", "batch-response", "transaction-response", "history"
        ),
        "type = 'document' implies (identifier.system.exists() and identifier.value.exists())": _when_type(
            "document", lambda b: bool(items(b, "identifier", "system") and items(b, "identifier", "value"))
        ),
        "type = 'document' implies (timestamp.hasValue())": _when_type("document", lambda b: "timestamp" in b),
        "type = 'document' implies entry.first().resource.is(Composition)": _when_type(
            "document", lambda b: _first_type(b) == "Composition"
        ),
        "type = 'message' implies entry.first().resource.is(MessageHeader)": _when_type(
            "message", lambda b: _first_type(b) == "MessageHeader"
        ),
        "entry.first().resource is Claim": _first_is("Claim"),
        "entry.first().resource is ClaimResponse": _first_is("ClaimResponse"),
    }
)


@coded("(type = 'history') or entry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct()")
def bdl_7(bundle: Json, _run: Run) -> bool:
    """One fullUrl stands once, unless the versions differ."""
    if bundle.get("type") == "history":
        return True
    seen = [
        (e["fullUrl"], *map(str, items(e, "resource", "meta", "versionId")))
        for e in items(bundle, "entry")
        if isinstance(e, dict) and isinstance(e.get("fullUrl"), str)
    ]
    return len(seen) == len(set(seen))


@coded("fullUrl.contains('/_history/').not()", "fullUrl.exists() implies fullUrl.contains('/_history/').not()")
def bdl_8(entry: Json, _run: Run) -> bool:
    """bdl-8: a fullUrl is not the address of one version."""
    return "/_history/" not in str(entry.get("fullUrl", ""))


# ---- every resource --------------------------------------------------------------------------------------------


def _contained(resource: Json) -> list[Json]:
    return [c for c in items(resource, "contained") if isinstance(c, dict)]


CODED["contained.contained.empty()"] = lambda r, _run: not any("contained" in c for c in _contained(r))
CODED["contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()"] = lambda r, _run: (
    not (items(r, "contained", "meta", "versionId") or items(r, "contained", "meta", "lastUpdated"))
)
CODED["contained.meta.security.empty()"] = lambda r, _run: not items(r, "contained", "meta", "security")

DOM_3 = (
    "contained.where(({}('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) |"
    " %resource.descendants().as(uri) | %resource.descendants().as(url))){} or"
    " descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or"
    " descendants().where(as({}) = '#').exists()).not()).trace('unmatched', id).empty()"
)


@coded(DOM_3.format("", "", "canonical"), DOM_3.format("(id.exists() and ", ")", "uri"))
def dom_3(resource: Json, _run: Run) -> bool:
    """Every contained resource is used by the resource around it, or refers back to it."""
    held = _contained(resource)
    if not held:
        return True
    used = {text for text in _strings(resource) if text.startswith("#")}
    return all(f"#{c.get('id')}" in used or "#" in set(_strings(c)) for c in held)


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for held in value.values() if isinstance(value, dict) else value:
            yield from _strings(held)


@coded(
    "reference.startsWith('#').not() or (reference.substring(1).trace('url') in"
    " %rootResource.contained.id.trace('ids'))"
)
def ref_1(reference: Json, run: Run) -> bool:
    """A local reference names a contained resource of the resource it stands in."""
    literal = reference.get("reference")
    if not isinstance(literal, str) or not literal.startswith("#") or literal == "#":
        return True
    return any(c.get("id") == literal[1:] for c in (*_contained(run.scope.resource), *_contained(run.scope.container)))


HTML = re.compile(r"(?s)\s*<div\b[^>]*\bxmlns\s*=\s*[\"']http://www\.w3\.org/1999/xhtml[\"'][^>]*>.*\S.*</div>\s*")
ACTIVE = re.compile(
    r"(?i)<\s*(script|form|iframe|object|embed|base|link|input|button|style)\b|\son[a-z]+\s*=|javascript:"
)


@coded("htmlChecks()")
def html_checks(text: Any, _run: Run) -> bool:
    """The narrative is one div in the XHTML namespace, not empty, without active content (FHIR R4 §2.4.0.1)."""
    return isinstance(text, str) and HTML.fullmatch(text) is not None and ACTIVE.search(text) is None


# ---- datatypes -------------------------------------------------------------------------------------------------


@coded("start.hasValue().not() or end.hasValue().not() or (start <= end)")
def per_1(period: Json, _run: Run) -> bool:
    """per-1: a Period does not end before it starts; open ends and moments nobody can order pass (``not_after``)."""
    return not_after(period.get("start"), period.get("end"))


def not_after(first: Any, second: Any) -> bool:
    """first ≤ second where that can be told; partial or zoned moments compare by their common part."""
    if not (isinstance(first, str) and isinstance(second, str)):
        return True
    if len(first) > 10 and len(second) > 10 and first[-6:] != second[-6:]:
        return first[:10] <= second[:10] or _day_apart(first, second)
    shared = min(len(first), len(second)) if min(len(first), len(second)) <= 10 else None
    return first[:shared] <= second[:shared]


def _day_apart(first: str, second: str) -> bool:
    """Different zones: only the next day can still be the same moment."""
    return first[:8] == second[:8] and int(first[8:10]) - int(second[8:10]) == 1


@coded("low.empty() or high.empty() or (low <= high)")
def rng_2(value: Json, _run: Run) -> bool:
    """rng-2: the low number of a Range is not above its high one. Units are not looked at."""
    low, high = items(value, "low", "value"), items(value, "high", "value")
    return not (low and high) or low[0] <= high[0]


@coded("(numerator.empty() xor denominator.exists()) and (numerator.exists() or extension.exists())")
def rat_1(ratio: Json, _run: Run) -> bool:
    """rat-1: a Ratio has numerator and denominator, or neither and an extension."""
    return has(ratio, "numerator") == has(ratio, "denominator") and (has(ratio, "numerator") or has(ratio, "extension"))


for _name in ("duration", "period"):
    CODED[f"{_name}.exists() implies {_name} >= 0"] = lambda v, _run, _name=_name: v.get(_name, 0) >= 0  # type: ignore[misc]


@coded("offset.empty() or (when.exists() and when.select($this in ('C' | 'CM' | 'CD' | 'CV')).allFalse())")
def tim_9(repeat: Json, _run: Run) -> bool:
    """tim-9: a Timing with an offset says from when, and no meal as such (C, CM, CD, CV) is that when."""
    when = items(repeat, "when")
    return not has(repeat, "offset") or (bool(when) and not {"C", "CM", "CD", "CV"} & set(map(str, when)))


CODED["offset.empty() or (when.exists() and ((when in ('C' | 'CM' | 'CD' | 'CV')).not()))"] = tim_9

CODED["$this.toString().length() = 10"] = lambda day, _run: len(str(day)) == 10
CODED["($this as dateTime).toString().length() >= 8"] = lambda m, _run: not isinstance(m, str) or len(m) >= 8
CODED["$this is dateTime implies $this.toString().length() >= 10"] = lambda m, _run: (
    not isinstance(m, str) or len(m) >= 10
)
CODED["$this is DateTime implies $this.toString().length() >= 10"] = CODED[
    "$this is dateTime implies $this.toString().length() >= 10"
]
