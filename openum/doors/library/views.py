"""The law book over HTTP: to read only, for anybody, from the same page builder as the book in a folder.

Nothing here asks a database or knows a tenant, and nothing on the pages runs: the policy of their content allows no
script at all.
"""

from __future__ import annotations

from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from openum.doors.library.shelved import FIND_AT, book, found, written
from openum.librarian.book.frame import STYLE, Sheet, framed, served_search
from openum.librarian.book.writing import asset

LONGEST_QUERY = 200
CONTENT = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KEPT = "public, max-age=300"
"""Any cache may keep a page for five minutes; after that it asks whether the page is still the same."""


@require_safe
def page(request: HttpRequest, address: str) -> HttpResponseBase:
    """One page of the book; 304 when the visitor has it already, 404 with a way on where there is none."""
    text = written(address)
    if text is None:
        lost = Sheet("There is no such page", "<p>Search for it, or begin with the subjects.</p>")
        missing = HttpResponse(framed(book(), address, lost, FIND_AT), status=404)
        missing.headers["Content-Security-Policy"] = CONTENT
        return missing
    return _kept(request, text, "text/html; charset=utf-8")


@require_safe
def style(request: HttpRequest) -> HttpResponseBase:
    """The style sheet of the book."""
    return _kept(request, asset(STYLE), "text/css; charset=utf-8")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What a query finds. No cache keeps what somebody looked for."""
    query = request.GET.get("q", "")[:LONGEST_QUERY]
    response = HttpResponse(served_search(book(), query, found(query)))
    response.headers["Content-Security-Policy"] = CONTENT
    return response


def _kept(request: HttpRequest, text: str, content_type: str) -> HttpResponseBase:
    body = text.encode()
    response = HttpResponse(body, content_type=content_type)
    response.headers["Content-Security-Policy"] = CONTENT
    response.headers["Cache-Control"] = KEPT
    response.headers["ETag"] = f'"{sha256(body).hexdigest()[:32]}"'
    answered = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    return answered or response
