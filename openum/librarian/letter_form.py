"""The form of a letter: plain HTML that carries nothing foreign, large enough to see and plain enough to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from openum.core.notice import Letter
from openum.core.notice_plain import template_remarks
from openum.core.reading import read_letter
from openum.librarian.faults import Fault

ALLOWED = frozenset({
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "h1", "h2", "h3", "h4",
    "p", "br", "ul", "ol", "li", "dl", "dt", "dd", "strong", "em", "table", "thead", "tbody", "tr", "th", "td",
    "caption", "span", "div", "hr",
})  # fmt: skip
ATTRIBUTES = frozenset({"lang", "charset", "class", "id", "scope", "dir"})
VOID = frozenset({"meta", "br", "hr"})
_SIZE = re.compile(r"font-size:\s*([\d.]+)([a-z%]*)")
_INSIDE_TAG = re.compile(r"<[^<>]*(?:\{\{|\{%)")
_FOREIGN = re.compile(r"url\(|@import|expression\(", re.IGNORECASE)


def form_faults(file: str, letter: Letter) -> Iterator[Fault]:
    """What keeps a letter from being sent as it is: tags, elements inside tags, type size, reading grade."""
    page = _Page()
    page.feed(letter.template)
    page.close()
    for line, fault, mend in (*page.found, *page.at_the_end()):
        yield Fault(file, line, fault, mend)
    for match in _INSIDE_TAG.finditer(letter.template):
        line = letter.template.count("\n", 0, match.start()) + 1
        yield Fault(file, line, "An element stands inside a tag.", "Elements go between tags only.")
    yield from _type_size(file, letter)
    reading = read_letter(letter.template, letter.language)
    if reading.harder_than(letter.reading_limit):
        fault = f"The letter reads at {reading.words}; its limit is {letter.reading_limit:g}."
        hardest = " | ".join(one.text for one in reading.hardest)
        yield Fault(file, 1, fault, f"Write shorter sentences and shorter words. The hardest: {hardest}")
    for remark in template_remarks(letter.template, letter.wording.jargon):
        yield Fault(file, _line_of(letter.template, remark.what), remark.what, remark.instead)


def _line_of(template: str, what: str) -> int:
    word = what.partition("“")[2].partition("”")[0].lower()
    at = template.lower().find(word)
    return template.count("\n", 0, at) + 1 if at >= 0 else 1


def _type_size(file: str, letter: Letter) -> Iterator[Fault]:
    sizes = [(match, float(match[1]), match[2]) for match in _SIZE.finditer(letter.template)]
    mend = f"Write font-size: {letter.font_points:g}pt for the body, and nothing smaller."
    if not sizes:
        yield Fault(file, 1, "No type size is set.", mend)
    for match, size, unit in sizes:
        line = letter.template.count("\n", 0, match.start()) + 1
        if unit != "pt":
            yield Fault(file, line, f"The type size is in {unit or 'no unit'}, not in points.", mend)
        elif size < letter.font_points:
            yield Fault(file, line, f"The type is {size:g} points; at least {letter.font_points:g} are required.", mend)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str, str]] = []
        self._open: list[tuple[str, int]] = []
        self._count: dict[str, int] = {}
        self._text: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._count[tag] = self._count.get(tag, 0) + 1
        if tag not in ALLOWED:
            self._fault(f"<{tag}> has no place in a letter.", "Use plain tags; a letter loads nothing.")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self._fault(f"The attribute {name} has no place in a letter.", "Leave it out.")
            if (tag, name) == ("html", "lang") and value:
                self._count["lang"] = 1
        if tag not in VOID:
            self._open.append((tag, self.getpos()[0]))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()
        else:
            self._fault(f"</{tag}> ends nothing that is open.", "Close tags in the order in which they were opened.")

    def handle_data(self, data: str) -> None:
        if self._open:
            tag = self._open[-1][0]
            self._text[tag] = self._text.get(tag, "") + data
            if tag == "style" and _FOREIGN.search(data):
                self._fault("The style loads something from elsewhere.", "Use plain declarations only.")

    def _fault(self, fault: str, mend: str) -> None:
        self.found.append((self.getpos()[0], fault, mend))

    def at_the_end(self) -> Iterator[tuple[int, str, str]]:
        """What only the whole page shows."""
        for tag, line in self._open:
            yield line, f"<{tag}> is never closed.", f"Write </{tag}>."
        if self._count.get("h1", 0) != 1:
            yield 1, "A letter has exactly one <h1>.", "Give it one heading of the first level."
        if not self._text.get("title", "").strip():
            yield 1, "The <title> is missing or empty.", "Say in the title what the letter is."
        if "lang" not in self._count:
            yield 1, "The language of the letter is not stated.", 'Write <html lang="en">.'
