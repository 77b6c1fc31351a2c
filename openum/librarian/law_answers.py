"""Ask the law by name: a clock or any other item, with the words of a case; and run whole files of worked examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal

from openum.core.calendar import OutsideCalendar, local_date
from openum.core.clock_rule import ClockRule, applicable
from openum.core.clocks import Proof, compute, earliest
from openum.core.refusal import Refusal
from openum.librarian.answers_agree import at_precision, differences
from openum.librarian.clock_examples import NothingApplies, answers_of, applies, canonical, proof_for, rule_for
from openum.librarian.clock_reading import calendars, read_clocks
from openum.librarian.clock_vocabulary import Vocabulary, vocabulary
from openum.librarian.clock_words_given import ExampleFault, latest, sorts_asked, told
from openum.librarian.law import Item
from openum.librarian.lawbook import items

_ASKS = ("line_of_business", "request_type", "state", "accreditation")
_WHEN = (
    "on", "evaluation_on", "evaluated_on", "evaluation_date", "period_end", "approved_on", "at", "received", "decided",
)  # fmt: skip


_VERDICTS = frozenset({"status", "on_miss", "deemed"})
"""The answers whose values have synonyms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one item of law makes of a case: every date and verdict that can be derived, and what proves it."""

    id: str
    version: str
    title: str
    citation: str
    tag: str
    grading: str
    computed: Mapping[str, Any]
    proof: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One worked example of a file, run: ``same`` when everything expected was computed."""

    id: str
    rule: str
    same: bool
    computed: Mapping[str, Any]
    expected: Mapping[str, Any]
    differences: tuple[str, ...] = ()


@cache
def rules(*roots: Path) -> tuple[ClockRule, ...]:
    """The clock rules of these shelves, read once per process."""
    return read_clocks(*roots)


def answer(name: str, given: Mapping[str, Any], *roots: Path, zone: str = "", today: date) -> Answer:
    """What the item of that name makes of the words of a case (``+EXT`` and the like after a name are remarks).

    ``+STATE`` asks the clocks of the ``state`` the case names too; the one that ends first answers.

    Raises:
        Refusal: ``law-unknown`` (with the nearest names), ``law-words`` for words it does not know, or
            ``law-applies-not`` when no rule of the name holds for a case whose words are all known.
    """
    plain = name.partition("+")[0]
    clocks = [rule for rule in rules(*roots) if plain in (rule.id, *rule.also)]
    others = [item for item in items(*roots) if plain in item.names]
    if not clocks and not others:
        raise _unknown(plain, roots)
    try:
        if others and (not clocks or told(given, vocabulary(*roots), zone=zone).strangers):
            try:
                return _item(others, given, today)
            except ValueError:
                if not clocks:
                    raise
        return _clock(clocks, name, given, roots, zone)
    except (ExampleFault, OutsideCalendar, OverflowError, ValueError) as fault:
        if isinstance(fault, NothingApplies) and fault.known:
            raise Refusal("law-applies-not", str(fault), "Look at its first day, priority and conditions.") from None
        said = "Mend the words; library/clocks/events.yaml lists events and circumstances with their synonyms."
        raise Refusal("law-words", str(fault), said) from None


def run_rows(vectors: Iterable[Mapping[str, Any]], *roots: Path, today: date) -> Iterator[Row]:
    """Run worked examples in the form ``{id, rule, in, expected, tz?}``; one that cannot be run is not the same."""
    for vector in vectors:
        expected = vector.get("expected", {})
        head = {"id": str(vector.get("id", "")), "rule": str(vector.get("rule", "")), "expected": expected}
        try:
            found = answer(head["rule"], vector.get("in", {}), *roots, zone=vector.get("tz", ""), today=today)
        except Refusal as refused:
            if refused.code == "law-applies-not" and expected.get("applies") is False:
                wrong = differences({"applies": False}, expected)
                yield Row(**head, same=not wrong, computed={"applies": False}, differences=wrong)
                continue
            words = (f"{refused.message} {refused.next}",)
            yield Row(**head, same=False, computed={"refused_to_compute": refused.code}, differences=words)
            continue
        names = canonical(expected, found.computed, vocabulary(*roots), found.computed.get("waiting", ()))
        read = {word: found.computed[name] for word, name in names.items() if name in found.computed}
        wrong = differences(read, _verdicts(expected, read, names, vocabulary(*roots)))
        shown = {word: at_precision(value, expected[word]) for word, value in read.items()}
        yield Row(**head, same=not wrong, computed=shown or found.computed, differences=wrong)


def all_clocks(
    given: Mapping[str, Any], *roots: Path, zone: str = "", now: datetime
) -> tuple[tuple[Proof, ...], Proof | None]:
    """Every clock that may apply to a request, and the one to work to: program, states and accreditation together.

    ``given`` names ``line_of_business`` and ``request_type`` beside the words of a case; ``state`` and
    ``accreditation`` add the overlays (``TX``, ``ncqa``; one or a list). ``now`` is the moment it is asked, for a case
    whose words name none.

    Raises:
        Refusal: ``law-words`` when a word is missing or not known.
    """
    words = {key: value for key, value in given.items() if key not in _ASKS or key == "state"}
    words.pop("state", None) if isinstance(given.get("state"), list) else None
    try:
        said = told(words, vocabulary(*roots), zone=zone)
        if said.events.received_at is None:
            raise ExampleFault("`received` is missing: clocks of a request count from its receipt.")
        found = applicable(
            rules(*roots),
            line_of_business=_word(given, "line_of_business"),
            request_type=_word(given, "request_type"),
            priority="expedited" if said.expedited else "standard",
            received=local_date(said.events.received_at, said.zone),
            events=said.events,
            jurisdictions=jurisdictions(_several(given.get("state")), _several(given.get("accreditation"))),
        )
    except ValueError as fault:
        raise Refusal("law-words", str(fault), "Name line_of_business, request_type and received.") from None
    at = said.at or latest(said.events) or now
    proofs = tuple(compute(rule, said.events, calendars(), said.zone, at=at) for rule in found)
    return proofs, earliest(proofs)


def jurisdictions(states: Iterable[str], accreditations: Iterable[str]) -> frozenset[str]:
    """The folders of the library that bind a plan: federal law, its states (``TX``), its accreditations (``ncqa``)."""
    return frozenset({"us", *(f"us-{state.lower()}" for state in states), *(one.lower() for one in accreditations)})


def _word(given: Mapping[str, Any], name: Literal["line_of_business", "request_type"]) -> str:
    value = given.get(name)
    if not isinstance(value, str):
        raise ExampleFault(f"`{name}` is missing.")
    return value


def _several(said: object) -> tuple[str, ...]:
    if said is None:
        return ()
    return tuple(map(str, said)) if isinstance(said, list) else (str(said),)


def _clock(
    clocks: Sequence[ClockRule], name: str, given: Mapping[str, Any], roots: tuple[Path, ...], zone: str
) -> Answer:
    words = vocabulary(*roots)
    rule = rule_for(clocks, name, given, words)
    if "STATE" in name.split("+")[1:] and given.get("state"):
        rule = _with_state(rule, given, roots, zone)
    said, proof = proof_for(rule, given, calendars=calendars(), zone=zone, words=words)
    return Answer(
        id=rule.id,
        version=rule.version,
        title=rule.title,
        citation=rule.authority.cite,
        tag=rule.authority.tag,
        grading=rule.authority.grading,
        computed=answers_of(rule, given, said, proof),
        proof=proof.steps,
    )


def _with_state(rule: ClockRule, given: Mapping[str, Any], roots: tuple[Path, ...], zone: str) -> ClockRule:
    """The rule or a clock of the state for the same requests: the one that ends first."""
    words, (place,) = vocabulary(*roots), jurisdictions([str(given["state"])], []) - {"us"}
    events = told(given, words, zone=zone).events
    sorts = sorts_asked(given, words) or {"service"} & set(rule.request_types) or set(rule.request_types)
    found = [rule] + [
        other
        for other in rules(*roots)
        if other.jurisdiction == place
        and set(other.lines_of_business) & set(rule.lines_of_business)
        and sorts & set(other.request_types)
        and set(other.priorities) & set(rule.priorities)
        and applies(other, given, events)
    ]
    ends = [(proof_for(one, given, calendars=calendars(), zone=zone, words=words)[1].due_at, one) for one in found]
    dated = [(end.astimezone(UTC), one) for end, one in ends if end is not None]
    return min(dated, key=lambda pair: pair[0])[1] if dated else rule


def _verdicts(
    expected: Mapping[str, Any], read: Mapping[str, Any], names: Mapping[str, str], words: Vocabulary
) -> dict[str, Any]:
    """``expected`` with other words for the same verdict made the ones that were computed."""
    meant = dict(expected)
    for word, value in expected.items():
        if names[word] in _VERDICTS and isinstance(value, str) and words.verdict_of.get(value) == read.get(word):
            meant[word] = read[word]
    return meant


def _item(versions: Sequence[Item], given: Mapping[str, Any], today: date) -> Answer:
    day = next((found for word in _WHEN if (found := _day(given.get(word)))), today)
    in_force = [item for item in versions if item.provision.in_force(day)]
    item = max(in_force or versions, key=lambda one: int(one.provision.version))
    one = item.provision
    rows = tuple(f"{label}: {words}" for label, words in item.kind.rows(item.value))
    return Answer(
        id=one.id,
        version=one.version,
        title=one.title,
        citation=one.authority.cite,
        tag=one.authority.tag,
        grading=one.authority.grading,
        computed=item.answer(given),
        proof=rows,
    )


def _day(text: object) -> date | None:
    try:
        return datetime.fromisoformat(str(text)).date()
    except ValueError:
        return None


def _unknown(name: str, roots: tuple[Path, ...]) -> Refusal:
    known = {each for rule in rules(*roots) for each in (rule.id, *rule.also)}
    known |= {each for item in items(*roots) for each in item.names}
    near = ", ".join(get_close_matches(name, sorted(known), 4)) or "docs/reference/clocks.md lists the clocks"
    return Refusal("law-unknown", f"The library has no rule {name}.", f"Nearest: {near}.")
