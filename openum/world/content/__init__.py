"""The world's own content, read once: what it is made of, without any chance in it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


@cache
def content(name: str) -> Mapping[str, Any]:
    """One YAML file of this folder, by its name without the ending."""
    found: Mapping[str, Any] = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


@cache
def icd10cm() -> Mapping[str, str]:
    """The ICD-10-CM codes the world uses, each with its official description."""
    with (HERE / "icd10cm.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["description"] for row in csv.DictReader(file)}
