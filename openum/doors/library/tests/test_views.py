"""The public law book over HTTP: for anybody, to read only, without a database and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from openum.doors.library import shelved
from openum.doors.library.views import CONTENT, KEPT
from openum.librarian.tests.shelves import write_shelf


@pytest.fixture
def visitor(tmp_path: Any, settings: Any) -> Client:
    """Somebody who never signed in, before a small shelf. No database is marked, so that touching one would fail."""
    settings.OPENUM_LIBRARY = (write_shelf(tmp_path / "shelf"),)
    return Client()


def test_anybody_reads_the_front_page_and_a_policy(visitor: Client) -> None:
    front = visitor.get("/library/")
    assert front.status_code == 200
    assert b'<a href="policies/index.html">Medical policies</a>' in front.content
    policy = visitor.get("/library/policies/dme/oxygen.v2021-09-27.html")
    assert b"Home use of oxygen, a test" in policy.content
    assert b"<script" not in policy.content


def test_pages_may_be_kept_and_are_asked_for_again_cheaply(visitor: Client) -> None:
    page = visitor.get("/library/facts/asthma.html")
    assert (page.headers["Cache-Control"], page.headers["Content-Security-Policy"]) == (KEPT, CONTENT)
    again = visitor.get("/library/facts/asthma.html", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    style = visitor.get("/library/book.css")
    assert (style.status_code, style.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert "set-cookie" not in {name.lower() for name in page.headers}


def test_the_server_searches_for_those_without_scripts_and_no_cache_keeps_what_was_asked(visitor: Client) -> None:
    found = visitor.get("/library/search", {"q": "oxygen saturation"})
    assert b'<a href="facts/spo2_at_rest.html">' in found.content
    assert found.headers["Cache-Control"] == "no-store"
    assert "“oxygen saturation”".encode() in found.content
    assert b"0 pages for" in visitor.get("/library/search", {"q": "zebra"}).content


def test_what_a_visitor_types_is_text(visitor: Client) -> None:
    asked = visitor.get("/library/search", {"q": '"><script>alert(1)</script>' + "x" * 500})
    assert b"<script" not in asked.content
    assert b"&lt;script&gt;" in asked.content
    assert b"x" * 201 not in asked.content


@pytest.mark.parametrize(
    "address", ["policies/nothing.html", "../settings.py", "book.json", "a/b/c/d", "policies/", "search.html"]
)
def test_a_page_that_is_not_there_is_404_with_a_way_on(visitor: Client, address: str) -> None:
    lost = visitor.get(f"/library/{address}")
    assert lost.status_code == 404
    assert b'role="search"' in lost.content


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["/library/", "/library/search", "/library/book.css"])
def test_nothing_can_be_written(visitor: Client, method: str, address: str) -> None:
    assert getattr(visitor, method)(address).status_code == 405


def test_a_head_request_has_no_body(visitor: Client) -> None:
    head = visitor.head("/library/")
    assert (head.status_code, head.content) == (200, b"")


def test_the_shelves_are_read_once(visitor: Client) -> None:
    assert visitor.get("/library/").status_code == 200
    assert shelved.book() is shelved.book()
