"""Units of measure that charts mix up, brought to the unit a fact is asked in (UCUM names)."""

from __future__ import annotations

from collections.abc import Mapping

_SAME: Mapping[str, str] = {
    "percent": "%",
    "mmhg": "mm[Hg]",
    "mm hg": "mm[Hg]",
    "kg/m^2": "kg/m2",
    "score": "",
    "years": "a",
    "year": "a",
    "yr": "a",
    "days": "d",
    "day": "d",
    "hours": "h",
    "hour": "h",
    "weeks": "wk",
    "week": "wk",
    "months": "mo",
    "month": "mo",
    "lb": "[lb_av]",
    "lbs": "[lb_av]",
    "in": "[in_i]",
    "inches": "[in_i]",
    "{events}/h": "/h",
    "events/h": "/h",
    "/hour": "/h",
    "1": "",
}
_FACTOR: Mapping[tuple[str, str], float] = {
    ("[lb_av]", "kg"): 0.45359237,
    ("g", "kg"): 0.001,
    ("[in_i]", "cm"): 2.54,
    ("m", "cm"): 100.0,
    ("kPa", "mm[Hg]"): 7.500617,
    ("wk", "d"): 7.0,
    ("h", "d"): 1 / 24,
    ("d", "h"): 24.0,
    ("wk", "h"): 168.0,
    ("min", "h"): 1 / 60,
    ("g/L", "g/dL"): 0.1,
}
"""From → to. Exact by definition except kPa, which is rounded as NIST publishes it. Conversions that need the
substance (umol/L to mg/dL) are left out: the same pair of units has another factor for every substance."""


def converted(value: float, unit: str, wanted: str) -> float | None:
    """``value`` in the unit ``wanted``, or ``None`` when the two cannot be compared.

    An absent unit is a unit of its own: a number without one is no evidence about a quantity that needs one.
    """
    have, want = _plain(unit), _plain(wanted)
    if have == want:
        return value
    factor = _FACTOR.get((have, want))
    return None if factor is None else round(value * factor, 4)


def _plain(unit: str) -> str:
    bare = unit.strip()
    known = _SAME.get(bare.lower(), bare)
    return "" if known.startswith("{") and known.endswith("}") else known  # a UCUM annotation is no unit
