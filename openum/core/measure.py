"""What a measure is, as frozen values: whose rows, which count, in which period, and what the number is for.

A measure is content (``library/measures``); :mod:`openum.core.measure_compute` evaluates one over rows, plainly, and
is the oracle that every faster engine is held against. Nothing here knows a number of law or a target.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from openum.core.answers import Answer, of_bool
from openum.core.measure_conditions import (
    ALWAYS,
    NEVER,
    Condition,
    Subject,
    condition_columns,
    subject_columns,
)
from openum.core.measure_numbers import Method, Statistic
from openum.core.measure_rows import Records

Kind = Literal["structure", "process", "outcome"]
"""Donabedian's three: what is in place, what is done, what comes of it."""
Better = Literal["higher", "lower", "neither"]
Span = Literal["calendar_year", "plan_year", "quarter", "month", "any"]
_MEETS = {"at_least": "__ge__", "at_most": "__le__", "above": "__gt__", "below": "__lt__", "is": "__eq__"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """The share of the counted rows for which ``numerator`` holds, with an interval where ``interval`` names one."""

    numerator: Condition
    interval: Method | None = None
    confidence: Decimal = Decimal("0.95")


@dataclass(frozen=True, slots=True, kw_only=True)
class Top:
    """A ratio for each value of ``of``, the first ``most`` by ``rank``: how many rows, or the share. Ties by value."""

    numerator: Condition
    of: str
    most: int
    rank: Literal["denominator", "share"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Statistics of a number; of no number (``subject`` is ``None``) only the count."""

    give: tuple[Statistic, ...]
    subject: Subject | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotient:
    """The sum of one number over the sum of another, both known in a row that counts."""

    sum: Subject
    per: Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The counted rows by the value of one column, each as a share of all."""

    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Cohen's kappa of two columns that say what two readers said."""

    first: str
    second: str
    interval: Method = "fleiss_cohen_everitt"
    confidence: Decimal = Decimal("0.95")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The rows themselves: these columns, in the order of ``order`` (what is not known last), then by id."""

    columns: tuple[str, ...]
    order: tuple[str, ...] = ()


Form = Ratio | Top | Statistics | Quotient | Shares | Agreed | Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Which rows a period holds: those whose ``by`` falls in it, or whose span ``first`` to ``last`` touches it.

    A span without a last day is open. ``of`` names the period the measure is meant for.
    """

    of: Span
    by: str = ""
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The column that names the reporting unit, for these lines of business (none named: for all)."""

    column: str
    lines_of_business: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """How one kind of reader reads the number. The same number can be a success for one and a defect for another."""

    reader: str
    better: Better
    reads: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What one kind of reader aims at, for one of the measure's statistics (empty: its only one)."""

    reader: str
    op: str
    value: Fraction
    statistic: str = ""

    def met(self, value: Fraction | None) -> Answer:
        """Whether a value meets it; unknown where there is no value."""
        return of_bool(None if value is None else bool(getattr(value, _MEETS[self.op])(self.value)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """Another way to count that some publisher uses; what is ``None`` is as in the measure."""

    name: str
    words: str
    where: Condition | None = None
    denominator: Condition | None = None
    exclusions: Condition | None = None
    form: Form | None = None
    timing: Timing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure. Rows in ``where``, ``denominator`` and the period and not in ``exclusions`` count.

    ``raw`` names columns whose values are counted among the rows that count, so that any convention can be made of
    the published counts. ``shown_with`` names measures without which this one may not be shown.
    """

    id: str
    version: str
    records: Records
    form: Form
    kind: Kind
    unit: str
    levels: tuple[Level, ...]
    directions: tuple[Direction, ...]
    targets: tuple[Target, ...] = ()
    no_target: str = ""
    decimals: int = 2
    where: Condition = ALWAYS
    denominator: Condition = ALWAYS
    exclusions: Condition = NEVER
    timing: Timing | None = None
    by: tuple[str, ...] = ()
    raw: tuple[str, ...] = ()
    conventions: tuple[Convention, ...] = ()
    shown_with: tuple[str, ...] = ()

    def under(self, name: str) -> Measure:
        """The measure as one of its conventions counts; ``ValueError`` names those there are."""
        for one in self.conventions:
            if one.name == name:
                return replace(
                    self,
                    where=self.where if one.where is None else one.where,
                    denominator=self.denominator if one.denominator is None else one.denominator,
                    exclusions=self.exclusions if one.exclusions is None else one.exclusions,
                    form=one.form or self.form,
                    timing=one.timing or self.timing,
                )
        known = ", ".join(one.name for one in self.conventions) or "none"
        raise ValueError(f"{self.id} has no convention {name}; it has {known}.")

    @property
    def conditions(self) -> Mapping[str, Condition]:
        """Its conditions by name."""
        found = {"where": self.where, "denominator": self.denominator, "exclusions": self.exclusions}
        return {**found, "numerator": self.form.numerator} if isinstance(self.form, Ratio | Top) else found

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column it reads, each once: what a table must have before it can be computed there."""
        return tuple(dict.fromkeys(_columns(self)))


def _columns(measure: Measure) -> Iterator[str]:
    for condition in measure.conditions.values():
        yield from condition_columns(condition)
    yield from form_columns(measure.form)
    if measure.timing:
        yield from (name for name in (measure.timing.by, measure.timing.first, measure.timing.last) if name)
    for level in measure.levels:
        yield level.column
        if level.lines_of_business:
            yield "line_of_business"
    yield from measure.by
    yield from measure.raw


def form_columns(form: Form) -> tuple[str, ...]:
    """The columns a form reads beside its condition."""
    match form:
        case Top(of=column) | Shares(column=column):
            return (column,)
        case Statistics(subject=subject):
            return () if subject is None else subject_columns(subject)
        case Quotient(sum=top, per=bottom):
            return (*subject_columns(top), *subject_columns(bottom))
        case Agreed(first=first, second=second):
            return first, second
        case Listing(columns=columns, order=order):
            return (*columns, *order)
    return ()


def alone(shown: Mapping[str, Measure]) -> tuple[tuple[str, str], ...]:
    """Of measures shown together, by id: which lacks which other. Empty when each has those it must be shown with."""
    return tuple(
        (name, other) for name, measure in sorted(shown.items()) for other in measure.shown_with if other not in shown
    )
