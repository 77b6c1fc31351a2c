"""The law book: what is on a page, where its links lead, and that nothing is printed that may not be."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest

from openum.core.refusal import Refusal
from openum.librarian.book.binding import Book, bind
from openum.librarian.book.citations import sections, told
from openum.librarian.book.finding import find, index_of
from openum.librarian.book.named import page_named
from openum.librarian.book.sheets import addresses, sheet
from openum.librarian.book.writing import MARKER, write_book
from openum.librarian.page import as_text
from openum.librarian.tests.shelves import FACTS, OXYGEN, VERSION, plant, write

RECON, LEVEL = "clocks/ma-recon-std.html", "appeals/ma-l1.html"
POLICY = "policies/dme/oxygen.v2021-09-27.html"


def written(book: Book, address: str) -> str:
    """The page at an address, which is there."""
    text = sheet(book, address, "search.html")
    assert text is not None
    return text


class Links(HTMLParser):
    """The addresses a page leads to, and the names of its places."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.to: list[str] = []
        self.places: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.to += [said["href"] or ""] if tag == "a" else []
        self.places += [said["id"] or ""] if "id" in said else []


def test_a_clock_says_what_since_when_by_whose_authority_and_shows_examples_as_computed(small_book: Book) -> None:
    page = written(small_book, RECON)
    for words in (
        "<dd>30 calendar days</dd>",
        "Since when",
        "42 CFR 422.590",
        "Verified: text that supports it was read.",
    ):
        assert words in page
    assert "November 22, 2026" in page
    assert re.search(r"<td>[^<]*2026-\d\d-\d\d[^<]* ✓</td>", page)
    assert "(differs)" not in page


def test_sources_are_spelled_out_from_the_list_of_sources(small_book: Book) -> None:
    assert "45 CFR" in small_book.sources["S02"].what
    entry = small_book.by_address[RECON]
    assert re.search(r"<li>S\d+\w*: [^<]{10,}</li>", written(small_book, entry.address))


def test_a_level_leads_to_its_clock_and_the_clock_to_the_level(small_book: Book) -> None:
    assert '<a href="../clocks/ma-recon-std.html">MA-RECON-STD</a>' in written(small_book, LEVEL)
    beside = written(small_book, RECON).partition("<h2>Named by</h2>")[2]
    assert '<a href="../appeals/ma-l1.html">MA-L1</a>' in beside


def test_a_policy_leads_to_its_facts_and_a_fact_to_its_policies(small_book: Book) -> None:
    question = "What was the oxygen saturation at rest?"
    assert f'<a href="../../facts/spo2_at_rest.html">{question}</a>' in written(small_book, POLICY)
    assert '<a href="../policies/dme/oxygen.v2021-09-27.html">dme/oxygen</a>' in written(
        small_book, "facts/spo2_at_rest.html"
    )


def test_requirements_lead_to_the_policy_that_judges(small_book: Book) -> None:
    page = written(small_book, "requirements/medicare-advantage.v2026-01-01.html")
    assert '<a href="../policies/dme/oxygen.v2021-09-27.html">dme/oxygen</a>' in page


def test_versions_of_one_item_know_each_other_and_a_name_leads_to_the_newest(small_book: Book) -> None:
    first, second = "gold-card/tx-gold.html", "gold-card/tx-gold.v2.html"
    assert '<a href="tx-gold.v2.html">Version 2</a>' in written(small_book, first)
    assert '<a href="tx-gold.html">Version 1</a>' in written(small_book, second)
    linked = small_book.linked("TX-GOLD")
    assert linked is not None
    assert linked.address == second


def test_a_letter_shows_its_required_elements_and_an_example_in_plain_tags(small_book: Book) -> None:
    (letter,) = small_book.of("letters")
    page = written(small_book, letter.address)
    assert "What must be in it" in page
    example = page.partition('<div class="letter" lang="en">')[2]
    assert "<h3>" in example
    assert "<h1" not in example
    assert "<style" not in page


def test_every_link_of_the_book_leads_to_a_page_and_a_place_in_it(small_book: Book) -> None:
    pages = {address: Links(written(small_book, address)) for address in addresses(small_book)}
    known = {*pages, "search.html"}
    broken = []
    for address, links in pages.items():
        for to in (to for to in links.to if not to.startswith("https://")):
            path, _, place = to.partition("#")
            target = normpath(join(dirname(address), path)) if path else address
            if target not in known or (place and place not in pages[target].places and place != "main"):
                broken.append(f"{address} -> {to}")
    assert broken == []
    assert all(len(set(links.places)) == len(links.places) for links in pages.values())


def test_no_two_items_share_a_page(small_book: Book) -> None:
    assert len(small_book.by_address) == len(small_book.entries)


def test_what_an_author_writes_is_text_and_never_markup(shelf: Path) -> None:
    plant(shelf, "facts/breathing.yaml", "topic: Breathing", 'topic: "Breath <b onclick=x>&"')
    book = bind(shelf)
    page = written(book, "facts/index.html")
    assert "<b onclick" not in page
    assert "Breath &lt;b onclick=x&gt;&amp;" in page


def test_licensed_criteria_are_named_and_nothing_of_them_is_printed(shelf: Path) -> None:
    held = (
        "license: {terms: restricted, publisher: A Publisher, product: Criteria, edition: Spring, holder: A Plan, "
        'number: "1", from: 2021-01-01, shown_to: [reviewer], disclose_on_denial: true}\n'
    )
    write(shelf, OXYGEN, VERSION + held)
    book = bind(shelf)
    page = written(book, POLICY)
    assert "criteria of A Publisher" in page
    whole = "".join(written(book, address) for address in addresses(book)) + json.dumps(index_of(book).texts)
    assert "at or below 88" not in whole
    assert "NCD 240.2" not in whole
    assert "facts/asthma.html" not in book.by_address, "a question only they ask is theirs"


CITED = [
    ("42 CFR 422.568(b)(1) and 422.572", ("42 CFR 422.568", "42 CFR 422.572")),
    ("42 CFR 422.566-422.576", ("42 CFR 422.566", "42 CFR 422.576")),
    ("29 CFR 2560.503-1(g)(1)(v)(A)", ("29 CFR 2560.503-1",)),
    ("45 CFR 92.202 and 47 U.S.C. 225; plan practice", ("45 CFR 92.202", "47 USC 225")),
    ("Medicare NCD 240.2 §B", ("NCD 240.2",)),
    ("Tex. Ins. Code 4201.651-.659; 28 TAC 19.1730", ("Tex. Ins. Code 4201.651", "28 TAC 19.1730")),
    ("Plan choice", ("Plan choice",)),
]


@pytest.mark.parametrize(("cite", "expected"), CITED)
def test_a_citation_names_its_sections(cite: str, expected: tuple[str, ...]) -> None:
    assert sections(cite) == expected


def test_a_citation_in_words_names_no_section() -> None:
    assert told("Plan list, as of 2026") == ()


def test_pages_that_rest_on_the_same_section_are_found_by_it(small_book: Book) -> None:
    names = {one.name for one in small_book.by_section["42 CFR 422.590"]}
    assert "MA-RECON-STD" in names
    assert 'id="p-42-cfr-422-590"' in written(small_book, "citations.html")


def found(book: Book, query: str) -> list[str]:
    """The names of what a query finds."""
    return [book.entries[number].name for number in find(index_of(book), query)]


def test_words_names_and_citations_are_found_and_the_name_comes_first(small_book: Book) -> None:
    assert found(small_book, "MA-RECON-STD")[0] == "MA-RECON-STD"
    assert found(small_book, "ma-recon")[0] == "MA-RECON-STD"
    assert "MA-RECON-STD" in found(small_book, "42 CFR 422.590")
    assert found(small_book, "oxyg satur")[:1] == ["dme/oxygen"] or "dme/oxygen" in found(small_book, "oxyg satur")
    assert found(small_book, "zebra") == found(small_book, "  ") == found(small_book, "…") == []


def test_the_same_library_gives_the_same_bytes_and_a_book_can_be_written_anew(small_book: Book, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    files = write_book(small_book, one)
    assert write_book(small_book, other) == files
    write_book(small_book, other)
    every = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert len(every) == files
    assert every == sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
    assert all((one / name).read_bytes() == (other / name).read_bytes() for name in every)


def test_what_an_earlier_book_had_is_taken_away_and_nothing_else(small_book: Book, shelf: Path, tmp_path: Path) -> None:
    folder = tmp_path / "book"
    write_book(small_book, folder)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    write_book(bind(shelf), folder)
    assert not (folder / RECON).exists()
    assert not (folder / "clocks").exists()
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert RECON not in json.loads((folder / MARKER).read_text(encoding="utf-8"))["files"]


def test_a_folder_that_holds_other_things_is_refused_and_left_alone(small_book: Book, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        write_book(small_book, tmp_path)
    assert refused.value.code == "not-a-book"
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_one_item_is_printed_by_any_of_its_names(shelf_of_law: Path) -> None:
    text = as_text(page_named("MA-RECONSIDERATION-STD", shelf_of_law))
    assert "Answer within: 30 calendar days" in text
    assert "Computed:" in text
    with pytest.raises(Refusal) as refused:
        page_named("MA-RECON-STT", shelf_of_law)
    assert refused.value.code == "unknown-item"
    assert "MA-RECON-STD" in refused.value.next


def test_a_fact_is_a_page_of_its_own(small_book: Book) -> None:
    assert FACTS.count("- id:") + FACTS.count("{id:") <= len(small_book.of("facts"))
    page = written(small_book, "facts/smoking.html")
    assert "<dd>never, former, current, on</dd>" in page
