"""One PAS Bundle on its way: read, checked, answered; beside it, what ``fhir.resources`` takes to parse it."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
from fhir.resources.R4B.bundle import Bundle

from bench.table import Row
from bench.timing import rate
from openum.core.request import Request
from openum.wire.fhir.checker import check, conforms
from openum.wire.fhir.pas_answer import Answer, AnsweredLine
from openum.wire.fhir.pas_request import read_request
from openum.wire.fhir.pas_response import write_response
from openum.wire.fhir.reading import read_body
from openum.world.world import Sent, World

GROUP = "one PAS Bundle, one core"
SEED, AS_OF = 7, date(2026, 6, 1)


def chosen() -> Sent:
    """The world's first request that is to be approved and is about as large as most: fourteen entries."""
    world = World(SEED, AS_OF)
    return next(one for one in world.requests(200) if one.truth.structured_yes and len(one.bundle["entry"]) == 14)


def rows(*, seconds: float) -> list[Row]:
    """Milliseconds for each part of the way."""
    sent = chosen()
    body = sent.body
    bundle = read_body(body)
    assert conforms(check(bundle)), "the world's Bundle conforms"
    request = read_request(bundle)
    answer = _answer(request, sent)
    response = write_response(answer, bundle)
    assert conforms(check(response)), "the answer conforms"

    def figure(work: str, run: Any, note: str = "") -> Row:
        spent = 1000 / rate(lambda: _once(run), seconds=seconds)
        return Row(group=GROUP, work=work, figure=spent, unit="ms", note=note)

    return [
        figure("JSON to a dictionary (orjson alone)", lambda: orjson.loads(body), f"{len(body):,} bytes, 14 entries"),
        figure("read_body: the same, with what a door refuses", lambda: read_body(body)),
        figure("read_request: to one core value, chart and all", lambda: read_request(bundle),
               f"{len(request.entries)} chart entries"),
        figure("check: profiles, without invariants", lambda: check(bundle, invariants=False)),
        figure("check: profiles, with invariants", lambda: check(bundle)),
        figure("write_response", lambda: write_response(answer, bundle)),
        figure("fhir.resources R4B: model_validate alone", lambda: Bundle.model_validate(bundle),
               "base structure only: no profile, no slices, no invariants"),
    ]  # fmt: skip


def _once(run: Any) -> int:
    run()
    return 1


def _answer(request: Request, sent: Sent) -> Answer:
    lines = tuple(
        AnsweredLine(
            sequence=line.sequence, standing="approved", reasons=("All criteria are met.",), code=line.code,
            quantity=line.quantity, unit=line.unit, decided_date=sent.sent_at.date(), authorization="A-1",
            valid_from=line.service_from, valid_until=line.service_to or line.service_from,
            service_from=line.service_from, service_to=line.service_to, trace_numbers=line.trace_numbers,
        )
        for line in request.lines
    )  # fmt: skip
    return Answer(issuer="https://payer.example/numbers", number="R-1", at=sent.sent_at, lines=lines)
