"""How OpenUM logs: request ids, numbers and codes; never a patient.

A fault's message often quotes the data that caused it (PostgreSQL prints the whole row), and a path may hold a member's
number. So a fault is logged by its type and its place in the code, and an address by its route pattern.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from openum.site.requests import request_id, route

Fault = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


class Plain(logging.Formatter):
    """One line of text per record, and the frames of a fault below it."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text; see the head of the module for what is left out."""
        entry = fields(record)
        head = f"{entry['at']} {entry['level']} {entry['logger']} [{entry['request']}] {entry['message']}"
        return "\n".join([head, *entry.get("fault", [])])


class Json(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; see the head of the module for what is left out."""
        return json.dumps(fields(record))


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """What is written of a record: moment (UTC), level, logger, request id, message; of a fault, type and frames."""
    entry: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "request": request_id() or "-",
        "message": message(record),
    }
    if record.exc_info:
        entry["fault"] = frames(record.exc_info)
    return entry


def message(record: logging.LogRecord) -> str:
    """The record's own words. Django's lines about a request would quote its path; they get the route instead."""
    request = getattr(record, "request", None)
    if record.name.startswith("django.") and request is not None and hasattr(request, "method"):
        return f"{getattr(record, 'status_code', '-')} {request.method} {route(request)}"
    return record.getMessage()


def frames(fault: Fault) -> list[str]:
    """The fault's type and the places it passed through, without its message; causes come first, as in a traceback."""
    kind, value, trace = fault
    lines: list[str] = []
    earlier = value and (value.__cause__ or (None if value.__suppress_context__ else value.__context__))
    if earlier:
        lines += [*frames((type(earlier), earlier, earlier.__traceback__)), "  and then"]
    lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(trace)]
    code = getattr(value, "code", "")  # a Refusal's code is stable and says nothing of a patient
    lines.append(f"  {kind.__name__ if kind else 'fault'}{f' {code}' if isinstance(code, str) and code else ''}")
    return lines


def logging_settings(*, level: str, as_json: bool) -> dict[str, Any]:
    """The ``LOGGING`` dictionary: everything to standard error by one of the two formatters above."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"openum": {"()": Json if as_json else Plain}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "openum"}},
        "root": {"level": level, "handlers": ["stderr"]},
        "loggers": {
            "django": {"level": level, "handlers": [], "propagate": True},
            # Every request has its own line already (openum.requests); Django's 4xx lines would only repeat it.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "WARNING", "handlers": [], "propagate": True},
            # At DEBUG it writes every statement with its values.
            "django.db.backends": {"level": "INFO"},
        },
    }
