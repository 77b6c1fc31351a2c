"""The list of cases, one case, one letter. Reading only; that a case was opened is recorded."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from openum.core.actor import Actor
from openum.doors.pages.access import without_sign_in
from openum.doors.pages.case_page import case_page
from openum.doors.pages.list_page import BALLS, list_page
from openum.payer.flow.listing import case_rows, tally
from openum.payer.flow.queries import CaseView, case_view
from openum.payer.intake.opening import opened
from openum.payer.notices.queries import notices_of
from openum.records.parties.scope import Scope
from openum.records.tenants.queries import TenantCard, all_tenants

ROWS = 50
VISITOR = Actor(kind="software", id="demo-visitor", name="Somebody who looks at the demo")
"""Nobody signs in here, so nobody is named."""
WITH_LETTERS = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
LETTER_ALONE = "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'"


@require_safe
@without_sign_in
def cases(request: HttpRequest) -> HttpResponse:
    """The newest cases of one payer, fifty to a page; ``payer``, ``waiting`` and ``before`` narrow it."""
    payers = _payers()
    if not payers:
        return render(request, "doors_pages/empty.html")
    wanted, ball = request.GET.get("payer", ""), request.GET.get("waiting", "")
    payer = next((one for one in payers if one.slug == wanted), payers[0])
    scope = _scope(payer)
    rows = case_rows(
        scope, limit=ROWS + 1, before=request.GET.get("before", ""), ball=ball if ball in BALLS else ""
    )  # fmt: skip
    page = list_page(payer, payers, rows, tally(scope), size=ROWS, ball=ball)
    return render(request, "doors_pages/cases.html", {"page": page})


@require_safe
@without_sign_in
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case with everything that led to where it stands."""
    payer, view = _found(number)
    opened(_scope(payer), number, why="looked at in the demo pages", by=VISITOR, at=datetime.now(UTC))
    response = render(request, "doors_pages/case.html", {"page": case_page(payer, view)})
    response.headers["Content-Security-Policy"] = WITH_LETTERS
    return response


@require_safe
@xframe_options_sameorigin
@without_sign_in
def letter(_request: HttpRequest, number: str, letter: int) -> HttpResponse:
    """One letter as it was sent, in a sandbox of its own."""
    payer, _ = _found(number)
    sent = next((one for one in notices_of(_scope(payer), number) if one.id == letter), None)
    if sent is None:
        raise Http404
    response = HttpResponse(sent.html)
    response.headers["Content-Security-Policy"] = LETTER_ALONE
    return response


def _payers() -> tuple[TenantCard, ...]:
    """Every payer, the one that was opened first on top."""
    return tuple(sorted((one for one in all_tenants() if one.kind == "payer"), key=lambda one: one.id))


def _scope(payer: TenantCard) -> Scope:
    return Scope(tenant_id=payer.id, actor=VISITOR)


def _found(number: str) -> tuple[TenantCard, CaseView]:
    for payer in _payers():
        view = case_view(_scope(payer), number, history=True)
        if view is not None:
            return payer, view
    raise Http404
