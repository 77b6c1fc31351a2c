"""What a reader of a letter sees of its HTML."""

from __future__ import annotations

from html.parser import HTMLParser


def visible_words(text: str) -> str:
    """What a reader of the letter sees, in one line with single spaces. Style, title and hidden parts do not count."""
    return in_one_line(" ".join(pieces(text)))


def pieces(text: str) -> tuple[str, ...]:
    """The pieces of visible text between the tags of a letter, in order, each in one line, none empty."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return tuple(piece for word in reader.words if (piece := in_one_line(word)))


def in_one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


class _Reader(HTMLParser):
    """Collects the words between tags, without those no reader sees."""

    UNSEEN = frozenset({"style", "script", "title", "template"})
    VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.VOID:
            return
        if self._unseen or tag in self.UNSEEN or any(name == "hidden" for name, _ in attrs):
            self._unseen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and self._unseen[-1] == tag:
            self._unseen.pop()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(data)
