"""YAML that remembers its lines, so that every fault can name one.

The YAML is read plainly: ``true`` and ``false`` are the only booleans (``yes``, ``no`` and ``on`` are words), days
stay text until a fact's type asks for a day, a number is decimal digits, and codes are text with or without quotes.
There are no anchors: a reader should not have to look elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from openum.librarian.faults import Fault

Path_ = tuple[str | int, ...]
"""Where a value stands in a document: keys and positions from the top."""

TEXT_KEYS = frozenset({
    "loinc", "snomed", "icd10cm", "icd10pcs", "icd9cm", "cpt", "hcpcs", "rxnorm", "ndc", "cvx", "revenue", "pos",
    "nucc", "drg", "places", "place", "certifications", "certification", "categories", "category", "request_types",
    "code", "unit", "cite", "answer", "states", "except_states", "title", "label", "name", "text", "reason", "why",
    "what", "note", "question", "summary", "to_person", "choices", "lasts", "window", "within", "review_every", "words",
})  # fmt: skip
"""Under these keys a scalar is text as it is written: ``cpt: [97110]`` is the code, not a number."""


class _Loader(yaml.CSafeLoader):
    """A safe loader that knows only the plain scalars named above."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


for _tag, _form, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|", ["~", "n", ""]),
    ("int", r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(0|[1-9][0-9]*)\.[0-9]+", "-+0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_form})$"), list(_first))


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One YAML file: its data, and the line (from 1) on which each value's key or list item stands."""

    path: Path
    data: Any
    lines: Mapping[Path_, int]
    content: bytes = b""

    def line(self, *where: str | int) -> int:
        """The line of the value at ``where``, or of the nearest thing around it."""
        for length in range(len(where), 0, -1):
            if where[:length] in self.lines:
                return self.lines[where[:length]]
        return 1

    def fault(self, where: Path_, fault: str, mend: str) -> Fault:
        """A fault at the line of the value at ``where``."""
        return Fault(str(self.path), self.line(*where), fault, mend)


@dataclass(slots=True)
class _Builder:
    path: Path
    lines: dict[Path_, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def fault(self, node: yaml.Node, fault: str, mend: str) -> None:
        self.faults.append(Fault(str(self.path), node.start_mark.line + 1, fault, mend))

    def build(self, node: yaml.Node, where: Path_, *, as_text: bool = False) -> Any:
        if id(node) in self.seen:
            self.fault(node, "An anchor is used here again (`*name`).", "Write the value out in full.")
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node, as_text=as_text)
        if isinstance(node, yaml.SequenceNode):
            return [self._item(item, (*where, index), as_text) for index, item in enumerate(node.value)]
        return self._mapping(node, where)

    def _item(self, node: yaml.Node, where: Path_, as_text: bool) -> Any:
        self.lines[where] = node.start_mark.line + 1
        return self.build(node, where, as_text=as_text)

    def _mapping(self, node: yaml.Node, where: Path_) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in built:
                self.fault(key_node, f"`{key}` is written twice.", "Keep one of the two.")
            self.lines[*where, key] = key_node.start_mark.line + 1
            built[key] = self.build(value_node, (*where, key), as_text=key in TEXT_KEYS)
        return built


def read_document(path: Path) -> tuple[Document | None, tuple[Fault, ...]]:
    """Read one file; a file that is not YAML gives no document and says where and why."""
    content = path.read_bytes()
    try:
        node = yaml.compose(content, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        return None, (_not_yaml(path, error),)
    except yaml.reader.ReaderError:
        return None, (Fault(str(path), 1, "The file is not UTF-8 text.", "Save it as UTF-8."),)
    if not isinstance(node, yaml.MappingNode | yaml.SequenceNode):
        return None, (
            Fault(str(path), 1, "The file is empty.", "Begin with the keys of its kind (library/README.md)."),
        )
    builder = _Builder(path)
    data = builder.build(node, ())
    return Document(path=path, data=data, lines=builder.lines, content=content), tuple(builder.faults)


def _scalar(node: yaml.ScalarNode, *, as_text: bool) -> str | int | float | bool | None:
    text = str(node.value)
    kind = node.tag.rpartition(":")[2]
    if kind == "null":
        return None
    if as_text or kind not in ("bool", "int", "float"):
        return text
    if kind == "bool":
        return text == "true"
    return int(text) if kind == "int" else float(text)


def _not_yaml(path: Path, error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    problem = error.problem or "it cannot be read"
    mend = "Check indentation and brackets."
    if "mapping values are not allowed" in problem or "expected ',' or" in problem:
        mend = "Put text that holds a colon, comma, % or # into double quotes, and check indentation and brackets."
    if "cannot start any token" in problem:
        mend = "Put the text into double quotes, and indent with spaces, never tabs."
    return Fault(str(path), line, f"This is not YAML: {problem}.", mend)
