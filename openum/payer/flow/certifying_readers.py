"""Which parts of a certificate stay behind, by who reads it: what the gates of ``library/privacy`` say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from openum.core.chart import Segment
from openum.core.determination import ADVERSE
from openum.core.privacy import Disclosure, Gate, Piece, Withheld, may_leave
from openum.core.refusal import Refusal
from openum.librarian.kinds.privacy import Gates
from openum.librarian.lawbook import shelf
from openum.librarian.licensed import license_of, may_show
from openum.librarian.marked import read_document
from openum.payer.intake.shelf import in_force

READERS: Mapping[str, Mapping[str, str]] = {
    "member": {"purpose": "patient_request", "recipient": "patient", "requester": "patient"},
    "provider": {"purpose": "payment", "recipient": "treating_provider", "requester": "treating_provider"},
    "regulator": {"purpose": "operations", "recipient": "other", "requester": "other"},
}
"""How the privacy shelf calls each reader. It knows no way yet for a regulator: what is about the member is withheld,
and a person decides whether the whole goes."""
OWN: Mapping[str, frozenset[str]] = {"provider": frozenset({"request", "member"})}
"""What the reader said themselves: it goes back to them."""
INTERNAL = "Who at the plan worked on the case is not part of what the law opens; the chain still proves the order."
LICENSED = "The text of these criteria is licensed, and its terms do not open it to this reader."


def withheld_from(
    reader: str, pieces: Mapping[str, Segment], contents: Mapping[str, Any], *, on: date, identity_verified: bool
) -> dict[str, str]:
    """The parts that stay behind for this reader, with why; none for the whole (an empty ``reader``).

    Raises:
        Refusal: ``unknown-reader``, ``identity-not-verified``.
    """
    if not reader:
        return {}
    if reader not in READERS:
        raise Refusal("unknown-reader", f"There is no filter for {reader}.", f"Use one of {', '.join(READERS)}.")
    if reader == "member" and not identity_verified:
        raise Refusal(
            "identity-not-verified",
            "A member's copy goes to the member alone, and nobody has said that the asker is the member.",
            "Check who asks (45 CFR 164.514(h)), then say --identity-verified.",
        )
    disclosure = Disclosure(on=on, facts={"identity_verified": identity_verified}, **READERS[reader])
    asked = [
        Piece(id=name, segments=frozenset({segment}))
        for name, segment in pieces.items()
        if name not in OWN.get(reader, frozenset())
    ]
    shut = may_leave(disclosure, asked, None, _gates(on)).withheld if asked else ()
    found = {one.piece: _words(one) for one in reversed(shut)}
    if reader != "regulator":
        found["events"] = INTERNAL
    return _derived(found, contents) | _licensed(reader, contents)


def _derived(found: dict[str, str], contents: Mapping[str, Any]) -> dict[str, str]:
    """Where a fact stays, what repeats it stays."""
    first = next((why for name, why in found.items() if name.startswith("fact/")), None)
    if first is None:
        return found
    repeat = [name for name in ("finding", "distance", "proposals", "reasons") if name in contents]
    return dict.fromkeys(repeat, f"It repeats what a withheld fact says. {first}") | found


def _licensed(reader: str, contents: Mapping[str, Any]) -> dict[str, str]:
    """The text of licensed criteria, with what repeats it, where the license does not open it to the reader."""
    review, decided = contents.get("finding", {}), contents.get("decision", {})
    file = in_force().files.get(decided.get("policy") or review.get("policy", ""))
    document = read_document(file)[0] if file is not None else None
    held = license_of(document.data) if document is not None else None
    if may_show(held, reader, denied=decided.get("outcome") in ADVERSE):
        return {}
    folders, repeat = ("policy/", "definition/"), ("finding", "distance", "proposals", "reasons")
    return {name: LICENSED for name in contents if name.startswith(folders) or name in repeat}


def _gates(on: date) -> tuple[Gate, ...]:
    """Every gate of the shelf in force on that day, once each."""
    found = {
        one.gate.id: one.gate
        for item in shelf("privacy", *map(Path, settings.OPENUM_LIBRARY))
        if isinstance(item.value, Gates)
        for one in item.value.dated
        if one.holds(on)
    }
    return tuple(found.values())


def _words(one: Withheld) -> str:
    said = " ".join(dict.fromkeys(reason.words for reason in one.reasons))
    return f"{one.rule}: {said}" if one.rule else said
