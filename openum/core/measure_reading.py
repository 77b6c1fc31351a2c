"""Read a measure from the plain words of its library file (``what:``), checking every column, type and choice.

Every function raises ``ValueError`` with words for the author. The words and their shape are documented in
``library/measures/README.md`` and enforced by ``library/schema/measures.schema.json``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from openum.core.measure import (
    Agreed,
    Convention,
    Direction,
    Form,
    Level,
    Listing,
    Measure,
    Quotient,
    Ratio,
    Shares,
    Statistics,
    Target,
    Timing,
    Top,
)
from openum.core.measure_conditions import (
    ALWAYS,
    NEVER,
    All,
    AnyOf,
    ColumnOf,
    Compare,
    Condition,
    Difference,
    Not,
    Now,
    Op,
    Subject,
)
from openum.core.measure_numbers import is_statistic
from openum.core.measure_rows import Column, Records, Value, read_value

Said = Mapping[str, Any]
_OPS: Mapping[str, Op] = {
    "is": "is", "one_of": "one_of", "is_set": "is_set", "at_least": "at_least", "at_most": "at_most",
    "above": "above", "below": "below", "before": "below", "by": "at_most", "after": "above", "from": "at_least",
}  # fmt: skip
_FORMS = ("numerator", "value", "quotient", "shares", "agreement", "listing")
_ORDERED = ("number", "date", "moment")
NOW = "now"
"""In a comparison of a moment: the instant the question is asked for."""
_UNITS = ("hours", "days", "calendar_days")


def read_measure(id_: str, version: str, what: Said, records: Mapping[str, Records]) -> Measure:
    """The measure that a library item says."""
    if what["population"] not in records:
        known = ", ".join(sorted(records))
        raise ValueError(f"There is no record type {what['population']}; write one of {known}.")
    rows = records[what["population"]]
    targets, no_target = _targets(what["target"])
    measure = Measure(
        id=id_,
        version=version,
        records=rows,
        form=_form(what, rows),
        kind=what["kind"],
        unit=what["unit"],
        levels=_levels(what["level"], rows),
        directions=tuple(Direction(reader=d["for"], better=d["better"], reads=d["reads"]) for d in what["direction"]),
        targets=targets,
        no_target=no_target,
        decimals=what.get("decimals", 2),
        where=read_condition(what["where"], rows) if "where" in what else ALWAYS,
        denominator=read_condition(what["denominator"], rows) if "denominator" in what else ALWAYS,
        exclusions=read_condition(what["exclusions"], rows) if "exclusions" in what else NEVER,
        timing=_timing(what["period"], rows) if "period" in what else None,
        by=_columns(what.get("by", ()), rows),
        raw=_columns(what.get("raw_counts", ()), rows),
        conventions=tuple(_convention(one, what, rows) for one in what.get("conventions", ())),
        shown_with=tuple(what.get("shown_with", ())),
    )
    _targets_fit(measure)
    return measure


def read_condition(said: Said, rows: Records) -> Condition:
    """A condition as written: ``all``, ``any``, ``not``, or a comparison of a column or a difference."""
    match said:
        case {"all": of}:
            return All(tuple(read_condition(one, rows) for one in of))
        case {"any": of}:
            return AnyOf(tuple(read_condition(one, rows) for one in of))
        case {"not": of}:
            return Not(read_condition(of, rows))
    return _comparison(said, rows)


def _comparison(said: Said, rows: Records) -> Compare:
    words = [word for word in said if word not in ("column", "difference")]
    if len(words) != 1 or words[0] not in _OPS:
        raise ValueError(f"A comparison has one of {', '.join(_OPS)}; this has {', '.join(words) or 'none'}.")
    word = words[0]
    op, value = _OPS[word], said[word]
    if "difference" in said:
        return Compare(_difference(said["difference"], rows), op, Fraction(str(value)))
    column = rows.column(said["column"])
    if op in ("at_least", "at_most", "above", "below") and column.type not in _ORDERED:
        raise ValueError(f"{column.name} is {column.type}; {word} needs a number, a day or a moment.")
    return Compare(ColumnOf(column.name), op, _operand(column, op, value, rows))


def _operand(column: Column, op: Op, value: Any, rows: Records) -> Value | ColumnOf | Now | tuple[Value, ...]:
    if op == "is_set":
        if not isinstance(value, bool):
            raise ValueError(f"{column.name}: is_set is true or false.")
        return value
    if op == "one_of":
        return tuple(_literal(column, one) for one in value)
    if isinstance(value, Mapping):
        other = rows.column(value["column"])
        if other.type != column.type:
            raise ValueError(f"{column.name} is {column.type} and {other.name} is {other.type}: they do not compare.")
        return ColumnOf(other.name)
    if value == NOW and column.type == "moment" and op != "is":
        return Now()
    return _literal(column, value)


def _literal(column: Column, said: Any) -> Value:
    value = read_value(column, said)
    if value is None:
        raise ValueError(f"{column.name}: write is_set: false where it is meant that nothing is known.")
    return value


def _difference(said: Said, rows: Records) -> Difference:
    earlier, later = rows.column(said["from"]), rows.column(said["to"])
    if said["in"] not in _UNITS:
        raise ValueError(f"A difference is in {', '.join(_UNITS)}, not in {said['in']}.")
    if earlier.type not in ("date", "moment") or later.type != earlier.type:
        raise ValueError(f"{earlier.name} and {later.name} must be two days or two moments.")
    if earlier.type == "date" and said["in"] == "hours":
        raise ValueError(f"{earlier.name} and {later.name} are days; their difference is in days.")
    return Difference(earlier=earlier.name, later=later.name, unit=said["in"], floor=said.get("floor"))


def _subject(said: Said, rows: Records) -> Subject:
    if "difference" in said:
        return _difference(said["difference"], rows)
    column = rows.column(said["column"])
    if column.type != "number":
        raise ValueError(f"{column.name} is {column.type}; a number is needed.")
    return ColumnOf(column.name)


def _form(what: Said, rows: Records) -> Form:
    named = [name for name in _FORMS if name in what]
    if len(named) != 1:
        raise ValueError(f"A measure has one of {', '.join(_FORMS)}; this has {', '.join(named) or 'none'}.")
    match named[0]:
        case "numerator":
            return _ratio(what, rows)
        case "value":
            return _statistics(what["value"], rows)
        case "quotient":
            said = what["quotient"]
            return Quotient(sum=_subject(said["sum"], rows), per=_subject(said["per"], rows))
        case "shares":
            return Shares(column=rows.column(what["shares"]).name)
        case "agreement":
            return _agreed(what["agreement"], rows)
        case _:
            said = what["listing"]
            return Listing(columns=_columns(said["columns"], rows), order=_columns(said.get("order", ()), rows))


def _ratio(what: Said, rows: Records) -> Form:
    numerator = read_condition(what["numerator"], rows)
    if "top" in what:
        said = what["top"]
        return Top(numerator=numerator, of=rows.column(said["of"]).name, most=said["most"], rank=said["rank_by"])
    if "interval" in what:
        said = what["interval"]
        return Ratio(numerator=numerator, interval=said["method"], confidence=Decimal(said["confidence"]))
    return Ratio(numerator=numerator)


def _statistics(said: Said, rows: Records) -> Statistics:
    for name in said["give"]:
        if not is_statistic(name):
            raise ValueError(f"{name} is no statistic: write count, sum, mean, median, min, max or p90.")
    subject = _subject(said["of"], rows) if "of" in said else None
    if subject is None and tuple(said["give"]) != ("count",):
        raise ValueError("Without `of:` only the count can be given.")
    return Statistics(give=tuple(said["give"]), subject=subject)


def _agreed(said: Said, rows: Records) -> Agreed:
    first, second = rows.column(said["first"]), rows.column(said["second"])
    if first.type != "choice" or first.choices != second.choices:
        raise ValueError(f"{first.name} and {second.name} must be choices among the same.")
    method, level = said["interval"]["method"], Decimal(said["interval"]["confidence"])
    return Agreed(first=first.name, second=second.name, interval=method, confidence=level)


def _timing(said: Said, rows: Records) -> Timing:
    names = {key: rows.column(said[key]) for key in ("by", "first", "last") if key in said}
    for column in names.values():
        if column.type not in ("date", "moment"):
            raise ValueError(f"{column.name} is {column.type}; a period goes by a day or a moment.")
    if set(names) not in ({"by"}, {"first", "last"}):
        raise ValueError("A period goes `by` one day, or from `first` to `last`.")
    return Timing(of=said["of"], **{key: column.name for key, column in names.items()})


def _levels(said: Any, rows: Records) -> tuple[Level, ...]:
    if isinstance(said, str):
        return (Level(column=rows.column(said).name),)
    lines = rows.column("line_of_business")
    return tuple(
        Level(
            column=rows.column(one["column"]).name,
            lines_of_business=tuple(str(_literal(lines, line)) for line in one["lines_of_business"]),
        )
        for one in said
    )


def _targets(said: Any) -> tuple[tuple[Target, ...], str]:
    if isinstance(said, Mapping):
        return (), said["none"]
    return tuple(_target(one) for one in said), ""


def _target(said: Said) -> Target:
    op = next(_OPS[word] for word in said if word in ("at_least", "at_most", "above", "below", "is"))
    value = next(said[word] for word in said if word in _OPS)
    return Target(reader=said["for"], op=op, value=_share(value), statistic=said.get("of", ""))


def _share(said: Any) -> Fraction:
    """A number, or a percentage as its share: ``98 %`` is 49/50."""
    text = str(said)
    return Fraction(text.removesuffix("%").strip()) / 100 if text.endswith("%") else Fraction(text)


def _targets_fit(measure: Measure) -> None:
    names = value_names(measure.form)
    for target in measure.targets:
        if (target.statistic or names[0]) not in names:
            raise ValueError(f"The target is for {target.statistic}; the measure gives {', '.join(names)}.")


def value_names(form: Form) -> tuple[str, ...]:
    """The names of the values a form gives, the first one first; the choices of shares are not named."""
    match form:
        case Statistics(give=names):
            return names
        case Quotient():
            return ("quotient",)
        case Agreed():
            return ("kappa", "observed", "chance")
        case Listing():
            return ("count",)
    return ("share",)


def _columns(said: Sequence[str], rows: Records) -> tuple[str, ...]:
    return tuple(rows.column(name).name for name in said)


def _convention(said: Said, what: Said, rows: Records) -> Convention:
    conditions = {
        name: read_condition(said[name], rows) for name in ("where", "denominator", "exclusions") if name in said
    }
    own = [name for name in _FORMS if name in said]
    whole = {key: value for key, value in {**what, **said}.items() if key not in _FORMS or key in own}
    return Convention(
        name=said["name"],
        words=said["words"],
        form=_form(whole, rows) if own else None,
        timing=_timing(said["period"], rows) if "period" in said else None,
        **conditions,
    )
