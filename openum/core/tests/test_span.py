"""Spans of days and calendar months."""

from __future__ import annotations

from datetime import date

import pytest

from openum.core.span import Span, parse_span


@pytest.mark.parametrize(
    ("text", "span", "words"),
    [
        ("30d", Span(days=30), "30 days"),
        ("1d", Span(days=1), "1 day"),
        ("0d", Span(), "0 days"),
        ("2w", Span(days=14), "14 days"),
        ("6mo", Span(months=6), "6 months"),
        ("1mo", Span(months=1), "1 month"),
        ("12mo", Span(months=12), "1 year"),
        ("1y", Span(months=12), "1 year"),
        ("2y", Span(months=24), "2 years"),
        ("18mo", Span(months=18), "18 months"),
    ],
)
def test_a_span_is_read_and_said(text: str, span: Span, words: str) -> None:
    assert parse_span(text) == span
    assert str(span) == words


@pytest.mark.parametrize("text", ["", "30", "d", "30 d", "30days", "-3d", "1.5y", "72h", "30d ", "3m"])
def test_what_is_no_span_is_refused_with_the_form_expected(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a span: write 30d, 2w, 6mo or 1y\."):
        parse_span(text)


@pytest.mark.parametrize(
    ("span", "day", "before", "after"),
    [
        (Span(days=30), date(2026, 6, 1), date(2026, 5, 2), date(2026, 7, 1)),
        (Span(months=1), date(2026, 3, 31), date(2026, 2, 28), date(2026, 4, 30)),
        (Span(months=1), date(2024, 3, 31), date(2024, 2, 29), date(2024, 4, 30)),
        (Span(months=12), date(2024, 2, 29), date(2023, 2, 28), date(2025, 2, 28)),
        (Span(months=1), date(2026, 1, 15), date(2025, 12, 15), date(2026, 2, 15)),
        (Span(months=1), date(2025, 12, 15), date(2025, 11, 15), date(2026, 1, 15)),
        (Span(months=11), date(2026, 12, 1), date(2026, 1, 1), date(2027, 11, 1)),
        (Span(), date(2026, 6, 1), date(2026, 6, 1), date(2026, 6, 1)),
    ],
)
def test_a_span_moves_a_day_and_a_missing_day_becomes_the_months_last(
    span: Span, day: date, before: date, after: date
) -> None:
    assert span.before(day) == before
    assert span.after(day) == after


def test_months_are_moved_before_days() -> None:
    span = Span(days=1, months=1)
    assert span.after(date(2026, 1, 31)) == date(2026, 3, 1)
    assert span.before(date(2026, 3, 31)) == date(2026, 2, 27)


def test_a_span_of_months_and_days_says_both() -> None:
    assert str(Span(days=2, months=13)) == "13 months and 2 days"
