"""The list of everything on the shelf: the text of ``docs/reference/library.md``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from openum.core.criteria import leaves
from openum.core.facts import FactDefinition
from openum.core.policy import InForce, Policy
from openum.librarian.library import Library
from openum.librarian.print import span_in_words
from openum.librarian.read import SHIPPED, read_library


def catalog(library: Library) -> str:
    """Policies, requirements and facts as a page of Markdown."""
    return "\n".join([*_head(library), *_policies(library), *_requirements(library), *_facts(library)]) + "\n"


def shipped_catalog() -> str:
    """The catalog of the shelf that comes with OpenUM, read anew."""
    return catalog(read_library(SHIPPED))


def _head(library: Library) -> Iterator[str]:
    yield "# The library"
    yield ""
    yield "Generated from `library/`: do not edit. How an item is built is in `library/README.md`."
    yield ""
    ids = {policy.id for policy in library.policies}
    yield (
        f"{len(ids)} policies, {len(library.policies)} versions, {len(library.facts)} facts; "
        f"lines of business with rules of what needs authorization: {len(library.requirements)}."
    )


def _policies(library: Library) -> Iterator[str]:
    for family, policies in groupby(library.policies, key=lambda policy: policy.family):
        yield from ("", f"## Policies: {family}", "")
        yield "| Policy | In force | Lines of business | Services | Conditions | By authority of |"
        yield "| --- | --- | --- | --- | --- | --- |"
        for policy in policies:
            yield _row(
                f"**{policy.title}**<br>`{policy.key}`",
                _in_force(policy.in_force),
                ", ".join(policy.lines_of_business) or "all",
                _covers(policy),
                str(sum(1 for _ in leaves(policy.criteria))),
                "; ".join(one.cite for one in policy.authority),
            )


def _covers(policy: Policy) -> str:
    parts = []
    for system, codes in policy.covers.by_system.items():
        shown = ", ".join(codes[:4])
        more = f" and {len(codes) - 4} more" if len(codes) > 4 else ""
        parts.append(f"{system} {shown}{more}")
    return "; ".join(parts)


def _requirements(library: Library) -> Iterator[str]:
    if not library.requirements:
        return
    yield from ("", "## What needs authorization", "")
    yield "| Line of business | In force | Rules | Otherwise |"
    yield "| --- | --- | --- | --- |"
    for one in sorted(library.requirement_versions, key=lambda one: one.key):
        yield _row(
            f"**{one.title}**<br>`{one.key}`", _in_force(one.in_force), str(len(one.rules)), f"`{one.otherwise}`"
        )


def _facts(library: Library) -> Iterator[str]:
    users: dict[str, int] = {}
    for policy in library.policies:
        for fact in library.questionnaire_facts(policy):
            users[fact.id] = users.get(fact.id, 0) + 1
    ordered = sorted(library.facts.values(), key=lambda fact: (fact.topic, fact.id))
    for topic, facts in groupby(ordered, key=lambda fact: fact.topic):
        yield from ("", f"## Facts: {topic}", "")
        yield "| Fact | Type | Looked back | Question | Policies |"
        yield "| --- | --- | --- | --- | --- |"
        for fact in facts:
            window = span_in_words(fact.window) if fact.window else ""
            yield _row(f"`{fact.id}`", _type(fact), window, fact.question, str(users.get(fact.id, 0)))


def _type(fact: FactDefinition) -> str:
    if fact.type == "number":
        return f"number, {fact.unit}" if fact.unit else "number"
    return ", ".join(fact.choices) if fact.type == "choice" else fact.type


def _in_force(in_force: InForce) -> str:
    return f"from {in_force.start}" + (f" until {in_force.until}" if in_force.until else "")


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
