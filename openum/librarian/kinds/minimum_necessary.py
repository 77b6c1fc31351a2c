"""The shelf of the minimum necessary: what a payer asks for by routine, what never, and which role sees what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast, get_args

from openum.core.answers import Answer
from openum.core.chart import Segment
from openum.core.minimum_necessary import (
    NEVER_ROUTINE,
    Asked,
    Exemption,
    Roles,
    Routine,
    Standard,
    Template,
    exempt,
    may_ask,
    may_see,
)
from openum.core.span import parse_span
from openum.librarian.kinds.case_words import CaseWords
from openum.librarian.law import Answers, Given, Kind, Provision

SEGMENTS = frozenset(get_args(Segment))
TRUTH: Mapping[Answer, bool | str] = {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: "unknown"}
ASK_WORDS: Mapping[str, tuple[str, ...]] = {
    "item": ("document", "asked"),
    "segment": ("label",),
    "since": ("back_to",),
    "service_date": ("on",),
}
STANDARD_WORDS: Mapping[str, tuple[str, ...]] = {
    "act": (), "purpose": ("for",), "recipient": ("to",), "requester": ("requested_by", "by"),
}  # fmt: skip


def build(provision: Provision) -> Template | Standard | Roles:
    """The template, standard or roles that a file says; ``ValueError`` when it contradicts itself."""
    what = provision.what
    if what["form"] == "template":
        return Template(
            id=provision.id,
            family=what["family"],
            routine=tuple(_routine(name, said) for name, said in what["routine"].items()),
            never=what["never"],
            under_consent=frozenset(what.get("under_consent", ())),
        )
    if what["form"] == "roles":
        categories = frozenset(what["categories"])
        return Roles(provision.id, categories, {role: frozenset(seen) for role, seen in what["roles"].items()})
    return Standard(id=provision.id, exemptions=tuple(_exemption(one) for one in what["exemptions"]))


def _routine(name: str, said: str | Mapping[str, str]) -> Routine:
    return Routine(name, said) if isinstance(said, str) else Routine(name, said["words"], parse_span(said["back"]))


def _exemption(raw: Mapping[str, Any]) -> Exemption:
    return Exemption(
        id=raw["id"],
        words=raw["words"],
        purposes=frozenset(raw.get("purposes", ())),
        recipients=frozenset(raw.get("recipients", ())),
        requesters=frozenset(raw.get("requesters", ())),
        acts=frozenset(raw.get("acts", ())),
    )


def answer(value: Template | Standard | Roles, given: Given) -> Answers:
    """Whether this may be asked for, is limited, or may be seen."""
    if isinstance(value, Roles):
        words = CaseWords(given, {"role": (), "category": ("information",)})
        return {"may_see": TRUTH[may_see(value, words.text("role"), words.text("category"))]}
    if isinstance(value, Standard):
        words = CaseWords(given, STANDARD_WORDS)
        found = exempt(value, **{name: words.text(name) or None for name in STANDARD_WORDS})
        return {"applies": found is None, "limited": found is None, "exempt_by": found.id if found else None}
    return _asked(value, CaseWords(given, ASK_WORDS))


def _asked(value: Template, words: CaseWords) -> Answers:
    segment = words.text("segment", "general")
    if segment not in SEGMENTS | {"unknown"}:
        raise ValueError(f"{segment} is no segment: {', '.join(sorted(SEGMENTS))}, or unknown.")
    said = Asked(
        item=words.text("item"),
        segment=None if segment == "unknown" else cast(Segment, segment),
        since=words.day("since"),
        service_date=words.day("service_date"),
    )
    asked = may_ask(value, said)
    return {"may_ask": TRUTH[asked.answer], "routine": asked.answer is Answer.YES, "why": asked.why,
            "needs": list(asked.needs)}  # fmt: skip


def rows(value: Template | Standard | Roles) -> Iterable[tuple[str, str]]:
    """The item as label and words."""
    if isinstance(value, Roles):
        yield from ((role.replace("_", " "), ", ".join(sorted(seen))) for role, seen in value.roles.items())
    elif isinstance(value, Standard):
        yield from ((one.id.replace("_", " "), one.words) for one in value.exemptions)
    else:
        for one in value.routine:
            yield one.id.replace("_", " "), f"{one.words} (back {one.back})" if one.back else one.words
        yield from ((f"never: {name.replace('_', ' ')}", words) for name, words in value.never.items())
        yield from ((f"never: {name.replace('_', ' ')}", "by routine") for name in sorted(NEVER_ROUTINE))


KIND = Kind(
    shelf="minimum-necessary",
    title="Minimum necessary",
    summary="What a payer asks for by routine in each family of services, what never, and which role sees what.",
    build=build,
    answer=answer,
    rows=rows,
)
