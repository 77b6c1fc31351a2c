"""The letters of a library, and which one is sent: by kind, program, day, language, state and accreditation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from openum.core.notice import Language, Letter, Overlay, overlaid
from openum.core.notice_words import Wording
from openum.core.request import LineOfBusiness


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterKind:
    """A kind of letter. ``adverse``: refuses or takes away; ``ends_clock``: sending it answers the request."""

    id: str
    title: str
    adverse: bool
    ends_clock: bool
    language_access: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program letters are written for; ``until_written`` names the one whose letters stand in."""

    id: str
    title: str
    lines_of_business: tuple[LineOfBusiness, ...]
    until_written: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """Every letter and overlay of one shelf or several.

    ``large_print`` is the type size of such copies, in points; ``taglines`` are by language, with ``{phone}`` and
    ``{tty}`` in them.
    """

    kinds: Mapping[str, LetterKind] = field(default_factory=dict)
    programs: Mapping[str, Program] = field(default_factory=dict)
    letters: tuple[Letter, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    wordings: Mapping[Language, Wording] = field(default_factory=dict)
    large_print: float = 0
    taglines: Mapping[str, str] = field(default_factory=dict)

    def program_of(self, line: LineOfBusiness) -> str:
        """The program (``us/erisa``) whose letters the members of this line of business get; empty where none is."""
        return next((one.id for one in self.programs.values() if line in one.lines_of_business), "")

    def find(
        self, kind: str, program: str, *, on: date, language: Language = "en", state: str = "",
        accreditations: Sequence[str] = (),
    ) -> Letter | None:  # fmt: skip
        """The letter in force on a day with every overlay that binds; ``None`` where the shelves hold none.

        Where the program has none of its own the one standing in for it is taken, and the English one where the
        letter is not written in the language.
        """
        known = self.programs.get(program)
        for jurisdiction in dict.fromkeys((program, known.until_written if known else "")):
            for one in dict.fromkeys((language, "en")):
                letter = self._newest(kind, jurisdiction, on, one)
                if letter is not None:
                    binding = [
                        overlay for overlay in self.overlays
                        if on in overlay.in_force and overlay.binds(state=state, accreditations=accreditations)
                    ]  # fmt: skip
                    return overlaid(letter, binding)
        return None

    def language_help(self, *, phone: str, tty: str) -> str:
        """Every tagline there is, in the order of the library, in one text."""
        return " ".join(text.format(phone=phone, tty=tty) for text in self.taglines.values())

    def named(self, name: str) -> tuple[Letter | Overlay, ...]:
        """Every version and language of the letter or overlay of that name (``MA-IDN``, ``CMS-10003``)."""
        every: tuple[Letter | Overlay, ...] = (*self.letters, *self.overlays)
        return tuple(one for one in every if name in (one.id, *one.also))

    def before(self, others: Letters) -> Letters:
        """These letters and those of an earlier shelf; of the same kind, program, language and version these hold."""
        own = {(one.kind, one.jurisdiction, one.language, one.version) for one in self.letters}
        laid = {(one.kind, one.jurisdiction, one.language, one.version) for one in self.overlays}
        return Letters(
            kinds={**others.kinds, **self.kinds},
            programs={**others.programs, **self.programs},
            wordings={**others.wordings, **self.wordings},
            large_print=self.large_print or others.large_print,
            taglines={**others.taglines, **self.taglines},
            letters=(
                *(o for o in others.letters if (o.kind, o.jurisdiction, o.language, o.version) not in own),
                *self.letters,
            ),
            overlays=(
                *(o for o in others.overlays if (o.kind, o.jurisdiction, o.language, o.version) not in laid),
                *self.overlays,
            ),
        )

    def _newest(self, kind: str, jurisdiction: str, on: date, language: str) -> Letter | None:
        fit = [
            one for one in self.letters
            if (one.kind, one.jurisdiction, one.language) == (kind, jurisdiction, language) and on in one.in_force
        ]  # fmt: skip
        return max(fit, key=lambda one: int(one.version), default=None)
