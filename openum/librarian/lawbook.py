"""All provisions of a library together: read them, find one by name, check them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from openum.core.refusal import Refusal
from openum.librarian.answers_agree import differences
from openum.librarian.faults import Fault
from openum.librarian.kinds import KINDS
from openum.librarian.law import Item, Kind, Written, proven, written
from openum.librarian.shape import SHIPPED
from openum.librarian.source_list import listed_sources


def read_items(*roots: Path, kinds: Sequence[Kind] = KINDS) -> tuple[Item, ...]:
    """Every provision of these libraries, by shelf, id and version.

    Raises:
        Refusal: ``library_faulty`` when a file cannot be read; :func:`check_items` names every fault.
    """
    items: list[Item] = []
    for file in (file for kind in kinds for root in roots for file in written(root, kind)):
        if file.item is None:
            more = f"The library cannot be read: {file.faults[0]}"
            raise Refusal("library_faulty", more, "Run `openum library check` and mend what it names.")
        items.append(file.item)
    return tuple(items)


@cache
def items(*roots: Path) -> tuple[Item, ...]:
    """The same, read once per process."""
    return read_items(*roots)


@cache
def shelf(name: str, *roots: Path) -> tuple[Item, ...]:
    """The items of one shelf, e.g. ``gold-card``, read once per process and without the others."""
    return read_items(*roots, kinds=tuple(kind for kind in KINDS if kind.shelf == name))


def named(name: str, *roots: Path) -> tuple[Item, ...]:
    """Every version of the item that goes by this name. Refuses ``law-unknown`` with the nearest names."""
    found = tuple(item for item in items(*roots) if name in item.names)
    if not found:
        known = sorted({each for item in items(*roots) for each in item.names})
        near = ", ".join(get_close_matches(name, known, 3)) or "see the law book"
        raise Refusal("law-unknown", f"The library has no item {name}.", f"Nearest: {near}.")
    return found


def check_items(*roots: Path, kinds: Sequence[Kind] = KINDS) -> tuple[Fault, ...]:
    """Every fault of the provisions of these libraries and their examples; empty when all is well."""
    return item_faults([file for kind in kinds for root in roots for file in written(root, kind)], *roots)


def item_faults(files: Iterable[Written], *roots: Path) -> tuple[Fault, ...]:
    """The same of files that were read before; ``roots`` are the libraries they stand in."""
    sources = listed_sources(*dict.fromkeys((SHIPPED, *roots)))
    seen: dict[tuple[str, str], Path] = {}
    found = [fault for file in files for fault in _file_faults(file, sources, seen)]
    return tuple(sorted(found))


def _file_faults(file: Written, sources: frozenset[str], seen: dict[tuple[str, str], Path]) -> Iterator[Fault]:
    yield from file.faults
    if file.item is None or file.document is None:
        return
    yield from _frame_faults(file, file.item, sources, seen)
    if not file.faults:
        yield from proven(file, differences)


def _frame_faults(
    file: Written, item: Item, sources: frozenset[str], seen: dict[tuple[str, str], Path]
) -> Iterator[Fault]:
    """What holds for every provision: its file's name, its days, its sources, how its authority is graded."""
    one, document = item.provision, file.document
    if document is None:
        return
    stem = one.id.lower() + ("" if one.version == "1" else f".v{one.version}")
    if file.path.name != f"{stem}.yaml":
        yield document.fault(("id",), f"{one.id} stands in {file.path.name}.", f"Name the file {stem}.yaml.")
    first = seen.setdefault((one.id, one.version), file.path)
    if first != file.path:
        yield document.fault(("id",), f"{one.id} version {one.version} stands in {first} too.", "Give it the next id.")
    if one.effective_from and one.effective_to and one.effective_to < one.effective_from:
        yield document.fault(("since",), "It ends before it begins.", "Put the earlier day into from.")
    for source in one.authority.sources:
        if source not in sources:
            mend = "Add it to clocks/sources.yaml, or mend the key."
            yield document.fault(("authority", "sources"), f"Source {source} is not listed.", mend)
    if one.authority.tag == "from_knowledge" and not one.authority.confirm:
        mend = "Say under `confirm:` what would confirm it."
        yield document.fault(("authority",), "It is from knowledge.", mend)
