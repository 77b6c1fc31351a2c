"""Criteria that others own: a licensee loads them onto a shelf of its own, where they stay restricted.

OpenUM ships none of them. A *bundle* is one YAML or JSON file, or a folder of CSV files
(``openum.librarian.licensed_csv``), in the form of ``docs/how-to/licensed-criteria.md``. :func:`load` writes it as
policies, facts and worked examples, or refuses with every fault at its file and line, and then writes nothing.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from openum.core.policy import Policy
from openum.core.refusal import Refusal
from openum.librarian.check import check_library
from openum.librarian.faults import Fault
from openum.librarian.licensed_csv import read_folder
from openum.librarian.marked import Document, Path_, read_document
from openum.librarian.shape import SHIPPED, shape_faults
from openum.librarian.shelf import visible
from openum.librarian.tree import is_day

RESTRICTED = "restricted"
PUBLIC = "public"
ON_DENIAL = frozenset({"member", "provider", "external_reviewer", "regulator"})
"""Who reads the criterion of a denial, whatever a license says: the law opens it to them."""
HEAD = "# Loaded from a licensed bundle: not for publication, and never edited here. Load the next edition instead.\n"
LINE = 120
Tell = Callable[[Fault], Fault]
"""How a fault finds the file and line it comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class License:
    """By what right a plan uses criteria that somebody else owns, and to whom it may show them.

    ``shown_to`` are the roles of people (``reviewer``, ``medical_director`` …). ``until`` is the last day.
    """

    publisher: str
    product: str
    edition: str
    holder: str
    number: str
    start: date
    until: date | None
    shown_to: frozenset[str]
    disclose_on_denial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a bundle became: policy versions (``id@day``) and the files written; none when all of it was there."""

    policies: tuple[str, ...]
    files: tuple[Path, ...]


class BundleFaulty(Refusal):
    """``licensed_bundle_faulty``: nothing was written. ``faults`` are all that is wrong, by file and line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        more = f" ({len(faults) - 1} more)" if faults[1:] else ""
        super().__init__(
            "licensed_bundle_faulty",
            f"{faults[0]}{more}",
            "Mend the bundle and load it again; nothing was written.",
            where=faults[0].file,
        )
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class _Staged:
    """A file to be written, and the place in the bundle it was made of."""

    path: Path
    data: Any
    place: Path_
    items: tuple[int, ...] = ()
    """For a file of facts: which of the bundle's facts it holds."""


def load(bundle: Path, shelf: Path, *, beside: Sequence[Path] = (SHIPPED,)) -> Loaded:
    """Write a bundle onto a private shelf. ``beside`` are the shelves it is used with: their facts may be used.

    Raises:
        BundleFaulty: something in the bundle cannot be; nothing was written.
        Refusal: ``licensed_on_public_shelf`` when the shelf is one that everybody gets; ``licensed_exists`` when
            another text of the same version is there; ``licensed_bundle_missing``.
    """
    if any(shelf.resolve().is_relative_to(root.resolve()) for root in (SHIPPED, *beside)):
        raise Refusal(
            "licensed_on_public_shelf",
            "Licensed criteria do not go onto a shelf that comes with OpenUM or is shared.",
            "Name a folder of your own, and add it to the library by its path.",
        )
    document, told = _read(bundle)
    _refuse(_shape(document), told)
    _refuse(tuple(_terms(document)), told)
    files = tuple(_files(document, shelf, beside))
    new = tuple(one for one in files if not _there(one))
    _refuse(_meaning(document, new, shelf, beside), told)
    _write(new)
    keys = tuple(f"{one['id']}@{one['version']['in_force']['from']}" for one in document.data["policies"])
    return Loaded(policies=keys, files=tuple(one.path for one in new))


def license_of(version: Mapping[str, Any]) -> License | None:
    """The license a policy version stands under, by its file; ``None`` for one that is free."""
    raw = version.get("license")
    if raw is None:
        return None
    return License(
        publisher=raw["publisher"],
        product=raw["product"],
        edition=raw["edition"],
        holder=raw["holder"],
        number=raw["number"],
        start=date.fromisoformat(raw["from"]),
        until=date.fromisoformat(raw["until"]) if "until" in raw else None,
        shown_to=frozenset(raw["shown_to"]),
        disclose_on_denial=raw["disclose_on_denial"],
    )


def licenses(*roots: Path) -> Mapping[str, License]:
    """The licenses of every restricted policy version on these shelves, by its key (``id@version``)."""
    found: dict[str, License] = {}
    for path in (path for root in roots for path in sorted(root.glob("policies/*/*/*.yaml"))):
        document, faults = read_document(path) if is_day(path.stem) else (None, ())
        one = None if document is None or faults else license_of(document.data)
        if one is not None:
            found[f"{path.parts[-3]}/{path.parts[-2]}@{path.stem}"] = one
    return found


def may_show(license: License | None, to: str, *, denied: bool = False) -> bool:
    """Whether the text of a criterion may be shown to a role.

    What is free is shown to everybody. What is licensed is never shown to the ``public``; it is shown to the roles of
    the license, and to whom the law opens the criterion of a denial.
    """
    if license is None:
        return True
    if to == PUBLIC:
        return False
    return to in license.shown_to or (denied and license.disclose_on_denial and to in ON_DENIAL)


def public(policies: Sequence[Policy], *roots: Path) -> tuple[Policy, ...]:
    """The policies that may stand in the public law book: all but the restricted ones of these shelves."""
    held = licenses(*roots)
    return tuple(policy for policy in policies if policy.key not in held)


def _read(bundle: Path) -> tuple[Document, Tell]:
    if bundle.is_dir():
        document, faults, told = read_folder(bundle)
    elif bundle.is_file():
        document, faults = read_document(bundle)
        told = _same
    else:
        raise Refusal("licensed_bundle_missing", "There is no such bundle.", "Name a .yaml or .json file or a folder.")
    _refuse(faults, told)
    assert document is not None  # noqa: S101 - without faults there is a document
    return document, told


def _same(fault: Fault) -> Fault:
    return fault


def _refuse(faults: Sequence[Fault], told: Tell) -> None:
    if faults:
        raise BundleFaulty(sorted({told(fault) for fault in faults}))


def _shape(document: Document) -> tuple[Fault, ...]:
    """The shape of the bundle and of each of its parts, told at the bundle's own lines."""
    whole = shape_faults(document, "licensed-bundle")
    if whole:
        return whole
    parts = [(("policies", index), one) for index, one in enumerate(document.data["policies"])]
    found = [
        fault
        for place, one in parts
        for key, kind in (("about", "about"), ("version", "policy"), ("examples", "examples"))
        for fault in shape_faults(_part(document, (*place, key), one[key]), kind)
    ]
    if "facts" in document.data:
        inner = _part(document, ("facts",), document.data["facts"])
        lines = {("facts", *where): line for where, line in inner.lines.items()}
        topic = {"topic": document.data["license"]["product"], "facts": inner.data}
        found += shape_faults(_moved(inner, topic, lines), "fact")
    return tuple(found)


def _part(document: Document, place: Path_, data: Any) -> Document:
    """A part of the bundle as a document of its own, which keeps the bundle's lines."""
    length = len(place)
    lines = {where[length:]: line for where, line in document.lines.items() if where[:length] == place}
    return _moved(document, data, lines)


def _moved(document: Document, data: Any, lines: Mapping[Path_, int]) -> Document:
    top = lines.get((), document.line())
    return Document(path=document.path, data=data, lines={**lines, (): top}, content=document.content)


def _terms(document: Document) -> Iterator[Fault]:
    """What the license and the policies say of each other that cannot be."""
    license, ids = document.data["license"], set()
    for index, one in enumerate(document.data["policies"]):
        place: Path_ = ("policies", index)
        if one["id"] in ids:
            yield document.fault((*place, "id"), f"{one['id']} stands in the bundle twice.", "Keep one of the two.")
        ids.add(one["id"])
        if one["about"]["family"] != one["id"].partition("/")[0]:
            mend = f"Write family: {one['id'].partition('/')[0]}."
            yield document.fault((*place, "about", "family"), "The family is not that of the id.", mend)
        since = one["version"]["in_force"]
        where: Path_ = (*place, "version", "in_force")
        if since["from"] < license["from"]:
            fault = f"It begins on {since['from']}, before the license ({license['from']})."
            yield document.fault((*where, "from"), fault, "Begin with the license, or later.")
        if "until" in license and since.get("until", "9999-12-31") > license["until"]:
            fault = f"The license ends on {license['until']}, and the policy would go on."
            yield document.fault(where, fault, f"Write until: {license['until']}, or an earlier day.")


def _files(document: Document, shelf: Path, beside: Sequence[Path]) -> Iterator[_Staged]:
    """Every file the bundle becomes: facts that are not there yet, then about, examples and version of each policy."""
    data = document.data
    license = {"terms": RESTRICTED, **data["license"]}
    known = dict(_known_facts(shelf, *beside))
    facts = [(index, fact) for index, fact in enumerate(data.get("facts", ())) if known.get(fact["id"]) != fact]
    if facts:
        name = "-".join(re.findall(r"[a-z0-9]+", "{publisher} {product} {edition}".format(**data["license"]).lower()))
        topic = {"topic": data["license"]["product"], "facts": [fact for _, fact in facts]}
        yield _Staged(shelf / "facts" / f"{name}.yaml", topic, ("facts",), tuple(index for index, _ in facts))
    for index, one in enumerate(data["policies"]):
        folder, place = shelf / "policies" / one["id"], ("policies", index)
        day = one["version"]["in_force"]["from"]
        yield _Staged(folder / "about.yaml", one["about"], (*place, "about"))
        yield _Staged(folder / f"{day}.examples.yaml", one["examples"], (*place, "examples"))
        yield _Staged(folder / f"{day}.yaml", {**one["version"], "license": license}, (*place, "version"))


def _known_facts(*roots: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in (path for root in roots for path in visible(root / "facts")):
        document, faults = read_document(path)
        if document is not None and not faults:
            yield from ((str(fact["id"]), fact) for fact in document.data["facts"])


def _text(one: _Staged) -> str:
    head = (
        "# Loaded from a licensed bundle: not for publication, and never edited here. Load the next edition instead.\n"
    )
    return head + yaml.safe_dump(one.data, sort_keys=False, allow_unicode=True, width=LINE)


def _there(one: _Staged) -> bool:
    """Whether the same text is there already; refuses when another one is."""
    if not one.path.exists():
        return False
    if one.path.read_text(encoding="utf-8") != _text(one):
        raise Refusal(
            "licensed_exists",
            f"Another text of {one.path.parent.name}/{one.path.name} is on the shelf.",
            "A version that was loaded is never changed: give the next edition a later day.",
            where=str(one.path),
        )
    return True


def _meaning(document: Document, new: Sequence[_Staged], shelf: Path, beside: Sequence[Path]) -> tuple[Fault, ...]:
    """What the check says of the shelf as it would be, told at the places of the bundle."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "shelf"
        if shelf.is_dir():
            shutil.copytree(shelf, trial)
        moved = {trial / one.path.relative_to(shelf): one for one in new}
        for path, one in moved.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_text(one), encoding="utf-8")
        trial.mkdir(exist_ok=True)
        faults = check_library(*beside, trial)
        return tuple(_back(document, fault, moved[path]) for fault in faults if (path := Path(fault.file)) in moved)


def _back(document: Document, fault: Fault, one: _Staged) -> Fault:
    """A fault of a file that would be written, at the place of the bundle it comes from."""
    written, _ = read_document(Path(fault.file))
    lines = {} if written is None else written.lines
    there = min((where for where, line in lines.items() if line == fault.line), key=len, default=())
    if one.items and len(there) > 1:
        there = (one.items[int(there[1])], *there[2:])
    return document.fault((*one.place, *there), fault.fault, fault.mend)


def _write(new: Sequence[_Staged]) -> None:
    """All of the files or none: each is written whole beside its place, then put there; what was put is taken back."""
    put: list[Path] = []
    try:
        for one in new:
            for folder in reversed(one.path.parents):
                if not folder.exists():
                    folder.mkdir()
                    put.append(folder)
            whole = one.path.with_name(f".{one.path.name}.part")
            put.append(whole)
            whole.write_text(_text(one), encoding="utf-8")
            whole.replace(one.path)
            put.append(one.path)
    except OSError:
        for path in reversed(put):
            path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        raise
