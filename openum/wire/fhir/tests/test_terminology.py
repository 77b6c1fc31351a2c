"""Kleene membership of codes in value sets."""

from openum.wire.fhir.checker import check
from openum.wire.fhir.terminology import any_in, value_set
from openum.wire.fhir.tests.mutants import examples

CLAIM_TYPES = "http://hl7.org/fhir/us/davinci-pas/ValueSet/ClaimTypes|2.2.1"
DIAGNOSES = "http://hl7.org/fhir/us/davinci-pas/ValueSet/X12278DiagnosisCodes|2.2.1"
X12_306 = "https://valueset.x12.org/x217/005010/response/2000F/HCR/1/01/00/306"
TYPE = "http://terminology.hl7.org/CodeSystem/claim-type"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"


def test_an_enumerated_set_says_yes_or_no() -> None:
    assert value_set(CLAIM_TYPES).holds(TYPE, "institutional") is True
    assert value_set(CLAIM_TYPES).holds(TYPE, "vision") is False
    assert value_set(CLAIM_TYPES).holds("http://example.org", "institutional") is False
    assert value_set(CLAIM_TYPES).holds(None, None) is False


def test_a_set_of_whole_systems_knows_its_systems_and_not_their_codes() -> None:
    assert value_set(DIAGNOSES).holds(ICD, "J96.11") is None
    assert value_set(DIAGNOSES).holds("http://snomed.info/sct", "1") is False


def test_a_licensed_set_no_package_carries_is_unknown() -> None:
    assert value_set(X12_306).holds("https://codesystem.x12.org/005010/306", "A1") is None
    assert value_set("http://example.org/none").holds_bare("x") is None


def test_a_bare_code_is_looked_up_in_every_system_of_the_set() -> None:
    gender = value_set("http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1")
    assert gender.holds_bare("female") is True
    assert gender.holds_bare("f") is False
    assert value_set("http://hl7.org/fhir/ValueSet/mimetypes|4.0.1").holds_bare("text/plain") is None


def test_one_good_coding_is_enough_and_text_alone_is_not() -> None:
    good, other = {"system": TYPE, "code": "oral"}, {"system": "http://example.org", "code": "x"}
    assert any_in(CLAIM_TYPES, {"coding": [other, good]}) is True
    assert any_in(CLAIM_TYPES, {"coding": [other]}) is False
    assert any_in(CLAIM_TYPES, {"text": "oral"}) is False
    assert any_in(DIAGNOSES, {"coding": [{"system": ICD, "code": "x"}, other]}) is None
    assert any_in(CLAIM_TYPES, {"coding": [7, {"system": [], "code": {}}]}) is False


def test_a_diagnosis_of_a_system_outside_the_required_set_is_refused_and_an_unknown_code_inside_is_not() -> None:
    claim = examples()["Claim-ReferralAuthorizationExample.json"]
    coding = claim["diagnosis"][0]["diagnosisCodeableConcept"]["coding"][0]
    coding.update(system=ICD, code="Z99.99")
    assert [i.code for i in check(claim) if i.severity == "error"] == []
    coding["system"] = "http://snomed.info/sct"
    found = [(i.code, i.path) for i in check(claim) if i.severity == "error"]
    assert found == [("wrong-code", "Claim.diagnosis[0].diagnosis")]
