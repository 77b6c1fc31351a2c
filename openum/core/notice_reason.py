"""The reason of a decision against a request: the criterion that was not met, what was found, what would change it.

It is put together from what was kept with the decision and from nothing else: the clinician's own rationale, the
finding (``explain.as_data``) and the distance (``explain.distance_data``). A criterion that the finding does not leave
unmet is refused: a letter never gives a reason that the record does not bear.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from openum.core.explain import shown
from openum.core.kept import kept_fact
from openum.core.notice_words import Element, Wording, written
from openum.core.refusal import Refusal
from openum.core.visible import in_one_line
from openum.core.wanted import unit_words

Kept = Mapping[str, Any]
"""A finding or a distance as plain data."""
MOST_NAMED = 5
"""Labels offered in place of one that is not unmet, the most similar first."""


@dataclass(frozen=True, slots=True)
class Found:
    """One finding on the unmet criterion: which comparison, what the records show, where and of what day."""

    criterion: str
    found: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """The block of a letter. ``changes`` is the smallest set of facts that leads to an approval, one sentence each."""

    criterion: str
    cite: str
    rationale: str
    evidence: tuple[Found, ...]
    changes: tuple[str, ...]
    would_change: str

    def elements(self) -> dict[str, Element]:
        """The block as the parts of a line that letters know."""
        return {
            "reason": self.rationale,
            "criterion_not_met": self.criterion,
            "evidence": tuple(
                {"criterion": one.criterion, "found": one.found, "source": one.source} for one in self.evidence
            ),
            "changes": tuple({"text": one} for one in self.changes),
            "what_would_change_it": self.would_change,
        }


def reason_of(
    criterion: str,
    rationale: str,
    finding: Kept,
    distance: Kept,
    wording: Wording,
    units: Mapping[str, str] | None = None,
) -> Reason:
    """The reason block for one criterion, named by its label. ``units`` are UCUM units by fact.

    Refuses ``criterion-not-unmet`` when no branch of that label stands in the way of a yes.
    """
    standing = tuple(in_the_way(finding))
    named = next((one for one in standing if _same(_label(one), criterion)), None)
    if named is None:
        labels = list(dict.fromkeys(_label(one) for one in standing))
        known = "; ".join(get_close_matches(criterion, labels, MOST_NAMED, 0) or ["none"])
        raise Refusal(
            "criterion-not-unmet",
            "The criterion named as the reason is not among those that the criteria left unmet.",
            f"Name one of these, or run the criteria again on what is known now: {known}.",
        )
    changes = changes_of(distance)
    return Reason(
        criterion=_label(named),
        cite=str(named.get("cite", "")),
        rationale=in_one_line(rationale),
        evidence=_evidence(named, wording, units or {}),
        changes=changes,
        would_change="; ".join(changes) or wording.phrases["no_change"],
    )


def in_the_way(finding: Kept) -> Iterator[Kept]:
    """Every branch that keeps the finding from yes, the whole first; what lies inside a negation is not named."""
    if finding["answer"] == "yes":
        return
    yield finding
    if finding.get("group") != "not":
        for one in finding.get("of", ()):
            yield from in_the_way(one)


def changes_of(distance: Kept) -> tuple[str, ...]:
    """The first smallest way to a yes, one sentence for each fact."""
    ways: Sequence[Sequence[Kept]] = distance.get("ways", ())
    return tuple(str(need["sentence"]) for need in ways[0]) if ways else ()


def _evidence(named: Kept, wording: Wording, units: Mapping[str, str]) -> tuple[Found, ...]:
    """What was found, each once; only where nothing was found at all, that nothing was."""
    carrying = tuple(_carrying(named))
    known = tuple((label, leaf) for label, leaf in carrying if leaf["answer"] != "unknown")
    found = (_found(leaf, label, wording, units) for label, leaf in known or carrying)
    return tuple({(one.found, one.source): one for one in reversed(tuple(found))}.values())[::-1]


def _carrying(branch: Kept) -> Iterator[tuple[str, Kept]]:
    """The comparisons that carry a branch's answer, each with the label a reader knows it by."""
    if "test" in branch:
        yield _label(branch), branch
        return
    negated = branch.get("group") == "not"
    for one in branch.get("of", ()):
        if negated:
            yield from ((_label(branch), leaf) for _, leaf in _carrying(one))
        elif one["answer"] != "yes" or branch["answer"] == "yes":
            yield from _carrying(one)


def _found(leaf: Kept, label: str, wording: Wording, units: Mapping[str, str]) -> Found:
    fact = kept_fact(leaf["fact"]) if leaf.get("fact") else None
    if fact is None or fact.value is None:
        return Found(label, wording.phrases["not_found"])
    unit = unit_words(units.get(fact.name, ""))
    value = f"{shown(fact)} {unit}" if unit and not isinstance(fact.value, bool) else shown(fact)
    kind = wording.sources.get(fact.source.partition("/")[0].partition("#")[0], wording.phrases["records"])
    day = written(fact.date, wording)
    return Found(label, wording.phrases["found"].format(value=value), f"{kind}, {day}" if day else kind)


def _label(branch: Kept) -> str:
    label = branch.get("label") or ""
    if not label and "test" in branch:
        label = str(branch["test"]["fact"]).replace("_", " ")
    return str(label or branch.get("group", ""))


def _same(label: str, words: str) -> bool:
    return in_one_line(label).rstrip(".").casefold() == in_one_line(words).rstrip(".").casefold()
