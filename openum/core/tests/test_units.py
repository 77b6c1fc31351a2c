"""Units that charts mix up."""

from __future__ import annotations

import pytest

from openum.core.units import converted


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "expected"),
    [
        (88, "%", "%", 88),
        (88, "percent", "%", 88),
        (60, " mmHg ", "mm[Hg]", 60),
        (60, "mm Hg", "mm[Hg]", 60),
        (8, "kPa", "mm[Hg]", 60.0049),
        (200, "lb", "kg", 90.7185),
        (200, "LBS", "kg", 90.7185),
        (70, "in", "cm", 177.8),
        (1.78, "m", "cm", 178.0),
        (2500, "g", "kg", 2.5),
        (6, "weeks", "d", 42.0),
        (6, "wk", "h", 1008.0),
        (90, "min", "h", 1.5),
        (36, "hours", "d", 1.5),
        (2, "days", "h", 48.0),
        (135, "g/L", "g/dL", 13.5),
        (15, "{events}/h", "/h", 15),
        (15, "events/h", "/h", 15),
        (9, "{score}", "", 9),
        (9, "score", "", 9),
        (9, "1", "", 9),
        (9, "", "{visits}", 9),
        (64, "years", "a", 64),
    ],
)
def test_a_number_is_brought_to_the_unit_asked_for(value: float, unit: str, wanted: str, expected: float) -> None:
    assert converted(value, unit, wanted) == expected


@pytest.mark.parametrize(
    ("unit", "wanted"),
    [
        ("", "%"),
        ("%", ""),
        ("kg", "[lb_av]"),
        ("cm", "kg"),
        ("umol/L", "mg/dL"),
        ("furlong", "cm"),
        ("mo", "d"),
        ("{score}", "%"),
        ("MM[HG]", "mm[Hg]"),
    ],
)
def test_what_cannot_be_compared_is_nothing_and_never_a_guess(unit: str, wanted: str) -> None:
    assert converted(10, unit, wanted) is None
