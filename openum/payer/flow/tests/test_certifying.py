"""Certificates of real decisions: every outcome and every lapse, by people and software, verified and tampered with."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from openum.core.certificate import read
from openum.core.codes import Code
from openum.core.request import Line
from openum.librarian.certificate import verify
from openum.librarian.certificate_data import proof_data
from openum.librarian.certificate_keys import new_key
from openum.payer.conftest import AT, DAY
from openum.payer.determinations.queries import open_lapses
from openum.payer.flow.certifying import key_folder, published_keys
from openum.payer.flow.lapsing import settled
from openum.payer.flow.tests.conftest import RATIONALE, WHY
from openum.payer.flow.tests.test_lapsing import (
    DRUG,
    DRUG_MEMBER,
    LATER,
    add_part_d_member,
    let_time_pass,
    unanswered,
)
from openum.payer.flow.tests.test_walk import NEAR
from openum.payer.intake.shelf import in_force
from openum.records.clocks.proofs import proof_data as kept_proof
from openum.records.clocks.queries import clocks_of
from openum.records.ledger.models import Event
from openum.records.ledger.queries import verify_chain
from openum.records.tenants.queries import all_tenants

pytestmark = pytest.mark.django_db


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
