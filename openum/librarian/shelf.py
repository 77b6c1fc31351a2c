"""One shelf (a folder of library content) as it is written: values, their files, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from openum.core.facts import FactDefinition
from openum.core.request import LINES_OF_BUSINESS
from openum.librarian.definitions import WrittenFact, definitions_of
from openum.librarian.faults import Fault
from openum.librarian.marked import Document, read_document
from openum.librarian.policies import WrittenPolicy, policy_of
from openum.librarian.requirements import WrittenRequirements, requirements_of
from openum.librarian.shape import shape_faults
from openum.librarian.tree import is_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What one root holds. ``faults`` are those of shape and place; what has one is not among the values."""

    root: Path
    facts: tuple[WrittenFact, ...]
    policies: tuple[WrittenPolicy, ...]
    requirements: tuple[WrittenRequirements, ...]
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Reading:
    root: Path
    faults: list[Fault] = field(default_factory=list)

    def document(self, path: Path, kind: str) -> Document | None:
        """The file when it is YAML of the right shape."""
        document, faults = read_document(path)
        wrong = faults or (shape_faults(document, kind) if document else ())
        self.faults += wrong
        return None if wrong else document

    def fault(self, path: Path, fault: str, mend: str) -> None:
        self.faults.append(Fault(str(path), 1, fault, mend))

    def files(self, folder: Path) -> Iterator[Path]:
        """The YAML files right under a folder; anything else there is a fault."""
        for path in visible(folder):
            if path.suffix == ".yaml":
                yield path
            else:
                self.fault(path, f"{path.name} has no place here.", "Only .yaml files stand here; rename or move it.")


def read_shelves(*roots: Path) -> tuple[Shelf, ...]:
    """Every root, in order. Facts are read first, of all roots, because they say which texts in criteria are days."""
    readings = [_Reading(root) for root in roots]
    facts = [tuple(_facts(reading)) for reading in readings]
    known = {fact.definition.id: fact.definition for shelf in facts for fact in shelf}
    return tuple(_shelf(reading, own, known) for reading, own in zip(readings, facts, strict=True))


def visible(folder: Path) -> list[Path]:
    """What stands in a folder, in order of name, without hidden files and editors' left-overs."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.name[0] not in ".~#" and path.name[-1] != "~")


def _shelf(reading: _Reading, facts: tuple[WrittenFact, ...], known: Mapping[str, FactDefinition]) -> Shelf:
    if not reading.root.is_dir():
        reading.fault(reading.root, "There is no such folder.", "Name the folder that holds facts/ and policies/.")
    policies = tuple(_policies(reading, known))
    requirements = tuple(_requirements(reading))
    return Shelf(
        root=reading.root,
        facts=facts,
        policies=policies,
        requirements=requirements,
        faults=tuple(reading.faults),
    )


def _facts(reading: _Reading) -> Iterator[WrittenFact]:
    for path in reading.files(reading.root / "facts"):
        document, faults = read_document(path)
        wrong = faults or (shape_faults(document, "fact") if document else ())
        reading.faults += wrong
        if document:
            yield from definitions_of(_sound(document) if wrong else document)


def _sound(document: Document) -> Document:
    """The document with only those facts that have the right shape, so that one fault does not hide a hundred facts.

    What is left out is a fault already, so nothing is used in part: only the other faults can be told apart from it.
    """
    facts = document.data.get("facts")
    kept = [
        (index, fact)
        for index, fact in enumerate(facts if isinstance(facts, list) else [])
        if not shape_faults(replace(document, data={"topic": "…", "facts": [fact]}), "fact")
    ]
    places = {old: new for new, (old, _) in enumerate(kept)}
    lines = {
        ("facts", places[where[1]], *where[2:]): line
        for where, line in document.lines.items()
        if where[0] == "facts" and len(where) > 1 and where[1] in places
    }
    data = {"topic": str(document.data.get("topic")), "facts": [fact for _, fact in kept]}
    return replace(document, data=data, lines=lines)


def _policies(reading: _Reading, facts: Mapping[str, FactDefinition]) -> Iterator[WrittenPolicy]:
    for family in visible(reading.root / "policies"):
        if not family.is_dir():
            reading.fault(family, f"{family.name} stands outside a policy's folder.", "policies/<family>/<policy>/ …")
            continue
        for folder in visible(family):
            if folder.is_dir():
                yield from _policy(reading, folder, facts)
            else:
                reading.fault(
                    folder, f"{folder.name} stands outside a policy's folder.", "policies/<family>/<policy>/ …"
                )


def _policy(reading: _Reading, folder: Path, facts: Mapping[str, FactDefinition]) -> Iterator[WrittenPolicy]:
    paths = {path.name.removesuffix(".yaml"): path for path in reading.files(folder)}
    about_path = paths.pop("about", None)
    if about_path is None:
        mend = "Write about.yaml beside it, or begin with `openum library new policy`."
        reading.fault(folder, "about.yaml is missing.", mend)
    about = reading.document(about_path, "about") if about_path else None
    if about and about.data["family"] != folder.parent.name:
        mend = f"Write family: {folder.parent.name}, or move the folder."
        reading.faults.append(about.fault(("family",), f"The folder's family is {folder.parent.name}.", mend))
    versions = [path for name, path in paths.items() if is_day(name)]
    if not versions:
        reading.fault(folder, "No version is written.", "Write it as <day it came into force>.yaml: 2026-01-01.yaml.")
    _strays(reading, paths)
    for path in versions:
        version = reading.document(path, "policy")
        if about and version and _dated(reading, version):
            id_ = f"{folder.parent.name}/{folder.name}"
            yield WrittenPolicy(policy=policy_of(id_, about, version, facts), about=about, version=version)


def _strays(reading: _Reading, paths: Mapping[str, Path]) -> None:
    for name, path in paths.items():
        day, dot, _ = name.partition(".examples")
        if is_day(name) or (dot and day in paths and is_day(day)):
            continue
        mend = "Name versions 2026-01-01.yaml and their examples 2026-01-01.examples.yaml."
        reading.fault(path, f"{path.name} belongs to no version.", mend)


def _dated(reading: _Reading, document: Document) -> bool:
    start, name = document.data["in_force"]["from"], document.path.stem
    if start != name:
        mend = f"Name the file {start}.yaml, or write from: {name}."
        fault = f"The file is named {name}, but it is in force from {start}."
        reading.faults.append(document.fault(("in_force", "from"), fault, mend))
    return bool(start == name)


def _requirements(reading: _Reading) -> Iterator[WrittenRequirements]:
    """``<line of business>.yaml``, or ``<line of business>/<first day>.yaml`` when there are several versions."""
    folder = reading.root / "requirements"
    for path in visible(folder):
        if path.stem not in LINES_OF_BUSINESS:
            known = ", ".join(LINES_OF_BUSINESS)
            reading.fault(path, f"{path.stem} is not a line of business.", f"Name it one of {known}.")
            continue
        line_of_business = path.stem
        for one in reading.files(path) if path.is_dir() else [path]:
            document = reading.document(one, "requirements")
            if document and (one is path or _dated(reading, document)):
                yield requirements_of(document, line_of_business)
