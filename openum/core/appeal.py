"""Appeals: the levels of each program's ladder, what follows each outcome, and whose turn it is.

A level is content (``library/appeals``); these are its frozen values. Nothing here knows a number of days, an amount
or a document: deadlines are named by the id of their clock. Nothing here decides an appeal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from openum.core.answers import NO, UNKNOWN, YES, Answer, all_of, any_of, negate, of_bool

Facts = Mapping[str, bool | None]
"""What is known about a case, by plain name; a name that is absent or ``None`` is not known."""
DecidedBy = Literal["plan", "ire", "iro", "qio", "alj", "council", "court", "state"]
Outcome = Literal["upheld", "partly_upheld", "reversed", "dismissed", "missed", "withdrawn"]
OUTCOMES: tuple[Outcome, ...] = ("upheld", "partly_upheld", "reversed", "dismissed", "missed", "withdrawn")
Filed = Literal["request", "automatic"]
Do = Literal["forward", "may_appeal", "deemed_exhausted", "effectuate", "closed", "look_up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filer:
    """Who may file at a level: for which ``matters`` (empty: all), and which facts must hold first (``needs``)."""

    who: str
    needs: tuple[str, ...] = ()
    matters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """A level that may follow, and the facts under which it does (all of them; empty: always)."""

    level: str
    when: tuple[tuple[str, bool], ...] = ()

    def open(self, facts: Facts) -> Answer:
        """Whether it follows for this case."""
        known = ((facts.get(name), wanted) for name, wanted in self.when)
        return all_of(of_bool(None if fact is None else fact is wanted) for fact, wanted in known)


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What the law has the deciding body do by itself after an outcome, and the clock for doing it."""

    do: Literal["forward", "deemed_exhausted", "nothing"] = "nothing"
    clock: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhaustion:
    """When a level counts as gone through although it was not.

    Any of ``deemed_if`` is enough, unless all of ``unless_all`` hold (empty: no way out). ``explain_clock`` times the
    plan's explanation of its failure, when it is asked for one.
    """

    deemed_if: tuple[str, ...]
    unless_all: tuple[str, ...] = ()
    explain_clock: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of a ladder. ``decide`` and ``effectuate`` name the clock of each matter.

    ``amounts`` are the amounts in controversy a case must reach, in dollars by calendar year (empty: none is needed).
    ``rounds`` is how often the plan may hear the case at this level. ``lines`` are lines of business. ``bodies`` are
    the contractors that do the deciding, each with its first and last day.
    """

    id: str
    ladder: str
    order: int
    name: str
    lines: frozenset[str]
    decided_by: DecidedBy
    filed: Filed
    filing_clock: str = ""
    filed_when: str = ""
    late: Literal["good_cause", "none", "unstated"] = "unstated"
    late_words: str = ""
    filers: tuple[Filer, ...] = ()
    forms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    decide: tuple[tuple[str, str], ...] = ()
    extends: frozenset[str] = frozenset()
    expedite: tuple[str, ...] = ()
    expedite_refused_clock: str = ""
    upheld: After = After()
    missed: After = After()
    then: tuple[Next, ...] = ()
    dismissal_clock: str = ""
    exhaustion: Exhaustion | None = None
    rounds: int = 1
    amounts: tuple[tuple[int, int], ...] = ()
    only_when: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    independence: tuple[str, ...] = ()
    effectuate: tuple[tuple[str, str], ...] = ()
    continuation: tuple[str, ...] = ()
    case_file: tuple[str, ...] = ()
    clocks: tuple[tuple[str, str], ...] = ()
    duties: tuple[str, ...] = ()
    bodies: tuple[tuple[str, date | None, date | None], ...] = ()

    def clock_to_decide(self, matter: str) -> str:
        """The clock of the decision for a matter.

        Raises:
            ValueError: the level knows no such matter.
        """
        return _clock(self.decide, matter, f"{self.id} decides")

    def clock_to_effectuate(self, matter: str) -> str:
        """The clock for doing what a reversal orders; empty where no such clock is known."""
        return dict(self.effectuate).get(matter, "")

    def may_extend(self, matter: str) -> bool:
        """Whether the time to decide this matter may be extended at all."""
        return matter in self.extends

    def amount_reached(self, dollars: int | None, year: int | None) -> Answer:
        """Whether the amount in controversy is enough; unknown for a year whose amount is not in the library."""
        if not self.amounts:
            return YES
        needed = None if year is None else dict(self.amounts).get(year)
        return of_bool(None if dollars is None or needed is None else dollars >= needed)

    def body_on(self, day: date) -> str:
        """Who does the deciding body's work on that day (a contractor), by the library; empty where it is not known."""
        held = ((name, first or date.min, last or date.max) for name, first, last in self.bodies)
        return next((name for name, first, last in held if first <= day <= last), "")

    def open_to(self, facts: Facts) -> Answer:
        """Whether the case comes under this level at all: one of ``only_when`` holds (empty: always)."""
        return any_of(of_bool(facts.get(name)) for name in self.only_when) if self.only_when else YES


def _clock(table: tuple[tuple[str, str], ...], matter: str, what: str) -> str:
    known = dict(table)
    if matter not in known:
        raise ValueError(f"{what} {', '.join(sorted(known)) or 'nothing by a clock of its own'}; not {matter!r}.")
    return known[matter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The levels of one program in order, and those of other ladders they lead on to."""

    program: str
    levels: tuple[Level, ...]

    def level(self, name: str) -> Level:
        """The level of that id.

        Raises:
            ValueError: the ladder holds none such.
        """
        for level in self.levels:
            if level.id == name:
                return level
        raise ValueError(f"The ladder {self.program} has no level {name!r}.")


def ladder_of(program: str, levels: Iterable[Level]) -> Ladder:
    """The ladder of a program out of all levels known, with whatever level of another ladder it leads on to.

    Raises:
        ValueError: the program has no level, two share an id, or one leads to a level nobody wrote.
    """
    known = tuple(levels)
    by_id = {level.id: level for level in known}
    if len(by_id) != len(known):
        raise ValueError("Two levels share an id.")
    found = sorted((level for level in known if level.ladder == program), key=lambda level: (level.order, level.id))
    if not found:
        raise ValueError(f"There is no ladder {program!r}.")
    for level in found:
        for following in level.then:
            if following.level not in by_id:
                raise ValueError(f"{level.id} leads to {following.level}, which nobody wrote.")
            if by_id[following.level] not in found:
                found.append(by_id[following.level])
    return Ladder(program=program, levels=tuple(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happens after an outcome. ``levels`` are those it leads to or may lead to, ``clock`` times the doing.

    ``may_appeal`` leaves the next move to the member; every other ``do`` is work. ``unsettled`` names the facts that
    would settle which of several levels it is.
    """

    do: Do
    levels: tuple[str, ...] = ()
    clock: str = ""
    unsettled: tuple[str, ...] = ()
    words: str = ""


def next_level(
    ladder: Ladder,
    level: Level,
    outcome: Outcome,
    *,
    matter: str = "",
    facts: Facts | None = None,
    round_heard: int = 1,
    rounds_planned: int = 1,
) -> tuple[Step, ...]:
    """What follows when ``level`` ends with ``outcome``: what must be done, then where the case may go.

    ``round_heard`` of ``rounds_planned`` says which of a plan's own levels was just heard (ERISA allows two). A
    partly upheld case is both effectuated and open to appeal. Unknown facts leave a level open, never closed.

    Raises:
        ValueError: the outcome is none of the six.
    """
    known = facts or {}
    more = round_heard < min(rounds_planned, level.rounds)
    match outcome:
        case "withdrawn":
            return (Step(do="closed", words="The person who filed took the appeal back."),)
        case "dismissed":
            return (_dismissed(ladder, level, known),)
        case "missed":
            return (_missed(ladder, level, known),)
        case "reversed":
            return (_effectuate(level, matter),)
        case "upheld":
            return (_onward(ladder, level, known, more=more),)
        case "partly_upheld":
            return (_effectuate(level, matter), _onward(ladder, level, known, more=more))
    raise ValueError(f"{outcome!r} is no outcome of an appeal; known are {', '.join(OUTCOMES)}.")


def _effectuate(level: Level, matter: str) -> Step:
    unsettled = () if matter or not level.effectuate else ("matter",)
    words = "Do what the reversal orders."
    return Step(do="effectuate", clock=level.clock_to_effectuate(matter), unsettled=unsettled, words=words)


def _dismissed(ladder: Ladder, level: Level, facts: Facts) -> Step:
    levels, unsettled = _following(ladder, level, facts)
    if not level.dismissal_clock:
        words = "The library names no review of a dismissal here."
        return Step(do="look_up", levels=levels, unsettled=unsettled, words=words)
    words = "The dismissal itself may be reviewed."
    return Step(do="may_appeal", levels=levels, clock=level.dismissal_clock, unsettled=unsettled, words=words)


def _missed(ladder: Ladder, level: Level, facts: Facts) -> Step:
    if level.missed.do == "nothing":
        return Step(do="look_up", words="The library names no consequence of silence at this level.")
    levels, unsettled = _following(ladder, level, facts)
    return Step(
        do=level.missed.do, levels=levels, clock=level.missed.clock, unsettled=unsettled, words=level.missed.words
    )


def _onward(ladder: Ladder, level: Level, facts: Facts, *, more: bool) -> Step:
    if more:
        return Step(do="may_appeal", levels=(level.id,), clock=level.filing_clock, words="The plan hears it once more.")
    levels, unsettled = _following(ladder, level, facts)
    if not levels:
        return Step(do="closed", words="No further level is known here.")
    if level.upheld.do == "forward":
        return Step(
            do="forward", levels=levels, clock=level.upheld.clock, unsettled=unsettled, words=level.upheld.words
        )
    clock = ladder.level(levels[0]).filing_clock if len(levels) == 1 else ""
    words = "The next move is the member's."
    return Step(do="may_appeal", levels=levels, clock=clock, unsettled=unsettled, words=words)


def _following(ladder: Ladder, level: Level, facts: Facts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The levels that follow or may follow, and the facts that would settle which."""
    kept = [each for each in level.then if each.open(facts) is not NO]
    unsettled = {name for each in kept for name, _ in each.when if facts.get(name) is None}
    return tuple(ladder.level(each.level).id for each in kept), tuple(sorted(unsettled))


def deemed_exhausted(level: Level, facts: Facts) -> Answer:
    """Whether the law treats this level as gone through because of how the plan handled it.

    Yes opens the next door to the member at once; unknown facts leave it unknown, for a person to settle.
    """
    rule = level.exhaustion
    if rule is None:
        return NO
    failed = any_of(of_bool(facts.get(name)) for name in rule.deemed_if)
    if not rule.unless_all:
        return failed
    excused = all_of(of_bool(facts.get(name)) for name in rule.unless_all)
    return all_of((failed, negate(excused)))


def missing_for_exhaustion(level: Level, facts: Facts) -> tuple[str, ...]:
    """The facts that would settle :func:`deemed_exhausted`; empty when it is settled."""
    if level.exhaustion is None or deemed_exhausted(level, facts) is not UNKNOWN:
        return ()
    names = (*level.exhaustion.deemed_if, *level.exhaustion.unless_all)
    return tuple(name for name in names if facts.get(name) is None)
