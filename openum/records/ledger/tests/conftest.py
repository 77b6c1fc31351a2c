"""What the ledger's tests share."""

from __future__ import annotations

import pytest

from openum.records.ledger.tests.route import Steps
from openum.records.tenants.actions import open_tenant


@pytest.fixture
def tenant(db: None) -> int:
    """A payer to keep cases for."""
    return open_tenant(slug="blue", name="Blue Plan", kind="payer", time_zone="America/Chicago").id


@pytest.fixture
def steps() -> Steps:
    """A route of three steps that note what they did."""
    return Steps()
