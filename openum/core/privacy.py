"""May this leave, to whom, and with which statement? (42 CFR part 2; 45 CFR 164.502 to .514; library/privacy)

A *gate* is one rule: the segments it guards and the *ways* through it. A piece leaves when every gate that guards one
of its labels is open, so a further label, or a further gate, never releases more. Unknown is not yes: what is not known
is withheld, and what would settle it is named. Which segment, purpose or consent opens what is content.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from openum.core.answers import NO, UNKNOWN, YES, Answer, all_of, any_of, of_bool
from openum.core.chart import Segment

T = TypeVar("T")
PURPOSES = (
    "treatment", "payment", "operations", "legal_proceeding", "emergency", "patient_request", "appeal_iro", "delegate",
    "peer_to_peer",
)  # fmt: skip
"""What a disclosure may be for."""
RECIPIENTS = (
    "treating_provider", "provider", "medical_personnel", "plan", "third_party_payer", "delegate", "iro", "patient",
    "representative", "court", "law_enforcement", "employer", "other",
)  # fmt: skip
"""Who may receive, or ask."""
HOLDERS = ("covered_entity", "business_associate", "part2_program", "lawful_holder", "originator")
"""Who discloses: a health plan is a covered entity; the originator is who wrote the notes."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is withheld: a stable code and plain words. ``open``: it is not known, which is not yet a no."""

    code: str
    words: str
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """One proposed release. ``None`` is not known; ``facts`` are the yes/no circumstances that the rules ask about."""

    purpose: str
    on: date
    recipient: str | None = None
    requester: str | None = None
    holder: str | None = "covered_entity"
    facts: Mapping[str, bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A document or reading to be released with every label it bears; ``None``: nobody has said how sensitive it is."""

    id: str
    segments: frozenset[Segment] | None

    def __post_init__(self) -> None:
        if self.segments is not None and not self.segments:
            raise ValueError("A piece bears at least one label; where none is known, say None.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A member's written consent. ``None`` is not known; ``elements`` are those found in it.

    ``expires`` is its last day; with ``None`` it names none, unless it ``ends_on_event``. From the day of ``revoked``
    on it holds no more. ``known_false``: the holder knows, or could know, that it is materially false.
    """

    id: str
    segments: frozenset[Segment] | None
    purposes: frozenset[str] | None
    recipients: frozenset[str] | None
    elements: frozenset[str] | None
    signed: date | None
    expires: date | None = None
    ends_on_event: bool = False
    revoked: date | None = None
    known_false: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that a consent must say; ``purposes`` limits it to consents given for one of these."""

    id: str
    words: str
    purposes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentForm:
    """What a consent must be for one way.

    ``only_segments`` and ``only_purposes``: it may cover nothing else. ``all_purposes``: it must cover all of these.
    ``open_end_for``: purposes for which it need not end. ``names_recipient`` is false where the law lets its holder
    choose the recipient.
    """

    elements: tuple[Element, ...]
    only_segments: frozenset[Segment] = frozenset()
    only_purposes: frozenset[str] = frozenset()
    all_purposes: frozenset[str] = frozenset()
    open_end_for: frozenset[str] = frozenset()
    names_recipient: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way through a gate. An empty set means any. Either of ``statements`` must go along, and all of ``along``.

    ``record`` is what must be written down about the release; ``limited`` whether only the minimum necessary may go.
    """

    id: str
    words: str
    purposes: frozenset[str] = frozenset()
    recipients: frozenset[str] = frozenset()
    requesters: frozenset[str] = frozenset()
    holders: frozenset[str] = frozenset()
    facts: tuple[tuple[str, str], ...] = ()
    consent: ConsentForm | None = None
    statements: tuple[str, ...] = ()
    along: tuple[str, ...] = ()
    record: tuple[str, ...] = ()
    limited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One rule: which labels it guards, for which purposes and holders (empty: all), and the ways through it.

    The first way that opens is taken. ``counts_as`` says what consents call a purpose: ``appeal_iro`` is ``payment``.
    """

    id: str
    segments: frozenset[Segment]
    purposes: frozenset[str] = frozenset()
    holders: frozenset[str] = frozenset()
    ways: tuple[Way, ...]
    counts_as: Mapping[str, str] = field(default_factory=dict)

    def guards(self, segment: Segment, disclosure: Disclosure) -> bool:
        """Whether it has a say on a piece of that label leaving so; while the holder is not known, it has."""
        holder = disclosure.holder
        return (
            segment in self.segments
            and (not self.purposes or disclosure.purpose in self.purposes)
            and (not self.holders or holder is None or holder in self.holders)
        )


@dataclass(frozen=True, slots=True)
class Withheld:
    """A piece that stays, the rule that keeps it (empty: no rule speaks of it), and why."""

    piece: str
    rule: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The answer. ``allowed`` is for all pieces together; ``released`` are those that may go without the others.

    ``statements`` are identifiers of exact texts; ``missing`` what would make it allowed, or would settle it.
    """

    allowed: Answer
    to: str | None
    released: tuple[str, ...]
    withheld: tuple[Withheld, ...]
    statements: tuple[str, ...]
    along: tuple[str, ...]
    record: tuple[str, ...]
    by: tuple[str, ...]
    minimum_necessary: bool

    @property
    def missing(self) -> tuple[Reason, ...]:
        """Every reason once, in order."""
        return tuple(dict.fromkeys(reason for one in self.withheld for reason in one.reasons))


@dataclass(frozen=True, slots=True)
class _Tried:
    """How one gate answered for one label: the way taken, or why none is open."""

    answer: Answer
    way: Way | None = None
    reasons: tuple[Reason, ...] = ()


def may_leave(
    disclosure: Disclosure, pieces: Sequence[Piece], consents: Iterable[Consent] | None, rules: Iterable[Gate]
) -> Release:
    """Whether the pieces may be released so, by these rules. ``consents`` ``None``: nobody has looked for one.

    Raises:
        ValueError: no piece is given, or a purpose, recipient, requester or holder is not one that is known.
    """
    if not pieces:
        raise ValueError("There is nothing to release: give at least one piece.")
    _refuse_strange(disclosure)
    gates = tuple(rules)
    known = None if consents is None else tuple(consents)
    weighed = [(piece, _weigh(piece, disclosure, known, gates)) for piece in pieces]
    shut = [(piece, rule, one) for piece, tried in weighed for rule, one in tried if one.way is None]
    held = tuple(Withheld(piece.id, rule, one.reasons) for piece, rule, one in shut)
    kept = {one.piece for one in held}
    ways = [(rule, one.way) for piece, tried in weighed if piece.id not in kept for rule, one in tried if one.way]
    return Release(
        allowed=all_of(one.answer for _, tried in weighed for _, one in tried),
        to=disclosure.recipient,
        released=tuple(piece.id for piece in pieces if piece.id not in kept),
        withheld=held,
        statements=_once(text for _, way in ways for text in way.statements),
        along=_once(thing for _, way in ways for thing in way.along),
        record=_once(thing for _, way in ways for thing in way.record),
        by=_once(f"{rule}/{way.id}" for rule, way in ways),
        minimum_necessary=any(way.limited for _, way in ways),
    )


def consent_reasons(
    consent: Consent, form: ConsentForm, disclosure: Disclosure, segment: Segment, purpose: str
) -> tuple[Reason, ...]:
    """Why this consent does not carry the release; empty when it does. ``purpose`` is what consents call it."""
    return (
        *_coverage(consent, form, disclosure, segment, purpose),
        *_validity(consent, form, disclosure.on),
        *_lacking(consent, form),
    )


def _weigh(
    piece: Piece, disclosure: Disclosure, consents: tuple[Consent, ...] | None, gates: tuple[Gate, ...]
) -> list[tuple[str, _Tried]]:
    if piece.segments is None:
        return [("", _Tried(UNKNOWN, None, (Reason("segment", "Say how sensitive this piece is.", open=True),)))]
    tried: list[tuple[str, _Tried]] = []
    for segment in sorted(piece.segments):
        guards = [gate for gate in gates if gate.guards(segment, disclosure)]
        tried += [(gate.id, _try(gate, disclosure, segment, consents)) for gate in guards]
        if not guards:
            words = f"No rule asked says when {segment} may be released for {disclosure.purpose}."
            tried.append(("", _Tried(UNKNOWN, None, (Reason("rule", words, open=True),))))
    return tried


def _try(gate: Gate, disclosure: Disclosure, segment: Segment, consents: tuple[Consent, ...] | None) -> _Tried:
    purpose = gate.counts_as.get(disclosure.purpose, disclosure.purpose)
    tried = [
        _through(way, disclosure, segment, purpose, consents)
        for way in gate.ways
        if _place(way, disclosure) is not NO
    ]  # fmt: skip
    opened = next((one for one in tried if one.answer is YES), None)
    if opened is not None:
        return opened
    reasons = _once(reason for one in tried for reason in one.reasons)
    none = Reason("no-way", f"{gate.id} knows no way for {segment} to leave like this.")
    return _Tried(any_of(one.answer for one in tried), None, reasons or (none,))


def _through(
    way: Way, disclosure: Disclosure, segment: Segment, purpose: str, consents: tuple[Consent, ...] | None
) -> _Tried:
    reasons = [
        Reason(name, f"Say who is the {name} of this release.", open=True)
        for name, wanted in (("recipient", way.recipients), ("requester", way.requesters), ("holder", way.holders))
        if wanted and getattr(disclosure, name) is None
    ]
    for name, words in way.facts:
        if disclosure.facts.get(name) is not True:
            reasons.append(Reason(name, words, open=disclosure.facts.get(name) is None))
    answers = [of_bool(None if reason.open else False) for reason in reasons]
    if way.consent is not None:
        answer, faults = _consented(way.consent, disclosure, segment, purpose, consents)
        answers.append(answer)
        reasons += faults
    answer = all_of(answers)
    return _Tried(answer, way if answer is YES else None, tuple(reasons))


def _consented(
    form: ConsentForm, disclosure: Disclosure, segment: Segment, purpose: str, consents: tuple[Consent, ...] | None
) -> tuple[Answer, tuple[Reason, ...]]:
    if not consents:
        words = "A written consent of the member that reaches this."
        return of_bool(None if consents is None else False), (Reason("consent", words, open=consents is None),)
    each = [consent_reasons(consent, form, disclosure, segment, purpose) for consent in consents]
    answer = any_of(all_of(of_bool(None if reason.open else False) for reason in reasons) for reasons in each)
    return answer, () if answer is YES else _once(reason for reasons in each for reason in reasons)


def _place(way: Way, disclosure: Disclosure) -> Answer:
    """Whether the way is for such a release at all; not known counts as perhaps."""
    return all_of(
        of_bool(None if value is None else not wanted or value in wanted)
        for value, wanted in (
            (disclosure.purpose, way.purposes),
            (disclosure.recipient, way.recipients),
            (disclosure.requester, way.requesters),
            (disclosure.holder, way.holders),
        )
    )


def _coverage(
    consent: Consent, form: ConsentForm, disclosure: Disclosure, segment: Segment, purpose: str
) -> Iterable[Reason]:
    if consent.segments is None:
        yield Reason("consent-segments", "What the consent is about is not known.", open=True)
    elif segment not in consent.segments:
        yield Reason("consent-other-information", "The consent is about other information.")
    elif form.only_segments and not consent.segments <= form.only_segments:
        yield Reason("consent-combined", "A consent for such notes may not cover other records as well.")
    if consent.purposes is None:
        yield Reason("consent-purposes", "What the consent was given for is not known.", open=True)
    elif purpose not in consent.purposes or not form.all_purposes <= consent.purposes:
        yield Reason("consent-other-purpose", "The consent was given for another purpose.")
    elif form.only_purposes and not consent.purposes <= form.only_purposes:
        yield Reason("consent-combined", "A consent for a proceeding may not be given for anything else as well.")
    if form.names_recipient:
        if consent.recipients is None or disclosure.recipient is None:
            yield Reason("consent-recipients", "Whether the consent names the recipient is not known.", open=True)
        elif disclosure.recipient not in consent.recipients:
            yield Reason("consent-other-recipient", "The consent names other recipients.")


def _validity(consent: Consent, form: ConsentForm, on: date) -> Iterable[Reason]:
    if consent.revoked is not None and consent.revoked <= on:
        yield Reason("consent-revoked", "The member has revoked the consent.")
    if consent.known_false:
        yield Reason("consent-false", "The consent is known to be materially false.")
    if consent.signed is None:
        yield Reason("consent-signed", "The day the consent was signed is not known.", open=True)
    elif consent.signed > on:
        yield Reason("consent-not-yet", "The consent was signed later.")
    if consent.expires is not None and consent.expires < on:
        yield Reason("consent-expired", "The consent has expired.")
    endless = consent.expires is None and not consent.ends_on_event
    if endless and consent.purposes is not None and not consent.purposes <= form.open_end_for:
        yield Reason("consent-needs-an-end", "A consent for this purpose must name the day or event on which it ends.")


def _lacking(consent: Consent, form: ConsentForm) -> Iterable[Reason]:
    if consent.elements is None:
        yield Reason("consent-elements", "Nobody has checked what the consent says.", open=True)
        return
    for element in form.elements:
        wanted = not element.purposes or consent.purposes is None or consent.purposes & element.purposes
        if wanted and element.id not in consent.elements:
            yield Reason(f"consent-lacks:{element.id}", f"The consent lacks: {element.words}.")


def _refuse_strange(disclosure: Disclosure) -> None:
    for name, value, known in (
        ("purpose", disclosure.purpose, PURPOSES),
        ("recipient", disclosure.recipient, RECIPIENTS),
        ("requester", disclosure.requester, RECIPIENTS),
        ("holder", disclosure.holder, HOLDERS),
    ):
        if value is not None and value not in known:
            raise ValueError(f"{value} is no {name} that is known: {', '.join(known)}.")


def _once(several: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(several))
