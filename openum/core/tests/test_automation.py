"""What software may do: yes only of harmless acts, whatever the rules say; what is not known counts as used."""

from datetime import date
from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.automation import (
    ACTS,
    AGAINST,
    HARMLESS,
    AdverseUse,
    AutomationRule,
    Disclosure,
    disclosures,
    lacking,
    may_automate,
    rules_for,
)

ON = date(2026, 11, 22)
NOTICE = Disclosure(where="notice", to="member", what="that software was used")
CRITERIA = Disclosure(where="notice", to="member", what="the source of the criteria", always=True)
STRICT = AutomationRule(
    id="TX",
    states=frozenset({"TX"}),
    forbids=frozenset({"suggest_adverse"}),
    reach="partly",
    discloses=(NOTICE, CRITERIA),
)
MILD = AutomationRule(id="NE", states=frozenset({"NE"}), reach="sole", individual_data=True, individual_review=True)
LATER = AutomationRule(id="GA", states=frozenset({"GA"}), effective_from=date(2027, 1, 1))
ALL = (STRICT, MILD, LATER)


def test_every_act_against_a_request_is_a_persons_under_every_set_of_rules() -> None:
    for some in chain.from_iterable(combinations(ALL, n) for n in range(4)):
        for act in AGAINST:
            assert may_automate(some, act).allowed is False


def test_an_act_nobody_named_is_a_persons_too() -> None:
    assert may_automate((), "weigh").allowed is False
    assert may_automate((), "weigh").why == "this act is not among those software may do: only people say no"
    assert may_automate((), "deny").why == "acts against a request: only people say no"


def test_a_harmless_act_is_allowed_until_a_rule_forbids_it_or_leaves_it_out() -> None:
    assert may_automate(ALL, "approve").allowed
    assert may_automate(ALL, "approve").by == ()
    assert may_automate((AutomationRule(id="C", forbids=frozenset({"approve"})),), "approve").by == ("C",)
    only = AutomationRule(id="P", only=frozenset({"approve"}))
    assert may_automate((only,), "approve").allowed
    found = may_automate((only,), "detect_fraud")
    assert (found.allowed, found.by, found.why) == (False, ("P",), "a rule in force forbids it")


def test_a_forbidding_rule_is_cited_also_where_no_rule_is_needed() -> None:
    assert may_automate(ALL, "suggest_adverse").by == ("TX",)


def test_a_state_or_line_that_is_not_known_is_under_the_strictest_of_all() -> None:
    medicare = AutomationRule(id="MA", lines_of_business=frozenset({"medicare-advantage"}))
    rules = (*ALL, medicare)
    assert [r.id for r in rules_for(rules, state=None, line_of_business=None, on=ON)] == ["TX", "NE", "MA"]
    assert [r.id for r in rules_for(rules, state="NE", line_of_business="erisa", on=ON)] == ["NE"]
    known = rules_for(rules, state="TX", line_of_business="medicare-advantage", on=ON)
    assert [r.id for r in known] == ["TX", "MA"]


def test_a_rule_binds_from_its_first_day_to_its_last_and_only_when_adopted() -> None:
    rule = AutomationRule(id="R", effective_from=date(2026, 1, 1), effective_to=date(2026, 12, 31))
    assert not rule.in_force(date(2025, 12, 31))
    assert rule.in_force(date(2026, 1, 1))
    assert rule.in_force(date(2026, 12, 31))
    assert not rule.in_force(date(2027, 1, 1))
    assert not AutomationRule(id="R", binding=False).in_force(ON)


def test_a_plan_from_before_is_left_alone_and_one_not_known_is_not() -> None:
    rule = AutomationRule(id="TX", plans_from=date(2026, 1, 1))
    assert not rule.in_force(ON, plan_from=date(2025, 12, 31))
    assert rule.in_force(ON, plan_from=date(2026, 1, 1))
    assert rule.in_force(ON, plan_from=None)


def test_use_is_disclosed_unless_it_is_known_that_there_was_none() -> None:
    assert disclosures(ALL, ai_used=True) == (NOTICE, CRITERIA)
    assert disclosures(ALL, ai_used=None) == (NOTICE, CRITERIA)
    assert disclosures(ALL, ai_used=False) == (CRITERIA,)
    assert disclosures((STRICT, STRICT), ai_used=True) == (NOTICE, CRITERIA)


def test_an_adverse_decision_lacks_a_person_even_without_rules() -> None:
    assert lacking((), AdverseUse(part="none", person_decided=False)) == ("a person who decides (OpenUM)",)
    assert lacking((), AdverseUse(part="none")) == ("not known: a person who decides (OpenUM)",)
    assert lacking((), AdverseUse(part="sole", person_decided=True)) == ()


def test_a_part_in_the_decision_is_too_much_where_the_law_says_wholly_or_partly() -> None:
    use = AdverseUse(
        part="partly", person_decided=True, individual_data=True, individually_reviewed=True, disclosed=True
    )
    assert lacking((STRICT,), use) == ("a decision in which software has not had any part in making it (TX)",)
    assert lacking((MILD,), use) == ()
    sole = AdverseUse(
        part="sole", person_decided=True, individual_data=True, individually_reviewed=True, disclosed=True
    )
    assert lacking((MILD,), sole) == ("a decision in which software has not been its sole basis (NE)",)


def test_what_is_not_known_of_a_decision_is_lacking() -> None:
    assert lacking((MILD,), AdverseUse(person_decided=True)) == (
        "not known: what part software had (NE)",
        "not known: an individual review of this case (NE)",
        "not known: a basis in this member's own data (NE)",
    )
    silent = AutomationRule(id="S", person_decides=False)
    assert lacking((silent,), AdverseUse(part="none", person_decided=True)) == ()
    assert lacking((STRICT,), AdverseUse(part="none", person_decided=True, disclosed=False)) == ("the disclosure (TX)",)


rules = st.builds(
    AutomationRule,
    id=st.sampled_from("ABC"),
    only=st.frozensets(st.sampled_from(sorted(HARMLESS))),
    forbids=st.frozensets(st.sampled_from(sorted(ACTS))),
    reach=st.sampled_from(("sole", "partly")),
    person_decides=st.booleans(),
)


@settings(max_examples=200)
@given(st.lists(rules, max_size=4), st.sampled_from(sorted(ACTS)) | st.text(max_size=8))
def test_no_rules_whatever_allow_an_act_that_is_not_harmless(some, act):
    assert may_automate(some, act).allowed <= (act in HARMLESS)


@settings(max_examples=100)
@given(st.lists(rules, max_size=3), rules, st.sampled_from(sorted(ACTS)))
def test_one_more_rule_never_allows_what_was_not_allowed(some, further, act):
    assert may_automate([*some, further], act).allowed <= may_automate(some, act).allowed
