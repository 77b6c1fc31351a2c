"""The shelf of levels of care: ladders that say what lies below what, in which unit, and how often it is reviewed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from openum.core.answers import Answer
from openum.core.codes import Code, CodeSet
from openum.core.levels import (
    Comparable,
    Ladder,
    Level,
    converted,
    disparity_of,
    is_lower,
    levels_of,
    next_higher,
    next_lower,
)
from openum.core.span import Span, parse_span
from openum.librarian.faults import Fault
from openum.librarian.law import Answers, Given, Kind, Provision, written
from openum.librarian.marked import Document, Path_, read_document
from openum.librarian.tree import is_day

TRUTH: Mapping[Answer, bool | None] = {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: None}
WORDS = ("level", "than", "code", "system", "amount", "from", "to")


def build(provision: Provision) -> Ladder:
    """The ladder a file says; ``ValueError`` when its steps do not hold together."""
    what = provision.what
    before: str | None = None
    levels = []
    for raw in what["levels"]:
        levels.append(_level(raw, before))
        before = raw["id"]
    conversions = {(one["from"], one["to"]): float(one["times"]) for one in what.get("conversions", ())}
    return Ladder(id=provision.id, levels=tuple(levels), conversions=conversions)


def _level(raw: Mapping[str, Any], before: str | None) -> Level:
    down = raw.get("step_down", [before] if before else [])
    review = raw.get("review_every")
    return Level(
        id=raw["id"],
        what=raw["what"],
        unit=raw["unit"],
        step_down=tuple(down),
        codes=CodeSet(raw.get("codes", {})),
        cite=raw.get("cite", ""),
        policies=tuple(raw.get("policies", ())),
        continued=tuple(raw.get("continued", ())),
        first=raw.get("first"),
        review_every=parse_span(review) if review else None,
        comparable=Comparable(**raw["comparable"]) if "comparable" in raw else None,
        reason=raw.get("reason", ""),
    )


def answer(ladder: Ladder, given: Given) -> Answers:
    """Where a level stands (``level``), whether it is lower (``than``), what a ``code`` means, how units convert."""
    strange = [word for word in given if word not in WORDS]
    if strange:
        raise ValueError(f"{', '.join(strange)} is not a word of a ladder; its words are {', '.join(WORDS)}.")
    found: dict[str, Any] = {}
    if "level" in given:
        found |= _place(ladder, str(given["level"]))
    if "than" in given:
        if "level" not in given:
            raise ValueError("`than` needs `level`: which level is compared.")
        found["is_lower"] = TRUTH[is_lower(ladder, str(given["level"]), str(given["than"]))]
    if "code" in given:
        code = Code(str(given.get("system", "hcpcs")), str(given["code"]))
        found["levels"] = [level.id for level in levels_of(ladder, code)]
    if "amount" in given:
        if "from" not in given or "to" not in given:
            raise ValueError("`amount` needs `from` and `to`: the levels it is counted at.")
        found["converted"] = converted(ladder, given["amount"], str(given["from"]), str(given["to"]))
    if not found:
        raise ValueError(f"Ask for one of {', '.join(WORDS)}.")
    return found


def _place(ladder: Ladder, id: str) -> Mapping[str, Any]:
    level = ladder.level(id)
    return {
        "rank": ladder.rank(id),
        "unit": level.unit,
        "first": level.first,
        "review_every": _written(level.review_every),
        "next_lower": [one.id for one in next_lower(ladder, id)],
        "next_higher": [one.id for one in next_higher(ladder, id)],
        "policies": list(level.policies),
        "continued": list(level.continued),
    }


def _written(span: Span | None) -> str | None:
    return None if span is None else str(span)


def rows(ladder: Ladder) -> Iterator[tuple[str, str]]:
    """Each level in a line, the most intensive first, as one climbs down."""
    for level in reversed(ladder.levels):
        parts = [f"counted in {level.unit}s"]
        parts += [f"at most {level.first} at first"] if level.first else []
        parts += [f"looked at again every {level.review_every}"] if level.review_every else []
        lower = ", ".join(level.step_down)
        parts += [f"next lower: {lower}"] if lower else ["the lowest"]
        parts += [f"judged by {', '.join((*level.policies, *level.continued))}"] if level.policies else []
        parts += [f"by {level.cite}"] if level.cite else []
        parts += [f"reviewed more often than the comparable level because: {level.reason}"] if level.reason else []
        yield f"{level.what} ({level.id})", "; ".join(parts)


def faults(document: Document, provision: Provision, ladder: Ladder) -> Iterable[Fault]:
    """Policies there are not or that say another cadence, comparable levels there are not, unexplained disparities."""
    root = provision.path.parents[len(Path(provision.jurisdiction).parts) + 1]
    for index, level in enumerate(ladder.levels):
        where: Path_ = ("what", "levels", index)
        for key, ids in (("policies", level.policies), ("continued", level.continued)):
            for id in ids:
                yield from _policy(document, (*where, key), root / "policies" / id, level)
    yield from _parity(document, root, ladder)


def _policy(document: Document, where: Path_, folder: Path, level: Level) -> Iterator[Fault]:
    id = "/".join(folder.parts[-2:])
    versions = sorted(path for path in folder.glob("*.yaml") if is_day(path.stem))
    version = read_document(versions[-1])[0] if versions else None
    if version is None:
        yield document.fault(where, f"There is no policy {id}.", "Write that policy, or leave the name out.")
        return
    said = version.data.get("grant", {}).get("review_every")
    if (parse_span(said) if said else None) != level.review_every:
        mine = level.review_every or "nothing"
        fault = f"{id} is reviewed every {said or 'nothing'}, this level every {mine}."
        yield document.fault(where, fault, "Write the same `review_every` in both.")
    covers = CodeSet(version.data.get("covers", {}))
    if level.codes and not _shared(level.codes, covers):
        yield document.fault(where, f"{id} covers no code of this level.", "Mend the codes of one of them.")


def _shared(one: CodeSet, other: CodeSet) -> bool:
    return any(Code(system, value) in other for system, values in one.by_system.items() for value in values)


def _parity(document: Document, root: Path, ladder: Ladder) -> Iterator[Fault]:
    ladders = (ladder, *(file.item.value for file in written(root, PLAIN) if file.item is not None))
    for index, level in enumerate(ladder.levels):
        place: Path_ = ("what", "levels", index)
        try:
            found = disparity_of(level, ladders)
        except ValueError as wrong:
            yield document.fault((*place, "comparable"), str(wrong), "Name a ladder of this shelf and a level of it.")
            continue
        if found and not found.reason:
            often = f"every {level.review_every}, but {found.beside.id} every {found.beside.review_every or 'nothing'}"
            fault = f"{level.id} is reviewed {often}: a stricter review needs a reason (parity, 45 CFR 146.136)."
            mend = "Write the same cadence, or say under `reason:` why it is stricter."
            yield document.fault((*place, "review_every"), fault, mend)
        if level.reason and not found:
            fault = f"{level.id} gives a reason, but is not reviewed more often than its comparable level."
            yield document.fault((*place, "reason"), fault, "Leave `reason:` out.")


PLAIN = Kind(
    shelf="levels-of-care",
    title="Levels of care",
    summary="Which level of care lies below which, in what unit it is counted, and how often it is looked at again.",
    build=build,
    answer=answer,
    rows=rows,
)
"""The kind without the faults that need the other files of the shelf."""
KIND = replace(PLAIN, faults=faults)
