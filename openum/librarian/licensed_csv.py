"""A licensed bundle as a folder of CSV files: tables a publisher can export, read into the form of the YAML bundle.

``license.csv`` (one row), ``policies.csv`` (one row for each), ``criteria.csv`` (one row for each condition),
``examples.csv`` and, where the criteria ask for facts of their own, ``facts.csv``.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openum.librarian.faults import Fault
from openum.librarian.marked import Document, Path_

LIST = ";"
"""What separates the values of one cell."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "license": (
        "publisher", "product", "edition", "holder", "number", "from", "until", "shown_to", "disclose_on_denial",
    ),
    "policies": (
        "policy", "title", "summary", "mental_health", "classification", "nqtl", "owner", "version_title", "from",
        "until", "cite", "checked_on", "lines_of_business", "states", "codes", "diagnoses", "certifications", "label",
        "lasts", "unit", "review_every", "reviewer", "specialties",
    ),
    "criteria": ("policy", "group", "needs", "group_label", "fact", "compare", "value", "label", "cite"),
    "examples": ("policy", "name", "on", "asked", "given", "expect"),
    "facts": ("id", "type", "unit", "range", "choices", "question", "document"),
}  # fmt: skip
OPTIONAL = "facts"
NO_ROWS = "Write a head line with the columns, then one row for each."

Row = tuple[int, Mapping[str, str]]
Tables = Mapping[str, Sequence[Row]]


@dataclass(slots=True)
class Pages:
    """The files of a folder laid end to end, so that one number names file and line."""

    starts: list[tuple[int, Path]] = field(default_factory=list)
    length: int = 0

    def add(self, path: Path, lines: int) -> int:
        """Lay a file after the others; answers what to add to its own line numbers."""
        before = self.length
        self.starts.append((before, path))
        self.length += lines
        return before

    def told(self, fault: Fault) -> Fault:
        """The same fault at its own file and line."""
        start, path = next(page for page in reversed(self.starts) if page[0] < max(fault.line, 1))
        return Fault(str(path), fault.line - start, fault.fault, fault.mend)


@dataclass(slots=True)
class _Builder:
    """Values with the line of each."""

    lines: dict[Path_, int] = field(default_factory=dict)

    def put(self, into: dict[str, Any], where: Path_, key: str, value: Any, line: int) -> None:
        """Set a value that is not empty, and remember where it came from."""
        if value in ("", [], {}, None):
            return
        into[key] = value
        self.lines[*where, key] = line


def read_folder(folder: Path) -> tuple[Document | None, tuple[Fault, ...], Callable[[Fault], Fault]]:
    """The bundle a folder holds, or what is wrong with its tables, and how a fault finds its own file and line."""
    pages = Pages()
    tables: dict[str, Sequence[Row]] = {}
    faults: list[Fault] = []
    for name, columns in COLUMNS.items():
        path = folder / f"{name}.csv"
        if not path.is_file():
            if name != OPTIONAL:
                faults.append(Fault(str(folder), 1, f"{path.name} is missing.", f"Its columns: {', '.join(columns)}."))
            tables[name] = []
            continue
        rows, wrong = _rows(path, columns)
        faults += wrong
        before = pages.add(path, path.read_bytes().count(b"\n") + 1)
        tables[name] = [(line + before, row) for line, row in rows]
    if faults:
        return None, tuple(faults), lambda fault: fault
    return _document(folder, tables), (), pages.told


def _rows(path: Path, columns: Sequence[str]) -> tuple[list[Row], list[Fault]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            strange = [one for one in reader.fieldnames or () if one not in columns]
            missing = [one for one in columns if one not in (reader.fieldnames or ())]
            rows: list[Row] = []
            for row in reader:
                rows.append((reader.line_num, {key: (row[key] or "").strip() for key in columns if key in row}))
    except (UnicodeDecodeError, csv.Error) as wrong:
        return [], [Fault(str(path), 1, f"This is not a CSV table: {wrong}.", "Save it as CSV in UTF-8.")]
    known = f"The columns are {', '.join(columns)}."
    faults = [Fault(str(path), 1, f"There is no column `{one}`.", known) for one in missing]
    faults += [Fault(str(path), 1, f"`{one}` is not a column here.", known) for one in strange]
    if not rows and not faults:
        faults.append(Fault(str(path), 1, "The table has no rows.", NO_ROWS))
    return rows, faults


def _document(folder: Path, tables: Tables) -> Document:
    build = _Builder()
    types = {row["id"]: row["type"] for _, row in tables["facts"]}
    data: dict[str, Any] = {"license": _license(build, tables["license"][0])}
    if tables["facts"]:
        data["facts"] = [_fact(build, ("facts", index), row) for index, row in enumerate(tables["facts"])]
    data["policies"] = []
    for index, row in enumerate(tables["policies"]):
        data["policies"].append(_policy(build, ("policies", index), row, tables, types))
    return Document(path=folder, data=data, lines=build.lines)


def _license(build: _Builder, row: Row) -> dict[str, Any]:
    line, cells = row
    build.lines["license",] = line
    made: dict[str, Any] = {}
    for key in COLUMNS["license"]:
        value = _list(cells[key]) if key == "shown_to" else _plain(cells[key]) if "disclose" in key else cells[key]
        build.put(made, ("license",), key, value, line)
    return made


def _fact(build: _Builder, where: Path_, row: Row) -> dict[str, Any]:
    line, cells = row
    build.lines[where] = line
    made: dict[str, Any] = {}
    for key in COLUMNS["facts"]:
        cell = cells[key]
        value = [_plain(one) for one in _list(cell)] if key == "range" else _list(cell) if key == "choices" else cell
        build.put(made, where, key, value, line)
    return made


def _policy(build: _Builder, where: Path_, row: Row, tables: Tables, types: Mapping[str, str]) -> dict[str, Any]:
    line, cells = row
    id = cells["policy"]
    build.lines[where] = line
    made: dict[str, Any] = {}
    build.put(made, where, "id", id, line)
    about: dict[str, Any] = {}
    made["about"] = about
    build.lines[*where, "about"] = line
    for key in ("title", "family", "summary", "mental_health", "classification", "nqtl", "owner"):
        cell = id.partition("/")[0] if key == "family" else cells[key]
        value = _list(cell) if key == "nqtl" else _plain(cell) if key == "mental_health" else cell
        build.put(about, (*where, "about"), key, value, line)
    conditions = [one for one in tables["criteria"] if one[1]["policy"] == id]
    made["version"] = _version(build, (*where, "version"), row, conditions, types)
    there: Path_ = (*where, "examples")
    examples = [one for one in tables["examples"] if one[1]["policy"] == id]
    build.lines[there] = line
    made["examples"] = [_example(build, (*there, index), one) for index, one in enumerate(examples)]
    return made


def _version(
    build: _Builder, where: Path_, row: Row, conditions: Sequence[Row], types: Mapping[str, str]
) -> dict[str, Any]:
    line, cells = row
    build.lines[where] = line
    made: dict[str, Any] = {}
    authority = {"cite": cells["cite"], "grade": "text", "checked_on": cells["checked_on"]}
    values = {
        "title": cells["version_title"],
        "in_force": {key: cells[key] for key in ("from", "until") if cells[key]},
        "authority": [{key: one for key, one in authority.items() if one}],
        "lines_of_business": _list(cells["lines_of_business"]),
        "states": _list(cells["states"]),
        "covers": _codes(cells["codes"]),
        "diagnoses": _codes(cells["diagnoses"]),
        "certifications": _list(cells["certifications"]),
        "criteria": _criteria(build, (*where, "criteria"), cells["label"], conditions, types),
        "grant": {key: cells[key] for key in ("lasts", "unit", "review_every") if cells[key]},
        "reviewer": _reviewer(cells),
    }
    for key, value in values.items():
        build.put(made, where, key, value, line)
    return made


def _reviewer(cells: Mapping[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {"role": cells["reviewer"]} if cells["reviewer"] else {}
    return made | ({"specialties": _list(cells["specialties"])} if cells["specialties"] else {})


def _criteria(
    build: _Builder, where: Path_, label: str, conditions: Sequence[Row], types: Mapping[str, str]
) -> dict[str, Any]:
    """All of the rows; those that share a ``group`` are one branch, of which all, any or so many are needed."""
    branches: list[dict[str, Any]] = []
    groups: dict[str, tuple[list[dict[str, Any]], Path_]] = {}
    for line, cells in conditions:
        name = cells["group"]
        if not name:
            branches.append(_leaf(build, (*where, "all", len(branches)), line, cells, types))
            continue
        if name not in groups:
            there: Path_ = (*where, "all", len(branches))
            branch, inner, key = _group(cells)
            build.lines[there] = line
            branches.append(branch)
            groups[name] = (inner, (*there, key))
        inner, there = groups[name]
        inner.append(_leaf(build, (*there, len(inner)), line, cells, types))
    return {"label": label, "all": branches}


def _group(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[dict[str, Any]], str]:
    inner: list[dict[str, Any]] = []
    needs = cells["needs"]
    if needs.isdigit():
        return {"label": cells["group_label"], "at_least": int(needs), "of": inner}, inner, "of"
    key = needs or "all"
    return {"label": cells["group_label"], key: inner}, inner, key


def _leaf(
    build: _Builder, where: Path_, line: int, cells: Mapping[str, str], types: Mapping[str, str]
) -> dict[str, Any]:
    build.lines[where] = line
    made: dict[str, Any] = {}
    build.put(made, where, "fact", cells["fact"], line)
    build.put(made, where, cells["compare"], _operand(cells, types), line)
    build.put(made, where, "label", cells["label"], line)
    build.put(made, where, "cite", cells["cite"], line)
    return made


def _operand(cells: Mapping[str, str], types: Mapping[str, str]) -> Any:
    value = cells["value"]
    if cells["compare"] == "one_of":
        return _list(value)
    if value.startswith("asked:"):
        return {"asked": value.removeprefix("asked:").strip()}
    return value if types.get(cells["fact"]) in ("choice", "text", "date") else _plain(value)


def _example(build: _Builder, where: Path_, row: Row) -> dict[str, Any]:
    line, cells = row
    build.lines[where] = line
    made: dict[str, Any] = {}
    for key in ("name", "on"):
        build.put(made, where, key, cells[key], line)
    build.put(made, where, "asked", _pairs(cells["asked"]), line)
    made["given"] = _pairs(cells["given"])
    build.lines[*where, "given"] = line
    build.put(made, where, "expect", cells["expect"], line)
    return made


def _pairs(cell: str) -> dict[str, Any]:
    """``age=18; sex=female`` as values; a code stays text."""
    pairs = (one.partition("=") for one in _list(cell))
    return {key.strip(): value.strip() if key.strip() == "code" else _plain(value.strip()) for key, _, value in pairs}


def _codes(cell: str) -> dict[str, list[str]]:
    """``hcpcs:H0035; hcpcs:H0015; revenue:0912`` by system."""
    made: dict[str, list[str]] = {}
    for one in _list(cell):
        system, _, code = one.partition(":")
        made.setdefault(system.strip(), []).append(code.strip())
    return made


def _list(cell: str) -> list[str]:
    return [one.strip() for one in cell.split(LIST) if one.strip()]


def _plain(cell: str) -> Any:
    """``true`` and ``false`` as such, decimal digits as a number, anything else as text."""
    if cell in ("true", "false"):
        return cell == "true"
    for form in (int, float):
        try:
            return form(cell)
        except ValueError:
            continue
    return cell
