"""The reference page of appeals, printed from the library (``docs/reference/appeals.md``)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from openum.core.appeal import Level
from openum.core.appeal_continuation import ContinuationRule, FastTrack
from openum.core.appeal_independence import IndependenceRule
from openum.librarian.law import Item
from openum.librarian.lawbook import shelf
from openum.librarian.shape import SHIPPED

PARTS: tuple[tuple[type, str], ...] = (
    (Level, "Levels"),
    (FastTrack, "When covered care ends"),
    (ContinuationRule, "What goes on meanwhile"),
    (IndependenceRule, "Who may decide"),
)
_TAGS = {"verified": "verified", "from_knowledge": "from knowledge", "policy_choice": "our choice"}
_HEAD = """# Appeals

Printed from [library/appeals](../../library/appeals/README.md) by `./dev docs`; do not edit. Every deadline is a
clock, named by its id: see [clocks](clocks.md). How it fits together: [explanation](../explanation/appeals.md).
"""


def reference() -> str:
    """The whole page: every ladder with its levels, then the fast tracks, continuation and independence."""
    items = shelf("appeals", SHIPPED)
    parts = [_HEAD]
    for kind, title in PARTS:
        of_kind = sorted((item for item in items if isinstance(item.value, kind)), key=_place)
        parts.append(f"## {title}\n")
        for place, group in groupby(of_kind, key=lambda item: item.provision.jurisdiction):
            parts.append(f"### {place}\n")
            parts += ["\n".join(_item(item)) + "\n" for item in group]
    return "\n".join(parts).rstrip("\n") + "\n"


def _place(item: Item) -> tuple[str, int, str]:
    order = item.value.order if isinstance(item.value, Level) else 0
    return item.provision.jurisdiction, order, item.provision.id


def _item(item: Item) -> Iterator[str]:
    one = item.provision
    names = f" (also {', '.join(one.also)})" if one.also else ""
    yield f"#### {one.id}"
    yield ""
    yield f"{one.title}{names}."
    yield ""
    yield from (f"- **{label}**: {words}" for label, words in item.kind.rows(item.value))
    yield f"- **Authority**: {one.authority.cite} ({_TAGS[one.authority.tag]}; checked {one.authority.checked_on})"
    if one.note:
        yield f"- **Note**: {one.note}"
