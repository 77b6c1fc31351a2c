"""What ``openum certificate`` does."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from openum.core.refusal import Refusal
from openum.doors.cli import speech
from openum.doors.cli.start import require_database
from openum.payer.flow.certifying import Exported, export, published_keys
from openum.payer.flow.queries import case_view
from openum.records.parties.scope import Scope, software_scope
from openum.records.tenants.queries import all_tenants


def run(asked: argparse.Namespace) -> int:
    """Write the certificate, or print the public keys."""
    require_database()
    if asked.number == "keys":
        return _keys(asked.payer, new=asked.new)
    _refuse_taken(asked.out)
    scope, number = _found(asked.number.strip().upper())
    exported = export(
        scope, number, line=asked.line, reader=asked.reader, identity_verified=asked.identity_verified,
        why=asked.why, by=scope.actor, at=datetime.now(UTC),
    )  # fmt: skip
    _write(asked.out, exported.content)
    _tell(exported)
    return 0


def _keys(slug: str, *, new: bool) -> int:
    payers = [one for one in all_tenants() if one.kind == "payer" and slug in ("", one.slug)]
    if len(payers) != 1:
        known = ", ".join(one.slug for one in all_tenants() if one.kind == "payer") or "none yet"
        raise Refusal("which-payer", "It is not clear whose keys are meant.", f"Say --payer with one of: {known}.")
    speech.machine(published_keys(payers[0], new=new))
    return 0


def _found(number: str) -> tuple[Scope, str]:
    for tenant in all_tenants():
        scope = software_scope(tenant.id, "command-line")
        if case_view(scope, number) is not None:
            return scope, number
    raise Refusal(
        "unknown-case",
        "No case of this number is kept here.",
        "Check the number: it begins with R, and its last digit is a check digit.",
    )


def _refuse_taken(out: Path | None) -> None:
    if out is not None and out.exists():
        raise Refusal("file-exists", f"{out} is there already.", "Name a file that is not there yet.")


def _write(out: Path | None, content: bytes) -> None:
    """To standard output, or into a new file that its owner alone can read: it holds a patient's data."""
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as wrong:
        raise Refusal("file-not-written", f"{out}: {wrong.strerror}.", "Name a file in a folder of yours.") from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def _tell(exported: Exported) -> None:
    out = speech.error()
    out.print(f"Certificate of {exported.number}, line {exported.line}: SHA-256 {exported.digest}")
    for name, why in exported.withheld.items():
        out.print(f"  withheld: {name}: {why}")
