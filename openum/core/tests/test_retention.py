"""How long a record is kept: the longest rule rules, a hold never ends by itself, unknown is never destroyed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.retention import Hold, Record, RetentionRule, keep_until, may_dispose, missing_parts
from openum.core.span import parse_span

SIX = RetentionRule(id="SIX", span=parse_span("6y"), counted_from=("created", "last_effective"))
TEN = RetentionRule(id="TEN", span=parse_span("10y"), counted_from=("created",), lines=frozenset({"part-d"}))
APPEALS = RetentionRule(id="APPEALS", span=parse_span("6y"), counted_from=("decided",), kinds=frozenset({"appeal"}))
MADE = date(2020, 11, 22)


def record(**events: date | None) -> Record:
    return Record(kind="policy", line="erisa", events=events)


def test_six_years_from_the_later_of_two_events() -> None:
    kept = keep_until(record(created=MADE, last_effective=date(2024, 6, 30)), [SIX], [])
    assert (kept.until, kept.by, dict(kept.each)) == (date(2030, 6, 30), ("SIX",), {"SIX": date(2030, 6, 30)})


@pytest.mark.parametrize(
    ("span", "made", "until"),
    [
        ("6y", date(2024, 2, 29), date(2030, 3, 1)),
        ("4y", date(2024, 2, 29), date(2028, 2, 29)),
        ("1mo", date(2026, 1, 31), date(2026, 3, 1)),
        ("1y", date(2027, 2, 28), date(2028, 2, 28)),
        ("30d", date(2026, 12, 31), date(2027, 1, 30)),
    ],
)
def test_a_day_that_does_not_exist_becomes_the_next_never_the_last(span: str, made: date, until: date) -> None:
    rule = RetentionRule(id="R", span=parse_span(span), counted_from=("created",))
    assert keep_until(record(created=made), [rule], []).until == until


def test_the_longest_of_the_rules_that_reach_it_rules() -> None:
    kept = keep_until(Record(line="part-d", events={"created": MADE}), [SIX, TEN], [])
    assert (kept.until, kept.by) == (date(2030, 11, 22), ("TEN",))


def test_a_rule_for_other_lines_or_kinds_does_not_reach_it() -> None:
    kept = keep_until(record(created=MADE), [SIX, TEN, APPEALS], [])
    assert list(kept.each) == ["SIX"]


def test_a_record_of_unknown_kind_and_line_is_reached_by_every_rule() -> None:
    kept = keep_until(Record(events={"created": MADE}), [SIX, TEN, APPEALS], [])
    assert list(kept.each) == ["SIX", "TEN", "APPEALS"]
    assert (kept.until, kept.missing) == (None, ("decided",))


def test_what_is_still_in_effect_has_no_end() -> None:
    kept = keep_until(record(created=MADE, last_effective=None), [SIX], [])
    assert (kept.until, kept.open, kept.missing) == (None, ("last_effective",), ())
    assert may_dispose(kept, date(2099, 1, 1)) is NO


def test_without_any_event_it_is_not_known_and_stays() -> None:
    kept = keep_until(record(), [SIX], [])
    assert (kept.until, kept.missing) == (None, ("created", "last_effective"))
    assert may_dispose(kept, date(2099, 1, 1)) is UNKNOWN


def test_where_no_rule_reaches_it_nothing_is_known() -> None:
    kept = keep_until(record(created=MADE), [TEN], [])
    assert (kept.until, kept.missing, kept.by) == (None, ("rule",), ())
    assert may_dispose(kept, date(2099, 1, 1)) is UNKNOWN


def test_a_hold_never_ends_while_it_is_held() -> None:
    kept = keep_until(record(created=MADE), [SIX], [Hold("m1", date(2021, 1, 1))])
    assert (kept.until, kept.held_by, kept.each["SIX"]) == (None, ("m1",), date(2026, 11, 22))
    assert may_dispose(kept, date(2099, 1, 1)) is NO


def test_a_hold_makes_even_the_unknown_a_no() -> None:
    kept = keep_until(record(), [SIX], [Hold("m1", date(2021, 1, 1))])
    assert may_dispose(kept, date(2099, 1, 1)) is NO


@pytest.mark.parametrize(
    ("released", "until"), [(date(2030, 1, 1), date(2030, 1, 1)), (date(2022, 1, 1), date(2026, 11, 22))]
)
def test_a_released_hold_keeps_through_its_last_day_and_shortens_nothing(released: date, until: date) -> None:
    assert keep_until(record(created=MADE), [SIX], [Hold("m1", date(2021, 1, 1), released)]).until == until


def test_it_may_go_only_the_day_after_the_last() -> None:
    kept = keep_until(record(created=MADE), [SIX], [])
    assert may_dispose(kept, date(2026, 11, 22)) is NO
    assert may_dispose(kept, date(2026, 11, 23)) is YES


def test_the_parts_of_a_file_that_are_not_there_are_named_in_order() -> None:
    rule = RetentionRule(id="F", span=parse_span("1y"), counted_from=("created",), parts=("roster", "votes", "files"))
    assert missing_parts(rule, ["votes"]) == ("roster", "files")
    assert missing_parts(rule, ["files", "votes", "roster"]) == ()


DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
RULES = st.builds(
    RetentionRule,
    id=st.uuids().map(str),
    span=st.sampled_from(["1y", "3y", "6y", "10y", "18mo", "90d"]).map(parse_span),
    counted_from=st.sampled_from([("created",), ("decided",), ("created", "decided")]),
    lines=st.sampled_from([frozenset(), frozenset({"erisa"}), frozenset({"part-d"})]),
)
RECORDS = st.builds(
    Record,
    line=st.sampled_from([None, "erisa", "part-d"]),
    events=st.dictionaries(st.sampled_from(["created", "decided"]), st.one_of(st.none(), DAYS)),
)
HOLDS = st.builds(Hold, st.just("h"), DAYS, st.one_of(st.none(), DAYS))


def not_shorter(after: date | None, before: date | None) -> bool:
    return after is None or (before is not None and before <= after)


@settings(max_examples=200)
@given(RECORDS, st.lists(RULES, max_size=3), st.lists(HOLDS, max_size=2), RULES, HOLDS)
def test_another_rule_or_hold_never_shortens(
    one: Record, rules: list[RetentionRule], holds: list[Hold], rule: RetentionRule, hold: Hold
) -> None:
    rules = [SIX, *rules]
    before = keep_until(one, rules, holds).until
    assert not_shorter(keep_until(one, [*rules, rule], holds).until, before)
    assert not_shorter(keep_until(one, rules, [*holds, hold]).until, before)
