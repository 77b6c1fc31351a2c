"""The law book in a real browser: from a folder with its own search, and from the server without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from openum.doors.library import shelved
from openum.librarian.book.binding import Book, bind
from openum.librarian.book.finding import find, index_of
from openum.librarian.book.writing import write_book
from openum.librarian.shape import SHIPPED
from tests.browser import executable

T = TypeVar("T")
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
PAGES = (
    "index.html", "clocks/index.html", "clocks/ma-recon-std.html", "appeals/ma-l1.html", "citations.html",
    "policies/dme/home-oxygen.v2021-09-27.html", "letters/erisa-denial.html", "facts/age.html", "sources.html",
    "requirements/medicare-advantage.v2026-01-01.html",
)  # fmt: skip
QUERIES = (
    "422.568",
    "42 CFR 422.568",
    "ma-recon",
    "oxygen saturation",
    "gold card texas",
    "Número",
    "x",
    "zebra quagga",
)
pytestmark = pytest.mark.skipif(executable() is None, reason="there is no browser (tests/browser.py)")


@pytest.fixture(scope="module")
def book() -> Book:
    """The book of the shipped library."""
    return bind(SHIPPED)


@pytest.fixture(scope="module")
def folder(book: Book, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book as a folder."""
    written = tmp_path_factory.mktemp("law") / "book"
    write_book(book, written)
    return written


@pytest.fixture(scope="module")
def browser() -> Iterator[tuple[ThreadPoolExecutor, Browser]]:
    """A browser in a thread of its own: Django and the browser's loop do not share one."""
    with ThreadPoolExecutor(1) as apart:
        tool = apart.submit(lambda: sync_playwright().start()).result()
        opened = apart.submit(tool.chromium.launch, executable_path=executable(), args=["--no-sandbox"]).result()
        yield apart, opened
        apart.submit(opened.close).result()
        apart.submit(tool.stop).result()


@pytest.fixture(scope="module")
def look(browser: tuple[ThreadPoolExecutor, Browser]) -> Callable[..., Any]:
    """Open a page and look at it; nothing may go wrong on it."""
    apart, opened = browser

    def open_page(address: str, see: Callable[[Page], T], **how: Any) -> T:
        with opened.new_context(**{"viewport": WIDE, **how}) as visit:
            page = visit.new_page()
            troubles: list[str] = []
            page.on("console", lambda message: troubles.append(message.text))
            page.on("pageerror", lambda error: troubles.append(str(error)))
            page.goto(address)
            assert troubles == []
            return see(page)

    return lambda *arguments, **named: apart.submit(open_page, *arguments, **named).result()


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA and its own best practices, and text that leaves the screen."""
    found = Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]] + (
        ["too wide"] if wide else []
    )


@pytest.mark.parametrize("address", [*PAGES, "search.html?q=42+CFR+422.568"])
def test_every_sort_of_page_is_accessible_by_day_and_by_night_wide_and_narrow(
    look: Callable[..., Any], folder: Path, address: str
) -> None:
    path = f"{folder.as_uri()}/{address}"
    assert look(path, violations) == []
    assert look(path, violations, viewport=NARROW, color_scheme="dark") == []


def test_the_search_of_the_folder_finds_what_the_server_finds_in_the_same_order(
    look: Callable[..., Any], folder: Path, book: Book
) -> None:
    index = index_of(book)
    page = f"{folder.as_uri()}/search.html"
    for query in QUERIES:
        theirs = look(page, lambda seen, query=query: seen.evaluate("(query) => find(query)", query))
        assert (query, theirs) == (query, list(find(index, query)))


def test_a_reader_searches_in_the_folder_and_follows_a_clock_to_its_ladder(
    look: Callable[..., Any], folder: Path
) -> None:
    def follow(page: Page) -> tuple[str, str]:
        page.get_by_role("searchbox").fill("MA-RECON-STD")
        page.get_by_role("button", name="Find").click()
        first = page.locator("#found a").first
        title = first.inner_text()
        first.click()
        page.get_by_role("complementary").get_by_role("link", name="MA-L1").first.click()
        return title, page.locator("h1").inner_text()

    assert look(f"{folder.as_uri()}/index.html", follow) == (
        "Medicare Advantage: reconsideration of care not yet given",
        "Medicare Advantage, level 1: reconsideration by the plan",
    )


def test_without_scripts_the_folder_leads_to_its_lists(look: Callable[..., Any], folder: Path) -> None:
    def follow(page: Page) -> str:
        page.get_by_role("link", name="from A to Z").click()
        page.get_by_role("link", name="MA-OD-EXP", exact=True).click()
        return page.locator("h1").inner_text()

    found = look(f"{folder.as_uri()}/search.html", follow, java_script_enabled=False)
    assert found == "Medicare Advantage: expedited decision on an item or service"


@pytest.mark.django_db(transaction=True)
def test_the_server_shows_the_same_pages_and_searches_without_scripts(
    live_server: Any, look: Callable[..., Any]
) -> None:
    def follow(page: Page) -> tuple[str, str]:
        page.get_by_role("searchbox").fill("42 CFR 422.590")
        page.get_by_role("button", name="Find").click()
        count = page.locator("#count").inner_text()
        page.locator("#found a").first.click()
        return count, page.locator("article h2").first.inner_text()

    shelved.book()  # read before the browser waits: on a busy machine the first visitor waits longer than it does
    count, heading = look(f"{live_server.url}/library/", follow, java_script_enabled=False)
    assert count.endswith("pages for “42 CFR 422.590”")
    assert heading in ("What it says", "What it is")
    assert look(f"{live_server.url}/library/search?q=oxygen", violations, bypass_csp=True) == []
    assert look(f"{live_server.url}/library/clocks/ma-recon-std.html", violations, bypass_csp=True) == []
