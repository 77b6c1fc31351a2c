"""Patients with their charts: the Da Vinci reference implementation's seeds and Synthea's whole-life Bundles.

Both lie beside the checkout (../shared/data) and are not part of it. Of a record is taken what speaks about the
patient's health; nothing is changed but, where asked, the days.
"""

from __future__ import annotations

import copy
import gzip
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

Json = dict[str, Any]

DATA: Path = settings.PROJECT / "../shared/data"
RI = DATA / "fhir_davinci_ri"
SYNTHEA = DATA / "fhir_synthea_r4"
EXAMPLES = DATA / "fhir_davinci_igs/examples/davinci_pas_2.2.1"
ABSENT = "the charts (../shared/data/fhir_davinci_ri, fhir_synthea_r4) are not beside the checkout"

CHARTED = frozenset({
    "Condition", "Encounter", "MedicationDispense", "MedicationRequest", "MedicationStatement", "Observation",
    "Procedure",
})  # fmt: skip
DATED = re.compile(r"^(\d{4}-\d{2}-\d{2})(T.*)?$")


def present() -> bool:
    """Whether both data sets lie beside the checkout."""
    return RI.is_dir() and SYNTHEA.is_dir()


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient: the Patient resource, and what is known about their health, oldest first."""

    person: Json
    chart: tuple[Json, ...]

    @property
    def newest(self) -> date:
        """The newest day of the chart."""
        return max(day for one in self.chart for day in _days(one))

    def moved(self, newest: date) -> Patient:
        """The same life at another time: the newest day of the chart is ``newest``, ages stay as they were."""
        by = newest - self.newest
        return Patient(_moved(self.person, by), tuple(_moved(one, by) for one in self.chart))

    def until(self, day: date) -> Patient:
        """The chart as it stood at the end of that day; what bears no date stays."""
        return Patient(self.person, tuple(one for one in self.chart if max(_days(one), default=day) <= day))

    def since(self, day: date) -> Patient:
        """All conditions and procedures, and the rest from that day on."""
        whole = ("Condition", "Procedure")
        kept = (one for one in self.chart if one["resourceType"] in whole or max(_days(one), default=day) >= day)
        return Patient(self.person, tuple(kept))


@cache
def reference_patient(own: str, folder: str = "test_ehr_seed") -> Patient:
    """A patient of the reference implementation's seeds: John is ``pat013``, Teddy 014, Billy 015, Jane 016."""
    return _patient(own, [_read(file) for file in sorted((RI / folder).glob("*.json"))])


@cache
def bundled_patient(name: str) -> Patient:
    """The patient of a whole Bundle of the reference implementation (``HypoxemiaPatientBundle``)."""
    return _only(_read(RI / f"test_ehr_bundles/{name}.json"))


@cache
def synthea_patient(name: str) -> Patient:
    """A Synthea patient by the beginning of the file's name (``Micah_Schinner``)."""
    (file,) = SYNTHEA.glob(f"{name}_*.json.gz")
    return _only(json.loads(gzip.decompress(file.read_bytes())))


def answered_form(name: str) -> Json:
    """A finished home oxygen form of the reference implementation, with its own question numbers."""
    return _read(RI / f"br_provider/dtr/{name}.json")


def _read(file: Path) -> Json:
    found: Json = json.loads(file.read_text(encoding="utf-8"))
    return found


def _only(bundle: Json) -> Patient:
    """The one patient of a Bundle whose entries name each other by fullUrl."""
    names = {row["fullUrl"]: f"{row['resource']['resourceType']}/{row['resource']['id']}" for row in bundle["entry"]}
    held = [_renamed(row["resource"], names) for row in bundle["entry"]]
    return _patient(next(one["id"] for one in held if one["resourceType"] == "Patient"), held)


def _patient(own: str, held: Iterable[Json]) -> Patient:
    resources = [one for one in held if one["resourceType"] in CHARTED | {"Patient"}]
    person = next(one for one in resources if one["resourceType"] == "Patient" and one["id"] == own)
    about = [one for one in resources if _reference(one.get("subject")) == f"Patient/{own}"]
    chart = sorted(map(_bare, about), key=lambda one: max(_days(one), default=date.min))
    return Patient(_bare(person), tuple(chart))


def _bare(resource: Json) -> Json:
    """Without narrative and server's notes: they belong to the system it came from."""
    return {name: value for name, value in copy.deepcopy(resource).items() if name not in ("meta", "text")}


def _reference(value: Any) -> str:
    return str(value.get("reference", "")) if isinstance(value, dict) else ""


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: names.get(one, one) if name == "reference" and isinstance(one, str) else _renamed(one, names)
        for name, one in value.items()
    }


def _days(value: Any) -> list[date]:
    """Every whole day written in the resource; the expiry of a drug's package (contained) is none of the chart's."""
    if isinstance(value, dict):
        return [day for name, one in value.items() if name != "contained" for day in _days(one)]
    if isinstance(value, list):
        return [day for one in value for day in _days(one)]
    found = DATED.match(value) if isinstance(value, str) else None
    return [date.fromisoformat(found[1])] if found else []


def _moved(value: Any, by: timedelta) -> Any:
    if isinstance(value, list):
        return [_moved(one, by) for one in value]
    if isinstance(value, dict):
        return {name: _moved(one, by) for name, one in value.items()}
    found = DATED.match(value) if isinstance(value, str) else None
    return f"{date.fromisoformat(found[1]) + by}{found[2] or ''}" if found else value
