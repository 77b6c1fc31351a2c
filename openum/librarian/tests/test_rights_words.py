"""The words of a case on the shelves of rights: synonyms are taken, and what cannot be read is told in words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from openum.librarian.kinds import durability, peer_to_peer
from openum.librarian.kinds.case_words import CaseWords
from openum.librarian.law import written
from openum.librarian.read import SHIPPED
from openum.librarian.tests.test_rights import ITEMS


def words(**given: Any) -> CaseWords:
    return CaseWords(given, {"day": ("on",), "at": (), "flag": (), "count": (), "names": (), "said": ()})


def test_a_day_is_read_from_text_from_a_month_from_a_moment_and_from_yaml() -> None:
    assert words(on="2026-06-30").day("day") == date(2026, 6, 30)
    assert words(day="2026-06").day("day") == date(2026, 6, 1)
    assert words(day="2026-06-30T10:00:00-05:00").day("day") == date(2026, 6, 30)
    assert words(day=date(2026, 6, 30)).day("day") == date(2026, 6, 30)
    assert words(day=datetime(2026, 6, 30, tzinfo=UTC)).day("day") == date(2026, 6, 30)
    assert words(day=None).day("day") is None
    with pytest.raises(ValueError, match="day is a day such as 2026-06-30, not 'soon'"):
        words(day="soon").day("day")


def test_a_bare_on_that_yaml_reads_as_true_is_still_a_day() -> None:
    said = CaseWords({True: "2026-06-30"}, {"on": ()})  # type: ignore[dict-item]
    assert said.day("on") == date(2026, 6, 30)


def test_a_moment_carries_its_zone() -> None:
    assert words(at="2026-06-30T10:00:00+00:00").moment("at") == datetime(2026, 6, 30, 10, tzinfo=UTC)
    assert words(at=datetime(2026, 6, 30, 10, tzinfo=UTC)).moment("at") == datetime(2026, 6, 30, 10, tzinfo=UTC)
    assert words().moment("at") is None
    with pytest.raises(ValueError, match="at needs its zone"):
        words(at="2026-06-30T10:00:00").moment("at")
    with pytest.raises(ValueError, match="at is a moment such as"):
        words(at="noon").moment("at")


def test_flags_counts_and_lists_are_what_they_say() -> None:
    said = words(flag=True, count=3, names="one", said="  x ")
    assert (said.flag("flag"), said.whole("count"), said.texts("names"), said.text("said")) == (True, 3, ("one",), "x")
    assert words(names=["a", 1]).texts("names") == ("a", "1")
    assert words().texts("names") == ()
    with pytest.raises(ValueError, match="flag is true, false or null, not 'yes'"):
        words(flag="yes").flag("flag")
    for wrong in ("3", True):
        with pytest.raises(ValueError, match="count is a whole number"):
            words(count=wrong).whole("count")


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("TX-SB815", {"act": "weigh"}, "weigh is not an act"),
        ("TX-SB815", {"outcome": "denial", "part": "half"}, "half is no part"),
        ("DECIDER-MA", {"profession": "astrologer"}, "astrologer is no profession"),
        ("P2P-TX", {"profession": "astrologer"}, "astrologer is no profession"),
        ("P2P-MA", {"decided": True, "means": "prayer"}, "prayer is no means"),
        ("MA_422_138c", {"ground": "boredom"}, "'boredom' is no ground"),
        ("MA-CRITERIA-HIERARCHY", {"source": "blog"}, "'blog' is no source of criteria"),
        ("AR-GOLD", {"eligible_requests": 10}, "how many were approved"),
        ("AR-GOLD", {"history": []}, "A history needs evaluation_on"),
        ("AR-GOLD", {"eligible_requests": 3, "approved": 4}, "cannot have been approved"),
    ],
)
def test_what_cannot_be_answered_is_told_in_words(name: str, given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        ITEMS[name].answer(given)


def test_synonyms_of_the_vectors_are_taken() -> None:
    texas = ITEMS["TX-GOLD-RESCIND"]
    assert texas.answer({"rescission_month": "2026-12"})["next_window"] == "2027-01"
    assert texas.answer({"proposed_rescission_month": "2027-01", "protected_until": "2027-06-30"})["allowed"] is False
    wyoming = ITEMS["WY-GOLD"].answer({"total_requests": 5, "approvals": 4, "notice_sent": "2026-03-01"})
    assert (wyoming["exempt"], wyoming["exemption_starts"]) == (True, "2026-03-01")
    nebraska = ITEMS["NE-LB77"].answer({"outcome": "denied", "ai_only": False, "physician_decided": True})
    assert nebraska["lacking"] == ["not known: what part software had (NE-LB77)", "not known: the disclosure (NE-LB77)"]
    alone = ITEMS["NE-LB77"].answer({"outcome": "denied", "automated": False, "physician_decided": True})
    assert (alone["lawful"], alone["ai_flag"]) == (True, False)
    logged = ITEMS["P2P-TX"].answer({"logged": ["offered_at", "phone_number_given", "held_at", "outcome"]})
    assert logged["not_logged"] == []


def test_a_law_of_another_state_says_nothing_of_a_case() -> None:
    assert ITEMS["CA-SB1120"].answer({"act": "approve", "state": "NY", "on": "2026-01-05"}) == {
        "in_force": True,
        "applies": False,
        "allowed": True,
        "why": "no rule in force forbids it, and it decides nothing against anybody",
        "by": [],
        "person_needed": False,
        "disclose": [],
        "disclose_to": [],
        "ai_flag": False,
    }


@pytest.mark.parametrize(
    ("kind", "path", "name"),
    [
        (peer_to_peer.KIND, "peer-to-peer/us/mo/p2p-mo.yaml", "MO-376.1365"),
        (durability.KIND, "durability/us/medicare-advantage/ma_new_enrollee.yaml", "MA-TRANSITION-90"),
    ],
)
def test_a_clock_that_nobody_wrote_is_named_at_its_line(tmp_path: Path, kind: Any, path: str, name: str) -> None:
    text = (SHIPPED / path).read_text(encoding="utf-8")
    copy = tmp_path / path
    copy.parent.mkdir(parents=True)
    copy.write_text(text, encoding="utf-8")
    assert [file.faults for file in written(tmp_path, kind)] == [()]
    copy.write_text(text.replace(f"clock: {name}", "clock: NO-SUCH"), encoding="utf-8")
    ((fault,),) = [file.faults for file in written(tmp_path, kind)]
    assert fault.fault == "There is no clock NO-SUCH."
    assert text.splitlines()[fault.line - 1].endswith(name)
