"""Taking a gold card away: only in its window, only on a sample that fails, only by a person, only after notice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from openum.core.actor import Actor
from openum.core.gold_card import Exemption
from openum.core.refusal import Refusal

_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RescissionRule:
    """When and how an exemption may be rescinded.

    ``months`` are the months (1 to 12) in which it may be, empty for any. A sample of ``sample_least`` to
    ``sample_most`` claims, of which a share below ``rate`` would have met the criteria, allows it. Notice comes
    ``advance_days`` before; it takes effect ``after_notice_days`` after notice or, when the independent reviewer was
    asked, ``after_affirmed_days`` after the reviewer affirmed it. A day ``None`` is not known.
    """

    id: str
    months: frozenset[int]
    sample_least: int
    sample_most: int
    rate: Fraction
    advance_days: int | None = None
    after_notice_days: int | None = None
    after_affirmed_days: int | None = None
    reviewer: str = ""

    def open_in(self, day: date) -> bool:
        """Whether an exemption may be rescinded in the month of that day."""
        return not self.months or day.month in self.months

    def next_window(self, day: date) -> date:
        """The first day of the next month, this one included, in which it may be."""
        months = (date(day.year + (day.month + n - 1) // _MONTHS, (day.month + n - 1) % _MONTHS + 1, 1) for n in
                  range(_MONTHS))  # fmt: skip
        return next(month for month in months if self.open_in(month))

    def sample_allows(self, size: int, met: int) -> bool:
        """Whether a sample of ``size`` claims, ``met`` of which would have met the criteria, allows rescinding.

        Raises:
            ValueError: more met the criteria than were looked at, or a count is negative.
        """
        if not 0 <= met <= size:
            raise ValueError(f"{met} of {size} claims cannot have met the criteria.")
        return self.sample_least <= size <= self.sample_most and Fraction(met, size) < self.rate

    def effective_on(self, *, notice_on: date, asked_iro: bool = False, affirmed_on: date | None = None) -> date | None:
        """The day a rescission takes effect; ``None`` while the independent reviewer has not affirmed it."""
        if asked_iro or affirmed_on is not None:
            return None if affirmed_on is None else _days_after(affirmed_on, self.after_affirmed_days)
        return _days_after(notice_on, self.after_notice_days)

    def told_in_time(self, *, notice_on: date, proposed_on: date) -> bool:
        """Whether notice came early enough before the proposed day."""
        return self.advance_days is None or notice_on + timedelta(days=self.advance_days) <= proposed_on


def rescind(
    exemption: Exemption,
    rule: RescissionRule,
    *,
    by: Actor,
    decided_on: date,
    notice_on: date,
    size: int,
    met: int,
    protected_until: date | None = None,
    asked_iro: bool = False,
    affirmed_on: date | None = None,
) -> Exemption:
    """End an exemption, decided by a person in the window and told; it ends when the rule lets it take effect.

    ``protected_until`` is the last day of its least duration (``openum.core.gold_card.protected_until``). Raises
    ``Refusal`` with what is lacking.
    """
    if by.kind != "person" or not by.name:
        raise Refusal("person-must-decide", "Only a person rescinds an exemption.", "Give the sample to a physician.")
    if not rule.open_in(decided_on):
        opens = rule.next_window(decided_on)
        raise Refusal(
            "rescission-window-closed", "Exemptions may not be rescinded in this month.", f"Next: {opens:%Y-%m}."
        )
    if not rule.sample_allows(size, met):
        raise Refusal(
            "sample-does-not-allow",
            f"{met} of {size} sampled claims would have met the criteria.",
            f"A sample of {rule.sample_least} to {rule.sample_most} with a share below {rule.rate} allows it.",
        )
    ends_on = rule.effective_on(notice_on=notice_on, asked_iro=asked_iro, affirmed_on=affirmed_on)
    if ends_on is None:
        raise Refusal(
            "rescission-not-effective",
            "It does not take effect yet.",
            "Wait until the independent reviewer affirms it.",
        )
    if notice_on < decided_on or not rule.told_in_time(notice_on=notice_on, proposed_on=ends_on):
        raise Refusal("notice-too-late", "The notice does not lie far enough before.", "Let it end on a later day.")
    if protected_until is not None and ends_on <= protected_until:
        raise Refusal("exemption-protected", f"The exemption holds through {protected_until}.", "Wait until then.")
    return replace(exemption, ends_on=ends_on)


def _days_after(day: date, days: int | None) -> date | None:
    return None if days is None else day + timedelta(days=days)
