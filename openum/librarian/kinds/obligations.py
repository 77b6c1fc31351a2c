"""The shelf of obligations: which duties of CMS-0057-F bind whom and when, what is published by which day, and what is
only watched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openum.core.answers import Answer
from openum.core.obligations import (
    ON,
    PLAN_YEAR,
    RATING_PERIOD,
    Begin,
    Duties,
    Payer,
    Report,
    Standard,
    Watched,
    binds,
    due_days,
    duties_of,
    lacking,
    next_due,
    required,
)
from openum.librarian.kinds.beside import beside
from openum.librarian.kinds.case_words import CaseWords
from openum.librarian.law import Answers, Given, Kind, Provision

TRUTH: Mapping[Answer, bool | str] = {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: "unknown"}
PAYER_WORDS: Mapping[str, tuple[str, ...]] = {
    "line_of_business": ("lob", "payer"),
    "on": ("date", "day"),
    RATING_PERIOD: ("rating_period",),
    PLAN_YEAR: ("plan_year",),
    "drug": ("drugs",),
}
REPORT_WORDS: Mapping[str, tuple[str, ...]] = {
    "on": ("date", "day"),
    "year": ("calendar_year", "data_year", "reporting_year", "measurement_year"),
    "report_year": ("due_year", "posting_year"),
    "present": ("given",),
    "line_of_business": ("lob",),
}


@dataclass(frozen=True, slots=True)
class Matrix:
    """Several payers together."""

    payers: tuple[Payer, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What an answer or a file must carry."""

    must: Mapping[str, str]


Value = Payer | Matrix | Report | Watched | Standard | Contents


def build(provision: Provision) -> Value:
    """The value a file says; ``ValueError`` when a day or a file it names is wrong."""
    what = provision.what
    match what["form"]:
        case "payer":
            return _payer(provision.id, what)
        case "matrix":
            return Matrix(tuple(_payer(data["id"], data["what"]) for data in beside(provision, what["of"])))
        case "report":
            return _report(provision.id, what)
        case "watched":
            return _watched(provision.id, what)
        case "standard":
            begins = {name: _day(day) for name, day in what["transactions"].items()}
            return Standard(
                id=provision.id, standard=what["standard"], transactions=begins, not_for=frozenset(what["not_for"])
            )
    return Contents(what["must"])


def _payer(name: str, what: Mapping[str, Any]) -> Payer:
    if what["form"] != "payer":
        raise ValueError(f"{name} is no payer: list payers only.")
    return Payer(
        id=name,
        kind=what["payer"],
        names=tuple(what["names"]),
        clocks=_begin(what["clocks"]),
        denial_reason=_begin(what["denial_reason"]),
        apis=_begin(what["apis"]),
        metrics_level=what["metrics_level"] or "",
        first_report=_day(what["first_report"]),
        clock_rules=tuple(what.get("clock_rules", ())),
        relief=what.get("relief", ""),
        why_not=what.get("why_not", ""),
        cites=what["cites"],
    )


def _begin(said: Mapping[str, str] | None) -> Begin | None:
    return None if said is None else Begin(date.fromisoformat(said["from"]), said.get("by", ON))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _report(name: str, what: Mapping[str, Any]) -> Report:
    months = [one.split("-") for one in what["due"]]
    return Report(
        id=name,
        to=what["to"],
        contents=what["contents"],
        due=tuple((int(month), int(day)) for month, day in months),
        lag=what.get("lag", 1),
        first=_day(what.get("first")),
    )


def _watched(name: str, what: Mapping[str, Any]) -> Watched:
    if what["status"] != "final" and what["final_from"] is not None:
        raise ValueError(f"{name} has a final day but is {what['status']}: nothing binds before it is final.")
    return Watched(
        id=name,
        status=what["status"],
        flag=what["flag"],
        would_change=tuple(what["would_change"]),
        final_from=_day(what["final_from"]),
        pledged_from=_day(what.get("pledged_from")),
    )


def answer(value: Value, given: Given) -> Answers:
    """What binds on a day, what must be published by when, and what an answer still lacks."""
    match value:
        case Payer():
            return _payer_answer(value, CaseWords(given, PAYER_WORDS))
        case Matrix():
            return _matrix_answer(value, CaseWords(given, PAYER_WORDS))
        case Report():
            return _report_answer(value, CaseWords(given, REPORT_WORDS))
        case Watched():
            words = CaseWords(given, {"on": ("date", "day"), "signatory": ("signed",)})
            bound = binds(value, _asked_day(words), signatory=words.flag("signatory"))
            return {"applies": TRUTH[bound], "status": value.status, "flag": value.flag}
        case Standard():
            words = CaseWords(given, {"transaction": ("message",), "on": ("date", "day")})
            needed = required(value, words.text("transaction"), _asked_day(words))
            return {"required": TRUTH[needed], "standard": value.standard}
    gaps = lacking(value.must, CaseWords(given, {"present": ("given", "carries")}).texts("present"))
    return {"complete": not gaps, "missing": list(gaps)}


def _asked_day(words: CaseWords) -> date:
    day = words.day("on")
    if day is None:
        raise ValueError("Say on which day: `on: 2026-11-22`.")
    return day


def _duties(payer: Payer, words: CaseWords) -> Duties:
    periods = {name: day for name in (RATING_PERIOD, PLAN_YEAR) if (day := words.day(name)) is not None}
    return duties_of(payer, _asked_day(words), periods, drug=words.flag("drug") is True)


def _payer_answer(payer: Payer, words: CaseWords) -> Answers:
    duties = _duties(payer, words)
    return {
        **_told(duties),
        "clock_rules": list(payer.clock_rules),
        "relief": payer.relief or None,
        "why_not": payer.why_not or None,
        "cites": dict(payer.cites),
    }


def _told(duties: Duties) -> dict[str, Any]:
    day = duties.post_by and duties.post_by.isoformat()
    return {
        "payer": duties.payer,
        "covered": duties.covered,
        "clocks": TRUTH[duties.clocks],
        "denial_reason": TRUTH[duties.denial_reason],
        "apis": TRUTH[duties.apis],
        "metrics_level": duties.metrics_level or None,
        "post_by": day,
        "covers": duties.covers,
        "missing": list(duties.missing),
    }


def _matrix_answer(value: Matrix, words: CaseWords) -> Answers:
    """One row when the name is one payer's; where it may be several, what they agree on, the rest unknown."""
    name = words.text("line_of_business")
    named = [payer for payer in value.payers if name in (payer.kind, *payer.names)]
    if not named:
        known = sorted({one for payer in value.payers for one in (payer.kind, *payer.names)})
        raise ValueError(f"{name or 'nothing'} is no line of business here: {', '.join(known)}.")
    if len(named) == 1:
        return _payer_answer(named[0], words)
    told = [_told(_duties(payer, words)) for payer in named]
    agreed = {key: one if all(other[key] == one for other in told) else "unknown" for key, one in told[0].items()}
    return agreed | {"missing": ["line_of_business"], "one_of": [payer.kind for payer in named]}


def _report_answer(value: Report, words: CaseWords) -> Answers:
    told: dict[str, Any] = {"to": value.to, "contents": list(value.contents)}
    if "present" in words:
        told["missing"] = list(lacking(value.contents, words.texts("present")))
    posted = words.whole("report_year")
    year = words.whole("year") if posted is None else posted - value.lag
    if year is not None:
        return told | _due([day.isoformat() for day in due_days(value, year)], year)
    if "on" in words:
        found = next_due(value, _asked_day(words))
        return told | (_due([found[0].isoformat()], found[1]) if found else _due([], None))
    return told


def _due(days: list[str], year: int | None) -> dict[str, Any]:
    first = days[0] if days else None
    return {**dict.fromkeys(("post_by", "publish_by", "due", "deadline"), first), "due_days": days, "covers": year}


def rows(value: Value) -> Iterable[tuple[str, str]]:
    """The item as label and words."""
    match value:
        case Payer():
            yield from _payer_rows(value)
        case Matrix():
            yield "payers", ", ".join(payer.id for payer in value.payers)
        case Report():
            yield "to", value.to
            yield "due", ", ".join(f"{month:02}-{day:02}" for month, day in value.due) or "no day in a text read"
            yield from ((name.replace("_", " "), words) for name, words in value.contents.items())
        case Watched():
            yield "status", value.status
            yield from (("would change", one) for one in value.would_change)
        case Standard():
            yield "standard", value.standard
            yield from (
                (name.replace("_", " "), str(day or "not required")) for name, day in value.transactions.items()
            )
        case Contents():
            yield from ((name.replace("_", " "), words) for name, words in value.must.items())


def _payer_rows(payer: Payer) -> Iterable[tuple[str, str]]:
    for label, begin in (("clocks", payer.clocks), ("denial reason", payer.denial_reason), ("interfaces", payer.apis)):
        by = "" if begin is None or begin.by == ON else f", by {begin.by.replace('_', ' ')}"
        yield label, "never" if begin is None else f"from {begin.day}{by}"
    yield "metrics", payer.metrics_level or "none"
    yield from (row for row in (("relief", payer.relief), ("why not", payer.why_not)) if row[1])


KIND = Kind(
    shelf="obligations",
    title="Obligations of integration and publication",
    summary="Which duties of CMS-0057-F bind whom and when, what is published by which day, and what is only watched.",
    build=build,
    answer=answer,
    rows=rows,
)
