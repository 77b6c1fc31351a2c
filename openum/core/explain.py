"""Findings and distances in words: what was asked, what was found, where, and what would change the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openum.core.answers import NO, UNKNOWN, YES, Answer
from openum.core.chart import Fact, Value
from openum.core.criteria import All, AnyOf, Asked, AtLeast, Criterion, Finding, Leaf, Not
from openum.core.distance import Distance, Need, Way
from openum.core.facts import FactDefinition
from openum.core.span import Span
from openum.core.wanted import leaf_words, wanted_words
from openum.core.wanted import worded as worded  # noqa: PLC0414 - part of what this offers

WORDS: Mapping[Answer, str] = {YES: "met", NO: "not met", UNKNOWN: "not known"}


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of a printed tree. ``depth`` counts from 0; ``group`` says how the branches below count."""

    depth: int
    answer: Answer
    text: str
    cite: str
    group: str
    found: str
    source: str


def branches(finding: Finding, depth: int = 0) -> Iterator[Branch]:
    """The tree top to bottom, one line a branch."""
    criterion = finding.criterion
    text = criterion.label or _plain(criterion)
    found, source = (shown(finding.fact), where(finding.fact)) if finding.fact is not None else ("", "")
    yield Branch(depth, finding.answer, text, criterion.cite, _group(criterion), found, source)
    for below in finding.because:
        yield from branches(below, depth + 1)


def shown(fact: Fact | None) -> str:
    """A fact's value as a reader would write it: ``yes``, ``88``, ``at least 3``, ``2026-03-01``, or ``not known``."""
    if fact is None or fact.value is None:
        return f"not known ({fact.note})" if fact is not None and fact.note else "not known"
    text = worded(fact.value)
    if not fact.floor:
        return text
    return f"at least {text}" if isinstance(fact.value, int | float) else f"{text}, the newest found"


def where(fact: Fact | None) -> str:
    """Where a fact was read, with its day and the words that say it."""
    if fact is None or not fact.source:
        return ""
    day = f", {fact.date.isoformat()}" if fact.date is not None else ""
    quote = f': "{fact.quote}"' if fact.quote else ""
    return f"{fact.source}{day}{quote}"


def reasons(finding: Finding) -> tuple[str, ...]:
    """The sentences a decision rests on: for yes the branches that carry it, otherwise those that stand in the way."""
    return tuple(dict.fromkeys(_reasons(finding)))


def _reasons(finding: Finding) -> Iterator[str]:
    if isinstance(finding.criterion, Leaf | Not):
        criterion = finding.criterion
        leaf = finding if isinstance(criterion, Leaf) else _first_leaf(finding)
        source = where(leaf.fact)
        cite = f" [{criterion.cite}]" if criterion.cite else ""
        yield (
            f"{criterion.label or _plain(criterion)}: {WORDS[finding.answer]}"
            f" ({shown(leaf.fact)}{f'; {source}' if source else ''}){cite}"
        )
        return
    for below in finding.because:
        if below.answer is finding.answer:
            yield from _reasons(below)


def _first_leaf(finding: Finding) -> Finding:
    """The leaf a negation rests on: the first that carries the answer, not one that had no part in it."""
    while finding.because:
        inside = finding.because[0].answer if isinstance(finding.criterion, Not) else finding.answer
        finding = next((below for below in finding.because if below.answer is inside), finding.because[0])
    return finding


def unmet(finding: Finding) -> tuple[str, ...]:
    """The labels of the smallest branches that answer no: the criterion a letter must name."""
    if finding.answer is not NO:
        return ()
    below = tuple(label for one in finding.because for label in unmet(one))
    return below or (finding.criterion.label or _plain(finding.criterion),)


def need_sentence(need: Need, definitions: Mapping[str, FactDefinition]) -> str:
    """One need as a request: which fact or document, and what it would have to show."""
    definition = definitions.get(need.fact)
    what = definition.question.rstrip("?") if definition is not None else need.fact.replace("_", " ")
    unit = definition.unit if definition is not None else ""
    must = wanted_words(need.must, unit)
    if need.kind == "differ":
        return f"{what}: now {shown(need.now)}, would have to be {must or 'another value'}"
    document = f", for example the {definition.document}" if definition is not None and definition.document else ""
    now = shown(need.now) if need.now is not None and need.now.value is not None else "not known"
    return f"{what}: {now}{document}; meets the criterion when {must or 'stated'}"


def way_sentence(way: Way, definitions: Mapping[str, FactDefinition]) -> str:
    """All needs of one way, in one sentence."""
    return "; ".join(need_sentence(need, definitions) for need in way.needs)


def distance_sentence(distance: Distance) -> str:
    """The distance in a few words."""
    if not distance.reachable:
        return "No change of the facts alone can meet these criteria."
    if not distance.differ and not distance.supply:
        return "Met."
    parts = []
    if distance.supply:
        parts.append(f"{_facts(distance.supply)} to be supplied")
    if distance.differ:
        parts.append(f"{_facts(distance.differ)} that would have to be different")
    ways = f" ({len(distance.ways)} ways)" if len(distance.ways) > 1 else ""
    return f"{' and '.join(parts)}{ways}."


def _facts(count: int) -> str:
    return "1 fact" if count == 1 else f"{count} facts"


def _plain(criterion: Criterion) -> str:
    match criterion:
        case Leaf():
            return f"{criterion.fact.replace('_', ' ')} {leaf_words(criterion, True, '')}"
        case Not(of):
            return f"not: {of.label or _plain(of)}"
        case _:
            return _group(criterion)


def _group(criterion: Criterion) -> str:
    match criterion:
        case All():
            return "all of these"
        case AnyOf():
            return "one of these"
        case AtLeast(n, _):
            return f"at least {n} of these"
        case Not():
            return "not"
        case _:
            return ""


def as_data(finding: Finding) -> dict[str, Any]:
    """A finding as plain data (JSON), to be stored with the decision and re-run offline."""
    data: dict[str, Any] = {"answer": finding.answer.value, "label": finding.criterion.label}
    if finding.criterion.cite:
        data["cite"] = finding.criterion.cite
    if isinstance(finding.criterion, Leaf):
        data["test"] = leaf_data(finding.criterion)
        data["fact"] = fact_data(finding.fact)
    else:
        data["group"] = _group(finding.criterion)
        data["of"] = [as_data(below) for below in finding.because]
    return data


def leaf_data(leaf: Leaf) -> dict[str, Any]:
    """A comparison as plain data."""
    value: Any = leaf.value
    if isinstance(value, Asked):
        value = {"asked": value.name}
    elif isinstance(value, Span):
        value = {"days": value.days, "months": value.months}
    elif isinstance(value, tuple):
        value = [_scalar(one) for one in value]
    else:
        value = _scalar(value)
    return {"fact": leaf.fact, "op": leaf.op, "value": value}


def fact_data(fact: Fact | None) -> dict[str, Any]:
    """A fact as plain data; absent parts are left out."""
    if fact is None:
        return {}
    data: dict[str, Any] = {"name": fact.name, "value": _scalar(fact.value)}
    for key, value in (("source", fact.source), ("quote", fact.quote), ("note", fact.note)):
        if value:
            data[key] = value
    if fact.date is not None:
        data["date"] = fact.date.isoformat()
    if fact.floor:
        data["floor"] = True
    if fact.segment != "general":
        data["segment"] = fact.segment
    return data


def need_data(need: Need, definitions: Mapping[str, FactDefinition]) -> dict[str, Any]:
    """A need as plain data, with its sentence."""
    return {
        "fact": need.fact,
        "kind": need.kind,
        "now": fact_data(need.now).get("value") if need.now is not None else None,
        "accepts": [_scalar(value) for value in need.accepts],
        "must": [{**leaf_data(leaf), "answer": "yes" if wanted else "no"} for leaf, wanted in need.must],
        "sentence": need_sentence(need, definitions),
    }


def distance_data(distance: Distance, definitions: Mapping[str, FactDefinition]) -> dict[str, Any]:
    """A distance as plain data, every way with its needs in words."""
    return {
        "reachable": distance.reachable,
        "exact": distance.exact,
        "differ": distance.differ,
        "supply": distance.supply,
        "sentence": distance_sentence(distance),
        "ways": [[need_data(need, definitions) for need in way.needs] for way in distance.ways],
    }


def _scalar(value: Value | None) -> Any:
    return value.isoformat() if isinstance(value, date) else value
