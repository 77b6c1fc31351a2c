"""A fault in the library: where it is, what is wrong, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault. ``file`` is relative to the library's root; ``line`` counts from 1."""

    file: str
    line: int
    fault: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.fault} {self.mend}"
