"""``Claim/$submit``: a request in, its answer out, in one call."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError
from django.http import HttpResponse

from openum.core.refusal import Refusal
from openum.core.request import Request
from openum.doors.fhir.addresses import base_url
from openum.doors.fhir.answering import fhir
from openum.doors.fhir.answers import answer_of
from openum.doors.fhir.business import is_business, problem_of
from openum.doors.fhir.entering import Sent, operation
from openum.doors.fhir.insurers import require_insurer
from openum.payer.flow.queries import case_view
from openum.payer.flow.running import take_in
from openum.wire.fhir.pas_request import read_request
from openum.wire.fhir.pas_response import write_error, write_response

DOOR = "fhir-pas-2.2.1"


@operation("submit")
def submit(sent: Sent) -> HttpResponse:
    """Take a request in and answer with every line as it stands. The same request again gets the same answer.

    What cannot be read raises ``Refusal`` (4xx); what is read and not taken is answered 200 with ``outcome`` error.
    Nothing is written in either case.
    """
    try:
        request = read_request(sent.resource, most_lines=settings.OPENUM_MOST_LINES)
        number = _taken(sent, request)
    except Refusal as refusal:
        if not is_business(refusal):
            raise
        return fhir(write_error([problem_of(refusal)], sent.resource, issuer=base_url(), at=sent.at))
    view = case_view(sent.scope, number)
    assert view is not None  # noqa: S101 - it was taken for this very client
    return fhir(write_response(answer_of(view), sent.resource))


def _taken(sent: Sent, request: Request) -> str:
    require_insurer(sent.scope, request.insurer)
    try:
        return _take(sent, request)
    except IntegrityError:
        # The same request came in twice at once and the other call has written it: now it is a replay. Any other
        # conflict is a fault and comes back.
        return _take(sent, request)


def _take(sent: Sent, request: Request) -> str:
    taken = take_in(
        scope=sent.scope, request=request, body=sent.body, content_type=sent.content_type, door=DOOR,
        by=sent.scope.actor, clock=sent.clock,
    )  # fmt: skip
    return taken.number
