"""Whether two policies can speak about the same service."""

from __future__ import annotations

from collections.abc import Iterable

from openum.core.codes import BILLING, CodeSet
from openum.core.policy import Policy, specificity


def tie(one: Policy, other: Policy) -> str:
    """A code for which neither of two policies goes before the other; empty when there is none."""
    if specificity(one) != specificity(other) or not one.in_force.overlaps(other.in_force):
        return ""
    narrowed = (
        (one.lines_of_business, other.lines_of_business),
        (one.states, other.states),
        (one.places, other.places),
        (one.certifications, other.certifications),
    )
    if not all(_meet(mine, theirs) for mine, theirs in narrowed):
        return ""
    if _kept_apart(one, other) or _kept_apart(other, one):
        return ""
    if one.diagnoses and other.diagnoses and not shared_code(one.diagnoses, other.diagnoses):
        return ""
    return shared_code(one.covers, other.covers)


def shared_code(one: CodeSet, other: CodeSet) -> str:
    """A code (or the narrower pattern) that both sets hold; empty when there is none."""
    theirs = [(family(system), value) for system, values in other.by_system.items() for value in values]
    for system, values in one.by_system.items():
        for value in values:
            for their_system, their_value in theirs:
                if family(system) == their_system and _cross(plain(value), plain(their_value)):
                    return f"{system} {max(value, their_value, key=_narrowness)}"
    return ""


def _kept_apart(one: Policy, other: Policy) -> bool:
    """One speaks only of states the other leaves out."""
    return bool(one.states) and set(one.states) <= set(other.except_states)


def _meet(mine: Iterable[str], theirs: Iterable[str]) -> bool:
    return not mine or not theirs or not set(mine).isdisjoint(theirs)


def _cross(one: str, other: str) -> bool:
    if "*" in one:
        return _begins(other, one[:-1])
    if "*" in other:
        return _begins(one, other[:-1])
    (low, high), (their_low, their_high) = _ends(one), _ends(other)
    return len(low) == len(their_low) and low <= their_high and their_low <= high


def _begins(value: str, prefix: str) -> bool:
    """Whether something in ``value`` (a code, prefix or range) begins with ``prefix``."""
    if "*" in value:
        return value[:-1].startswith(prefix) or prefix.startswith(value[:-1])
    low, high = _ends(value)
    return low[: len(prefix)] <= prefix <= high[: len(prefix)]


def _ends(value: str) -> tuple[str, str]:
    low, dots, high = value.partition("..")
    return low, high if dots else low


def _narrowness(value: str) -> tuple[bool, bool, int]:
    return ".." not in value, "*" not in value, len(value)


def family(system: str) -> str:
    """The system a code is searched in: CPT and HCPCS are one (``openum.core.codes.BILLING``)."""
    return "billing" if system in BILLING else system


def plain(value: str) -> str:
    """A code or range as it is compared: upper case, without dots."""
    low, dots, high = value.partition("..")
    return f"{low.replace('.', '')}{dots}{high.replace('.', '')}".upper()
