"""What a client may ask for: SMART system scopes, each as the operations of this door it stands for.

| scope | stands for |
| --- | --- |
| ``system/Claim.$submit``, ``system/Claim.$inquire`` | that one operation |
| ``system/Claim.write`` (``c``, ``cu`` …), ``system/*.write`` | submit |
| ``system/Claim.read`` (``r``, ``rs`` …), ``system/*.read`` | inquire |
| ``system/Claim.*``, ``system/*.*``, ``system/*.cruds`` | both |
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

Operation = Literal["submit", "inquire"]
BOTH: frozenset[Operation] = frozenset({"submit", "inquire"})
OFFERED = ("system/Claim.$submit", "system/Claim.$inquire", "system/Claim.*", "system/*.*")

_SCOPE = re.compile(r"^system/(?:Claim|\*)\.(\*|read|write|\$submit|\$inquire|c?r?u?d?s?)$")


def operations(scope: str) -> frozenset[Operation]:
    """The operations a scope stands for; none for a scope this door does not know."""
    found = _SCOPE.match(scope)
    if found is None or not found[1]:
        return frozenset()
    said = found[1]
    if said == "*":
        return BOTH
    named: set[Operation] = set()
    if said in ("$submit", "write") or (_letters(said) and "c" in said):
        named.add("submit")
    if said in ("$inquire", "read") or (_letters(said) and ("r" in said or "s" in said)):
        named.add("inquire")
    return frozenset(named)


def _letters(said: str) -> bool:
    return said not in ("read", "write") and not said.startswith("$")


def granted(asked: Iterable[str], registered: Iterable[str]) -> tuple[str, ...]:
    """The scopes asked for that the registered ones cover, in order, each once."""
    held = frozenset(operation for scope in registered for operation in operations(scope))
    return tuple(dict.fromkeys(scope for scope in asked if operations(scope) and operations(scope) <= held))


def allows(scopes: Iterable[str], operation: Operation) -> bool:
    """Whether one of the scopes stands for the operation."""
    return any(operation in operations(scope) for scope in scopes)
