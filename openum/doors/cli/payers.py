"""Whose cases a verb works on, where one installation serves several payers."""

from __future__ import annotations

from openum.core.refusal import Refusal
from openum.records.tenants.queries import TenantCard, all_tenants


def payer_named(name: str) -> TenantCard:
    """The payer of that short name; with an empty one the only payer there is.

    Raises:
        Refusal: ``no-payer``, ``several-payers``, ``unknown-payer``.
    """
    known = {one.slug: one for one in all_tenants() if one.kind == "payer"}
    names = ", ".join(sorted(known))
    if not known:
        raise Refusal(
            "no-payer",
            "No payer keeps its cases in this installation.",
            "Run `openum demo` for the demo world, or give --plan to decide in a scratch payer.",
        )
    if name and name not in known:
        raise Refusal("unknown-payer", "No payer of that name keeps its cases here.", f"Give --payer one of: {names}.")
    if not name and len(known) > 1:
        raise Refusal("several-payers", "Several payers keep their cases here.", f"Give --payer one of: {names}.")
    return known[name] if name else next(iter(known.values()))
