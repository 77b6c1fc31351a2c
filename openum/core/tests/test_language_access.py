"""Whom a letter owes help with language is told by the rule; what cannot be told is unknown, never no."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.language_access import LanguageRule, LetterFacts, Owed, owed

SHARE = LanguageRule(
    id="R", who="share", share_percent=10, duties=("tagline",), kinds=("denial",), effective_from=date(2026, 1, 1)
)
FACTS = LetterFacts(line_of_business="erisa", kind="denial", on=date(2026, 1, 1), county_shares={"Spanish": 10})


def test_a_share_on_the_threshold_counts_and_below_it_does_not() -> None:
    assert owed(SHARE, FACTS) == Owed(applies=YES, languages=("Spanish",), duties=("tagline",))
    assert owed(SHARE, replace(FACTS, county_shares={"Spanish": 9.99})) == Owed(applies=NO)
    assert owed(SHARE, replace(FACTS, county_shares={})) == Owed(applies=NO)


def test_what_is_not_known_is_named_and_what_is_owed_anyway_is_told() -> None:
    for who, words in (
        ("share", "the share of the county's people who read only one other language"),
        ("state_top", "the languages of the state by number of speakers"),
        ("prevalent", "the languages the state names as prevalent"),
    ):
        rule = replace(SHARE, who=who, top=15, always=("large_print",))  # type: ignore[arg-type]
        found = owed(rule, replace(FACTS, county_shares=None))
        assert found == Owed(applies=UNKNOWN, duties=("large_print",), missing=(words,))


def test_a_rule_for_other_letters_members_or_days_asks_nothing() -> None:
    assert owed(SHARE, replace(FACTS, kind="approval")).applies is NO
    assert owed(SHARE, replace(FACTS, on=date(2025, 12, 31))).applies is NO
    assert owed(replace(SHARE, lines_of_business=("chip",)), FACTS).applies is NO
    assert owed(replace(SHARE, lines_of_business=("erisa",), kinds=(), effective_from=None), FACTS).applies is YES


def test_named_and_listed_languages_count_in_their_order() -> None:
    named = replace(SHARE, who="named", languages=("Spanish",), always=("plain_words",))
    assert owed(named, FACTS) == Owed(applies=YES, languages=("Spanish",), duties=("tagline", "plain_words"))
    top = owed(replace(SHARE, who="state_top", top=2), replace(FACTS, state_languages=("a", "b", "c")))
    assert top.languages == ("a", "b")
    assert owed(replace(SHARE, who="prevalent"), replace(FACTS, prevalent=("Hmong",))).languages == ("Hmong",)
    bare = owed(replace(SHARE, who="named", languages=(), duties=(), always=("plain_words",)), FACTS)
    assert bare == Owed(applies=YES, duties=("plain_words",))


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_larger_share_never_takes_help_away(less: float, more: float) -> None:
    less, more = sorted((less, more))
    before = owed(SHARE, replace(FACTS, county_shares={"Spanish": less}))
    after = owed(SHARE, replace(FACTS, county_shares={"Spanish": more}))
    assert set(before.duties) <= set(after.duties)
