"""Read the YAML of clock rules: dates stay words, keys may not repeat, and every value knows its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from openum.librarian.faults import Fault

Place = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader without its guess that a word is a date."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if tag != "tag:yaml.org,2002:timestamp"]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file as read: its content (empty when unreadable), the line of each value, and what is wrong with it."""

    file: str
    content: Any
    lines: Mapping[Place, int]
    faults: tuple[Fault, ...] = ()

    def fault(self, place: Place, fault: str, mend: str) -> Fault:
        """A fault at ``place``, or at the nearest place around it that has a line."""
        while place and place not in self.lines:
            place = place[:-1]
        return Fault(self.file, self.lines.get(place, 1), fault, mend)


def read_sheet(path: Path, root: Path) -> Sheet:
    """Read one YAML file; never raises for what is written in it."""
    file = path.relative_to(root).as_posix()
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=_Loader)
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except UnicodeDecodeError:
        return Sheet(file, {}, {}, (Fault(file, 1, "The file is not UTF-8.", "Save it as UTF-8."),))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return Sheet(file, {}, {}, (Fault(file, line, f"Not YAML: {error.problem}.", "Mend the line."),))
    lines: dict[Place, int] = {}
    repeated: list[Fault] = []
    if node is not None:
        _walk(node, (), lines, repeated, file)
    return Sheet(file, content, lines, tuple(repeated))


def _walk(node: yaml.Node, place: Place, lines: dict[Place, int], repeated: list[Fault], file: str) -> None:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            _walk(child, (*place, index), lines, repeated, file)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, child in node.value:
            if key.value in seen:
                repeated.append(Fault(file, key.start_mark.line + 1, f"“{key.value}” is there twice.", "Keep one."))
            seen.add(key.value)
            _walk(child, (*place, key.value), lines, repeated, file)
            lines[(*place, key.value)] = key.start_mark.line + 1
