"""Deciding again from what a certificate holds: the same comes out, or it is said what does not."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from openum.core import determination as decide
from openum.core.actor import Actor, License
from openum.core.calendar import Calendar
from openum.core.certificate_clocks import Told, lapses_again, run_again
from openum.core.certificate_rerun import (
    Ground,
    asked_checks,
    chart_of,
    criteria_checks,
    decision_checks,
    decision_data,
    line_data,
    line_of,
    reviewer_of,
)
from openum.core.chart import Chart, Fact
from openum.core.clock_events import Circumstances, ClockEvents
from openum.core.clock_rule import ClockAuthority, ClockRule, FlagCondition, Length, OnMiss
from openum.core.codes import Code, CodeSet
from openum.core.criteria import All, Leaf, evaluate
from openum.core.distance import distance
from openum.core.explain import as_data, distance_data, fact_data
from openum.core.facts import FactDefinition
from openum.core.lapse import Lapse
from openum.core.policy import Authority, Grant, InForce, Policy
from openum.core.request import Line, asked_facts
from openum.core.span import Span

AT, DAY = datetime(2026, 6, 2, 14, 2, tzinfo=UTC), date(2026, 6, 2)
LINE = Line(
    sequence=1, code=Code("hcpcs", "E1390"), quantity=1.0, unit="month", service_from=DAY,
    service_to=date(2026, 6, 30), place="12",
)  # fmt: skip
TREE = All(
    (Leaf("spo2", "at_most", 88, "Saturation at or below 88 %"), Leaf("tested", "within", Span(days=30), "Test"))
)
POLICY = Policy(
    id="dme/oxygen", version="2026-01-01", title="Oxygen", family="dme", in_force=InForce(date(2026, 1, 1)),
    authority=(Authority(cite="NCD 240.2", checked_on=DAY),), covers=CodeSet({"hcpcs": ["E1390"]}), criteria=TREE,
    grant=Grant(lasts=Span(months=3)), digest="d" * 64,
)  # fmt: skip
FACTS = {
    "spo2": FactDefinition(id="spo2", type="number", question="Saturation?"),
    "tested": FactDefinition(id="tested", type="date", question="When?"),
}
HELD = License(
    profession="physician", number="MD1", state="MD", active_from=date(2020, 1, 1), active_to=date(2030, 1, 1)
)
OSEI = Actor(kind="person", id="2", name="Dr. Kwame Osei", role="medical_director", license=HELD)
BEA = Actor(kind="person", id="3", name="Bea Romano", role="benefits_reviewer")
RATIONALE = "The saturation stays well above what oxygen at home could help with."
LAPSE = Lapse(
    rule="X", version="1", citation="c", verdict="deemed_approval", words="it is approved.", due_at=AT, on=DAY
)  # fmt: skip


def chart(spo2=86, tested=DAY):
    facts = [Fact("spo2", spo2, "Observation/o1"), Fact("tested", tested, "Observation/o2"), *asked_facts(LINE)]
    return Chart(DAY, {fact.name: fact for fact in facts})


def ground(spo2=86, **changes):
    found = {"line": LINE, "policy": POLICY, "finding": evaluate(TREE, chart(spo2))} | changes
    return Ground(**found)


def test_a_chart_kept_as_json_is_the_same_chart_again():
    first = chart()
    kept = [fact_data(fact) for fact in first.facts.values()]
    assert isinstance(kept[1]["value"], str)
    assert chart_of(DAY, kept, FACTS) == first


def test_a_text_that_looks_like_a_day_stays_text():
    definitions = {"note": FactDefinition(id="note", type="text", question="?")}
    assert chart_of(DAY, [{"name": "note", "value": "2026-01-01"}], definitions).facts["note"].value == "2026-01-01"


def test_a_line_and_a_reviewer_survive_the_journey():
    assert line_of(line_data(LINE)) == LINE
    assert line_of(line_data(replace(LINE, service_from=None, service_to=None))).service_from is None
    data = {"id": "2", "name": OSEI.name, "role": OSEI.role, "license": asdict(HELD)}
    data["license"] |= {"active_from": "2020-01-01", "active_to": "2030-01-01"}
    assert reviewer_of(data) == OSEI
    assert reviewer_of(data | {"license": None}).license is None


def test_what_the_criteria_were_told_of_the_request_is_what_was_asked():
    assert asked_checks(LINE, chart())[0].state == "agrees"
    wrong = asked_checks(replace(LINE, quantity=2.0), chart())[0]
    assert (wrong.state, "asked.quantity" in wrong.words) == ("differs", True)
    assert asked_checks(LINE, Chart(DAY, {}))[0].state == "differs"


@pytest.mark.parametrize("spo2", [86, 95, None])
def test_a_finding_and_its_distance_come_out_again_to_the_byte(spo2):
    known = chart(spo2)
    finding = as_data(evaluate(TREE, known))
    away = {"reachable": True, "exact": True, "differ": 0, "supply": 0, "sentence": "Met.", "ways": []}
    if spo2 != 86:
        away = distance_data(distance(TREE, known, FACTS), FACTS)
    found, checks = criteria_checks(POLICY, known, FACTS, finding=finding, away=away)
    assert found == evaluate(TREE, known)
    assert [check.state for check in checks] == ["agrees", "agrees"]
    _, wrong = criteria_checks(POLICY, chart(87), FACTS, finding=finding, away=away | {"differ": 9})
    assert [check.state for check in wrong] == ["differs", "differs"]


DECISIONS = {
    "software": (ground(), decide.approve_on_criteria(LINE, POLICY, ground().finding, at=AT), None),
    "unneeded": (ground(policy=None, finding=None), decide.not_required(LINE, "On no list.", at=AT), None),
    "law": (ground(policy=None, lapses=(LAPSE,)), decide.deem_approved(LINE, LAPSE, at=AT), None),
    "person": (ground(95), decide.approve_by_person(LINE, POLICY, by=OSEI, rationale="Needed.", at=AT), OSEI),
    "against": (
        ground(95),
        decide.decide_adverse(
            LINE, POLICY, ground(95).finding, by=OSEI, criterion_not_met="Saturation", rationale=RATIONALE, at=AT
        ),
        OSEI,
    ),
    "in part": (
        ground(95),
        decide.decide_adverse(
            LINE, POLICY, ground(95).finding, by=OSEI, criterion_not_met="Saturation", rationale=RATIONALE, at=AT,
            quantity=0.5,
        ),
        OSEI,
    ),
    "excluded": (
        ground(policy=None, finding=None),
        decide.decide_excluded(LINE, by=BEA, clause="Section 4", rationale=RATIONALE, at=AT),
        BEA,
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", DECISIONS)
def test_every_kind_of_decision_comes_out_again(how):
    on, decided, by = DECISIONS[how]
    (check,) = decision_checks(on, decision_data(decided), by, at=AT)
    assert (check.state, check.words.rpartition(": ")[2]) == ("agrees", f"{decided.outcome}.")


@pytest.mark.parametrize("how", DECISIONS)
def test_a_decision_told_otherwise_is_named(how):
    on, decided, by = DECISIONS[how]
    (check,) = decision_checks(on, decision_data(decided) | {"unit": "visit"}, by, at=AT)
    assert (check.state, check.words) == ("differs", "Decided again, it comes out otherwise: unit.")


@pytest.mark.parametrize(
    ("on", "changes", "by", "words"),
    [
        (ground(95), {}, None, "answered no, not yes"),
        (ground(), {"outcome": "adverse"}, None, "Software does not decide so"),
        (ground(policy=None), {}, None, "Software does not decide so"),
        (ground(policy=None, lapses=(replace(LAPSE, verdict="deemed_denial"),)), {}, None, "Software does not"),
        (ground(), {"outcome": "adverse"}, OSEI, "Every criterion is answered yes"),
        (ground(95), {"outcome": "adverse"}, replace(OSEI, role="um_nurse"), "may not deny"),
        (ground(95), {"outcome": "adverse"}, replace(OSEI, license=None), "licensed clinician"),
        (ground(95, policy=None), {"outcome": "adverse"}, OSEI, "Nobody decides so"),
        (ground(95), {"outcome": "not_required"}, OSEI, "Nobody decides so"),
    ],
)
def test_what_openum_would_not_decide_does_not_verify(on, changes, by, words):
    kept = decision_data(DECISIONS["against"][1]) | {"outcome": "approved"} | changes
    (check,) = decision_checks(on, kept, by, at=AT)
    assert check.state == "differs"
    assert words in check.words


def test_a_decision_against_without_a_kept_finding_is_said_to_be_not_run():
    (check,) = decision_checks(ground(finding=None), decision_data(DECISIONS["against"][1]), OSEI, at=AT)
    assert check.state == "not_rerun"


def test_a_license_that_ended_before_the_decision_does_not_verify():
    on, decided, _ = DECISIONS["against"]
    ended = replace(OSEI, license=replace(HELD, active_to=date(2026, 6, 1)))
    (check,) = decision_checks(on, decision_data(decided), ended, at=AT)
    assert (check.state, "not active" in check.words) == ("differs", True)


RULE = ClockRule(
    id="X", version="1", title="t", jurisdiction="us", program="test", lines_of_business=frozenset({"erisa"}),
    request_types=frozenset({"service"}), priorities=frozenset({"standard"}), within=Length(7, "cd"), start="receipt",
    stops_at="notice", authority=ClockAuthority(cite="c", tag="verified", sources=(), grading="g", checked_on=DAY),
    on_miss=OnMiss(verdict="deemed_approval", unless="decision", words="it is approved."),
)  # fmt: skip
NONE_KNOWN: dict[str, Calendar] = {}


def told(**how):
    return Told(events=ClockEvents(received_at=AT), **({"computed_at": AT} | how))


@pytest.mark.parametrize(
    ("stopped", "verdict"),
    [(None, "running"), (AT + timedelta(days=1), "met"), (AT + timedelta(days=9), "missed")],
)
def test_a_clock_runs_again_and_stops_with_the_answer(stopped, verdict):
    proof = run_again(RULE, told(stopped_at=stopped), NONE_KNOWN, "America/New_York")
    assert (proof.verdict, proof.stopped_at) == (verdict, stopped)
    assert proof.due_at.isoformat() == "2026-06-09T23:59:59-04:00"


def test_a_clock_without_a_due_moment_is_never_late():
    waiting = replace(RULE, start="supporting_statement")
    assert run_again(waiting, told(stopped_at=AT), NONE_KNOWN, "America/New_York").verdict == "met"


@pytest.mark.parametrize(("known", "effect"), [(False, "ask_person"), (True, "approve")])
def test_a_lapse_comes_out_again_and_a_doubtful_one_approves_nothing(known, effect):
    rule = replace(RULE, conditions=(FlagCondition(datum="fraud_verified", value=True),))
    around = Circumstances(fraud_verified=True if known else None)
    late = Told(events=ClockEvents(received_at=AT, circumstances=around), computed_at=AT + timedelta(days=9))
    proof = run_again(rule, late, NONE_KNOWN, "America/New_York")
    found = lapses_again({"clock/X@1": (rule, late, proof)})
    assert {name: lapse.effect for name, lapse in found.items()} == {"X": effect}
