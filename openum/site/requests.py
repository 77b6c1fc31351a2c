"""Every request gets an id and one log line: method, route, status, milliseconds."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("openum.requests")
_current: ContextVar[str] = ContextVar("request_id", default="")
_TAKEN = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id() -> str:
    """The id of the request being answered in this thread; empty outside one."""
    return _current.get()


def route(request: HttpRequest) -> str:
    """The pattern a request's path matched, ``requests/<number>``; the path itself may name a member."""
    match = request.resolver_match
    return "/" + match.route if match else "(no route)"


class RequestLog:
    """Middleware: takes the caller's ``X-Request-Id`` or makes one, gives it back, and logs the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request inside its id."""
        offered = request.headers.get("X-Request-Id", "")
        token = _current.set(offered if _TAKEN.fullmatch(offered) else secrets.token_hex(8))
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = request_id()
            spent = (time.perf_counter() - began) * 1000
            logger.info("%s %s %s %.0f ms", request.method, route(request), response.status_code, spent)
            return response
        finally:
            _current.reset(token)
