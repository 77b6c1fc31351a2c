"""The rules on language access of §4.3 are on the shelf, tagged, proven, and print for the law book."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from openum.librarian.answers_agree import differences
from openum.librarian.kinds.language_access import KIND
from openum.librarian.law import Provision, examples_of, proven, written
from openum.librarian.letters_read import Reading, read_kinds
from openum.librarian.shape import SHIPPED

FILES = tuple(written(SHIPPED, KIND))
RULES = ("LA-1557", "LA-CLAS", "LA-MEDICAID", "LA-MEDICARE", "LA-READING")


def test_every_rule_is_there_tagged_and_with_three_examples_that_come_out() -> None:
    assert [fault for file in FILES for fault in file.faults] == []
    assert sorted(file.item.provision.id for file in FILES if file.item) == list(RULES)
    for file in FILES:
        assert list(proven(file, differences)) == []
        assert len(examples_of(file)[0]) >= 3
        assert file.item is not None
        assert file.item.provision.authority.tag in ("verified", "from_knowledge")


def test_a_rule_prints_whom_it_is_for_and_what_is_owed() -> None:
    rows = {file.item.provision.id: dict(KIND.rows(file.item.value)) for file in FILES if file.item}
    assert rows["LA-CLAS"]["Languages"] == "languages that alone at least 10 % of the county's people read"
    assert rows["LA-1557"]["Languages"] == "the 15 languages most spoken in the state by people with limited English"
    assert rows["LA-1557"]["For"] == "every line of business"
    assert rows["LA-MEDICAID"]["Type"] == "at least 12 points"
    assert rows["LA-READING"]["Reading"] == "school grade 6 at most"
    assert "Languages" not in rows["LA-READING"]


def test_the_kinds_named_are_kinds_of_letters() -> None:
    kinds = set(read_kinds(Reading(SHIPPED)))
    for file in FILES:
        assert file.item is not None
        assert set(file.item.value.kinds) <= kinds


def test_words_that_cannot_be_are_told_to_the_author() -> None:
    value = next(file.item.value for file in FILES if file.item)
    for given, told in (
        ({"kind": "approval"}, "Say `on`"),
        ({"on": "2026-01-01", "county_shares": 12}, "{language: percent}"),
        ({"on": "2026-01-01", "color": "red"}, "color is not a word"),
    ):
        with pytest.raises(ValueError, match=re.escape(told)):
            KIND.answer(value, given)
    provision = next(file.item.provision for file in FILES if file.item)
    bare = Provision(
        **{**{name: getattr(provision, name) for name in Provision.__slots__}, "what": {"who": "state_top"}}
    )
    with pytest.raises(ValueError, match="goes `top:`"):
        KIND.build(bare)
    assert Path(provision.path).is_relative_to(SHIPPED)
