"""Every measure the rulebook (§5.1, §5.2, §5.3, §6) and the mission (K1 to K9, R1 to R8) name is on the shelf."""

from __future__ import annotations

from collections import Counter

import pytest

from openum.librarian.kinds.measures import KIND
from openum.librarian.law import examples_of, written
from openum.librarian.lawbook import named
from openum.librarian.measure_page import reference
from openum.librarian.shape import SHIPPED

VERIFIED, KNOWLEDGE, CHOICE = "verified", "from_knowledge", "policy_choice"
# what a section names: (the names it goes by here, how it is graded)
CMS_0057_F = {f"M{n}": VERIFIED for n in range(1, 10)}
MCPAR = {f"D1.XIII.{n}": VERIFIED for n in range(1, 16)} | {f"D1.XIV.{n}": VERIFIED for n in range(1, 6)}
MCPAR |= {"B.XIII.1": VERIFIED, "B.XIII.2": VERIFIED}
PATIENT_ACCESS = {"PATIENT-ACCESS-UNIQUE": VERIFIED, "PATIENT-ACCESS-REPEAT": VERIFIED}
OTHER_REPORTS = {
    **dict.fromkeys(("PARTC-II-1", "PARTC-II-2", "PARTC-II-3", "PARTC-II-4", "PARTC-II-REOPENED"), VERIFIED),
    **dict.fromkeys(("PARTD-CD", "PARTD-EXC", "PARTD-REDET", "PARTD-AUTO-FORWARD", "PARTD-REOPENED"), KNOWLEDGE),
    **dict.fromkeys(("ODAG-OD", "ODAG-RECON", "ODAG-PYMT", "ODAG-EFF"), KNOWLEDGE),
    **dict.fromkeys(("CDAG-CD", "CDAG-RD", "CDAG-PYMT", "CDAG-EFF"), KNOWLEDGE),
    **dict.fromkeys(("NCQA-UM1-DENIALS", "NCQA-UM1-APPEALS", "NCQA-UM1-OVERTURNS", "NCQA-UM5"), VERIFIED),
    **dict.fromkeys(("TX-GOLD-REPORT", "TX-GOLD-REPORT-IRO"), VERIFIED),
    **dict.fromkeys(("WA-0161-VOLUME", "WA-0161-APPROVED", "WA-0161-OVERTURNED", "WA-0161-HOURS"), VERIFIED),
    **dict.fromkeys(("WA-0161-AI", "WA-0161-TIMELY"), VERIFIED),
    **dict.fromkeys(("MD-ADVERSE", "GA-33-46-20", "GA-46-20-LIST", "IL-RESPONSE-TIMES"), VERIFIED),
    **dict.fromkeys(("IRO-RECORDS", "438.416"), VERIFIED),
}
PROVIDER = {
    **dict.fromkeys(("ACTIVE-AUTH-COVERAGE", "AUTH-LAG", "OVERTURN-RATE", "MISSED-P2P", "P2P-WINDOW"), VERIFIED),
    **dict.fromkeys(("CADENCE", "CADENCE-DAYS", "ROOT-CAUSES", "ROOT-CAUSES-CODED"), VERIFIED),
    **dict.fromkeys(("CRITERIA-SETS", "REVIEW-TYPES"), VERIFIED),
}
MISSION = {f"K{n}": VERIFIED for n in range(1, 10)} | {f"R{n}": VERIFIED for n in range(1, 9)}
COCKPIT = dict.fromkeys(
    ("TOUCHLESS", "WRONGFUL-APPROVAL", "AUTOMATED-DENIALS", "IRR-KAPPA", "KAPPA", "TURNAROUND-LANE", "OVERTURNS"),
    CHOICE,
)
NQTL_DATA = {
    "requests": "NQTL-REQUESTS", "approval_pct": "NQTL-APPROVED", "denial_pct_admin": "NQTL-DENIED-ADMIN",
    "denial_pct_clinical": "NQTL-DENIED-CLINICAL", "partial_pct": "NQTL-PARTIAL",
    "mean_median_TAT_std": "NQTL-TURNAROUND-STANDARD", "mean_median_TAT_exp": "NQTL-TURNAROUND-EXPEDITED",
    "auth_units_granted_mean": "NQTL-UNITS", "concurrent_review_frequency": "NQTL-CONCURRENT-FREQUENCY",
    "avg_days_authorized_per_review": "NQTL-DAYS-PER-REVIEW", "P2P_rate": "NQTL-P2P-RATE",
    "P2P_overturn_pct": "NQTL-P2P-OVERTURN", "appeal_rate": "NQTL-APPEAL-RATE",
    "appeal_overturn_pct": "NQTL-APPEAL-OVERTURN", "external_review_overturn_pct": "NQTL-EXTERNAL-OVERTURN",
    "retro_denial_pct": "NQTL-RETRO-DENIAL", "IRR_score_by_reviewer": "NQTL-IRR", "step_edits_hit_pct": "NQTL-STEP-HIT",
    "step_exception_approval_pct": "NQTL-STEP-EXCEPTION", "in_vs_oon_utilization": "NQTL-OUT-OF-NETWORK",
    "time_distance": "NQTL-TIME-DISTANCE", "accepting_new_patients_pct": "NQTL-ACCEPTING",
    "reimbursement_vs_Medicare_benchmark": "NQTL-REIMBURSEMENT",
}  # fmt: skip
NQTL = dict.fromkeys(NQTL_DATA.values(), VERIFIED) | {"NQTL-FLAGS": CHOICE}
ALL = {**CMS_0057_F, **MCPAR, **PATIENT_ACCESS, **OTHER_REPORTS, **PROVIDER, **MISSION, **COCKPIT, **NQTL}
COUNTS = {file.path: len(examples_of(file)[0]) for file in written(SHIPPED, KIND)}


@pytest.mark.parametrize(("name", "tag"), sorted(ALL.items()))
def test_it_is_on_the_shelf_with_its_tag_and_three_examples(name: str, tag: str) -> None:
    found = [item for item in named(name, SHIPPED) if item.kind.shelf == "measures"]
    assert found != []
    assert {item.provision.authority.tag for item in found} == {tag}
    assert [item.provision.id for item in found if COUNTS[item.provision.path] < 3] == []


def test_every_measure_has_citation_kind_level_and_a_target_or_why_there_is_none() -> None:
    for file in written(SHIPPED, KIND):
        assert file.item is not None
        one = file.item.value
        assert file.item.provision.authority.cite != ""
        assert one.kind in ("structure", "process", "outcome")
        assert one.levels != ()
        assert bool(one.targets) != bool(one.no_target), one.id


@pytest.mark.parametrize(
    ("name", "unit", "decimals"),
    [("D1.XIII.9", "days", 2), ("D1.XIII.10", "days", 2), ("D1.XIII.13", "hours", 2), ("D1.XIII.14", "hours", 2),
     ("M8", "days", 2), ("M9", "hours", 2), ("D1.XIII.3", "count", 0), ("D1.XIII.6", "percent", 2)],
)  # fmt: skip
def test_the_public_metrics_have_the_units_of_the_form(name: str, unit: str, decimals: int) -> None:
    (one,) = (item.value for item in named(name, SHIPPED) if item.kind.shelf == "measures")
    assert (one.unit, one.decimals) == (unit, decimals)


def test_overturn_rate_is_read_twice_and_never_with_one_meaning() -> None:
    (one,) = (item.value for item in named("K3", SHIPPED))
    assert {direction.reader: direction.better for direction in one.directions} == {
        "provider": "higher",
        "plan": "lower",
    }
    assert [target.reader for target in one.targets] == ["provider"]


def test_every_example_has_a_name_of_its_own() -> None:
    names = Counter(example["id"] for file in written(SHIPPED, KIND) for example in examples_of(file)[0])
    assert [name for name, count in names.items() if count > 1] == []


def test_the_reference_page_lists_every_measure() -> None:
    page = reference().splitlines()
    for file in written(SHIPPED, KIND):
        assert file.item is not None
        assert f"### {file.item.provision.id}" in page
