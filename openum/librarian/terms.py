"""What the law promises next to the reader of a letter (``library/notices/terms.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml


def read_terms(root: Path) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """The terms of a shelf by jurisdiction (``us/erisa``) and element: ``text`` or ``days``, and ``cite``.

    A shelf without the file has none.
    """
    path = root / "notices" / "terms.yaml"
    if not path.exists():
        return {}
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    found: Mapping[str, Mapping[str, Mapping[str, Any]]] = content["jurisdictions"]
    return found
