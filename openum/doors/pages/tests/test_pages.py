"""The pages without a browser: who may look, what is found, how many statements a list takes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from openum.core.request import MemberRef
from openum.doors.pages.views import ROWS
from openum.payer.conftest import AT, OXYGEN, Payer, oxygen_request, set_up_payer
from openum.payer.flow.listing import case_rows, tally
from openum.payer.flow.running import take_in
from openum.payer.intake.actions import submit
from openum.payer.notices.models import Notice
from openum.records.ledger.models import Event
from openum.records.ledger.queries import verify_chain
from openum.records.parties.actions import enroll

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer() -> Payer:
    """A payer with its people."""
    return set_up_payer("alder-health")


def ask(payer: Payer, name: str = "one", *, run: bool = True) -> str:
    """A request of a member of its own; its number."""
    born = date(1950, 3, 4)
    enroll(
        payer.whole, plan="MA-1", number=name, family="Testa", given="Maria", birth_date=born, start=date(2025, 1, 1)
    )
    request = oxygen_request(OXYGEN, digest=name.rjust(64, "0"), member=MemberRef(member_id=name, birth_date=born))
    sent: dict[str, Any] = {
        "scope": payer.priya, "request": request, "body": b"{}", "content_type": "application/fhir+json",
        "door": "test", "by": payer.priya.actor,
    }  # fmt: skip
    return (take_in(**sent, clock=lambda: AT) if run else submit(**sent, at=AT)).number


def text_of(response: Any) -> str:
    """The page's words."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_an_installation_without_a_payer_says_how_to_fill_it(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "openum demo fills it with a demo world" in text_of(response)


def test_in_production_every_page_is_closed_and_nothing_is_shown_or_recorded(
    client: Client, payer: Payer, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask(payer)
    letter = Notice.unscoped.get().pk
    events = Event.unscoped.count()
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, mode="production"))
    for path in ("/", f"/cases/{number}", f"/cases/{number}/letters/{letter}"):
        response = client.get(path)
        assert response.status_code == 403
        assert "These pages are closed here" in text_of(response)
        assert number not in text_of(response)
    assert Event.unscoped.count() == events


def test_pages_are_read_only(client: Client, payer: Payer) -> None:
    number = ask(payer)
    for path in ("/", f"/cases/{number}"):
        assert client.post(path).status_code == 405
        assert client.delete(path).status_code == 405


def test_a_number_that_is_nobodys_is_not_found(client: Client, payer: Payer) -> None:
    number = ask(payer)
    wrong = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
    for path in (f"/cases/{wrong}", "/cases/1", "/cases/R00000000", f"/cases/{number}/letters/999999"):
        assert client.get(path).status_code == 404
    assert not Event.unscoped.filter(kind="CaseOpened").exists()


def test_a_letter_is_shown_only_under_its_own_case(client: Client, payer: Payer) -> None:
    first, second = ask(payer, "one"), ask(payer, "two")
    letter = Notice.unscoped.order_by("pk")[0].pk
    assert client.get(f"/cases/{first}/letters/{letter}").status_code == 200
    assert client.get(f"/cases/{second}/letters/{letter}").status_code == 404


def test_a_letter_comes_in_a_sandbox_and_may_be_framed_only_by_ourselves(client: Client, payer: Payer) -> None:
    number = ask(payer)
    response = client.get(f"/cases/{number}/letters/{Notice.unscoped.get().pk}")
    policy = response["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none';")
    assert "script-src" not in policy
    assert "allow-scripts" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_no_page_runs_a_script(client: Client, payer: Payer) -> None:
    number = ask(payer)
    for path in ("/", f"/cases/{number}"):
        response = client.get(path)
        assert b"<script" not in response.content
        assert b"style=" not in response.content
        assert "unsafe-inline" not in response["Content-Security-Policy"]


def test_each_payer_has_its_own_list(client: Client, payer: Payer) -> None:
    other = set_up_payer("gravel-health")
    mine, theirs = ask(payer), ask(other, "two")
    assert mine in text_of(client.get("/"))
    assert theirs not in text_of(client.get("/"))
    page = text_of(client.get("/?payer=gravel-health"))
    assert theirs in page
    assert mine not in page


def test_the_list_goes_on_where_the_page_ends_and_shows_each_case_once(client: Client, payer: Payer) -> None:
    numbers = [ask(payer, f"m{number}", run=False) for number in range(ROWS + 3)]
    first = client.get("/").content.decode()
    (older,) = re.findall(r'href="([^"]+)" rel="next"', first)
    second = client.get(older.replace("&amp;", "&")).content.decode()
    shown = [re.findall(r'href="/cases/(R\d+)"', page) for page in (first, second)]
    assert shown == [numbers[::-1][:ROWS], numbers[::-1][ROWS:]]
    assert 'rel="next"' not in second


@pytest.mark.parametrize("query", ["before=nonsense", "waiting=nonsense", "payer=nonsense", "before=R000000018"])
def test_an_address_that_makes_no_sense_shows_a_list_all_the_same(client: Client, payer: Payer, query: str) -> None:
    assert client.get(f"/?{query}").status_code == 200


def test_a_list_takes_the_same_few_statements_for_any_number_of_cases(payer: Payer) -> None:
    ask(payer, "m0")
    with CaptureQueriesContext(connection) as one:
        assert len(case_rows(payer.whole, limit=50)) == 1
    for number in range(1, 8):
        ask(payer, f"m{number}", run=number % 2 == 0)
    with CaptureQueriesContext(connection) as many:
        assert len(case_rows(payer.whole, limit=50)) == 8
    assert len(one) == len(many)
    assert len(many) <= 6


def test_lines_are_counted_by_where_they_stand(payer: Payer) -> None:
    ask(payer, "m0")
    ask(payer, "m1", run=False)
    found = tally(payer.whole)
    assert (found.lines, found.approved_by_software, found.not_required, found.against) == (2, 1, 0, 0)
    assert found.waiting == {"payer": 1, "provider": 0}


def test_opening_a_case_is_recorded_in_its_unbroken_chain(client: Client, payer: Payer) -> None:
    number = ask(payer)
    client.get(f"/cases/{number}")
    last = Event.unscoped.filter(subject=number).order_by("number").last()
    assert last is not None
    assert (last.kind, last.by, last.body) == (
        "CaseOpened", "software:demo-visitor", {"why": "looked at in the demo pages"},
    )  # fmt: skip
    assert verify_chain(payer.tenant_id, number).sound


def test_a_visitor_of_one_practice_is_not_what_the_list_is_for(payer: Payer) -> None:
    ask(payer)
    assert [row.case.number for row in case_rows(payer.sam, limit=50)] == []
    assert len(case_rows(payer.priya, limit=50)) == 1
