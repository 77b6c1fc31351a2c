"""Ladders of levels of care: what lies below what, units that are not guessed, cadences compared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.codes import Code, CodeSet
from openum.core.levels import (
    Comparable,
    Ladder,
    Level,
    converted,
    disparity_of,
    is_lower,
    levels_of,
    next_higher,
    next_lower,
)
from openum.core.span import Span

VISITS = Level(id="visits", what="Visits", unit="visit")
EVENINGS = Level(
    id="evenings", what="Evenings", unit="session", step_down=("visits",), codes=CodeSet({"hcpcs": ["H0015"]})
)
NURSING = Level(id="nursing", what="A nursing home", unit="day", step_down=("visits",))
BED = Level(id="bed", what="A bed", unit="day", step_down=("evenings", "nursing"), codes=CodeSet({"hcpcs": ["H0015"]}))
WEEK = Span(days=7)
LADDER = Ladder(id="L", levels=(VISITS, EVENINGS, NURSING, BED), conversions={("session", "visit"): 2.0})


def test_a_level_names_what_lies_next_below_and_next_above() -> None:
    assert next_lower(LADDER, "bed") == (EVENINGS, NURSING)
    assert next_higher(LADDER, "visits") == (EVENINGS, NURSING)
    assert next_lower(LADDER, "visits") == ()
    assert next_higher(LADDER, "bed") == ()
    assert LADDER.rank("visits") == 1
    assert LADDER.rank("bed") == 4


def test_lower_follows_the_steps_and_is_unknown_where_none_joins_two_levels() -> None:
    assert is_lower(LADDER, "visits", "bed") is YES
    assert is_lower(LADDER, "bed", "visits") is NO
    assert is_lower(LADDER, "bed", "bed") is NO
    assert is_lower(LADDER, "evenings", "nursing") is UNKNOWN


def test_a_code_of_two_levels_tells_neither() -> None:
    assert levels_of(LADDER, Code("hcpcs", "H0015")) == (EVENINGS, BED)
    assert levels_of(LADDER, Code("hcpcs", "E1390")) == ()


def test_units_are_converted_only_where_a_source_says_how() -> None:
    assert converted(LADDER, 5, "nursing", "bed") == 5
    assert converted(LADDER, 3, "evenings", "visits") == 6
    assert converted(LADDER, 3, "visits", "evenings") is None
    assert converted(LADDER, 3, "evenings", "bed") is None


def test_an_unknown_level_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(ValueError, match="L has no level attic; its levels are visits, evenings, nursing, bed"):
        is_lower(LADDER, "attic", "bed")
    with pytest.raises(ValueError, match="no level attic"):
        next_higher(LADDER, "attic")


def test_a_ladder_that_loops_or_repeats_itself_cannot_be() -> None:
    with pytest.raises(ValueError, match="visits stands on the ladder twice"):
        Ladder(id="L", levels=(VISITS, VISITS))
    with pytest.raises(ValueError, match="evenings steps down to visits, which does not stand before it"):
        Ladder(id="L", levels=(EVENINGS, VISITS))


def beside(theirs: Span | None, mine: Span | None = WEEK, reason: str = "") -> tuple[Level, Ladder]:
    own = replace(BED, review_every=mine, comparable=Comparable("M", "ward"), reason=reason)
    return own, Ladder(id="M", levels=(Level(id="ward", what="A ward", unit="day", review_every=theirs),))


def test_a_level_looked_at_more_often_than_its_comparable_one_is_a_disparity() -> None:
    own, other = beside(Span(days=14), reason="because")
    found = disparity_of(own, [other])
    assert found is not None
    assert (found.level.id, found.beside.id, found.reason) == ("bed", "ward", "because")


def test_a_level_looked_at_where_the_comparable_one_is_not_is_a_disparity() -> None:
    own, other = beside(None)
    assert disparity_of(own, [other]) is not None


def test_the_same_or_a_rarer_look_is_none_and_so_is_no_look_at_all() -> None:
    for theirs in (Span(days=7), Span(days=3)):
        own, other = beside(theirs)
        assert disparity_of(own, [other]) is None
    own, other = beside(Span(days=3), mine=None)
    assert disparity_of(own, [other]) is None
    assert disparity_of(BED, [other]) is None


def test_a_month_is_compared_as_thirty_days() -> None:
    own, other = beside(Span(months=1), mine=Span(days=30))
    assert disparity_of(own, [other]) is None
    own, other = beside(Span(months=1), mine=Span(days=29))
    assert disparity_of(own, [other]) is not None


def test_a_comparable_ladder_that_is_not_known_is_refused() -> None:
    own, _ = beside(None)
    with pytest.raises(ValueError, match="bed is compared with the ladder M, which is not known"):
        disparity_of(own, [LADDER])


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    levels: list[Level] = []
    for index in range(draw(st.integers(1, 7))):
        below = [level.id for level in levels]
        down = draw(st.lists(st.sampled_from(below), unique=True)) if below else []
        levels.append(Level(id=f"l{index}", what="x", unit="day", step_down=tuple(down)))
    return Ladder(id="L", levels=tuple(levels))


@given(ladders())
def test_lower_is_a_strict_order(ladder: Ladder) -> None:
    ids = [level.id for level in ladder.levels]
    for one in ids:
        assert is_lower(ladder, one, one) is NO
        for other in ids:
            if is_lower(ladder, one, other) is YES:
                assert is_lower(ladder, other, one) is NO
                assert ladder.rank(one) < ladder.rank(other)
                for third in ids:
                    if is_lower(ladder, other, third) is YES:
                        assert is_lower(ladder, one, third) is YES


@given(ladders(), st.data())
def test_another_step_down_never_makes_a_lower_level_no_longer_lower(ladder: Ladder, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(ladder.levels) - 1))
    own, below = ladder.levels[at], [level.id for level in ladder.levels[:at]]
    more = tuple(
        dict.fromkeys((*own.step_down, *data.draw(st.lists(st.sampled_from(below)) if below else st.just([]))))
    )
    wider = replace(ladder, levels=(*ladder.levels[:at], replace(own, step_down=more), *ladder.levels[at + 1 :]))
    ids = [level.id for level in ladder.levels]
    for one in ids:
        for other in ids:
            if is_lower(ladder, one, other) is YES:
                assert is_lower(wider, one, other) is YES
