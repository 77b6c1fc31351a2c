"""The read-only pages in a real browser: what they show, that they are accessible, and what they never do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any, TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from openum.core.request import MemberRef
from openum.payer.conftest import AT, OXYGEN, Payer, oxygen_request, set_up_payer
from openum.payer.determinations.models import Determination
from openum.payer.flow.running import take_in
from openum.payer.flow.tests.test_walk import NEAR
from openum.records.ledger.models import Event
from openum.records.parties.actions import enroll
from tests.browser import executable

T = TypeVar("T")
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(executable() is None, reason="there is no browser (tests/browser.py)"),
]


@pytest.fixture
def payer(transactional_db: None) -> Payer:
    """A payer with its people."""
    return set_up_payer("alder-health")


@pytest.fixture
def numbers(payer: Payer) -> dict[str, str]:
    """Four cases: approved, information asked for, to a clinician, nothing needed."""
    asked = {
        "met": OXYGEN,
        "missing": {name: value for name, value in OXYGEN.items() if name != "spo2_at_rest_awake"},
        "near": NEAR,
    }
    return {name: send(payer, name, answers) for name, answers in asked.items()}


def send(payer: Payer, name: str, answers: dict[str, Any]) -> str:
    """One request for home oxygen for a member of its own; its number."""
    born = date(1950, 3, 4)
    enroll(
        payer.whole, plan="MA-1", number=name, family="Testa", given="Maria", birth_date=born, start=date(2025, 1, 1)
    )
    member = MemberRef(member_id=name, family="Testa", birth_date=born)
    taken = take_in(
        scope=payer.priya, request=oxygen_request(answers, digest=name.rjust(64, "0"), member=member), body=b"{}",
        content_type="application/fhir+json", door="test", by=payer.priya.actor, clock=lambda: AT,
    )  # fmt: skip
    return taken.number


@pytest.fixture(scope="module")
def browser() -> Iterator[tuple[ThreadPoolExecutor, Browser]]:
    """A browser in a thread of its own: Django and the browser's loop do not share one."""
    with ThreadPoolExecutor(1) as apart:
        tool = apart.submit(lambda: sync_playwright().start()).result()
        opened = apart.submit(tool.chromium.launch, executable_path=executable(), args=["--no-sandbox"]).result()
        yield apart, opened
        apart.submit(opened.close).result()
        apart.submit(tool.stop).result()


@pytest.fixture
def look(live_server: Any, browser: tuple[ThreadPoolExecutor, Browser]) -> Callable[..., Any]:
    """Open a page and look at it."""
    apart, opened = browser

    def open_page(path: str, see: Callable[[Page], T], *, viewport: Any = WIDE, scheme: Any = "light") -> T:
        with opened.new_context(viewport=viewport, color_scheme=scheme) as visit:
            page = visit.new_page()
            troubles: list[str] = []
            page.on("console", lambda message: troubles.append(message.text))
            page.on("pageerror", lambda error: troubles.append(str(error)))
            page.goto(live_server.url + path)
            seen = see(page)
            assert troubles == []
            return seen

    return lambda *arguments, **named: apart.submit(open_page, *arguments, **named).result()


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA and its own best practices."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def cells(text: str) -> list[str]:
    """The cells of a row, each on one line."""
    return [" ".join(cell.split()) for cell in text.split("\t")]


def test_the_list_shows_each_case_with_outcome_clock_and_who_holds_the_ball(
    look: Callable[..., Any], numbers: dict[str, str]
) -> None:
    rows = look("/", lambda page: [cells(row.inner_text()) for row in page.locator("tbody tr").all()])
    assert [row[1] for row in rows] == [numbers["near"], numbers["missing"], numbers["met"]]
    assert [(row[2], row[3], row[4]) for row in rows] == [("M.T.", "MA-1", "E1390 Home use of oxygen")] * 3
    assert [row[5] for row in rows] == ["→ To a clinician: not met", "? Information asked for", "✓ Approved"]
    assert [row[6] for row in rows] == ["Jun 9, 23:59", "Jun 9, 23:59", "– no clock is open"]
    assert [row[7] for row in rows] == ["the plan", "the practice", "nobody"]


def test_the_list_can_be_narrowed_to_those_who_wait_for_the_practice(
    look: Callable[..., Any], numbers: dict[str, str]
) -> None:
    def follow(page: Page) -> tuple[str, list[str], str]:
        page.get_by_role("link", name="Waiting for the practice").click()
        current = page.locator(".tabs [aria-current]").inner_text()
        return current, page.locator("tbody th").all_inner_texts(), page.title()

    assert look("/", follow) == (
        "Waiting for the practice", [numbers["missing"]], "Waiting for the practice · Test Payer · OpenUM",
    )  # fmt: skip


def test_a_case_shows_tree_ways_to_yes_clock_letter_and_events(
    look: Callable[..., Any], numbers: dict[str, str]
) -> None:
    text = look(f"/cases/{numbers['missing']}", lambda page: page.locator("main").inner_text())
    assert "Line 1: Home use of oxygen, NCD 240.2\n? Information asked for" in text
    assert "1 fact to be supplied (2 ways)." in text
    assert "in percent, at rest and awake: not known, for example the oximetry or blood gas report" in text
    assert "? not known Oxygen saturation at or below 88 % at rest" in " ".join(text.split())
    assert "7 calendar days end Tue Jun 9 2026 23:59:59" in text
    assert "42 CFR 422.568(b)(1)(ii), (b)(2)" in text
    assert "Request for information" in text
    assert "Request submitted" in text


def test_a_case_whose_criteria_are_not_met_says_that_a_clinician_decides_and_nowhere_that_it_is_denied(
    look: Callable[..., Any], numbers: dict[str, str]
) -> None:
    text = look(f"/cases/{numbers['near']}", lambda page: page.locator("main").inner_text())
    assert "A criterion is not met. Software does not decide against a request: a clinician does." in text
    assert "would have to be at most 55 mm Hg" in text
    assert "denied" not in text.lower()


def test_a_letter_opens_in_a_sandbox_and_runs_nothing(look: Callable[..., Any], numbers: dict[str, str]) -> None:
    def open_letter(page: Page) -> tuple[str, str | None]:
        page.locator("details.letter summary").click()
        frame = page.frame_locator("iframe")
        return frame.locator("h1").inner_text(), page.locator("iframe").get_attribute("sandbox")

    assert look(f"/cases/{numbers['met']}", open_letter) == ("We approved your request", "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_pages_have_no_accessibility_violation(
    look: Callable[..., Any], numbers: dict[str, str], scheme: str, viewport: Any
) -> None:
    for path in ("/", f"/cases/{numbers['met']}", f"/cases/{numbers['near']}"):
        assert look(path, violations, viewport=viewport, scheme=scheme) == []


def test_everything_can_be_reached_and_opened_with_the_keyboard(
    look: Callable[..., Any], numbers: dict[str, str]
) -> None:
    def walk(page: Page) -> list[str]:
        reached = []
        for _ in range(40):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.innerText.split('\\n')[0].trim()"))
        return reached

    reached = look("/", walk)
    assert reached[0] == "Skip to the content"
    assert {"All cases", "Waiting for the plan", numbers["met"], numbers["near"]} <= set(reached)


def test_a_page_at_a_phones_width_does_not_scroll_sideways(look: Callable[..., Any], numbers: dict[str, str]) -> None:
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    for path in ("/", f"/cases/{numbers['near']}"):
        assert look(path, lambda page: page.evaluate(wider), viewport=NARROW) is False


def test_the_net_above_catches_what_it_is_for(look: Callable[..., Any], numbers: dict[str, str]) -> None:
    def broken(page: Page) -> list[str]:
        page.evaluate("document.documentElement.removeAttribute('lang')")
        return violations(page)

    assert [one.partition(":")[0] for one in look("/", broken)] == ["html-has-lang"]


def test_looking_decides_nothing_and_is_recorded(look: Callable[..., Any], numbers: dict[str, str]) -> None:
    before = Determination.unscoped.count()
    look(f"/cases/{numbers['near']}", lambda page: page.title())
    opened = Event.unscoped.filter(kind="CaseOpened")
    assert [(one.subject, one.by) for one in opened] == [(numbers["near"], "software:demo-visitor")]
    assert Determination.unscoped.count() == before
