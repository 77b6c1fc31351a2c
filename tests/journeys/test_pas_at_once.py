"""The same request many times at once is one case and one answer."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from openum.payer.intake.queries import recent_cases
from tests.journeys import bundles
from tests.journeys.pas_parties import Speaker, build

AT_ONCE = 6


@pytest.mark.django_db(transaction=True)
def test_the_same_request_sent_at_once_is_taken_once_and_answered_alike() -> None:
    town = build()
    body = json.dumps(bundles.met()).encode()
    together = Barrier(AT_ONCE)

    def send(_: int) -> tuple[int, bytes]:
        speaker = Speaker(town.priya.client_id, token=town.priya.token)
        together.wait()
        try:
            response = speaker.submit(body)
            return response.status_code, response.content
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, range(AT_ONCE)))
    assert {status for status, _ in answers} == {200}
    assert len({content for _, content in answers}) == 1
    assert len(recent_cases(town.harbor.whole, limit=5)) == 1
