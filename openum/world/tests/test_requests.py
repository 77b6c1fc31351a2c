"""The requests: conformant, closed, read back as they were meant, and judged as they are labeled."""

from __future__ import annotations

import base64
import json
import uuid
from collections import Counter
from datetime import date

import pytest

from openum.core.codes import Code
from openum.core.facts import gather
from openum.core.policy import Question
from openum.core.request import Request
from openum.core.review import judge
from openum.wire.fhir.checker import check
from openum.wire.fhir.pas_request import read_request
from openum.wire.fhir.references import closure
from openum.world.values import Codes, Plan
from openum.world.world import Sent, World


@pytest.fixture(scope="module")
def read(requests: tuple[Sent, ...], gallery: tuple[Sent, ...]) -> list[tuple[Sent, Request]]:
    """Every request with what the front door reads of it."""
    return [(sent, read_request(json.loads(sent.body))) for sent in (*requests, *gallery)]


def test_every_bundle_conforms_to_the_guide_without_error_or_warning(gallery: tuple[Sent, ...]) -> None:
    found = [
        (sent.number, issue.code, issue.path, issue.message)
        for sent in gallery
        for issue in check(sent.bundle)
        if issue.severity in ("error", "warning")
    ]
    assert found == []


def test_a_drug_that_the_library_knows_by_rxnorm_alone_is_sent_with_the_ndc_of_a_package_beside_it(
    read: list[tuple[Sent, Request]],
) -> None:
    lines = [request.lines[0] for sent, request in read if sent.truth.policy.startswith("drugs/acamprosate@")]
    assert len(lines) >= 4
    assert {line.code for line in lines} == {Code("rxnorm", "835726")}
    assert {line.also for line in lines} == {(Code("ndc", "69452-353-25"),)}
    others = [request.lines[0] for sent, request in read if not sent.truth.policy.startswith("drugs/acamprosate@")]
    assert not any(line.code.system == "rxnorm" for line in others)


def test_every_bundle_is_closed_and_nothing_in_it_is_out_of_reach(requests: tuple[Sent, ...]) -> None:
    for sent in requests:
        found = closure(sent.bundle)
        assert (found.dangling, found.duplicates, found.unreachable) == ((), (), ())


def test_no_two_requests_have_one_submission_number_and_every_entry_is_a_uuid(requests: tuple[Sent, ...]) -> None:
    numbers = [sent.bundle["identifier"]["value"] for sent in requests]
    assert len(set(numbers)) == len(numbers) == len(requests)
    for sent in requests:
        urls = [entry["fullUrl"] for entry in sent.bundle["entry"]]
        assert len(set(urls)) == len(urls)
        for url, entry in zip(urls, sent.bundle["entry"], strict=True):
            assert url == f"urn:uuid:{entry['resource']['id']}"
            assert uuid.UUID(url[9:]).version == 4


def test_the_front_door_reads_every_request_as_it_was_meant_and_has_nothing_to_warn_of(
    read: list[tuple[Sent, Request]],
) -> None:
    for sent, request in read:
        truth, (line,) = sent.truth, request.lines
        assert request.warnings == ()
        assert (request.submission.value, request.member.member_id) == (truth.submission, truth.member)
        assert (line.code.value, line.service_from) == (truth.code, truth.service_date)
        assert (request.priority == "expedited") is truth.expedited
        assert request.emergency is (truth.kind in ("emergency", "notified", "post_stabilization"))
        extends = line.certification in ("R", "4")
        wanted = "concurrent" if extends else "retrospective" if truth.retrospective else "prospective"
        assert request.review_type == wanted


def test_the_library_chooses_the_policy_that_a_request_was_made_for(
    world: World, read: list[tuple[Sent, Request]]
) -> None:
    plans = {plan.code: plan for plan in world.payers[0].plans}
    for sent, request in read:
        found = world.library.select(_question(request, plans[sent.truth.plan]))
        if sent.truth.policy:
            assert found is not None
            assert found.key == sent.truth.policy


def _question(request: Request, plan: Plan) -> Question:
    (line,) = request.lines
    assert line.service_from is not None
    return Question(
        line_of_business=plan.line_of_business, code=line.code, on=line.service_from, place=line.place,
        state=plan.state, diagnoses=request.diagnoses, certification=line.certification, also=line.also,
    )  # fmt: skip


def test_judged_from_its_bundle_every_request_gets_the_answer_it_is_labeled_with(
    world: World, read: list[tuple[Sent, Request]]
) -> None:
    found: Counter[tuple[str, str]] = Counter()
    for sent, request in read:
        policy = world.library.policy(sent.truth.policy) if sent.truth.policy else None
        if policy is not None:
            (line,) = request.lines
            judged = judge(policy, line, request.entries, world.library.facts, on=sent.truth.service_date)
            found[sent.truth.structured, judged.finding.answer.name.lower()] += 1
    assert set(found) == {("yes", "yes"), ("no", "no"), ("unknown", "unknown")}
    assert found["yes", "yes"] > 400


def test_chart_and_form_state_exactly_the_facts_of_the_label_and_no_other(
    world: World, read: list[tuple[Sent, Request]]
) -> None:
    for sent, request in read:
        policy = world.library.policy(sent.truth.policy) if sent.truth.policy else None
        if policy is None:
            continue
        names = [definition.id for definition in world.library.questionnaire_facts(policy)]
        chart = gather(world.library.facts, names, request.entries, on=sent.truth.service_date)
        read_facts = {name: fact.value for name, fact in chart.facts.items() if fact.value is not None}
        meant = {name: value for name, value in sent.truth.facts.items() if name in names}
        parts = {"height_cm", "weight_kg"} - set(meant)
        assert {name: value for name, value in read_facts.items() if name not in parts} == meant


def test_in_a_notes_only_request_the_missing_datum_stands_in_the_note_and_nowhere_else(
    world: World, read: list[tuple[Sent, Request]]
) -> None:
    kinds = {"notes_only": 0, "unknown": 0}
    for sent, request in read:
        if sent.truth.kind not in kinds or sent.truth.hinge is None:
            continue
        kinds[sent.truth.kind] += 1
        fact = world.library.facts[sent.truth.hinge.fact]
        notes = [one.data.decode() for one in request.attachments]
        assert fact.id not in {entry.link for entry in request.entries}
        told = [text for text in notes if _tells(fact.id, fact.question, fact.words, text)]
        assert (told != []) or sent.truth.kind == "unknown"
    assert min(kinds.values()) > 40


def _tells(name: str, question: str, words: tuple[str, ...], text: str) -> bool:
    held = text.casefold()
    # The note turns "Does the member have …?" into "The patient has …".
    stem = question.removesuffix("?").casefold().split(" ", 3)[-1].removeprefix("have ")
    called = [name.replace("_", " "), *words, stem]
    return any(one.casefold() in held for one in called)


def test_what_must_not_matter_is_in_the_charts(requests: tuple[Sent, ...]) -> None:
    held = [entry["resource"] for sent in requests for entry in sent.bundle["entry"]]
    observations = [one for one in held if one["resourceType"] == "Observation"]
    conditions = [one for one in held if one["resourceType"] == "Condition"]
    assert sum(one["status"] == "entered-in-error" for one in observations) > 5
    refuted = [one for one in conditions if one["verificationStatus"]["coding"][0]["code"] == "refuted"]
    assert len(refuted) > 40
    units = {one["valueQuantity"].get("code") for one in observations if "valueQuantity" in one}
    assert {"[lb_av]", "kg/m2"} <= units
    notes = [base64.b64decode(one["content"][0]["attachment"]["data"]) for one in held if "content" in one]
    assert len(notes) > 150


def test_the_mix_is_a_typical_plans(requests: tuple[Sent, ...]) -> None:
    kinds = Counter(sent.truth.kind for sent in requests)
    assert 0.60 <= kinds["yes"] / len(requests) <= 0.66
    assert 0.08 <= kinds["no"] / len(requests) <= 0.12
    assert 0.08 <= kinds["unknown"] / len(requests) <= 0.12
    assert set(kinds) == {
        "yes", "no", "unknown", "notes_only", "not_required", "excluded", "limit_exceeded", "duplicate",
        "already_authorized", "emergency", "notified", "post_stabilization",
    }  # fmt: skip
    judged = [sent.truth for sent in requests if sent.truth.policy]
    assert 0.05 < sum(truth.expedited for truth in judged) / len(requests) < 0.2
    assert 0.01 < sum(truth.retrospective for truth in judged) / len(requests) < 0.1


def test_only_a_yes_may_be_approved_by_software_and_nothing_that_a_person_must_see(requests: tuple[Sent, ...]) -> None:
    for truth in (sent.truth for sent in requests):
        if truth.expected == "approved":
            assert (truth.kind, truth.structured, truth.needs) == ("yes", "yes", "authorization")
            assert not truth.to_person
            assert truth.structured_yes
        if truth.kind in ("no", "unknown", "notes_only", "excluded", "limit_exceeded", "post_stabilization"):
            assert truth.expected != "approved"


def test_a_twin_asks_again_for_the_same_thing(requests: tuple[Sent, ...]) -> None:
    by_number = {sent.number: sent for sent in requests}
    twins = [sent for sent in requests if sent.truth.twin_of is not None]
    assert {sent.truth.kind for sent in twins} == {"duplicate", "already_authorized"}
    for twin in twins:
        assert twin.truth.twin_of is not None
        first = by_number[twin.truth.twin_of]
        assert first.number < twin.number
        assert first.truth.expected == ("pended" if twin.truth.kind == "duplicate" else "approved")
        items = [sent.bundle["entry"][0]["resource"]["item"][0] for sent in (first, twin)]
        for name in ("productOrService", "quantity"):
            assert items[0].get(name) == items[1].get(name)
        assert first.truth.submission != twin.truth.submission
        assert (first.truth.member, first.truth.organization) == (twin.truth.member, twin.truth.organization)


def test_around_new_year_no_request_counts_against_a_year_whose_use_nobody_told() -> None:
    world = World(7, date(2026, 12, 30))
    plans = {plan.code: plan for plan in world.payers[0].plans}
    found = [sent.truth for sent in world.requests(500)]
    limited = [truth for truth in found for limit in plans[truth.plan].limits if _limits(limit.codes, truth.code)]
    assert len(limited) > 5
    assert {truth.service_date.year for truth in limited} == {2026}
    assert {truth.service_date.year for truth in found} == {2026, 2027}


def _limits(codes: Codes, code: str) -> bool:
    return any(code in held for held in codes.values())
