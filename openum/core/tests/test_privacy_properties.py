"""Facts of privacy that hold whatever is drawn: a label, a revocation or a gate more never releases more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.answers import NO, UNKNOWN, YES, Answer
from openum.core.chart import Segment
from openum.core.privacy import (
    HOLDERS,
    PURPOSES,
    RECIPIENTS,
    Consent,
    ConsentForm,
    Disclosure,
    Element,
    Gate,
    Piece,
    Way,
    may_leave,
)

DAY = date(2026, 11, 22)
SEGMENTS: tuple[Segment, ...] = get_args(Segment)
FACTS, ELEMENTS = ("urgent", "order"), ("signature", "warning")
ORDER = {NO: 0, UNKNOWN: 1, YES: 2}


def some(words: tuple[Any, ...], least: int = 0) -> st.SearchStrategy[frozenset[Any]]:
    return st.frozensets(st.sampled_from(words), min_size=least, max_size=3)


days = st.one_of(st.none(), st.integers(-2, 2).map(lambda n: DAY + timedelta(days=n)))
forms = st.builds(
    ConsentForm,
    elements=some(ELEMENTS).map(lambda ids: tuple(Element(one, one) for one in sorted(ids))),
    only_segments=some(SEGMENTS),
    all_purposes=some(PURPOSES),
    open_end_for=some(PURPOSES),
    names_recipient=st.booleans(),
)
ways = st.builds(
    Way,
    id=st.just("way"),
    words=st.just("…"),
    purposes=some(PURPOSES),
    recipients=some(RECIPIENTS),
    facts=some(FACTS).map(lambda ids: tuple((one, one) for one in sorted(ids))),
    consent=st.one_of(st.none(), forms),
)
gates = st.builds(
    Gate,
    id=st.sampled_from(["A", "B", "C"]),
    segments=some(SEGMENTS, 1),
    purposes=some(PURPOSES),
    holders=some(HOLDERS),
    ways=st.lists(ways, max_size=2).map(tuple),
)
OPEN = Gate(id="OPEN", segments=frozenset(SEGMENTS), ways=(Way(id="open", words="…"),))
rules = st.lists(gates, max_size=3).map(lambda several: (OPEN, *several))
consents = st.lists(
    st.builds(
        Consent,
        id=st.just("c"),
        segments=st.one_of(st.none(), some(SEGMENTS)),
        purposes=st.one_of(st.none(), some(PURPOSES)),
        recipients=st.one_of(st.none(), some(RECIPIENTS)),
        elements=st.one_of(st.none(), some(ELEMENTS)),
        signed=days,
        expires=days,
        revoked=days,
    ),
    min_size=1,
    max_size=2,
)
disclosures = st.builds(
    Disclosure,
    purpose=st.sampled_from(PURPOSES),
    on=st.just(DAY),
    recipient=st.one_of(st.none(), st.sampled_from(RECIPIENTS)),
    holder=st.one_of(st.none(), st.sampled_from(HOLDERS)),
    facts=st.dictionaries(st.sampled_from(FACTS), st.one_of(st.none(), st.booleans())),
)
labels = some(SEGMENTS, 1)


def not_more(after: Answer, before: Answer) -> bool:
    return ORDER[after] <= ORDER[before]


@settings(max_examples=150)
@given(disclosures, labels, st.sampled_from(SEGMENTS), consents, rules)
def test_a_label_more_never_releases_more(
    asked: Disclosure, segments: frozenset[Segment], more: Segment, known: list[Consent], gates: tuple[Gate, ...]
) -> None:
    before = may_leave(asked, [Piece(id="p", segments=segments)], known, gates).allowed
    after = may_leave(asked, [Piece(id="p", segments=segments | {more})], known, gates).allowed
    assert not_more(after, before)


@settings(max_examples=150)
@given(disclosures, labels, consents, rules)
def test_revoking_or_losing_a_consent_never_releases_more(
    asked: Disclosure, segments: frozenset[Segment], known: list[Consent], gates: tuple[Gate, ...]
) -> None:
    pieces = [Piece(id="p", segments=segments)]
    before = may_leave(asked, pieces, known, gates).allowed
    revoked = [replace(known[0], revoked=DAY), *known[1:]]
    assert not_more(may_leave(asked, pieces, revoked, gates).allowed, before)
    assert not_more(may_leave(asked, pieces, known[1:], gates).allowed, before)


@settings(max_examples=150)
@given(disclosures, labels, consents, rules, gates)
def test_a_gate_more_never_releases_more(
    asked: Disclosure, segments: frozenset[Segment], known: list[Consent], several: tuple[Gate, ...], more: Gate
) -> None:
    pieces = [Piece(id="p", segments=segments)]
    before = may_leave(asked, pieces, known, several).allowed
    assert not_more(may_leave(asked, pieces, known, (*several, more)).allowed, before)


@settings(max_examples=150)
@given(disclosures, labels, consents, rules)
def test_what_is_not_known_is_withheld(
    asked: Disclosure, segments: frozenset[Segment], known: list[Consent], gates: tuple[Gate, ...]
) -> None:
    release = may_leave(asked, [Piece(id="p", segments=segments), Piece(id="q", segments=None)], known, gates)
    assert release.allowed is not YES
    assert "q" not in release.released
    assert {*release.released, *(one.piece for one in release.withheld)} == {"p", "q"}
    assert bool(release.missing)
