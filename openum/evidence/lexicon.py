"""What OpenUM knows of a language's clinical words: the content of ``library/evidence`` as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from openum.core.refusal import Refusal
from openum.evidence.phrases import Phrase, phrase_of
from openum.librarian.marked import read_document
from openum.librarian.shape import SHIPPED

Said = Literal["negated", "normal", "other_person", "hypothetical", "uncertain", "historical"]
"""What the words around a term make of it."""
Reach = Literal["before", "after", "near_before", "near_after", "answer"]
FILES = ("context", "sections", "words", "against", "numbers")


@dataclass(frozen=True, slots=True)
class FactWords:
    """More words of a fact, words that speak against it by themselves, and longer ones that do not speak of it."""

    words: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    not_: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AgainstList:
    """Words that speak against what a request says; ``facts`` are those that they speak against."""

    title: str
    phrases: tuple[str, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lexicon:
    """The words of one language, as ``library/evidence/README.md`` describes them."""

    language: str
    cues: tuple[tuple[str, Said, Reach], ...]
    not_cues: tuple[str, ...]
    ends: tuple[str, ...]
    ends_denial: tuple[str, ...]
    sections: Mapping[Said, tuple[Phrase, ...]]
    same: tuple[tuple[str, ...], ...]
    facts: Mapping[str, FactWords]
    past: frozenset[str]
    tests: tuple[str, ...]
    other_things: tuple[str, ...]
    lists: Mapping[str, AgainstList]
    units: Mapping[str, tuple[str, ...]]
    unit_left_out: frozenset[str]
    _rows: Mapping[tuple[str, ...], tuple[int, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rows: dict[tuple[str, ...], tuple[int, ...]] = {}
        for place, row in enumerate(self.same):
            for stems in {phrase_of(word).stems for word in row}:
                rows[stems] = (*rows.get(stems, ()), place)
        object.__setattr__(self, "_rows", rows)

    def words_for(self, words: Iterable[str]) -> tuple[str, ...]:
        """The words and all that mean the same, each once."""
        given = tuple(words)
        rows = sorted({row for word in given for row in self._rows.get(phrase_of(word).stems, ())})
        return tuple(dict.fromkeys((*given, *(word for row in rows for word in self.same[row]))))


@cache
def lexicon(language: str = "en", root: Path = SHIPPED) -> Lexicon:
    """The lexicon of a language, read once and kept.

    Refuses with ``no_such_language`` or ``lexicon_faulty`` (a file cannot be read).
    """
    folder = root / "evidence" / language
    if not folder.is_dir():
        known = ", ".join(sorted(one.name for one in (root / "evidence").iterdir() if one.is_dir()))
        raise Refusal("no_such_language", f"There are no evidence words for {language}.", f"Known are: {known}.")
    return _lexicon(language, {name: _read(folder / f"{name}.yaml") for name in FILES})


def examples(language: str, name: str, root: Path = SHIPPED) -> tuple[Mapping[str, Any], ...]:
    """The worked examples of one of the files."""
    return tuple(_read(root / "evidence" / language / f"{name}.yaml").get("examples", ()))


def _read(path: Path) -> Mapping[str, Any]:
    document, faults = read_document(path)
    if document is None or faults:
        what = str(faults[0]) if faults else f"{path.name} is missing."
        raise Refusal("lexicon_faulty", f"The words of evidence cannot be read: {what}", "Mend the file.")
    data: Mapping[str, Any] = document.data
    return data


def _lexicon(language: str, files: Mapping[str, Mapping[str, Any]]) -> Lexicon:
    words, numbers = files["words"], files["numbers"]
    return Lexicon(
        language=language,
        cues=tuple(_cues(files["context"])),
        not_cues=_texts(files["context"]["not_cues"]),
        ends=_texts(files["context"]["ends"]),
        ends_denial=_texts(files["context"]["ends_denial"]),
        sections={
            _said(said): tuple(phrase_of(title) for title in titles)
            for said, titles in files["sections"]["sections"].items()
        },
        same=tuple(_texts(row) for row in words["same"]),
        facts={id: _fact_words(said) for id, said in words["facts"].items()},
        past=frozenset(words["past"]),
        tests=_texts(words["tests"]),
        other_things=_texts(words["other_things"]),
        lists={
            name: AgainstList(said["title"], _texts(said["phrases"]), _texts(said["facts"]))
            for name, said in files["against"]["lists"].items()
        },
        units={ucum: _texts(written) for ucum, written in numbers["units"].items()},
        unit_left_out=frozenset(_texts(numbers["left_out"])),
    )  # fmt: skip


def _fact_words(said: Mapping[str, Any]) -> FactWords:
    return FactWords(_texts(said.get("words")), _texts(said.get("against")), _texts(said.get("not")))


def _cues(context: Mapping[str, Any]) -> Iterable[tuple[str, Said, Reach]]:
    for said, lists in context["cues"].items():
        for reach, cues in lists.items():
            if reach not in get_args(Reach):
                raise Refusal(
                    "lexicon_faulty", f"`{reach}` is no reach of a cue.", f"Write {', '.join(get_args(Reach))}."
                )
            for cue in cues:
                yield str(cue), _said(said), reach


def _said(name: str) -> Said:
    known: tuple[Said, ...] = get_args(Said)
    found = next((one for one in known if one == name), None)
    if found is None:
        raise Refusal("lexicon_faulty", f"`{name}` is nothing that a cue says.", f"Write one of {', '.join(known)}.")
    return found


def _texts(written: Iterable[Any] | None) -> tuple[str, ...]:
    return tuple(str(one) for one in written or ())
