"""What makes a Bundle with a Claim unreadable: faults of the message, refused before anything is looked up."""

from __future__ import annotations

from typing import Any

from openum.core.refusal import Refusal
from openum.wire.fhir.checker import check
from openum.wire.fhir.reading_bundle import Opened
from openum.wire.fhir.reading_values import Json, text
from openum.wire.fhir.references import Closure, closure

MALFORMED = frozenset({"wrong-json", "wrong-type", "missing", "too-many", "unknown-modifier"})
"""What of the checker's findings on the Claim, read as plain R4, makes it unreadable. Unknown elements are ignored
(spec-25), but not modifiers: they may turn a meaning around."""

EMPTY: tuple[Any, ...] = (None, [], {}, "")
"""What FHIR forbids to write and what says nothing: read as not written."""


FEWEST_ROWS = 2000
"""So many rows of careTeam, diagnosis, contained … are always taken."""


def check_preauthorization(opened: Opened) -> None:
    """The Claim asks for prior authorization. Raises ``Refusal`` ``not-a-preauthorization``."""
    if text(opened.first.resource.get("use")) != "preauthorization":
        raise Refusal(
            "not-a-preauthorization",
            "The Claim is not a request for prior authorization.",
            "Set Claim.use to preauthorization; bills and estimates go elsewhere.",
            where=f"{opened.first.path}.use",
        )


def check_lines(opened: Opened, most_lines: int) -> None:
    """Count the items, and the rows they may point to, before anything looks at each of them.

    Raises:
        Refusal: ``too-many-lines``, ``too-many-rows``.
    """
    held = opened.first.resource.get("item")
    if isinstance(held, list) and len(held) > most_lines:
        raise Refusal(
            "too-many-lines",
            f"The Claim has {len(held)} items; at most {most_lines} are taken at once.",
            "Split the request.",
            where=f"{opened.first.path}.item",
        )
    for name, rows in opened.first.resource.items():
        if isinstance(rows, list) and len(rows) > max(2 * most_lines, FEWEST_ROWS):
            raise Refusal(
                "too-many-rows",
                f"A list of the Claim has {len(rows)} rows.",
                "Send what bears on the lines asked for.",
                where=f"{opened.first.path}.{name}" if name.isalpha() else opened.first.path,
            )


def check_readable(opened: Opened) -> None:
    """The Claim must be a Claim of plain R4; what the PAS profile asks beyond stops nothing here.

    Raises:
        Refusal: ``malformed-claim``, with the place of the first fault.
    """
    claim = opened.first.resource
    plain = {name: held for name, held in claim.items() if name not in ("meta", "contained") and held not in EMPTY}
    wrong = [one for one in check(plain, invariants=False) if one.severity == "error" and one.code in MALFORMED]
    if wrong:
        more = f" ({len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise Refusal(
            "malformed-claim",
            f"The Claim cannot be read: {wrong[0].message}{more}",
            "Check the Bundle against FHIR R4 and PAS 2.2.1 before sending it.",
            where=wrong[0].path.replace("Claim", opened.first.path, 1),
        )


def check_closed(bundle: Json) -> Closure:
    """What the Bundle holds of its own references; those of the Claim itself must all resolve.

    Raises:
        Refusal: ``dangling-reference``, ``duplicate-entry``.
    """
    found = closure(bundle)
    broken = next((one for one in found.dangling if one.from_claim), None)
    if broken is not None:
        raise Refusal(
            "dangling-reference",
            "The Claim refers to something the Bundle does not hold exactly once.",
            "Put every resource the Claim refers to into the Bundle (spec-13).",
            where=broken.from_path,
        )
    if found.duplicates:
        raise Refusal(
            "duplicate-entry",
            "A resource stands in the Bundle twice.",
            "Send each resource once, under one fullUrl (spec-14).",
            where=found.duplicates[0],
        )
    return found
