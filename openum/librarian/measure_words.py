"""Conditions and forms of measures in words, as the law book and the reference page print them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from openum.core.measure import Agreed, Form, Listing, Quotient, Ratio, Shares, Statistics, Top
from openum.core.measure_conditions import All, AnyOf, ColumnOf, Compare, Condition, Not, Now, Subject

_OPS = {"is": "is", "at_least": "≥", "at_most": "≤", "above": ">", "below": "<"}


def condition_words(condition: Condition) -> str:
    """The condition in one line; ``always`` and ``never`` for those without a branch."""
    match condition:
        case All(of):
            return _joined(of, " and ") if of else "always"
        case AnyOf(of):
            return _joined(of, " or ") if of else "never"
        case Not(of):
            return f"not ({condition_words(of)})"
        case Compare(subject, "is_set", value):
            return f"{subject_words(subject)} is {'known' if value else 'not there'}"
        case Compare(subject, "one_of", tuple(values)):
            return f"{subject_words(subject)} is one of {', '.join(map(str, values))}"
        case Compare(subject, op, value):
            return f"{subject_words(subject)} {_OPS[op]} {_operand(value)}"


def _operand(value: object) -> str:
    if isinstance(value, ColumnOf):
        return value.column
    if isinstance(value, Now):
        return "now"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _joined(of: tuple[Condition, ...], word: str) -> str:
    parts = [f"({words})" if " and " in (words := condition_words(one)) or " or " in words else words for one in of]
    return word.join(parts)


def subject_words(subject: Subject) -> str:
    """A column's name, or the difference of two."""
    if isinstance(subject, ColumnOf):
        return subject.column
    floor = "" if subject.floor is None else f", at least {subject.floor}"
    return f"{subject.unit.replace('_', ' ')} from {subject.earlier} to {subject.later}{floor}"


def form_words(form: Form) -> str:
    """What a form gives, in one line."""
    return _WORDS[type(form)](form)


def _statistics(form: Statistics) -> str:
    return ", ".join(form.give) + (f" of {subject_words(form.subject)}" if form.subject else "")


def _ratio(form: Ratio) -> str:
    return "the share" + (f", with the {form.interval} interval at {form.confidence}" if form.interval else "")


def _agreed(form: Agreed) -> str:
    return f"Cohen's kappa of {form.first} and {form.second}, with the {form.interval} interval at {form.confidence}"


_WORDS: dict[type, Callable[..., str]] = {
    Ratio: _ratio,
    Top: lambda form: f"the {form.most} of {form.of} with the highest {form.rank}, each with its share",
    Statistics: _statistics,
    Quotient: lambda form: f"the sum of {subject_words(form.sum)} over the sum of {subject_words(form.per)}",
    Shares: lambda form: f"the share of each {form.column}",
    Agreed: _agreed,
    Listing: lambda form: f"the rows: {', '.join(form.columns)}",
}
