"""A small payer for the tests of the rooms: one Medicare Advantage plan, a practice, a member, a nurse, a physician."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from openum.core.actor import Actor, License
from openum.core.chart import Entry
from openum.core.codes import Code
from openum.core.request import Identifier, Line, MemberRef, PartyRef, Request
from openum.payer.flow.queries import CaseView, case_view
from openum.payer.flow.running import advance, take_in
from openum.payer.intake.actions import Taken, submit
from openum.records.parties import actions as parties
from openum.records.parties.queries import client_scope, staff_card
from openum.records.parties.scope import Scope, software_scope
from openum.records.tenants.actions import open_tenant

AT = datetime(2026, 6, 2, 14, 2, tzinfo=UTC)
DAY = date(2026, 6, 2)
NPI, OTHER_NPI = "1234567893", "1245319599"

OXYGEN = {
    "oxygen_test_ordered_and_evaluated": True,
    "oxygen_test_performed_by": "laboratory",
    "oxygen_started_at_hospital_discharge": False,
    "signs_that_oxygen_can_relieve": True,
    "main_reason_for_oxygen": "low_blood_oxygen",
    "oxygen_test_on_room_air": True,
    "oxygen_test_kind": "oximetry",
    "spo2_at_rest_awake": 86,
}
"""Answers that meet NCD 240.2, taken from the policy's own worked examples."""


PLAN_WORDS = {
    "plan_tty": "711",
    "plan_hours": "8 a.m. to 8 p.m., 7 days a week",
    "plan_website": "www.test-advantage.example",
    "peer_to_peer_phone": "1-555-0101",
    "peer_to_peer_hours": "8 a.m. to 5 p.m., Monday to Friday",
    "send_fax": "1-555-0102",
    "send_address": "PO Box 1, Baltimore, MD 21201",
    "appeal_how": "Write to us, fax us or call us.",
    "appeal_address": "PO Box 2, Baltimore, MD 21201",
    "appeal_phone": "1-555-0103",
    "appeal_fax": "1-555-0104",
    "expedited_phone": "1-555-0105",
    "expedited_fax": "1-555-0106",
    "representative": "Call us and ask for form CMS-1696.",
    "free_copy_phone": "1-555-0107",
    "criteria_website": "www.test-advantage.example/criteria",
    "language_help": "Español: la ayuda es gratis.",
    "format_help": "You can get this letter in large print.",
    "civil_rights": "We follow federal civil rights laws.",
    "omb_expires": "12/31/2027",
}
"""What a plan's set-up gives to every letter."""


@dataclass(frozen=True)
class Payer:
    """The payer and everybody the tests need."""

    tenant_id: int
    whole: Scope
    priya: Scope
    sam: Scope
    nora: Actor
    osei: Actor
    bea: Actor


@pytest.fixture
def payer(db: None) -> Payer:
    """Set the payer up through the rooms' own actions."""
    return set_up_payer("test-payer")


def set_up_payer(slug: str) -> Payer:
    """A payer with a plan, two practices and their systems, a member and staff."""
    tenant = open_tenant(slug=slug, name="Test Payer", kind="payer", time_zone="America/New_York")
    whole = software_scope(tenant.id, "set-up")
    parties.set_up_plan(
        whole, code="MA-1", name="Test Advantage", line_of_business="medicare-advantage", state="MD",
        time_zone="America/New_York", phone="1-555-0100",
        address={"lines": ["1 Plan Way"], "city": "Baltimore", "state": "MD", "zip": "21201"},
        notice_texts=PLAN_WORDS,
    )  # fmt: skip
    parties.enroll(
        whole, plan="MA-1", number="M0001", family="Testa", given="Maria", birth_date=date(1950, 3, 4),
        start=date(2025, 1, 1), sex="female",
    )  # fmt: skip
    practices = [
        parties.set_up_organization(whole, name=name, npi=npi) for name, npi in (("North", NPI), ("South", OTHER_NPI))
    ]
    scopes = [
        client_scope(
            parties.register_client(
                whole, organization_id=practice, client_id=f"{slug}-{name}", name=name,
                scopes=("system/Claim.$submit",), jwks={"keys": []},
            )
        )
        for practice, name in zip(practices, ("priya", "sam"), strict=True)
    ]  # fmt: skip
    nora = _staff(
        whole, f"{slug}-nora", "Nora Lindqvist", "um_nurse", License(profession="nurse", number="RN1", state="MD")
    )
    osei = _staff(
        whole, f"{slug}-osei", "Dr. Kwame Osei", "medical_director",
        License(profession="physician", number="MD1", state="MD", specialty="Pulmonary Disease"),
    )  # fmt: skip
    bea = _staff(whole, f"{slug}-bea", "Bea Romano", "benefits_reviewer", None)
    return Payer(tenant.id, whole, scopes[0], scopes[1], nora, osei, bea)


def _staff(scope: Scope, username: str, name: str, role: str, license: License | None) -> Actor:
    user = parties.add_user(username=username, name=name)
    parties.appoint(scope, user_id=user, role=role, active_from=date(2025, 1, 1), license=license)
    return staff_card(scope.tenant_id, user, on=DAY, role=role)


@pytest.fixture(params=["inline", "queue"])
def ask(payer: Payer, request: pytest.FixtureRequest) -> Callable[..., Taken]:
    """Send a request for home oxygen in, with the answers given, and run its steps: a door's way and the worker's."""
    inline = request.param == "inline"

    def send(answers: dict[str, object] | None = None, *, run: bool = True, **changes: object) -> Taken:
        asked = oxygen_request(OXYGEN if answers is None else answers, **changes)
        sent = {
            "scope": payer.priya, "request": asked, "body": b"{}", "content_type": "application/fhir+json",
            "door": "test", "by": payer.priya.actor,
        }  # fmt: skip
        if inline and run:
            return take_in(**sent, clock=lambda: AT)  # type: ignore[arg-type]
        taken = submit(**sent, at=AT)  # type: ignore[arg-type]
        if run:
            advance(payer.tenant_id, taken.number, clock=lambda: AT)
        return taken

    return send


@pytest.fixture
def see(payer: Payer) -> Callable[[Taken], CaseView]:
    """Look at a case whole, with its events."""

    def look(taken: Taken) -> CaseView:
        view = case_view(payer.whole, taken.number, history=True)
        assert view is not None
        return view

    return look


def oxygen_request(answers: dict[str, object], **changes: object) -> Request:
    """One line for an oxygen concentrator at home, with a form's answers as its chart."""
    entries = tuple(
        Entry(kind="answer", link=name, value=value, date=DAY, source=f"QuestionnaireResponse/q1#{name}")
        for name, value in answers.items()
    )
    line = Line(sequence=1, code=Code("hcpcs", "E1390"), quantity=1, unit="month", service_from=DAY, place="12")
    values: dict[str, object] = {
        "submission": Identifier("urn:test", "b1"),
        "digest": "d" * 64,
        "member": MemberRef(member_id="M0001", family="Testa", birth_date=date(1950, 3, 4)),
        "insurer": PartyRef(name="Test Payer"),
        "requester": PartyRef(name="North", npi=NPI),
        "lines": (line,),
        "entries": entries,
    }
    return Request(**(values | changes))  # type: ignore[arg-type]
