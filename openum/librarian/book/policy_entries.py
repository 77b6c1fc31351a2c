"""Policies, the lists of what needs authorization, and the facts they rest on, as pages of the law book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from openum.core.codes import CodeSet
from openum.core.criteria import Criterion, Leaf, Not
from openum.core.facts import FactDefinition, Reader
from openum.core.policy import Authority, Policy
from openum.core.requirement import Requirements, Rule, When
from openum.librarian.book.citations import told
from openum.librarian.book.clock_entries import plain
from openum.librarian.book.entry import Entry
from openum.librarian.library import Library
from openum.librarian.licensed import HEAD, License, licenses
from openum.librarian.page import Block, Cell, Heading, Paragraph, Ref, Rows, Table
from openum.librarian.print import SYSTEMS, authority_items, day_in_words, policy_page, span_in_words
from openum.librarian.read import library_of
from openum.librarian.shelf import read_shelves

GRADES: Mapping[str, str] = {"text": "read in full", "summary": "summary read", "knowledge": "from knowledge"}
NEEDS: Mapping[str, str] = {
    "never": "nothing",
    "notification": "the plan is told",
    "referral": "a referral",
    "authorization": "authorization",
    "post_stabilization": "a question from the emergency department",
}


def policy_entries(roots: Sequence[Path]) -> Iterator[Entry]:
    """Policies, requirements and facts. What is licensed is only named, and so is nothing of its facts."""
    shelves = read_shelves(*roots)
    library, held = library_of(shelves), licenses(*roots)
    closed = {fact.definition.id for shelf in shelves for fact in shelf.facts if _licensed(fact.document.content)}
    closed |= _only_of(library, held)
    for policy in library.policies:
        license = held.get(policy.key)
        yield named_entry(policy, license) if license else policy_entry(policy, library)
    for requirements in library.requirement_versions:
        yield requirements_entry(requirements)
    for fact in library.facts.values():
        if fact.id not in closed:
            yield fact_entry(fact)


def _licensed(content: bytes) -> bool:
    return content.startswith(HEAD.encode())


def _only_of(library: Library, held: Mapping[str, License]) -> set[str]:
    """The facts that licensed policies ask for and no other does."""
    asked: dict[bool, set[str]] = {True: set(), False: set()}
    for policy in library.policies:
        asked[policy.key in held] |= {fact.id for fact in library.questionnaire_facts(policy)}
    return asked[True] - asked[False]


def policy_entry(policy: Policy, library: Library) -> Entry:
    """One policy version; its examples stand at the end of its page."""
    blocks = policy_page(policy, library, examples=False).blocks
    return Entry(
        shelf="policies",
        name=policy.id,
        version=policy.version,
        title=policy.title,
        group=plain(policy.family),
        since=_in_force(policy),
        tag=_grades(policy.authority),
        cites=(*(one.cite for one in policy.authority), *(one for one in _cites(policy.criteria) if told(one))),
        body=blocks,
        worked=lambda: tuple(policy_page(policy, library).blocks[len(blocks) :]),
    )


def named_entry(policy: Policy, license: License) -> Entry:
    """A licensed policy: that it is used, and whose it is."""
    words = (
        f"The plan uses criteria of {license.publisher}: {license.product}, {license.edition}. They are licensed "
        "and are not printed here. Whoever is denied care by a criterion is shown that criterion."
    )
    return Entry(
        shelf="policies",
        name=policy.id,
        version=policy.version,
        title=policy.title,
        group=plain(policy.family),
        since=_in_force(policy),
        tag="licensed",
        cites=(),
        body=(Heading("What it is"), Paragraph(words)),
    )


def requirements_entry(one: Requirements) -> Entry:
    """What needs asking in one line of business."""
    rows = tuple((rule.what, NEEDS[rule.needs], _when(rule.when), rule.cite, _judged(rule)) for rule in one.rules)
    until = f" until {day_in_words(one.in_force.until)}" if one.in_force.until else ""
    since = f"From {day_in_words(one.in_force.start)}{until}"
    purpose: tuple[Block, ...] = (Heading("What it is for"), Paragraph(one.summary)) if one.summary else ()
    body = (
        *purpose,
        Heading("What needs asking"),
        Paragraph("The first rule that fits a service holds, from top to bottom."),
        Table("Rules", ("Service", "Needs", "When", "Text", "Judged by"), rows),
        Paragraph(f"A service on no rule needs {NEEDS[one.otherwise]}."),
        Heading("Since when"),
        Paragraph(f"{since}."),
        Heading("By whose authority"),
        authority_items(one.authority),
    )
    return Entry(
        shelf="requirements",
        name=one.line_of_business,
        version=one.version,
        title=one.title,
        group=plain(one.line_of_business),
        since=since,
        tag=_grades(one.authority),
        cites=(*(each.cite for each in one.authority), *(rule.cite for rule in one.rules if rule.cite)),
        body=body,
    )


def fact_entry(fact: FactDefinition) -> Entry:
    """One question about a member, and where its answer is found."""
    body: tuple[Block, ...] = (
        Heading("What is asked"),
        Paragraph(fact.question),
        Rows(tuple((label, words) for label, words in _fact_rows(fact) if words)),
    )
    if fact.readers:
        rows = tuple((plain(one.kind), _read(one), one.take) for one in fact.readers)
        body += (Table("Where it is read in a chart", ("Entry", "Codes", "What is taken"), rows),)
    return Entry(
        shelf="facts",
        name=fact.id,
        version="",
        title=fact.question,
        group=fact.topic,
        since="",
        tag="",
        cites=(),
        body=body,
    )


def _fact_rows(fact: FactDefinition) -> Iterator[tuple[str, str]]:
    yield "Type", f"{fact.type}, {fact.unit}" if fact.unit else fact.type
    yield "Choices", ", ".join(fact.choices)
    yield "Range", f"{fact.least:g} to {fact.most:g}" if fact.least is not None and fact.most is not None else ""
    yield "Chart looked back", span_in_words(fact.window) if fact.window else "any time"
    yield "Of several", fact.pick
    yield "A sicker member has", f"a {fact.worse} value" if fact.worse else ""
    yield "Derived by", plain(fact.derived)
    yield "Shown by", fact.document
    yield "In notes", ", ".join(fact.words)


def _read(reader: Reader) -> str:
    return "; ".join(part for part in (_codes(reader.codes), ", ".join(sorted(reader.links))) if part)


def _codes(codes: CodeSet) -> str:
    return "; ".join(f"{SYSTEMS.get(system, system)} {', '.join(each)}" for system, each in codes.by_system.items())


def _when(when: When) -> str:
    emergency = {True: "emergency", False: "no emergency", None: ""}[when.emergency]
    parts = [emergency, _codes(when.codes), _codes(when.diagnoses)]
    for label, values in (
        ("place", when.places),
        ("X12 1365", when.categories),
        ("X12 1525", when.request_types),
        ("X12 1322", when.certifications),
    ):
        parts += [f"{label} {', '.join(values)}"] if values else []
    return "; ".join(part for part in parts if part) or "always"


def _judged(rule: Rule) -> Cell:
    return Ref(rule.policy, f"policies/{rule.policy}") if rule.policy else rule.note


def _in_force(policy: Policy) -> str:
    until = f" until {day_in_words(policy.in_force.until)}" if policy.in_force.until else ""
    return f"From {day_in_words(policy.in_force.start)}{until}"


def _grades(authority: Sequence[Authority]) -> str:
    """How well the citations were read, the worst first; our own wording only where nothing else is cited."""
    found = {one.grade for one in authority}
    worst = next((grade for grade in ("knowledge", "summary", "text") if grade in found), "own")
    return GRADES.get(worst, "our own wording")


def _cites(criterion: Criterion) -> Iterator[str]:
    if criterion.cite:
        yield criterion.cite
    if isinstance(criterion, Not):
        yield from _cites(criterion.of)
    elif not isinstance(criterion, Leaf):
        for branch in criterion.of:
            yield from _cites(branch)
