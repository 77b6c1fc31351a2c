"""What the documents' tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from openum.records.parties.scope import Scope, software_scope
from openum.records.tenants.actions import open_tenant


@pytest.fixture
def root(tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    """A document store of this test's own."""
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return tmp_path / "documents"


@pytest.fixture
def scope(db: None, root: Path) -> Scope:
    """A payer's own scope."""
    return software_scope(open_tenant(slug="blue", name="Blue", kind="payer", time_zone="America/Chicago").id, "test")
