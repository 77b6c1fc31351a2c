"""A second opinion: pyrofile-validator (MIT, a development dependency) on the same resources, differences explained.

It loads the published packages themselves, so this module runs where ``../shared`` is beside the checkout. What the
differences mean is told in ``docs/reference/fhir-checker.md``; the table there is compared with the one here.
"""

import contextlib
import io
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openum.wire.fhir.checker import check, conforms
from openum.wire.fhir.tests.mutants import Mutant, examples, mutants, without_optional

config = pytest.importorskip("pyrofile_validator.config", reason="the second opinion is a development dependency")
engine = pytest.importorskip("pyrofile_validator.core.engine")

Json = dict[str, Any]
Judge = Callable[[Json], Counter[tuple[str, str]]]

ROOT = Path(__file__).parents[4]
SHARED = ROOT.parent / "shared/data/fhir_davinci_igs"
PACKAGES = [SHARED / "davinci_pas_2.2.1.tgz", SHARED / "us_core_700.tgz"]
PAGE = ROOT / "docs/reference/fhir-checker.md"

# What pyrofile 0.3.0 holds against the 47 official examples: (pattern over its issue, how often, why it is wrong).
AGAINST_EXAMPLES = [
    (r"Subscription\.channel\._?payload", 3, "extensions beside a primitive are not read"),
    (r"slice\.cardinality\.max .*extension:", 237, "every extension is counted as one of each extension slice"),
    (r"binding\.required .*not in required", 36, "a set of whole systems (CPT, HCPCS, LOINC) is taken as empty"),
    (r"slice\.cardinality\.min .*\.extension:", 24, "a slice inside one slice is demanded of every repetition"),
    (r"slice\.cardinality\.min .*entry:", 11, "Bundle entries are not told apart by the type of their resource"),
    (r"slice\.cardinality\.min .*(memberid|PayerURL)", 9, "a slice by a pattern over a CodeableConcept is not found"),
    (r"slice\.element\.fixed .*careTeamClaimScope", 7, "the fixed value of one slice is demanded of the other"),
    (r"element\.pattern .*Location\.status", 4, "a pattern is demanded of an optional element that is absent"),
    (r"invariant\.unsupported\.ele-1 ", 1, "one FHIRPath invariant cannot be evaluated"),
]

# Why pyrofile accepts a change that we refuse: (reason, how often in the sample below).
UNSEEN = {
    "extensions are not opened": 43,
    "meta and narrative are not opened": 2,
    "members of datatypes are not opened": 21,
}


WORDS = {
    (True, True): "both refuse",
    (True, False): "only we refuse",
    (True, None): "we refuse, it stumbles",
    (False, False): "both accept",
}
TOLD = {"both refuse": 62, "only we refuse": 66, "we refuse, it stumbles": 7, "both accept": 8}


@pytest.fixture(scope="module")
def judge() -> Judge:
    if not all(path.is_file() for path in PACKAGES):
        pytest.skip("the published FHIR packages are not beside this checkout (../shared/data/fhir_davinci_igs)")
    paths = [str(path) for path in PACKAGES]
    settings = config.ValidatorConfig(
        local_package_paths=paths, error_on_unknown_profile=False, allow_unknown_extensions=True
    )
    validator = engine.Validator(settings)

    def errors(resource: Json) -> Counter[tuple[str, str]]:
        with contextlib.redirect_stdout(io.StringIO()):
            report = validator.validate_resource(resource)
        return Counter((i.code, f"{i.message} {i.path}") for i in report.issues if i.severity.value == "error")

    return errors


def test_what_the_second_opinion_holds_against_the_official_examples_is_explained(judge: Judge) -> None:
    found: Counter[str] = Counter()
    refused = 0
    for resource in examples().values():
        issues = judge(resource)
        refused += bool(issues)
        for (code, text), count in issues.items():
            reasons = [why for pattern, _, why in AGAINST_EXAMPLES if re.search(pattern, f"{code} {text}")]
            assert reasons != [], (code, text)
            found[reasons[0]] += count
        assert conforms(check(resource))
    assert refused == 29
    assert found == {why: count for _, count, why in AGAINST_EXAMPLES}


SAMPLE = [
    "Claim-ReferralAuthorizationExample.json",
    "ClaimResponse-PractitionerRequestorPendingResponseExample.json",
    "Coverage-InsuranceExample.json",
    "Patient-SubscriberExample.json",
    "ServiceRequest-ReferralRequestExample.json",
    "Task-AdditionalInformationTaskExample.json",
    "Organization-UMOExample.json",
]


def opinion(judge: Judge, changed: Json, before: Counter[tuple[str, str]]) -> bool | None:
    """Whether pyrofile finds something new; None where it stumbles over the change itself."""
    try:
        return bool(judge(changed) - before)
    except (AttributeError, TypeError, ValueError, KeyError):
        return None


def reason(mutant: Mutant) -> str:
    if "extension" in mutant.path:
        return "extensions are not opened"
    if mutant.path.split(".")[0] in {"meta", "text"}:
        return "meta and narrative are not opened"
    return "members of datatypes are not opened"


def test_on_changed_resources_it_never_sees_more_than_we_do_and_what_it_does_not_see_is_explained(
    judge: Judge,
) -> None:
    told: Counter[str] = Counter()
    unseen: Counter[str] = Counter()
    for name in SAMPLE:
        resource = examples()[name]
        before = judge(resource)
        for mutant in [*mutants(resource), *without_optional(resource)][::12]:
            ours, theirs = not conforms(check(mutant.resource)), opinion(judge, mutant.resource, before)
            assert ours or not theirs, (name, mutant.kind, mutant.path)
            told[WORDS[ours, theirs]] += 1
            if ours and theirs is False:
                unseen[reason(mutant)] += 1
    assert unseen == UNSEEN
    assert told == TOLD


def test_the_reference_page_shows_the_same_tables() -> None:
    text = PAGE.read_text()
    for _, count, why in AGAINST_EXAMPLES:
        assert f"| {count} | {why} |" in text
    for why, count in (UNSEEN | TOLD).items():
        assert f"| {count} | {why} |" in text
