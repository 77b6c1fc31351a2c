"""Authorizations: what an approval leaves behind, for how much, from when until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openum.core.codes import Code, CodeSet
from openum.core.determination import Determination
from openum.core.policy import Grant
from openum.core.refusal import Refusal
from openum.core.request import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """A number, a service, an amount and a span of days; ``quantity`` ``None`` means no limit was set."""

    number: str
    code: Code
    quantity: float | None
    unit: str
    valid_from: date
    valid_until: date
    next_review: date | None = None
    place: str = ""

    def grants(self, line: Line, on: date) -> bool:
        """Whether this authorization already covers the whole line on that day."""
        if (
            line.code not in CodeSet({self.code.system: [self.code.value]})
            or not self.valid_from <= on <= self.valid_until
            or _differ(line.place, self.place)
            or _differ(line.unit, self.unit)
        ):
            return False
        if line.service_to is not None and line.service_to > self.valid_until:
            return False
        return self.quantity is None or (line.quantity is not None and line.quantity <= self.quantity)


def _differ(one: str, other: str) -> bool:
    """Whether both are stated and not the same: 2 visits are not 2 hours, and a hospital is not the home."""
    return bool(one and other and one != other)


def authorize(determination: Determination, line: Line, grant: Grant, *, number: str, on: date) -> Authorization:
    """What ``determination`` grants: the amount decided, from the service date, as long as the policy's grant lasts.

    ``on`` is the service date judged for. A stated end of service never shortens an approval below what was asked, and
    the grant may outlast it: 42 CFR 422.112(b)(8)(i)(A).
    """
    if determination.outcome not in ("approved", "modified"):
        raise Refusal("nothing-approved", "Only an approval leaves an authorization.", "Look at the determination.")
    lasts = grant.lasts.after(on)
    until = max(lasts, line.service_to) if line.service_to is not None else lasts
    review = grant.review_every.after(on) if grant.review_every is not None else None
    return Authorization(
        number=number, code=determination.code, quantity=determination.quantity, unit=determination.unit or grant.unit,
        valid_from=on, valid_until=until, next_review=review, place=line.place,
    )  # fmt: skip


def check_digit(digits: str) -> str:
    """The Luhn check digit of a string of digits, so that a misread authorization number is caught on the phone."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if index % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
