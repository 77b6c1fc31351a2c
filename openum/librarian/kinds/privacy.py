"""The shelf of privacy: what may leave, to whom, under which consent and with which statement; and the safeguards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast, get_args

from openum.core.answers import Answer
from openum.core.chart import Segment
from openum.core.obligations import lacking
from openum.core.privacy import (
    Consent,
    ConsentForm,
    Disclosure,
    Element,
    Gate,
    Piece,
    Reason,
    Release,
    Way,
    may_leave,
)
from openum.librarian.kinds.beside import beside
from openum.librarian.kinds.case_words import CaseWords
from openum.librarian.law import Answers, Given, Kind, Provision

SEGMENTS = frozenset(get_args(Segment))
TRUTH: Mapping[Answer, bool | str] = {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: "unknown"}
CLASSES: Mapping[str, Mapping[str, frozenset[str]]] = {
    "purposes": {"tpo": frozenset({"treatment", "payment", "operations"})},
    "recipients": {"tpo": frozenset({"treating_provider", "plan", "third_party_payer"})},
}
"""Words of a consent that stand for several: the single consent of 42 CFR 2.31(a)(4)(i) and (5)(ii)."""
RELEASE_WORDS: Mapping[str, tuple[str, ...]] = {
    "purpose": ("for",),
    "recipient": ("to", "recipient_kind"),
    "requester": ("requested_by", "requester_kind"),
    "holder": ("from", "held_by", "discloser"),
    "on": ("date", "day", "disclosed", "at"),
    "segment": ("segments", "label", "labels"),
    "items": ("pieces", "documents"),
    "consent": ("consents",),
}
CONSENT_WORDS: Mapping[str, tuple[str, ...]] = {
    "id": (),
    "segments": ("segment", "about"),
    "purposes": ("purpose", "for"),
    "recipients": ("recipient", "to"),
    "elements": (),
    "lacking": ("lacks", "without"),
    "signed": ("signed_on", "given"),
    "expires": ("expiration", "until"),
    "ends_on_event": ("event",),
    "revoked": ("revoked_on",),
    "known_false": ("false",),
}


@dataclass(frozen=True, slots=True)
class Dated:
    """A gate with the days between which it holds."""

    gate: Gate
    since: date | None
    until: date | None

    def holds(self, on: date) -> bool:
        """Whether it holds on that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Gates:
    """The gates an item asks, alone or together with others of the shelf."""

    dated: tuple[Dated, ...]

    @property
    def facts(self) -> dict[str, str]:
        """Every yes/no circumstance the gates ask about, with its words."""
        return {name: words for one in self.dated for way in one.gate.ways for name, words in way.facts}

    @property
    def elements(self) -> frozenset[str]:
        """Every element some consent must have."""
        ways = [way for one in self.dated for way in one.gate.ways if way.consent]
        return frozenset(element.id for way in ways if way.consent for element in way.consent.elements)


@dataclass(frozen=True, slots=True)
class Statements:
    """Exact texts of which one must go along, and what else must."""

    texts: Mapping[str, str]
    along: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Safeguard:
    """Things that must be there, by id; ``status`` is in force or proposed."""

    must: Mapping[str, str]
    status: str


def build(provision: Provision) -> Gates | Statements | Safeguard:
    """The value a file says; ``ValueError`` when it names something that is not there."""
    what = provision.what
    match what["form"]:
        case "statements":
            return Statements(what["texts"], what["along"])
        case "safeguard":
            return Safeguard(what["must"], what["status"])
        case "together":
            return Gates(tuple(_dated(data, provision) for data in beside(provision, what["of"])))
    since, until = provision.effective_from, provision.effective_to
    return Gates((Dated(_gate(provision.id, what, provision), since, until),))


def _dated(data: Mapping[str, Any], provision: Provision) -> Dated:
    if data["what"]["form"] != "gate":
        raise ValueError(f"{data['id']} is no gate: list gates only.")
    days = [None if day is None else date.fromisoformat(day) for day in (data["since"]["from"], data["since"]["to"])]
    return Dated(_gate(data["id"], data["what"], provision), days[0], days[1])


def _gate(name: str, what: Mapping[str, Any], provision: Provision) -> Gate:
    return Gate(
        id=name,
        segments=frozenset(what["segments"]),
        purposes=frozenset(what.get("purposes", ())),
        holders=frozenset(what.get("holders", ())),
        ways=tuple(_way(one, what, provision) for one in what["ways"]),
        counts_as=what.get("counts_as", {}),
    )


def _way(raw: Mapping[str, Any], what: Mapping[str, Any], provision: Provision) -> Way:
    return Way(
        id=raw["id"],
        words=raw["words"],
        purposes=frozenset(raw.get("purposes", ())),
        recipients=frozenset(raw.get("recipients", ())),
        requesters=frozenset(raw.get("requesters", ())),
        holders=frozenset(raw.get("holders", ())),
        statements=tuple(raw.get("statements", ())),
        along=tuple(raw.get("along", ())),
        record=tuple(raw.get("record", ())),
        facts=tuple(raw.get("facts", {}).items()),
        consent=_form(raw["consent"], what, provision) if "consent" in raw else None,
        limited=raw.get("limited", False),
    )


def _form(raw: Mapping[str, Any], what: Mapping[str, Any], provision: Provision) -> ConsentForm:
    elements = what.get("elements", {})
    if "elements_of" in raw:
        elements = next(iter(beside(provision, [raw["elements_of"]])))["what"].get("elements", {})
    if not elements:
        raise ValueError("A consent has elements: write them under `elements:`, or name the item under `elements_of:`.")
    return ConsentForm(
        elements=tuple(_element(name, words) for name, words in elements.items()),
        only_segments=frozenset(raw.get("only_segments", ())),
        only_purposes=frozenset(raw.get("only_purposes", ())),
        all_purposes=frozenset(raw.get("all_purposes", ())),
        open_end_for=frozenset(raw.get("open_end_for", ())),
        names_recipient=raw.get("names_recipient", True),
    )


def _element(name: str, said: str | Mapping[str, Any]) -> Element:
    if isinstance(said, str):
        return Element(name, said)
    return Element(name, said["words"], frozenset(said["purposes"]))


def answer(value: Gates | Statements | Safeguard, given: Given) -> Answers:
    """What the item makes of a case; see library/privacy/README.md for the words."""
    if isinstance(value, Statements):
        return _statement(value, CaseWords(given, {"form": ("statement",), "with_consent": ("consented",)}))
    if isinstance(value, Safeguard):
        words = CaseWords(given, {"present": ("there", "recorded", "given")})
        gaps = lacking(value.must, words.texts("present"))
        return {"complete": not gaps, "missing": list(gaps), "status": value.status}
    known = {**RELEASE_WORDS, **dict.fromkeys(value.facts, ())}
    return _told(release(value, CaseWords(given, known)))


def _statement(value: Statements, words: CaseWords) -> Answers:
    if words.flag("with_consent") is False:
        return {"required": False, "statement": None, "along": []}
    wanted = words.text("form", next(iter(value.texts)))
    name = next((one for one in value.texts if wanted in (one, one.rpartition("-")[2].lower())), "")
    if not name:
        raise ValueError(f"{wanted} is none of the statements: {', '.join(value.texts)}.")
    return {"required": True, "statement": name, "text": value.texts[name], "along": list(value.along)}


def release(value: Gates, words: CaseWords) -> Release:
    """Ask the gates that hold on the day of the release."""
    on = words.day("on")
    if on is None:
        raise ValueError("Say on which day it is to leave: `on: 2026-11-22`.")
    disclosure = Disclosure(
        purpose=words.text("purpose"),
        on=on,
        recipient=words.text("recipient") or None,
        requester=words.text("requester") or None,
        holder=words.text("holder", "covered_entity"),
        facts={name: words.flag(name) for name in value.facts},
    )
    return may_leave(disclosure, tuple(_pieces(words)), _consents(value, words), _in_force(value, on))


def _in_force(value: Gates, on: date) -> Iterator[Gate]:
    """The gates of that day. Where no version of a gate holds, it stays shut: an absent law opens nothing."""
    held = [one.gate for one in value.dated if one.holds(on)]
    yield from held
    names = {gate.id for gate in held}
    yield from (replace(one.gate, ways=()) for one in value.dated if one.gate.id not in names)


def _pieces(words: CaseWords) -> Iterator[Piece]:
    for number, item in enumerate(words.get("items") or (), 1):
        one = CaseWords(item, {"id": (), "segment": RELEASE_WORDS["segment"]})
        yield Piece(id=one.text("id", f"item {number}"), segments=_segments(one, "segment"))
    if "items" not in words:
        yield Piece(id="item", segments=_segments(words, "segment"))


def _segments(words: CaseWords, name: str) -> frozenset[Segment] | None:
    said = frozenset(words.texts(name)) - {"unknown"}
    if not said:
        return None
    if strangers := sorted(said - SEGMENTS):
        raise ValueError(f"{', '.join(strangers)} is no segment: {', '.join(sorted(SEGMENTS))}.")
    return cast(frozenset[Segment], said)


def _consents(value: Gates, words: CaseWords) -> tuple[Consent, ...] | None:
    said = words.get("consent")
    if said == "none":
        return ()
    if said in (None, "unknown"):
        return None
    several: Sequence[Any] = said if isinstance(said, list) else [said]
    return tuple(_consent(value, one, number) for number, one in enumerate(several, 1))


def _consent(value: Gates, said: Any, number: int) -> Consent:
    if not isinstance(said, Mapping):
        raise ValueError("A consent is none, unknown, or its own words: {segments: …, purposes: …}.")
    words = CaseWords(said, CONSENT_WORDS)
    open_end = words.get("expires") in (None, "none")
    return Consent(
        id=words.text("id", f"consent {number}"),
        segments=_segments(words, "segments"),
        purposes=_classed(words, "purposes"),
        recipients=_classed(words, "recipients"),
        elements=_elements(value, words),
        signed=words.day("signed"),
        expires=None if open_end else words.day("expires"),
        ends_on_event=words.flag("ends_on_event") is True,
        revoked=words.day("revoked"),
        known_false=words.flag("known_false") is True,
    )


def _classed(words: CaseWords, name: str) -> frozenset[str] | None:
    said = words.texts(name)
    return frozenset().union(*(CLASSES[name].get(one, frozenset({one})) for one in said)) if said else None


def _elements(value: Gates, words: CaseWords) -> frozenset[str] | None:
    said, without = words.texts("elements"), frozenset(words.texts("lacking"))
    if strangers := sorted((frozenset(said) - {"all"} | without) - value.elements):
        raise ValueError(f"{', '.join(strangers)} is no element: {', '.join(sorted(value.elements))}.")
    if not said and not without:
        return None
    return (value.elements if without or "all" in said else frozenset(said)) - without


def _told(release: Release) -> Answers:
    return {
        "allowed": TRUTH[release.allowed],
        "to": release.to,
        "released": list(release.released),
        "withheld": list(dict.fromkeys(one.piece for one in release.withheld)),
        "withheld_by": list(dict.fromkeys(one.rule for one in release.withheld if one.rule)),
        "statements": list(release.statements),
        "statement": release.statements[0] if release.statements else None,
        "along": list(release.along),
        "record": list(release.record),
        "by": list(release.by),
        "minimum_necessary": release.minimum_necessary,
        "missing": [reason.code for reason in release.missing if reason.open],
        "refused": [reason.code for reason in release.missing if not reason.open],
        "why": [reason.words for reason in release.missing],
    }


def rows(value: Gates | Statements | Safeguard) -> Iterable[tuple[str, str]]:
    """The item as label and words."""
    if isinstance(value, Statements):
        yield from value.texts.items()
        yield from value.along.items()
    elif isinstance(value, Safeguard):
        yield from ((name.replace("_", " "), words) for name, words in value.must.items())
    elif len(value.dated) > 1:
        yield from (
            (one.gate.id, f"{_guards(one.gate)}: {'; '.join(w.id for w in one.gate.ways)}") for one in value.dated
        )
    else:
        for one in value.dated:
            yield one.gate.id, _guards(one.gate)
            yield from dict.fromkeys(row for way in one.gate.ways for row in _way_rows(way))


def _guards(gate: Gate) -> str:
    return f"guards {', '.join(sorted(gate.segments))}"


def _way_rows(way: Way) -> Iterator[tuple[str, str]]:
    yield way.id.replace("_", " "), way.words
    yield from ((name.replace("_", " "), words) for name, words in way.facts)
    if way.consent:
        yield "the consent says", "; ".join(element.words for element in way.consent.elements)


def reasons_of(release: Release, piece: str) -> tuple[Reason, ...]:
    """Why one piece stays: what a screen shows beside it."""
    return tuple(reason for one in release.withheld if one.piece == piece for reason in one.reasons)


KIND = Kind(
    shelf="privacy",
    title="Privacy",
    summary="What may leave, to whom, under which consent and with which statement; and the safeguards around it.",
    build=build,
    answer=answer,
    rows=rows,
)
