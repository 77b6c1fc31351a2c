"""Supporting resources about the member of ``bundles.py``, and what a request Bundle says with them in it."""

from typing import Any

from openum.core.chart import Entry
from openum.core.request import Request
from openum.wire.fhir.pas_request import read_request
from openum.wire.fhir.tests.bundles import bundle

SELF = {"reference": "Patient/pat-1"}


def read(*resources: dict[str, Any]) -> tuple[Entry, ...]:
    """The chart entries of these resources alone."""
    return tuple(
        e for e in request(*resources).entries if e.kind != "demographic" and not e.source.startswith("Claim#")
    )


def request(*resources: dict[str, Any]) -> Request:
    """The request whose Bundle holds these resources beside the Claim."""
    return read_request(bundle(*resources))


def made(kind: str, **more: Any) -> dict[str, Any]:
    """A resource of this type about the member."""
    return {"resourceType": kind, "id": "x1", "subject": SELF, **more}
