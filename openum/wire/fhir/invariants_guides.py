"""Invariants of US Core, CRD and PAS profiles and of single R4 resources in Python (see ``invariants_core.py``)."""

from __future__ import annotations

import re

from openum.wire.fhir.checker_run import Json, Run
from openum.wire.fhir.invariants_core import CODED, Test, coded, not_after
from openum.wire.fhir.invariants_reading import coding, has, items, parts, values
from openum.wire.fhir.terminology import any_in

__all__ = ["CODED"]

UCUM = "http://unitsofmeasure.org"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFIED = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
ALLERGY = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
MEMBER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
REASONS = "http://hl7.org/fhir/us/davinci-crd/ValueSet/coverageAssertionReasons"


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
    """us-core-17: the check digit of an NPI is right. What is not ten digits passes here and fails us-core-16."""
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
            not_after(v.get("authoredOn"), v.get("lastModified"))
        ),
        "whenHandedOver.empty() or whenPrepared.empty() or whenHandedOver >= whenPrepared": lambda v, _run: not_after(
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
    """obs-7: an Observation with a value has no component whose code shares a coding, whole and equal, with its own."""
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
