"""A policy as a page a clinician can read: what holds, since when, by whose authority, with worked examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from openum.core.codes import CodeSet
from openum.core.criteria import All, AnyOf, AtLeast, Criterion, Leaf, Not, compiled
from openum.core.facts import FactDefinition
from openum.core.policy import Alternative, Authority, InForce, Policy
from openum.core.span import Span
from openum.librarian.examples import WORDS, examples_of
from openum.librarian.library import Library
from openum.librarian.marked import read_document
from openum.librarian.page import Block, Heading, Item, Items, Page, Paragraph, Ref, Table, as_html, as_text

SYSTEMS = {
    "cpt": "CPT", "hcpcs": "HCPCS level II", "icd10cm": "ICD-10-CM", "icd10pcs": "ICD-10-PCS", "rxnorm": "RxNorm",
    "ndc": "NDC", "revenue": "Revenue code", "drg": "MS-DRG", "snomed": "SNOMED CT", "loinc": "LOINC",
}  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
GRADES = {
    "text": "read in full",
    "summary": "a summary was read",
    "knowledge": "from knowledge, to be confirmed",
    "own": "our own wording",
}
ROLES = {
    "physician": "a physician",
    "pharmacist": "a pharmacist",
    "behavioral": "a behavioral health clinician",
    "dentist": "a dentist",
}
EXPECT = {"met": "met", "not_met": "not met: goes to a clinician", "unknown": "unknown: something is missing"}


def print_policy(policy: Policy, library: Library, form: Literal["html", "text"] = "html") -> str:
    """The policy version as an HTML document without style, or as plain text."""
    page = policy_page(policy, library)
    return as_html(page) if form == "html" else as_text(page)


def policy_page(policy: Policy, library: Library, *, examples: bool = True) -> Page:
    """The policy version as blocks, in the order a reader asks for them; its examples come last."""
    blocks = (
        Heading("What it is for"),
        Paragraph(policy.summary),
        *_to_person(policy),
        *_since_when(policy),
        *_authority(policy),
        *_covered(policy),
        *_criteria(policy.criteria),
        *_asked(library.questionnaire_facts(policy)),
        *_decisions(policy),
        *_alternatives(policy),
        *_omitted(policy),
        *(_examples(policy, library) if examples else ()),
    )
    subtitle = f"{policy.id}, version {policy.version}, SHA-256 {policy.digest}"
    return Page(policy.title, subtitle, blocks)


def _criteria(criterion: Criterion) -> Iterator[Block]:
    """The whole tree; its root is a sentence above the list, so that numbers stay short."""
    yield Heading("Criteria")
    root = criterion_item(criterion)
    if root.items and not isinstance(criterion, Not):
        yield Paragraph(" ".join(part for part in (root.text, root.rule) if part))
        yield Items(root.items, numbered=True)
    else:
        yield Items((root,), numbered=True)


def criterion_item(criterion: Criterion) -> Item:
    """A tree as nested sentences."""
    match criterion:
        case Leaf():
            return Item(criterion.label, cite=criterion.cite)
        case Not(of):
            return Item(criterion.label, "– this must not hold:", criterion.cite, items=(criterion_item(of),))
        case All(of):
            rule = "– all of these:" if len(of) > 1 else ""
        case AnyOf(of):
            rule = "– at least one of these:" if len(of) > 1 else ""
        case AtLeast(n, of):
            rule = f"– at least {n} of these {len(of)}:"
    return Item(criterion.label, rule, criterion.cite, items=tuple(map(criterion_item, of)))


def day_in_words(day: date) -> str:
    """``September 27, 2021``."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def span_in_words(span: Span) -> str:
    """``1 day``, ``12 months``."""
    number, unit = (span.months, "month") if span.months else (span.days, "day")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _to_person(policy: Policy) -> Iterator[Block]:
    if policy.to_person:
        yield Paragraph(f"A person decides every case. {policy.to_person}", "notice")


def _since_when(policy: Policy) -> Iterator[Block]:
    yield Heading("Where and since when it holds")
    yield Paragraph(_in_force(policy.in_force))
    narrowed = [
        ("Lines of business", ", ".join(policy.lines_of_business) or "all"),
        ("States", ", ".join(policy.states) or "all"),
        ("Not in", ", ".join(policy.except_states)),
        ("Places of service", ", ".join(policy.places)),
        ("Diagnoses", _codes(policy.diagnoses)),
        ("Certification types (X12 1322)", ", ".join(policy.certifications)),
        ("Mental health or substance use", "yes" if policy.mental_health else "no"),
        ("Benefit classification", policy.classification.replace("_", ", ")),
    ]
    yield Items(tuple(Item(f"{name}: {value}") for name, value in narrowed if value))


def _in_force(in_force: InForce) -> str:
    start = day_in_words(in_force.start)
    if in_force.until is None:
        return f"For services from {start} on."
    return f"For services from {start} to {day_in_words(in_force.until)}."


def _authority(policy: Policy) -> Iterator[Block]:
    yield Heading("By whose authority")
    yield authority_items(policy.authority)


def authority_items(authority: Iterable[Authority]) -> Items:
    """Each citation with how well it was read, and when."""
    return Items(tuple(Item(one.cite, _checked(one), url=one.url) for one in authority))


def _checked(authority: Authority) -> str:
    note = f". {authority.note}" if authority.note else ""
    return f"({GRADES[authority.grade]}; checked on {day_in_words(authority.checked_on)}{note})"


def _covered(policy: Policy) -> Iterator[Block]:
    rows = tuple((SYSTEMS.get(system, system), ", ".join(codes)) for system, codes in policy.covers.by_system.items())
    yield Heading("Services")
    yield Table("Codes this policy speaks about", ("System", "Codes"), rows)


def _codes(codes: CodeSet) -> str:
    return "; ".join(f"{SYSTEMS.get(system, system)} {', '.join(each)}" for system, each in codes.by_system.items())


def _asked(facts: tuple[FactDefinition, ...]) -> Iterator[Block]:
    if not facts:
        return
    rows = tuple(
        (
            Ref(fact.question, f"facts/{fact.id}"),
            _answer(fact),
            span_in_words(fact.window) if fact.window else "any time",
            fact.document,
        )
        for fact in facts
    )
    yield Heading("What is asked")
    yield Table("Questions the criteria rest on", ("Question", "Answer", "Chart looked back", "Shown by"), rows)


def _answer(fact: FactDefinition) -> str:
    match fact.type:
        case "boolean":
            return "yes or no"
        case "choice":
            return ", ".join(fact.choices)
        case "number":
            return f"a number, {fact.unit}" if fact.unit not in ("", "1") else "a number"
        case "date":
            return "a date"
        case "text":
            return "text"


def _decisions(policy: Policy) -> Iterator[Block]:
    grant, reviewer = policy.grant, policy.reviewer
    counted = f", counted in {grant.unit}s" if grant.unit else ""
    again = f", and is reviewed every {span_in_words(grant.review_every)}" if grant.review_every else ""
    fit = f" ({', '.join(reviewer.specialties)})" if reviewer.specialties else ""
    yield Heading("Decisions")
    yield Paragraph(f"An approval holds for {span_in_words(grant.lasts)}{counted}{again}.")
    yield Paragraph(f"Only {ROLES[reviewer.role]}{fit} may decide against a request. Software never does.")


def _alternatives(policy: Policy) -> Iterator[Block]:
    if policy.alternatives:
        yield Heading("Alternatives that may be offered")
        yield Items(tuple(Item(_alternative(one)) for one in policy.alternatives))


def _alternative(one: Alternative) -> str:
    change = ", ".join(f"{name} {value}" for name, value in one.change.items())
    judged = f"judged by {one.policy}" if one.policy else ""
    details = "; ".join(part for part in (change, judged) if part)
    return f"{one.why} ({details})" if details else one.why


def _omitted(policy: Policy) -> Iterator[Block]:
    yield Heading("What is left out, and why")
    if not policy.omitted:
        yield Paragraph("Every condition of the cited text is among the criteria.")
        return
    rows = tuple((one.text, one.reason) for one in policy.omitted)
    yield Table("Parts of the cited text that are not criteria", ("Text", "Reason"), rows)


def _examples(policy: Policy, library: Library) -> Iterator[Block]:
    path = library.files.get(policy.key)
    beside = path.with_suffix(".examples.yaml") if path else None
    document, _ = read_document(beside) if beside and beside.exists() else (None, ())
    if document is None:
        return
    run = compiled(policy.criteria)
    rows = tuple(
        (
            one.name,
            _said(one.raw.get("asked", {})),
            _said(one.raw["given"]),
            EXPECT[one.raw["expect"]],
            EXPECT[WORDS[run(one.chart.facts, one.chart.on).answer]],
        )
        for one in examples_of(document, policy, library.facts)
    )
    yield Heading("Worked examples")
    yield Table("Each is run as a test", ("Example", "Asked for", "Known", "Expected", "Computed"), rows)


def _said(values: dict[str, object]) -> str:
    words = {True: "yes", False: "no"}
    told = {name: words[value] if isinstance(value, bool) else value for name, value in values.items()}
    return "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in told.items()) or "nothing"
