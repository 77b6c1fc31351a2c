"""A database that is made for one command and gone after it, and in it a payer that knows whoever a request names.

The migrated tables are kept beside the installation's documents as a template, so that only the first run migrates.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from openum.core.request import PartyRef, Request
from openum.doors.cli.set_up import set_up_plan, set_up_practice
from openum.records.ledger import appendonly
from openum.records.parties.actions import enroll
from openum.records.parties.scope import Scope, software_scope
from openum.records.tenants.actions import open_tenant
from openum.world.values import Plan

NOT_STATED = date(1900, 1, 1)
"""The scratch member's birth date where the Bundle states none: the column wants one, and nothing reads it."""
FAST = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"


@contextmanager
def scratch_database() -> Iterator[None]:
    """Work on an empty SQLite database in a temporary folder until the end of the block; then nothing is left of it."""
    template = _template()
    with tempfile.TemporaryDirectory(prefix="openum-") as folder:
        file = Path(folder) / "scratch.sqlite3"
        if template.exists():
            shutil.copyfile(template, file)
        with _pointed_at(file):
            if not template.exists():
                call_command("migrate", verbosity=0)
                connections["default"].close()
                _keep(file, template)
            yield


def open_payer(name: str, plan: Plan) -> Scope:
    """A payer of that name in the scratch database with this one plan."""
    tenant = open_tenant(slug=name, name=plan.name, kind="payer", time_zone=plan.time_zone)
    scope = software_scope(tenant.id, "command-line")
    set_up_plan(scope, plan)
    return scope


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Whom the scratch payer was told about, in sentences without names."""

    notes: tuple[str, ...]


def enroll_parties(scope: Scope, plan: Plan, request: Request, *, on: date) -> Enrolled:
    """Make the payer know the member, the requester and the performers, in the plan's network, since long before."""
    days = [line.service_from for line in request.lines if line.service_from is not None]
    since = min([on, *days, *([request.created_date] if request.created_date else [])])
    member = request.member
    notes = [f"The member was enrolled in {plan.code} for this run only."]
    if member.birth_date is None:
        notes.append("The Bundle states no birth date of the member.")
    enroll(
        scope, plan=plan.code, number=member.member_id, family=member.family or "not stated", given=member.given,
        birth_date=member.birth_date or NOT_STATED, start=since, sex=_sex(member.gender),
    )  # fmt: skip
    for party in {request.requester, *(line.performer for line in request.lines if line.performer is not None)}:
        if _known_by_number(party):
            set_up_practice(
                scope, name=party.name or "not stated", npi=party.npi, tax_id=_tax_number(party), plans=(plan.code,),
                since=since,
            )  # fmt: skip
    return Enrolled(tuple(notes))


def _sex(gender: str) -> str:
    return gender if gender in ("male", "female", "other") else "unknown"


def _known_by_number(party: PartyRef) -> bool:
    return (len(party.npi) == 10 and party.npi.isdecimal()) or (not party.npi and bool(_tax_number(party)))


def _tax_number(party: PartyRef) -> str:
    return next((one.value for one in party.identifiers if "113883.4.4" in one.system or "us-ein" in one.system), "")


def _template() -> Path:
    """Where the migrated tables of exactly these migrations are kept."""
    found = sha256()
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path).glob("migrations/*.py")):
            found.update(file.read_bytes())
    found.update(Path(appendonly.__file__).read_bytes())
    return Path(settings.DOCUMENT_ROOT).parent / "scratch" / f"{found.hexdigest()[:16]}.sqlite3"


def _keep(file: Path, template: Path) -> None:
    """Keep the fresh tables for the next run; where that is not allowed, the next run migrates again."""
    with suppress(OSError):
        template.parent.mkdir(parents=True, exist_ok=True)
        for old in template.parent.glob("*.sqlite3"):
            old.unlink()
        half = template.with_suffix(f".{file.parent.name}")
        shutil.copyfile(file, half)
        half.replace(template)


@contextmanager
def _pointed_at(file: Path) -> Iterator[None]:
    """Let every query and every document go to the temporary folder, whatever the installation's database is."""
    kept, database, documents = connections["default"], connections.settings["default"], settings.DOCUMENT_ROOT
    options = {"transaction_mode": "IMMEDIATE", "init_command": FAST}
    chosen = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file), "OPTIONS": options}}
    connections.settings["default"] = connections.configure_settings(chosen)["default"]
    connections["default"] = connections.create_connection("default")
    settings.DOCUMENT_ROOT = file.parent / "documents"
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"], connections["default"] = database, kept
        settings.DOCUMENT_ROOT = documents
