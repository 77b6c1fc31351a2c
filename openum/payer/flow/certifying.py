"""Certificates of decisions: gathered from the rooms, filtered for a reader, signed, and the export written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from openum.core.actor import Actor
from openum.core.refusal import Refusal
from openum.librarian.certificate import issue, verify
from openum.librarian.certificate_keys import Jwk, new_key, public_keys, signing_key
from openum.payer.flow.certifying_parts import contents_of, pieces_of
from openum.payer.flow.certifying_readers import withheld_from
from openum.payer.flow.queries import CaseView, LineView, case_view
from openum.payer.intake.shelf import in_force
from openum.records.ledger.actions import record
from openum.records.parties.scope import Scope
from openum.records.tenants.queries import TenantCard, all_tenants

EXPORTED = "CertificateExported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A certificate as it was handed out: its bytes, their SHA-256 (hex), and what the copy withholds, with why."""

    number: str
    line: int
    content: bytes
    digest: str
    withheld: Mapping[str, str]


def export(
    scope: Scope, number: str, *, line: int | None = None, reader: str = "", identity_verified: bool = False,
    why: str, by: Actor, at: datetime,
) -> Exported:  # fmt: skip
    """The certificate of a line's decision, or of what the law made of its clocks; the export becomes an event.

    ``reader`` (``member``, ``provider``, ``regulator``) leaves out what may not go to them; empty gives the whole.
    ``line`` may be left out where the case has one. The same decision gives the same bytes each time.

    Raises:
        Refusal: ``unknown-case``, ``unknown-line``, ``line-needed``, ``nothing-decided``, ``identity-not-verified``,
            ``policy-text-gone``, ``rule-text-gone``, ``key-unreadable``, ``certificate-does-not-agree``.
    """
    view = case_view(scope, number, history=True)
    if view is None:
        raise Refusal("unknown-case", "No case of this number is kept here.", "Check the number's last digit.")
    one = _line(view, line)
    key = signing_key(key_folder(_tenant(scope.tenant_id)))
    contents = contents_of(view, one)
    of = _named(view, one, contents)
    _prove(issue(contents, of=of, key=key))
    withheld = withheld_from(
        reader, pieces_of(view, one, contents), contents, on=at.date(), identity_verified=identity_verified
    )
    content = issue(contents, of=of, key=key, reader=reader, withheld=withheld)
    digest = sha256(content).hexdigest()
    sequence = one.line.asked.sequence
    with transaction.atomic():
        record(
            tenant_id=scope.tenant_id, kind=EXPORTED, subject=view.case.number, by=by, at=at, line=sequence,
            reader=reader or "whole", why=why, digest=digest, withheld=sorted(withheld),
        )  # fmt: skip
    return Exported(
        number=view.case.number, line=sequence, content=content, digest=digest, withheld=withheld
    )  # fmt: skip


def published_keys(tenant: TenantCard, *, new: bool = False) -> dict[str, list[Jwk]]:
    """The tenant's public keys as a JWKS, newest first; the first is made when there is none, another with ``new``."""
    folder = key_folder(tenant)
    if new:
        new_key(folder)
    signing_key(folder)
    return public_keys(folder)


def key_folder(tenant: TenantCard) -> Path:
    """Where the tenant's signing keys lie: beside the documents, which every machine of an installation shares."""
    return Path(settings.DOCUMENT_ROOT).parent / "keys" / tenant.slug


def _tenant(tenant_id: int) -> TenantCard:
    return next(one for one in all_tenants() if one.id == tenant_id)


def _line(view: CaseView, wanted: int | None) -> LineView:
    if wanted is None and len(view.lines) > 1:
        raise Refusal(
            "line-needed",
            f"The case has {len(view.lines)} lines, and each decision has a certificate of its own.",
            f"Say --line with one of {_listed(view.lines)}.",
        )
    found = [one for one in view.lines if wanted is None or one.line.asked.sequence == wanted]
    if not found:
        raise Refusal("unknown-line", f"The case has no line {wanted}.", f"Use one of {_listed(view.lines)}.")
    sequence = found[0].line.asked.sequence
    if found[0].determination is None and not any(sequence in lapse.lines for lapse in view.lapses):
        raise Refusal(
            "nothing-decided",
            "Nothing is decided about this line, and no clock of it ran out.",
            "`openum explain` shows where it stands.",
        )
    return found[0]


def _listed(lines: Iterable[LineView]) -> str:
    return ", ".join(str(one.line.asked.sequence) for one in lines)


def _named(view: CaseView, one: LineView, contents: Mapping[str, Any]) -> dict[str, Any]:
    tenant = _tenant(view.case.tenant_id)
    return {
        "kind": "determination" if "decision" in contents else "lapse",
        "number": view.case.number,
        "line": one.line.asked.sequence,
        "issuer": tenant.slug,
        "issuer_name": tenant.name,
        "software": f"openum {version('openum')}",
        "library": in_force().digest,
    }


def _prove(content: bytes) -> None:
    """Nothing is handed out that would not verify."""
    wrong = verify(content).of("differs")
    if wrong:
        raise Refusal(
            "certificate-does-not-agree",
            f"Run again, this decision comes out otherwise ({wrong[0].name}): {wrong[0].words}",
            "Put the library back as it was when it was decided; a person looks at it where that is so.",
        )
