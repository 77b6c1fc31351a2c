"""The words of a case (``in:`` of an example, or JSON of the command line), read by name, with their synonyms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from openum.librarian.law import Given

MONTH = len("2026-06")


class CaseWords:
    """A case's words. ``known`` maps each name to the further words that mean the same.

    Raises:
        ValueError: a word is not known, or a value cannot be read; told in words for the author.
    """

    def __init__(self, given: Given, known: Mapping[str, tuple[str, ...]]) -> None:
        names = {word: name for name, more in known.items() for word in (name, *more)}
        said_as = {_word(word): value for word, value in given.items()}
        strangers = sorted(set(said_as) - set(names))
        if strangers:
            said = ", ".join(strangers)
            raise ValueError(f"{said} is not a word of this kind. Known are: {', '.join(sorted(names))}.")
        self._said = {names[word]: value for word, value in said_as.items()}

    def __contains__(self, name: str) -> bool:
        return name in self._said

    def get(self, name: str) -> Any:
        """The value as it is written, or ``None``."""
        return self._said.get(name)

    def flag(self, name: str) -> bool | None:
        """True, false, or ``None`` while it is not known."""
        value = self._said.get(name)
        if value is None or isinstance(value, bool):
            return value
        raise ValueError(f"{name} is true, false or null, not {value!r}.")

    def text(self, name: str, default: str = "") -> str:
        """The words as written, or ``default``."""
        value = self._said.get(name)
        return default if value is None else str(value).strip()

    def texts(self, name: str) -> tuple[str, ...]:
        """Several words; one word alone is a list of one."""
        value = self._said.get(name)
        if value is None:
            return ()
        if isinstance(value, Sequence) and not isinstance(value, str):
            return tuple(str(one) for one in value)
        return (str(value),)

    def whole(self, name: str) -> int | None:
        """A whole number, or ``None``."""
        value = self._said.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise ValueError(f"{name} is a whole number, not {value!r}.")

    def day(self, name: str) -> date | None:
        """A day; ``2026-06`` is the first of that month, a moment its day, nothing or null ``None``."""
        value = self._said.get(name)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        if isinstance(value, datetime):
            return value.date()
        text = str(value)
        try:
            return date.fromisoformat(f"{text}-01" if len(text) == MONTH else text[:10])
        except ValueError as wrong:
            raise ValueError(f"{name} is a day such as 2026-06-30, not {value!r}.") from wrong

    def moment(self, name: str) -> datetime | None:
        """A moment with its zone, or ``None``."""
        value = self._said.get(name)
        if value is None:
            return None
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError as wrong:
            raise ValueError(f"{name} is a moment such as 2026-06-30T10:15:00-05:00, not {value!r}.") from wrong
        if moment.utcoffset() is None:
            raise ValueError(f"{name} needs its zone, such as 2026-06-30T10:15:00-05:00.")
        return moment


def _word(key: object) -> str:
    """A key as it was meant: YAML 1.1 reads a bare ``on:`` as true."""
    return "on" if key is True else str(key)
