"""What policy versions and requirement rules say about each other that cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, groupby
from typing import Any

from openum.librarian.fact_checks import code_faults, did_you_mean
from openum.librarian.faults import Fault
from openum.librarian.marked import Document
from openum.librarian.overlap import tie
from openum.librarian.policies import WrittenPolicy
from openum.librarian.requirements import WrittenRequirements

COMMENT = re.compile(r"(?:^|\s)#.*[A-Za-z]{4,}")
AMA = (
    "CPT codes may be listed, CPT descriptors may not (American Medical Association): remove the words, or describe "
    "the service in words of your own away from the code."
)
WRITE_POLICY = "Write that policy, or leave `policy` out."


def policy_faults(written: WrittenPolicy, ids: Sequence[str]) -> Iterator[Fault]:
    """The faults of one version outside its criteria and examples."""
    policy, document = written.policy, written.version
    if policy.in_force.until is not None and policy.in_force.until < policy.in_force.start:
        where = ("in_force", "until")
        yield document.fault(where, "The version ends before it begins.", "Write a day after `from`, or leave it out.")
    for index, alternative in enumerate(policy.alternatives):
        if alternative.policy and alternative.policy not in ids:
            mend = did_you_mean(alternative.policy, ids, WRITE_POLICY)
            there = ("alternatives", index, "policy")
            yield document.fault(there, f"There is no policy `{alternative.policy}`.", mend)
    for key in ("covers", "diagnoses"):
        yield from code_faults(document, document.data.get(key, {}), (key,))
    yield from cpt_words(document)


def version_faults(policies: Sequence[WrittenPolicy]) -> Iterator[Fault]:
    """Versions of one policy that claim the same days."""
    ordered = sorted(policies, key=lambda one: (one.policy.id, one.policy.in_force.start))
    for _, versions in groupby(ordered, key=lambda one: one.policy.id):
        for one, later in combinations(versions, 2):
            until = one.policy.in_force.until
            if until is not None and until >= later.policy.in_force.start:
                fault = f"In force until {until}, but version {later.policy.version} begins before that."
                mend = "Leave `until` out: the next version closes this one; or end it on the eve of the next."
                yield one.version.fault(("in_force", "until"), fault, mend)


def tie_faults(policies: Sequence[WrittenPolicy]) -> Iterator[Fault]:
    """Policies of which neither goes before the other for the same service; a person would have to choose each time."""
    for one, other in combinations(policies, 2):
        if one.policy.id == other.policy.id:
            continue
        code = tie(one.policy, other.policy)
        if code:
            fault = f"Ties with {one.policy.key} for {code}: neither is narrower, so neither would be chosen."
            mend = (
                "Narrow one of them (states, diagnoses, places, certifications, lines of business), end one, "
                "or take the shared codes out of one."
            )
            yield other.version.fault(("covers",), fault, mend)


def requirement_faults(written: WrittenRequirements, ids: Sequence[str]) -> Iterator[Fault]:
    """Rules that name policies there are not, or that no line can reach."""
    document = written.document
    earlier: dict[str, int] = {}
    for index, rule in enumerate(document.data["rules"]):
        where = ("rules", index)
        if "policy" in rule and rule["policy"] not in ids:
            mend = did_you_mean(rule["policy"], ids, WRITE_POLICY)
            yield document.fault((*where, "policy"), f"There is no policy `{rule['policy']}`.", mend)
        if "policy" in rule and rule["needs"] in ("never", "notification"):
            fault = f"A service that needs `{rule['needs']}` is judged by no policy."
            yield document.fault((*where, "policy"), fault, "Leave `policy` out, or write needs: authorization.")
        same = repr(sorted(rule["when"].items()))
        if same in earlier:
            fault = f"Number {earlier[same] + 1} says the same `when`, so this rule never holds."
            yield document.fault((*where, "when"), fault, "Keep one of the two: the first that matches wins.")
        earlier.setdefault(same, index)
    yield from cpt_words(document)


def cpt_words(document: Document) -> Iterator[Fault]:
    """Words beside a CPT code, in a comment or a text, that may be its descriptor."""
    codes = {code for code in _cpt(document.data) if code.isalnum()}
    if not codes:
        return
    listed = "|".join(sorted(codes))
    in_text = re.compile(rf"\b({listed})\b\s*[\"']?\s*[-–—:(=]\s*[A-Za-z]{{3,}}")
    in_line = re.compile(rf"\b({listed})\b")
    for number, line in enumerate(document.content.decode().splitlines(), 1):
        code = in_line.search(line)
        if code and (COMMENT.search(line) or in_text.search(line)):
            yield Fault(str(document.path), number, f"Words stand beside the CPT code {code[1]}.", AMA)


def _cpt(data: Any) -> Iterator[str]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key == "cpt" and isinstance(value, list):
                yield from (str(code) for code in value)
            else:
                yield from _cpt(value)
    elif isinstance(data, list):
        for one in data:
            yield from _cpt(one)
