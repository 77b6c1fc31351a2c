"""A letter goes out only when it can be read; it goes out in the member's language; and it is the same on paper."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings

from openum.core import determination as decide
from openum.core.refusal import Refusal
from openum.core.request import MemberRef
from openum.librarian.notices import read_notices
from openum.payer.conftest import AT, PLAN_WORDS
from openum.payer.determinations.actions import decide_line
from openum.payer.flow.paper import notice_on_paper
from openum.payer.flow.running import advance
from openum.payer.flow.tests.test_walk import NEAR, _unmet
from openum.payer.notices.models import KINDS, Notice
from openum.press.readback import form_of, words_of
from openum.records.ledger.models import Errand, Event
from openum.records.parties import actions as parties

pytestmark = pytest.mark.django_db
ROSA = MemberRef(member_id="M0002", family="Prueba", birth_date=date(1950, 3, 4))
SPANISH = {
    "plan_hours": "8 a.m. a 8 p.m., los 7 días de la semana",
    "language_help": "La ayuda en su idioma es gratis.",
    "format_help": "Puede pedir esta carta en letra grande.",
    "civil_rights": "Cumplimos las leyes federales de derechos civiles.",
}
HARD = (
    "Notwithstanding aforementioned administrative considerations, beneficiaries retain supplementary institutional "
    "opportunities throughout subsequent organizational determinations. "
) * 6


def plan(payer, **changes) -> None:
    parties.set_up_plan(
        payer.whole, code="MA-1", name="Test Advantage", line_of_business="medicare-advantage", state="MD",
        time_zone="America/New_York", phone="1-555-0100",
        address={"lines": ["1 Plan Way"], "city": "Baltimore", "state": "MD", "zip": "21201"},
        notice_texts={**PLAN_WORDS, **changes.pop("texts", {})}, **changes,
    )  # fmt: skip


def test_the_kinds_kept_are_the_kinds_of_the_library() -> None:
    assert tuple(read_notices(settings.OPENUM_LIBRARY[0]).kinds) == KINDS


def test_a_plan_text_that_makes_a_letter_too_hard_holds_it_back_and_is_named_in_the_trouble(payer, ask, see) -> None:
    plan(payer, texts={"language_help": HARD, "format_help": HARD, "civil_rights": HARD})
    taken = ask()
    assert not Notice.unscoped.exists()
    assert not Event.unscoped.filter(kind="NoticeSent").exists()
    (errand,) = Errand.unscoped.exclude(trouble="")
    assert errand.trouble.startswith("notice-too-hard")
    assert "Notwithstanding aforementioned" in errand.trouble
    assert {clock.state for clock in see(taken).clocks} == {"running"}


def test_a_plan_may_set_a_limit_of_its_own_that_is_stricter(payer, ask, see) -> None:
    plan(payer, settings={"letters": {"reading_grade": 1}})
    ask()
    (errand,) = Errand.unscoped.exclude(trouble="")
    assert "its limit is 1." in errand.trouble


def test_a_letter_goes_out_in_the_members_language_and_says_that_parts_are_in_english(payer, ask, see) -> None:
    plan(payer, texts={"es": SPANISH})
    enroll(payer, "es")
    view = see(ask(member=ROSA))
    (notice,) = view.notices
    assert notice.letter.startswith("approval/us/medicare-advantage.es@")
    assert '<html lang="es">' in notice.html
    assert "2 de junio de 2026" in notice.html
    assert "aprobado" in notice.html
    assert "Algunas partes de esta carta están en inglés." in notice.html
    assert SPANISH["civil_rights"] in notice.html
    paper = notice_on_paper(payer.whole, view.case.number, notice.id)
    assert form_of(paper.pdf).language == "es"


def test_a_plan_without_spanish_texts_writes_in_english(payer, ask, see) -> None:
    enroll(payer, "es")
    (notice,) = see(ask(member=ROSA)).notices
    assert notice.letter.startswith("approval/us/medicare-advantage@")
    assert "están en inglés" not in notice.html


def enroll(payer, language: str) -> None:
    parties.enroll(
        payer.whole, plan="MA-1", number="M0002", family="Prueba", given="Rosa", birth_date=date(1950, 3, 4),
        start=date(2025, 1, 1), sex="female", language=language,
    )  # fmt: skip


def test_a_letter_sent_is_printed_when_asked_for_and_is_the_same_each_time(payer, ask, see) -> None:
    view = see(ask())
    (notice,) = view.notices
    paper, again = (notice_on_paper(payer.priya, view.case.number, notice.id) for _ in range(2))
    assert paper == again
    words = words_of(paper.pdf)
    assert "Maria Testa" in words
    assert view.lines[0].authorization.held.number in words
    large = notice_on_paper(payer.priya, view.case.number, notice.id, large_print=True)
    assert words_of(large.pdf) == words
    assert large.pages > paper.pages


def test_a_letter_of_another_practice_is_not_printed(payer, ask, see) -> None:
    view = see(ask())
    for scope, notice in ((payer.sam, view.notices[0].id), (payer.priya, 10**9)):
        with pytest.raises(Refusal) as caught:
            notice_on_paper(scope, view.case.number, notice)
        assert caught.value.code == "notice-unknown"


def test_hard_words_of_a_clinician_are_remarked_on_and_hold_nothing_back(payer, ask, see) -> None:
    taken = ask(NEAR)
    line, policy, finding = _unmet(payer, taken)
    words = "Utilization of ambulatory oxygen is not clinically indicated prior to an ABG, which was never obtained."
    decided = decide.decide_adverse(
        line.line.asked, policy, finding, by=payer.osei, criterion_not_met="Oxygen saturation at or below 88 % at rest",
        rationale=words, at=AT,
    )  # fmt: skip
    decide_line(
        tenant_id=payer.tenant_id, number=taken.number, line_id=line.line.id, decided=decided,
        policy_digest=policy.digest, by=payer.osei, at=AT,
    )  # fmt: skip
    advance(payer.tenant_id, taken.number, clock=lambda: AT)
    assert [notice.kind for notice in see(taken).notices] == ["adverse-determination"]
    remarks = {(kind, where, what) for kind, where, what in Event.unscoped.get(kind="NoticeSent").body["remarks"]}
    assert ("word", "lines.reason", "“prior to” is a word few readers know.") in remarks
    assert ("short_form", "lines.reason", "“ABG” is never explained.") in remarks
    assert ("reading", "lines.reason") in {(kind, where) for kind, where, _ in remarks}
    assert not any("ambulatory oxygen is not" in what for _, _, what in remarks)


def test_a_letter_that_does_not_answer_the_request_leaves_the_clock_alone() -> None:
    letters = read_notices(settings.OPENUM_LIBRARY[0]).letters
    ending = {one.kind for one in letters if one.ends_clock}
    assert {"approval", "partial-approval", "adverse-determination", "appeal-decision"} <= ending
    assert not ending & {"request-for-information", "extension", "expedite-denied", "peer-to-peer-offer"}
