"""Certificates of real decisions: every outcome and every lapse, by people and software, verified and tampered with."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from openum.core import determination as decide
from openum.core.certificate import canonical, read
from openum.core.chart import Entry
from openum.core.codes import Code
from openum.core.refusal import Refusal
from openum.core.request import Line
from openum.core.review import judge
from openum.librarian.certificate import issue, verify
from openum.librarian.certificate_data import proof_data
from openum.librarian.certificate_keys import new_key
from openum.librarian.licensed import licenses, load
from openum.librarian.shape import SHIPPED
from openum.payer.conftest import AT, DAY, OXYGEN
from openum.payer.determinations.actions import decide_line
from openum.payer.determinations.queries import open_lapses
from openum.payer.flow.certifying import export, key_folder, published_keys
from openum.payer.flow.certifying_readers import withheld_from
from openum.payer.flow.lapsing import settled
from openum.payer.flow.queries import case_view
from openum.payer.flow.running import advance
from openum.payer.flow.tests.test_lapsing import (
    DRUG,
    DRUG_MEMBER,
    LATER,
    RULE,
    add_part_d_member,
    let_time_pass,
    unanswered,
)
from openum.payer.flow.tests.test_walk import NEAR
from openum.payer.intake.shelf import in_force
from openum.records.clocks import actions as clocks
from openum.records.clocks.proofs import proof_data as kept_proof
from openum.records.clocks.queries import clocks_of
from openum.records.documents.queries import evidence_of
from openum.records.ledger.models import Event
from openum.records.ledger.queries import verify_chain
from openum.records.tenants.queries import all_tenants

pytestmark = pytest.mark.django_db
WHY = "test"
RATIONALE = "Mrs. Testa's saturation stays above 92 % awake, asleep and walking, so oxygen would not help her now."


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    """Signing keys of this test alone."""
    settings.DOCUMENT_ROOT = tmp_path / "data" / "documents"


@pytest.fixture
def law(settings, tmp_path):
    """Put an invented state law on a shelf of its own (as ``test_lapsing`` does)."""

    def shelve(verdict, *, days=2, when="", starts="", id="MD-TEST", kind="service"):
        folder = tmp_path / "clocks" / "us-md" / "test"
        folder.mkdir(parents=True, exist_ok=True)
        text = RULE.format(id=id, verdict=verdict, days=days, when=when, starts=starts, kind=kind)
        (folder / f"{id.lower()}.yaml").write_text(text, encoding="utf-8")
        settings.OPENUM_LIBRARY = (SHIPPED, tmp_path)

    return shelve


@pytest.fixture
def certify(payer):
    """Export the certificate of a case."""

    def run(taken, *, at=LATER, **how):
        return export(payer.whole, taken.number, why=WHY, by=payer.whole.actor, at=at, **how)

    return run


@pytest.fixture
def person_decides(payer):
    """A person decides a line: ``how`` is ``adverse``, ``part``, ``excluded`` or ``approve``."""

    def run(taken, how, *, at=AT):
        line = case_view(payer.whole, taken.number).lines[0]
        asked, policy = line.line.asked, in_force().policy(line.line.policy)
        finding = judge(policy, asked, evidence_of(payer.whole, taken.number), in_force().facts, on=DAY).finding
        by = {"excluded": payer.bea, "approve": payer.nora}.get(how, payer.osei)
        if how == "approve":
            decided = decide.approve_by_person(asked, policy, by=by, rationale="Needed by this member.", at=at)
        elif how == "excluded":
            decided = decide.decide_excluded(asked, by=by, clause="Section 4.2", rationale=RATIONALE, at=at)
        else:
            decided = decide.decide_adverse(
                asked, policy, finding, by=by, criterion_not_met="Oxygen saturation at or below 88 % at rest",
                rationale=RATIONALE, at=at, quantity=0.5 if how == "part" else None,
            )  # fmt: skip
        decide_line(
            tenant_id=payer.tenant_id, number=taken.number, line_id=line.line.id, decided=decided,
            policy_digest=policy.digest, by=by, at=at,
        )  # fmt: skip
        advance(payer.tenant_id, taken.number, clock=lambda: at)
        return taken

    return run


def states(report):
    """Each check's outcome by name."""
    return {check.name: check.state for check in report.checks}


def agreed(report):
    """Every check agrees but that nobody published keys; returns the names."""
    assert {name for name, state in states(report).items() if state != "agrees"} == {"issuer"}, report.checks
    return set(states(report))


def test_an_approval_by_software_verifies_in_every_part(payer, ask, certify):
    exported = certify(ask())
    report = verify(exported.content)
    assert agreed(report) >= {
        "signature", "parts", "policy", "line", "finding", "distance", "decision", "notices", "events",
        "clock MA-OD-STD-PA-2026",
    }  # fmt: skip
    certificate = report.certificate
    assert certificate.head["of"]["kind"] == "determination"
    assert certificate.content("decision")["by"] == "software"
    assert "reviewer" not in certificate.parts
    assert certificate.content("automation")["decided_by"] == "software"
    assert "PLATFORM-AI" in {rule["id"] for rule in certificate.content("automation")["rules"]}
    shelf = in_force().files[certificate.content("decision")["policy"]]
    assert certificate.content("policy/version")["text"].encode() == shelf.read_bytes()


@pytest.mark.parametrize(
    ("how", "outcome", "profession"),
    [
        ("adverse", "adverse", "physician"),
        ("part", "modified", "physician"),
        ("excluded", "excluded", None),
        ("approve", "approved", "nurse"),
    ],
)
def test_a_persons_decision_verifies_with_their_license(ask, certify, person_decides, how, outcome, profession):
    report = verify(certify(person_decides(ask(NEAR), how)).content)
    assert "decision" in agreed(report)
    certificate = report.certificate
    assert certificate.content("decision")["outcome"] == outcome
    held = certificate.content("reviewer")["license"]
    assert (held["profession"] if held else None) == profession
    assert certificate.content("automation")["decided_by"] == "person"


def test_an_adverse_certificate_says_which_criterion_why_and_how_far_from_yes(ask, certify, person_decides):
    certificate = read(certify(person_decides(ask(NEAR), "adverse")).content)
    assert certificate.content("reasons")["criterion_not_met"] == "Oxygen saturation at or below 88 % at rest"
    assert certificate.content("reasons")["rationale"] == RATIONALE
    assert certificate.content("finding")["answer"] == "no"
    assert certificate.content("distance")["differ"] == 1
    assert certificate.content("notice/01")["kind"] == "adverse-determination"
    facts = {fact["name"]: fact for fact in certificate.under("fact/").values()}
    assert (facts["spo2_at_rest_awake"]["value"], facts["spo2_at_rest_awake"]["source"]) == (
        95, "QuestionnaireResponse/q1#spo2_at_rest_awake",
    )  # fmt: skip


def test_a_line_that_needs_nothing_verifies_without_a_policy(ask, certify):
    visit = Line(sequence=1, code=Code("cpt", "99213"), service_from=DAY, place="11")
    report = verify(certify(ask(lines=(visit,))).content)
    assert "decision" in agreed(report)
    assert report.certificate.content("decision")["outcome"] == "not_required"
    assert "policy" not in states(report)


def test_a_decision_after_the_clock_ran_out_verifies_with_its_lapse(ask, certify, person_decides):
    taken = ask(NEAR)
    let_time_pass()
    person_decides(taken, "adverse", at=LATER)
    report = verify(certify(taken).content)
    assert {"decision", "lapse MA-OD-STD-PA-2026", "clock MA-OD-STD-PA-2026"} <= agreed(report)


def test_a_denial_by_law_is_certified_as_nobodys_decision(ask, certify):
    taken = unanswered(ask)
    let_time_pass()
    report = verify(certify(taken).content)
    names = agreed(report)
    assert "lapse MA-OD-STD-PA-2026" in names
    assert "decision" not in names
    certificate = report.certificate
    assert certificate.head["of"]["kind"] == "lapse"
    assert certificate.content("lapse/MA-OD-STD-PA-2026")["file_by"] == "2026-08-13"
    assert certificate.content("automation")["decided_by"] == "nobody"


def test_an_approval_by_law_verifies_as_what_the_law_made_of_the_silence(law, ask, certify):
    law("auto_authorized")
    taken = unanswered(ask)
    let_time_pass()
    report = verify(certify(taken).content)
    assert {"decision", "lapse MD-TEST"} <= agreed(report)
    assert report.certificate.content("reasons")["administrative_reason"].startswith("Approved by operation of law")


@pytest.mark.parametrize(
    ("verdict", "when", "effect"),
    [
        ("auto_authorized", "when: [{datum: self_funded, is: false}]", "ask_person"),
        ("forward_to_ire", "", "forward"),
        ("deemed_denial", "", "adverse_by_law"),
        ("late", "", "late"),
    ],
)
def test_every_other_lapse_verifies(law, ask, certify, verdict, when, effect):
    law(verdict, when=when)
    taken = unanswered(ask)
    let_time_pass(AT + timedelta(days=3))
    report = verify(certify(taken).content)
    assert "lapse MD-TEST" in agreed(report)
    assert report.certificate.content("lapse/MD-TEST")["effect"] == effect


def test_a_case_that_was_forwarded_verifies_with_the_clock_the_lapse_started(payer, law, ask, certify):
    law("late", days=1, id="MD-NEXT", kind="forwarding")
    law("forward_to_ire", starts="starts: MD-NEXT")
    taken = unanswered(ask)
    let_time_pass(AT + timedelta(days=3))
    (item,) = open_lapses(payer.whole, effect="forward")
    settled(payer.whole, lapse_id=item.id, how="Sent, 77.", by=payer.nora, at=AT + timedelta(days=3, hours=1))
    report = verify(certify(taken).content)
    assert {"lapse MD-TEST", "clock MD-NEXT"} <= agreed(report)
    assert report.certificate.content("lapse/MD-TEST")["how"] == "Sent, 77."


def test_a_part_d_case_to_forward_verifies(payer, ask, certify):
    add_part_d_member(payer)
    taken = ask({}, member=DRUG_MEMBER, lines=(DRUG,))
    let_time_pass(AT + timedelta(hours=73))
    report = verify(certify(taken).content)
    assert any(name.startswith("lapse ") for name in agreed(report))


def test_a_proof_is_written_as_the_clocks_room_writes_it(payer, ask):
    taken = unanswered(ask)
    let_time_pass()
    cards = clocks_of(payer.whole, taken.number)
    assert len(cards) >= 1
    assert [proof_data(card.proof) for card in cards] == [kept_proof(card.proof) for card in cards]


def test_the_same_decision_gives_the_same_bytes_and_each_export_is_an_event(payer, ask, certify):
    taken = ask()
    first, second = certify(taken), certify(taken)
    assert first.content == second.content
    exports = list(Event.unscoped.filter(kind="CertificateExported").order_by("number"))
    assert [event.body["digest"] for event in exports] == [first.digest, first.digest]
    assert exports[0].body == {"line": 1, "reader": "whole", "why": WHY, "digest": first.digest, "withheld": []}
    assert verify_chain(payer.tenant_id, taken.number).sound


def test_published_keys_say_whose_it_is_and_anothers_do_not(payer, ask, certify, tmp_path):
    content = certify(ask()).content
    (tenant,) = [one for one in all_tenants() if one.id == payer.tenant_id]
    assert states(verify(content, published_keys(tenant)))["issuer"] == "agrees"
    assert states(verify(content, published_keys(tenant, new=True)))["issuer"] == "agrees"
    foreign = verify(content, {"keys": [new_key(tmp_path / "other").jwk]})
    assert (states(foreign)["issuer"], foreign.sound) == ("differs", False)


def test_private_keys_can_be_read_by_their_owner_alone_and_are_in_no_certificate(payer, ask, certify):
    content = certify(ask()).content
    (tenant,) = [one for one in all_tenants() if one.id == payer.tenant_id]
    folder = key_folder(tenant)
    (file,) = folder.iterdir()
    assert (file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert set(json.loads(content)["head"]["key"]) == {"kty", "crv", "x", "kid", "alg", "use"}


def test_any_changed_byte_is_detected(ask, certify, person_decides):
    content = certify(person_decides(ask(NEAR), "adverse")).content
    draw = random.Random(7)
    for place in (0, len(content) - 1, *(draw.randrange(len(content)) for _ in range(400))):
        changed = bytearray(content)
        changed[place] ^= 1 << draw.randrange(8)
        assert not verify(bytes(changed)).sound, place
    assert not verify(content[:-1]).sound
    assert not verify(content + b"\n").sound
    assert verify(content).sound


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("decision", lambda one: one | {"outcome": "approved"}),
        ("reasons", lambda one: one | {"rationale": RATIONALE + " And more."}),
        ("reviewer", lambda one: one | {"name": "Dr. Somebody Else"}),
        ("finding", lambda one: one | {"answer": "yes"}),
        ("policy/version", lambda one: one | {"text": one["text"] + "\n"}),
        ("notice/01", lambda one: one | {"sha256": "0" * 64}),
    ],
)
def test_a_changed_part_with_its_hash_made_new_fails_the_signature(ask, certify, person_decides, part, change):
    import hashlib

    data = json.loads(certify(person_decides(ask(NEAR), "adverse")).content)
    data["parts"][part]["content"] = change(data["parts"][part]["content"])
    unhashed = verify(canonical(data) + b"\n")
    assert states(unhashed)["parts"] == "differs"
    data["head"]["parts"][part] = hashlib.sha256(canonical(data["parts"][part])).hexdigest()
    report = verify(canonical(data) + b"\n")
    assert (states(report)["signature"], states(report)["parts"], report.sound) == ("differs", "agrees", False)


def test_a_copy_for_the_provider_verifies_and_withholds_what_needs_a_consent(payer, ask, certify):
    secret = Entry(
        kind="answer", link="signs_that_oxygen_can_relieve", value=True, date=DAY, source="QuestionnaireResponse/q1#s",
        segment="sud_part2",
    )  # fmt: skip
    rest = {name: value for name, value in OXYGEN.items() if name != "signs_that_oxygen_can_relieve"}
    entries = tuple(
        Entry(kind="answer", link=name, value=value, date=DAY, source=f"QuestionnaireResponse/q1#{name}")
        for name, value in rest.items()
    )
    taken = ask(entries=(*entries, secret))
    whole, copy = certify(taken), certify(taken, reader="provider")
    report = verify(copy.content)
    assert report.sound
    shown = {fact["name"] for fact in report.certificate.under("fact/").values()}
    assert "signs_that_oxygen_can_relieve" not in shown
    assert "spo2_at_rest_awake" in shown
    assert {"finding", "distance", "proposals", "reasons", "events"} <= set(copy.withheld)
    assert b"signs_that_oxygen_can_relieve: met" not in copy.content
    assert (states(report)["finding"], states(report)["decision"]) == ("withheld", "withheld")
    assert report.certificate.head["parts"] == read(whole.content).head["parts"]
    assert len(Event.unscoped.get(kind="CertificateExported", body__reader="provider").body["withheld"]) == 6


def test_a_general_copy_for_the_provider_is_run_again_whole(ask, certify):
    report = verify(certify(ask(), reader="provider").content)
    assert states(report) | {"issuer": "", "events": ""} == dict.fromkeys(states(report), "agrees") | {
        "issuer": "", "events": "",
    }  # fmt: skip
    assert states(report)["events"] == "withheld"


def test_a_members_copy_waits_until_somebody_says_who_asks(payer, ask, certify):
    taken = ask()
    with pytest.raises(Refusal) as refused:
        certify(taken, reader="member")
    assert refused.value.code == "identity-not-verified"
    assert not Event.unscoped.filter(kind="CertificateExported").exists()
    exported = certify(taken, reader="member", identity_verified=True)
    report = verify(exported.content)
    assert (set(exported.withheld), report.sound) == ({"events"}, True)
    assert report.certificate.content("member")["name"] == "Maria Testa"


def test_a_regulators_copy_shows_law_people_and_time_and_nobodys_health(ask, certify, person_decides):
    exported = certify(person_decides(ask(NEAR), "adverse"), reader="regulator")
    report = verify(exported.content)
    assert report.sound
    assert {"policy", "clock MA-OD-STD-PA-2026", "events"} <= {
        name for name, state in states(report).items() if state == "agrees"
    }
    assert report.certificate.content("reviewer")["license"]["number"] == "MD1"
    for text in (b"Testa", b"1950-03-04", b'spo2_at_rest_awake","source', RATIONALE[:30].encode()):
        assert text not in exported.content


def test_a_withheld_part_that_is_taken_for_another_is_detected(ask, certify):
    data = json.loads(certify(ask(), reader="provider").content)
    del data["parts"]["finding"]
    assert not verify(canonical(data) + b"\n").sound


@pytest.mark.parametrize(
    ("how", "code"),
    [({"line": 7}, "unknown-line"), ({"reader": "press"}, "unknown-reader")],
)
def test_what_cannot_be_certified_is_refused(ask, certify, how, code):
    with pytest.raises(Refusal) as refused:
        certify(ask(), **how)
    assert refused.value.code == code


def test_an_undecided_line_and_a_case_of_many_lines_are_refused_in_words(payer, ask, certify):
    with pytest.raises(Refusal, match="nothing-decided"):
        certify(ask(NEAR))
    visits = tuple(Line(sequence=n, code=Code("cpt", "99213"), service_from=DAY, place="11") for n in (1, 2))
    taken = ask(lines=visits, digest="e" * 64)
    with pytest.raises(Refusal, match="line-needed"):
        certify(taken)
    assert certify(taken, line=2).line == 2


def test_another_practice_gets_no_certificate(payer, ask):
    taken = ask()
    with pytest.raises(Refusal, match="unknown-case"):
        export(payer.sam, taken.number, why=WHY, by=payer.sam.actor, at=AT)
    assert export(payer.priya, taken.number, why=WHY, by=payer.priya.actor, at=AT).number == taken.number


def resigned(content, key, **changes):
    """The certificate as an issuer would sign it who changed some parts, each by the function under its name."""
    data = json.loads(content)
    contents = {name: part["content"] for name, part in data["parts"].items()}
    for name, change in changes.items():
        found = next(one for one in contents if one == name or one.startswith(name))
        contents[found] = change(contents[found])
    return issue(contents, of=data["head"]["of"], key=key)


@pytest.mark.parametrize(
    ("part", "change", "check", "state"),
    [
        ("lapse/", lambda one: one | {"words": "it is nothing."}, "lapse MA-OD-STD-PA-2026", "differs"),
        ("lapse/", lambda one: one | {"effect": "approve"}, "lapse MA-OD-STD-PA-2026", "differs"),
        ("lapse/", lambda one: one | {"file_by": "2027-01-01"}, "lapse MA-OD-STD-PA-2026", "differs"),
        ("lapse/", lambda one: one | {"rule": "MD-NONE"}, "lapse MD-NONE", "not_rerun"),
        ("clock/", lambda one: one | {"complete": False}, "lapse MA-OD-STD-PA-2026", "not_rerun"),
        ("clock/", lambda one: one | {"complete": False}, "clock MA-OD-STD-PA-2026", "not_rerun"),
        ("clock/", lambda one: one | {"proof": one["proof"] | {"steps": []}}, "clock MA-OD-STD-PA-2026", "differs"),
    ],
)
def test_a_lapse_told_otherwise_is_found_though_it_is_signed(ask, certify, tmp_path, part, change, check, state):
    taken = unanswered(ask)
    let_time_pass()
    content = resigned(certify(taken).content, new_key(tmp_path / "liar"), **{part: change})
    report = verify(content)
    assert states(report)["parts"] == "agrees"
    assert (states(report)[check], report.sound) == (state, state != "differs")


def test_a_clock_that_something_else_moved_is_shown_as_kept_and_said_to_be_not_run(payer, ask, certify):
    taken = ask()
    (card, *_) = clocks_of(payer.whole, taken.number)
    moved = replace(card.proof, due_at=card.proof.due_at + timedelta(days=14))
    with transaction.atomic():
        clocks.move(payer.whole, subject=taken.number, proofs=[moved])
    report = verify(certify(taken).content)
    assert (states(report)[f"clock {card.proof.rule_id}"], report.sound) == ("not_rerun", True)


@pytest.mark.parametrize(
    ("change", "digest", "code"),
    [
        ({}, "0" * 64, "policy-text-gone"),
        ({"policy": "dme/home-oxygen@1999-01-01"}, "", "policy-text-gone"),
        ({"rationale": "Another rationale than the reasons given, as long as it has to be."}, "",
         "certificate-does-not-agree"),
    ],
)  # fmt: skip
def test_what_would_not_verify_is_never_handed_out(payer, ask, certify, change, digest, code):
    taken = ask(NEAR)
    line = case_view(payer.whole, taken.number).lines[0]
    policy = in_force().policy(line.line.policy)
    decided = decide.approve_by_person(line.line.asked, policy, by=payer.nora, rationale="Needed.", at=AT)
    decide_line(
        tenant_id=payer.tenant_id, number=taken.number, line_id=line.line.id, decided=replace(decided, **change),
        policy_digest=digest, by=payer.nora, at=AT,
    )  # fmt: skip
    with pytest.raises(Refusal) as refused:
        certify(taken)
    assert refused.value.code == code
    assert not Event.unscoped.filter(kind="CertificateExported").exists()


def test_a_clock_whose_rule_left_the_shelves_is_refused(law, settings, ask, certify):
    law("deemed_denial")
    taken = unanswered(ask)
    let_time_pass(AT + timedelta(days=3))
    settings.OPENUM_LIBRARY = (SHIPPED,)
    with pytest.raises(Refusal, match="rule-text-gone"):
        certify(taken)


def test_licensed_criteria_stay_behind_until_a_denial_opens_them(settings, tmp_path):
    bundle = SHIPPED.parent / "docs" / "how-to" / "example-criteria-co.yaml"
    load(bundle, tmp_path / "licensed")
    settings.OPENUM_LIBRARY = (SHIPPED, tmp_path / "licensed")
    (key, *_) = licenses(SHIPPED, tmp_path / "licensed")
    contents = {"policy/version": {}, "definition/01": {}, "finding": {"policy": key}, "chain": {}}
    contents["decision"] = {"policy": key, "outcome": "approved"}
    known = {"on": DAY, "identity_verified": False}
    pieces = {"member": "general"}
    assert set(withheld_from("provider", pieces, contents, **known)) == {
        "policy/version", "definition/01", "finding", "events",
    }  # fmt: skip
    denied = contents | {"decision": {"policy": key, "outcome": "adverse"}}
    assert set(withheld_from("provider", pieces, denied, **known)) == {"events"}
    assert withheld_from("", pieces, contents, **known) == {}


def test_a_providers_copy_of_what_nobody_reviewed_withholds_the_events_alone(ask, certify):
    visit = Line(sequence=1, code=Code("cpt", "99213"), service_from=DAY, place="11")
    assert set(certify(ask(lines=(visit,)), reader="provider").withheld) == {"events"}
