"""The error-level invariants of the compiled profiles.

Most are small Python functions here, found by the exact text of their FHIRPath expression, so that a published
profile that changes an expression falls back to FHIRPath instead of keeping yesterday's meaning. What is not written
by hand is evaluated by fhirpathpy (loaded only then). ``tests/test_invariants.py`` runs both on the same resources.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from openum.wire.fhir.checker_run import At, Check, Json, Run
from openum.wire.fhir.invariants_fhirpath import fhirpath_test
from openum.wire.fhir.profiles import Constraint
from openum.wire.fhir.terminology import any_in

Test = Callable[[Any, Run], bool]

CODED: dict[str, Test] = {}

UCUM = "http://unitsofmeasure.org"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFIED = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
ALLERGY = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
MEMBER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
REASONS = "http://hl7.org/fhir/us/davinci-crd/ValueSet/coverageAssertionReasons"


def rule_check(constraints: Iterable[Constraint]) -> Check | None:
    """One check for several invariants, None for none."""
    rules = [(c, CODED.get(c.expression) or fhirpath_test(c.expression)) for c in constraints]
    if not rules:
        return None

    def check(value: Any, at: At, run: Run) -> None:
        for constraint, holds in rules:
            if not holds(value, run):
                run.error("invariant", at, f"{constraint.human} ({constraint.key})")

    return check


def coded(*expressions: str) -> Callable[[Test], Test]:
    def keep(test: Test) -> Test:
        CODED.update(dict.fromkeys(expressions, test))
        return test

    return keep


# ---- reading ---------------------------------------------------------------------------------------------------


def has(value: Any, name: str) -> bool:
    """Whether a member is there, with its value or with what stands beside it; ``value[x]`` is any ``valueCode``."""
    if not isinstance(value, dict):
        return False
    if not name.endswith("[x]"):
        return value.get(name) not in (None, []) or f"_{name}" in value
    stem = name[:-3]
    return any(
        key.lstrip("_").startswith(stem) and key.lstrip("_")[len(stem) : len(stem) + 1].isupper() for key in value
    )


def items(value: Any, *names: str) -> list[Any]:
    """All values at a path of plain names, lists flattened; a name ``value[x]`` finds every choice."""
    held = [value]
    for name in names:
        found = [v for h in held if isinstance(h, dict) for v in _members(h, name)]
        held = [x for f in found for x in (f if isinstance(f, list) else [f]) if x is not None]
    return held


def _members(value: Json, name: str) -> list[Any]:
    if not name.endswith("[x]"):
        return [value[name]] if name in value else []
    stem = name[:-3]
    return [v for k, v in value.items() if k.startswith(stem) and k[len(stem) : len(stem) + 1].isupper()]


def coding(value: Any, *names: str, code: str, system: str | None = None) -> bool:
    """Whether a concept at a path has a coding with this code (and system)."""
    found = (c for c in items(value, *names, "coding") if isinstance(c, dict))
    return any(c.get("code") == code and system in (None, c.get("system")) for c in found)


def parts(extension: Any, *urls: str) -> list[Json]:
    """The sub-extensions with one of these urls."""
    return [e for e in items(extension, "extension") if isinstance(e, dict) and e.get("url") in urls]


def values(found: Iterable[Json]) -> list[Any]:
    return [v for part in found for v in items(part, "value[x]")]


def declare(expression: str, names: str, test: Callable[..., bool]) -> None:
    """An invariant over the presence of some members of one element."""
    wanted = names.split()
    CODED[expression] = lambda value, _run: test(*(has(value, name) for name in wanted))


# ---- presence of members ---------------------------------------------------------------------------------------


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
    return _not_after(period.get("start"), period.get("end"))


def _not_after(first: Any, second: Any) -> bool:
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
    low, high = items(value, "low", "value"), items(value, "high", "value")
    return not (low and high) or low[0] <= high[0]


@coded("(numerator.empty() xor denominator.exists()) and (numerator.exists() or extension.exists())")
def rat_1(ratio: Json, _run: Run) -> bool:
    return has(ratio, "numerator") == has(ratio, "denominator") and (has(ratio, "numerator") or has(ratio, "extension"))


for _name in ("duration", "period"):
    CODED[f"{_name}.exists() implies {_name} >= 0"] = lambda v, _run, _name=_name: v.get(_name, 0) >= 0  # type: ignore[misc]


@coded("offset.empty() or (when.exists() and when.select($this in ('C' | 'CM' | 'CD' | 'CV')).allFalse())")
def tim_9(repeat: Json, _run: Run) -> bool:
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


# ---- identifiers -----------------------------------------------------------------------------------------------


def _value_matches(pattern: str) -> Test:
    found = re.compile(pattern).fullmatch
    return lambda v, _run: "value" not in v or (isinstance(v["value"], str) and found(v["value"]) is not None)


CODED["value.matches('^[0-9]{10}$')"] = _value_matches("[0-9]{10}")
CODED["value.matches('^[0-9]{2}D[0-9]{7}$')"] = _value_matches("[0-9]{2}D[0-9]{7}")
CODED["value.matches('^[0-9]{5}$')"] = _value_matches("[0-9]{5}")


def luhn(npi: str) -> bool:
    """The check digit of a ten-digit NPI: Luhn over 80840 and the number, whose prefix adds 24 (45 CFR 162.406)."""
    doubled = [int(d) * 2 - 9 * (int(d) > 4) if place % 2 == 0 else int(d) for place, d in enumerate(npi)]
    return (sum(doubled) + 24) % 10 == 0


_DIGIT = "(select(value.substring({0},1).toInteger()).select(iif($this<5, $this*2, (($this*2)-9))))"
_PLAIN = "(value.substring({0},1).toInteger())"


@coded(f"(({'+'.join((_PLAIN if n % 2 else _DIGIT).format(n) for n in range(10))} + 24)mod 10=0)")
def us_core_17(identifier: Json, _run: Run) -> bool:
    number = identifier.get("value")
    return not (isinstance(number, str) and re.fullmatch("[0-9]{10}", number)) or luhn(number)


# ---- resources -------------------------------------------------------------------------------------------------


def _status_needs(member: str, field: str, *codes: str) -> Test:
    return lambda v, _run: v.get(field) not in codes or has(v, member)


CODED.update(
    {
        f"verificationStatus.coding.where(system = '{ALLERGY}' and code = 'entered-in-error').exists()"
        " or clinicalStatus.exists()": lambda v, _run: (
            coding(v, "verificationStatus", code="entered-in-error", system=ALLERGY) or has(v, "clinicalStatus")
        ),
        f"verificationStatus.coding.where(system = '{ALLERGY}' and code = 'entered-in-error').empty()"
        " or clinicalStatus.empty()": lambda v, _run: (
            not coding(v, "verificationStatus", code="entered-in-error", system=ALLERGY) or not has(v, "clinicalStatus")
        ),
        f"verificationStatus.coding.where(system='{VERIFIED}' and code='entered-in-error').empty()"
        " or clinicalStatus.empty()": lambda v, _run: (
            not coding(v, "verificationStatus", code="entered-in-error", system=VERIFIED)
            or not has(v, "clinicalStatus")
        ),
        f"abatement.empty() or clinicalStatus.coding.where(system='{CLINICAL}' and (code='resolved' or"
        " code='remission' or code='inactive')).exists()": lambda v, _run: (
            not has(v, "abatement[x]")
            or any(coding(v, "clinicalStatus", code=c, system=CLINICAL) for c in ("resolved", "remission", "inactive"))
        ),
        "(component.empty() and hasMember.empty()) implies (dataAbsentReason.exists() or value.exists())": (
            lambda v, _run: any(has(v, name) for name in ("component", "hasMember", "dataAbsentReason", "value[x]"))
        ),
        "where(use = 'home').empty()": lambda v, _run: v.get("use") != "home",
        f"identifier.type.coding.where(system='{MEMBER_TYPE}' and code='MB').exists() or subscriberId.exists()": (
            lambda v, _run: coding(v, "identifier", "type", code="MB", system=MEMBER_TYPE) or has(v, "subscriberId")
        ),
        "(status='partial' or status='preliminary' or status='final' or status='amended' or status='corrected' or"
        " status='appended' ) implies effective.exists()": _status_needs(
            "effective[x]", "status", "partial", "preliminary", "final", "amended", "corrected", "appended"
        ),
        "(status='partial' or status='preliminary' or status='final' or status='amended' or status='corrected' or"
        " status='appended' ) implies issued.exists()": _status_needs(
            "issued", "status", "partial", "preliminary", "final", "amended", "corrected", "appended"
        ),
        "(intent='order' or intent='original-order' or intent='reflex-order'or intent='filler-order' or"
        " intent='instance-order') implies requester.exists()": _status_needs(
            "requester", "intent", "order", "original-order", "reflex-order", "filler-order", "instance-order"
        ),
        "(status='completed' or status='in-progress') implies performed.exists()": _status_needs(
            "performed[x]", "status", "completed", "in-progress"
        ),
        "status='completed' implies whenHandedOver.exists()": _status_needs("whenHandedOver", "status", "completed"),
        "(family.exists() or given.exists()) xor extension.where(url='" + ABSENT + "').exists()": lambda v, _run: (
            (has(v, "family") or has(v, "given")) != bool(parts(v, ABSENT))
        ),
        "lastModified.exists().not() or authoredOn.exists().not() or lastModified >= authoredOn": lambda v, _run: (
            _not_after(v.get("authoredOn"), v.get("lastModified"))
        ),
        "whenHandedOver.empty() or whenPrepared.empty() or whenHandedOver >= whenPrepared": lambda v, _run: _not_after(
            v.get("whenPrepared"), v.get("whenHandedOver")
        ),
        "(part.exists() and value.empty() and resource.empty()) or (part.empty() and (value.exists() xor"
        " resource.exists()))": lambda v, _run: sum((has(v, "part"), has(v, "value[x]"), has(v, "resource"))) == 1,
        "extension.where(url = 'ombCategory').value.where(code in 'ASKU'|'UNK').exists() implies"
        " extension.where(url = 'ombCategory').count() = 1": lambda v, _run: (
            len(found := parts(v, "ombCategory")) < 2
            or not {"ASKU", "UNK"} & {c.get("code") for c in values(found) if isinstance(c, dict)}
        ),
    }
)


@coded("value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()")
def obs_7(observation: Json, _run: Run) -> bool:
    own = items(observation, "code", "coding")
    shared = any(c in own for c in items(observation, "component", "code", "coding"))
    return not has(observation, "value[x]") or not shared


def _units(*paths: tuple[str, ...]) -> Test:
    return lambda v, _run: all(system == UCUM for path in paths for system in items(v, *path, "system"))


CODED["value.ofType(Quantity).system.empty() or value.ofType(Quantity).system = 'http://unitsofmeasure.org'"] = _units(
    ("valueQuantity",)
)
CODED["ofType(Quantity).system.empty() or ofType(Quantity).system = 'http://unitsofmeasure.org'"] = lambda v, _run: (
    not isinstance(v, dict) or "value" not in v or v.get("system") in (None, UCUM)
)
CODED[
    "(low.system.empty() or low.system = 'http://unitsofmeasure.org') and (high.system.empty() or high.system ="
    " 'http://unitsofmeasure.org')"
] = _units(("low",), ("high",))


# ---- PAS and CRD -----------------------------------------------------------------------------------------------


@coded(
    f"extension.where(url='{PAS}extension-certificationType' and value.code='1').exists() implies"
    f" extension.where(url='{PAS}extension-levelOfServiceCode').exists()"
)
def immediate_level_of_care(item: Json, _run: Run) -> bool:
    """ImmediateLevelOfCare. Published with ``value.code``, which a CodeableConcept does not have: it never binds."""
    asked = [v for v in values(parts(item, f"{PAS}extension-certificationType")) if isinstance(v, dict)]
    return not any(v.get("code") == "1" for v in asked) or bool(parts(item, f"{PAS}extension-levelOfServiceCode"))


def _needs_input(code: str, kind: str) -> Test:
    return lambda task, _run: not coding(task, "code", code=code) or coding(task, "input", "type", code=kind)


CODED[
    "$this.code.coding.where(code='attachment-request-code').count() > 0 implies"
    " $this.input.type.coding.where(code='attachments-needed').count() > 0"
] = _needs_input("attachment-request-code", "attachments-needed")
CODED[
    "$this.code.coding.where(code='attachment-request-questionnaire').count() > 0 implies"
    " $this.input.type.coding.where(code='questionnaire-context').count() > 0"
] = _needs_input("attachment-request-questionnaire", "questionnaire-context")
CODED["$this.medium.coding.where(code='VO').count() = 0 implies $this.identifier.count() > 0"] = lambda v, _run: (
    coding(v, "medium", code="VO") or has(v, "identifier")
)
CODED["$this.relationship.coding.where(code='18').count() = 0 implies $this.subscriber.exists()"] = lambda v, _run: (
    coding(v, "relationship", code="18") or has(v, "subscriber")
)

COVERED = ("covered", "pa-needed", "doc-needed")


def _said(v: Json, url: str, *codes: str) -> bool:
    return any(c in codes for c in values(parts(v, url)))


CODED.update(
    {
        "extension.where(url='questionnaire').exists() implies extension.where(url = 'doc-needed').exists()": (
            lambda v, _run: not parts(v, "questionnaire") or bool(parts(v, "doc-needed"))
        ),
        "extension.where(url = 'covered' and value = 'not-covered').exists() implies"
        " extension.where(url = 'pa-needed').exists().not()": lambda v, _run: (
            not _said(v, "covered", "not-covered") or not parts(v, "pa-needed")
        ),
        "extension.where((url = 'covered' or url = 'pa-needed' or url = 'doc-needed') and value = 'conditional')"
        ".count() >= 1 implies extension.where(url = 'info-needed').exists()": lambda v, _run: (
            not any(_said(v, url, "conditional") for url in COVERED) or bool(parts(v, "info-needed"))
        ),
        "extension.where(url = 'pa-needed' and (value = 'satisfied' or value = 'noauth' or value = 'not-covered')) and"
        " extension.where(url = 'doc-purpose').exists() implies extension.where(url = 'doc-purpose').all(value !="
        " 'withpa')": lambda v, _run: (
            not _said(v, "pa-needed", "satisfied", "noauth", "not-covered") or not _said(v, "doc-purpose", "withpa")
        ),
        "extension.where(url = 'pa-needed' and value = 'satisfied').exists() ="
        " extension.where(url = 'satisfied-pa-id').exists()": lambda v, _run: (
            _said(v, "pa-needed", "satisfied") == bool(parts(v, "satisfied-pa-id"))
        ),
        "extension.where(url = 'info-needed' and value = 'OTH').exists() implies"
        " extension.where(url = 'reason').exists()": lambda v, _run: (
            not _said(v, "info-needed", "OTH") or bool(parts(v, "reason"))
        ),
        "extension.where(url = 'reason').empty() or extension.where(url = 'reason').value.text.exists() or"
        f" extension.where(url = 'reason').value.memberOf('{REASONS}')": lambda v, _run: all(
            has(reason, "text") or any_in(REASONS, reason) is not False for reason in values(parts(v, "reason"))
        ),
        "extension.where(url = 'doc-purpose' and value != 'conditional').exists() implies"
        " extension.where(url = 'reason').exists()": lambda v, _run: (
            all(c == "conditional" for c in values(parts(v, "doc-purpose"))) or bool(parts(v, "reason"))
        ),
        "extension.where((url = 'covered' or url = 'pa-needed' or url = 'doc-needed') and value = 'indeterminate')"
        ".count() >= 1 implies extension.where(url = 'reason').exists()": lambda v, _run: (
            not any(_said(v, url, "indeterminate") for url in COVERED) or bool(parts(v, "reason"))
        ),
    }
)
