"""No patient in the log: a fault is logged by type and place, an address by its route."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from openum.site.logging import Json, Plain, logging_settings

MEMBER = "H5216-MARY-JONES"


def breaks(_request: HttpRequest, number: str) -> HttpResponse:
    """A view with a bug whose message quotes a patient, raised from a cause that quotes her too."""
    try:
        raise KeyError(f"row of {number}")
    except KeyError as cause:
        raise ValueError(f"member {number} has no plan") from cause


urlpatterns = [path("members/<number>", breaks)]


class Kept(logging.Handler):
    """Formats what is logged and keeps it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(Plain())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def kept() -> Iterator[Kept]:
    handler = Kept()
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.setLevel(before)
    root.removeHandler(handler)


@override_settings(ROOT_URLCONF=__name__)
def test_a_bug_that_quotes_a_patient_is_logged_without_her(kept: Kept) -> None:
    client = Client(raise_request_exception=False, headers={"X-Request-Id": "from-the-proxy-1"})
    response = client.get(f"/members/{MEMBER}", {"name": MEMBER})
    assert response.status_code == 500
    assert response["X-Request-Id"] == "from-the-proxy-1"
    written = "\n".join(kept.lines)
    assert MEMBER not in written
    assert "ERROR django.request [from-the-proxy-1] 500 GET /members/<number>" in written
    assert "INFO openum.requests [from-the-proxy-1] GET /members/<number> 500 " in written
    assert "  KeyError\n  and then\n" in written
    assert "  ValueError" in written
    assert "in breaks" in written


@override_settings(ROOT_URLCONF=__name__)
def test_an_unknown_address_is_logged_without_its_path(kept: Kept) -> None:
    response = Client().get(f"/nobody/{MEMBER}")
    assert response.status_code == 404
    (line,) = [line for line in kept.lines if "openum.requests" in line]
    assert "GET (no route) 404 " in line
    assert MEMBER not in "\n".join(kept.lines)


@pytest.mark.parametrize("offered", ["short", "x" * 65, "has space in it", "new\tline-123"])
@override_settings(ROOT_URLCONF=__name__)
def test_a_request_id_that_could_forge_a_log_line_is_replaced(offered: str) -> None:
    response = Client(headers={"X-Request-Id": offered}).get("/nobody")
    assert response["X-Request-Id"] != offered
    assert len(response["X-Request-Id"]) == 16


def test_a_json_line_holds_the_fault_as_type_code_and_frames() -> None:
    class Refused(Exception):
        code = "line-not-found"

    try:
        raise Refused(MEMBER)
    except Refused:
        record = logging.LogRecord("openum.x", logging.ERROR, __file__, 1, "step %s", ("triage",), sys.exc_info())
    entry = json.loads(Json().format(record))
    assert (entry["level"], entry["logger"], entry["request"], entry["message"]) == (
        "ERROR",
        "openum.x",
        "-",
        "step triage",
    )
    assert entry["fault"][-1] == "  Refused line-not-found"
    assert MEMBER not in json.dumps(entry)


def test_statements_with_their_values_are_never_logged_whatever_the_level() -> None:
    chosen = logging_settings(level="DEBUG", as_json=False)
    assert chosen["loggers"]["django.db.backends"]["level"] == "INFO"
