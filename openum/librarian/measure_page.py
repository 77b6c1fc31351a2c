"""The reference page of measures, printed from the library (``docs/reference/measures.md``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from openum.core.measure import Measure
from openum.core.measure_rows import KEYS, Records
from openum.librarian.kinds.measures import record_types, rows_of
from openum.librarian.law import Item
from openum.librarian.lawbook import shelf
from openum.librarian.shape import SHIPPED

_TAGS = {"verified": "verified", "from_knowledge": "from knowledge", "policy_choice": "our choice"}
_HEAD = """# Measures

Printed from [library/measures](../../library/measures/README.md) by `./dev docs`; do not edit. How a number is made,
and what excluded and unknown mean: [explanation](../explanation/measures.md).
"""


def reference() -> str:
    """The whole page: every measure by publisher, then the record types with their columns."""
    measures = [(item, item.value) for item in shelf("measures", SHIPPED) if isinstance(item.value, Measure)]
    ordered = sorted(measures, key=lambda pair: (pair[0].provision.jurisdiction, pair[0].provision.path.name))
    parts = [_HEAD, f"{len(ordered)} measures over {len(record_types())} record types.\n"]
    for place, group in groupby(ordered, key=lambda pair: pair[0].provision.jurisdiction):
        parts.append(f"## {place}\n")
        parts += ["\n".join(_measure(item, measure)) + "\n" for item, measure in group]
    parts.append("## Record types\n")
    parts += ["\n".join(_records(records)) + "\n" for records in _by_name(record_types())]
    return "\n".join(parts).rstrip("\n") + "\n"


def _by_name(types: Mapping[str, Records]) -> Iterator[Records]:
    yield from (types[name] for name in sorted(types))


def _measure(item: Item, measure: Measure) -> Iterator[str]:
    one = item.provision
    names = f" (also {', '.join(one.also)})" if one.also else ""
    yield f"### {one.id}"
    yield ""
    yield f"{one.title}{names}."
    yield ""
    yield from (f"- **{label}**: {_cell(words)}" for label, words in rows_of(measure))
    tag = _TAGS[one.authority.tag]
    yield f"- **authority**: {_cell(one.authority.cite)} ({tag}; checked {one.authority.checked_on})"
    if one.note:
        yield f"- **note**: {_cell(one.note)}"


def _records(records: Records) -> Iterator[str]:
    yield f"### `{records.name}`"
    yield ""
    yield f"{records.one_row_is}."
    yield ""
    yield "| column | type | means |"
    yield "| --- | --- | --- |"
    for name, column in records.columns.items():
        if name not in KEYS:
            kind = ", ".join(column.choices) if column.choices else column.type
            unit = f" ({column.unit})" if column.unit else ""
            yield f"| `{name}` | {kind}{unit} | {_cell(column.means)} |"


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("<", "&lt;").rstrip(".")
