"""Certificates changed, re-signed, filtered for a reader, or refused."""

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
from openum.librarian.certificate import issue, verify
from openum.librarian.certificate_keys import new_key
from openum.librarian.licensed import licenses, load
from openum.librarian.shape import SHIPPED
from openum.payer.conftest import AT, DAY, OXYGEN
from openum.payer.determinations.actions import decide_line
from openum.payer.flow.certifying import export
from openum.payer.flow.certifying_readers import withheld_from
from openum.payer.flow.queries import case_view
from openum.payer.flow.tests.conftest import RATIONALE, WHY
from openum.payer.flow.tests.test_certifying import states
from openum.payer.flow.tests.test_lapsing import (
    let_time_pass,
    unanswered,
)
from openum.payer.flow.tests.test_walk import NEAR
from openum.payer.intake.shelf import in_force
from openum.records.clocks import actions as clocks
from openum.records.clocks.queries import clocks_of
from openum.records.ledger.models import Event

pytestmark = pytest.mark.django_db


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


def test_another_practice_gets_no_certificate(payer, ask, keys):
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
