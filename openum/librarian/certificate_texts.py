"""The library's own text in a certificate: taken from the shelves, and read back without them.

What is read back goes through the same readers as a shelf, from a folder of its own that is gone afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openum.core.clock_rule import ClockRule
from openum.core.criteria import fact_names
from openum.core.facts import FactDefinition
from openum.core.policy import Policy
from openum.core.refusal import Refusal
from openum.librarian.clock_reading import clock_of, shaped
from openum.librarian.definitions import WrittenFact, definitions_of, with_inputs
from openum.librarian.library import Library
from openum.librarian.marked import read_document
from openum.librarian.shelf import read_shelves, visible

Text = Mapping[str, str]
"""One file: its ``path`` on its shelf, its ``text`` and the ``sha256`` of the text."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A policy and the facts it asks for, as read from a certificate's text."""

    policy: Policy
    definitions: Mapping[str, FactDefinition]


class TextFaulty(ValueError):
    """The text of a certificate cannot be read as what it is said to be; says where and why."""


def text_of(path: str, text: str) -> dict[str, str]:
    """A text as a certificate holds it."""
    return {"path": path, "sha256": sha256(text.encode()).hexdigest(), "text": text}


def policy_texts(library: Library, policy: Policy) -> tuple[Text, Text]:
    """The two files a policy version is written in: ``about.yaml`` and the version.

    Raises:
        Refusal: ``policy-text-gone`` when the files on the shelf are not those the policy was read from.
    """
    file = library.files[policy.key]
    about, version = file.with_name("about.yaml").read_bytes(), file.read_bytes()
    if sha256(about + version).hexdigest() != policy.digest:
        raise Refusal(
            "policy-text-gone",
            f"The text of {policy.key} on the shelf is not the one that was decided by.",
            "Put the adopted text back, or restart what still holds the old one.",
        )
    folder = f"policies/{policy.id}"
    return text_of(f"{folder}/about.yaml", about.decode()), text_of(f"{folder}/{file.name}", version.decode())


def fact_texts(library: Library, policy: Policy, *roots: Path) -> tuple[Text, ...]:
    """The definitions of the facts a policy asks for, with those they are derived from: each topic's own lines."""
    derived = {name: fact.derived for name, fact in library.facts.items()}
    wanted = frozenset(with_inputs(fact_names(policy.criteria), derived))
    return tuple(
        text_of(f"facts/{number}-{path.name}", _excerpt(path, [one for one in found if one.definition.id in wanted]))
        for number, (path, found) in enumerate(_written_facts(*roots), 1)
        if any(one.definition.id in wanted for one in found)
    )


def rebuilt(policy: Iterable[Text], facts: Iterable[Text]) -> Rebuilt:
    """The policy and its facts from their text alone. Raises ``TextFaulty``."""
    texts = (*policy, *facts)
    with TemporaryDirectory(prefix="openum-certificate-") as folder:
        _put(Path(folder), texts)
        (shelf,) = read_shelves(Path(folder))
    if shelf.faults:
        first = shelf.faults[0]
        raise TextFaulty(f"{Path(first.file).name}:{first.line}: {first.fault}")
    if len(shelf.policies) != 1:
        raise TextFaulty("The text holds no policy, or several.")
    return Rebuilt(shelf.policies[0].policy, {one.definition.id: one.definition for one in shelf.facts})


def clock_text(rule: ClockRule, *roots: Path) -> Text:
    """The file a clock rule is written in, found by its name. Raises ``Refusal`` ``rule-text-gone``."""
    stem = rule.id.lower() + ("" if rule.version == "1" else f".v{rule.version}")
    place = f"clocks/{rule.jurisdiction}/{rule.program}/{stem}.yaml"
    for root in reversed(roots):
        if (root / place).is_file():
            return text_of(place, (root / place).read_bytes().decode())
    raise Refusal(
        "rule-text-gone", f"The shelves hold no text of {rule.id} version {rule.version}.", "Put its file back."
    )


def rebuilt_clock(text: Text, event_words: Mapping[str, str]) -> ClockRule:
    """The rule from its text alone. Raises ``TextFaulty``."""
    with TemporaryDirectory(prefix="openum-certificate-") as folder:
        (path,) = _put(Path(folder), (text,))
        document, faults = shaped(path, "clock")
    if document is None or faults:
        raise TextFaulty(f"{path.name}:{faults[0].line}: {faults[0].fault}")
    jurisdiction, program = path.parts[-3:-1]
    return clock_of(document.data, jurisdiction=jurisdiction, program=program, event_words=event_words)


@cache
def _written_facts(*roots: Path) -> tuple[tuple[Path, tuple[WrittenFact, ...]], ...]:
    files = [path for root in roots for path in visible(root / "facts") if path.suffix == ".yaml"]
    documents = [(path, read_document(path)[0]) for path in files]
    return tuple((path, definitions_of(document)) for path, document in documents if document is not None)


def _excerpt(path: Path, wanted: list[WrittenFact]) -> str:
    """The lines in which these facts are defined, under their topic; the whole file where lines are shared."""
    whole = path.read_bytes().decode()
    document = wanted[0].document
    rows = whole.splitlines(keepends=True)
    starts = [document.line("facts", index) - 1 for index in range(len(document.data["facts"]))]
    ends = [*starts[1:], len(rows)]
    kept = "".join("".join(rows[starts[index] : ends[index]]) for one in wanted for index in [int(one.where[1])])
    text = f"topic: {_quoted(document.data['topic'])}\nfacts:\n{kept}"
    return text if _says(text) == [one.definition for one in wanted] else whole


def _says(text: str) -> list[FactDefinition]:
    with TemporaryDirectory(prefix="openum-certificate-") as folder:
        path = Path(folder) / "facts.yaml"
        path.write_bytes(text.encode())
        document, faults = shaped(path, "fact")
    return [] if document is None or faults else [one.definition for one in definitions_of(document)]


def _quoted(text: Any) -> str:
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _put(folder: Path, texts: Iterable[Text]) -> tuple[Path, ...]:
    return tuple(_put_one(folder, one) for one in texts)


def _put_one(folder: Path, one: Text) -> Path:
    """Write one text where its path says, below the folder and nowhere else."""
    parts = one["path"].split("/")
    if not parts or not all(part and part[0] not in ".~#" and "\\" not in part and "\0" not in part for part in parts):
        raise TextFaulty("A text names a place that no shelf has.")
    if sha256(one["text"].encode()).hexdigest() != one["sha256"]:
        raise TextFaulty("A text is not the one its hash was made of.")
    path = folder.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(one["text"].encode())
    return path
