"""Is the request addressed to this payer? A payer's plans name the identifiers by which the world addresses it."""

from __future__ import annotations

from openum.core.refusal import Refusal
from openum.core.request import PartyRef
from openum.records.parties.queries import all_plans
from openum.records.parties.scope import Scope

SETTING = "insurer_identifiers"
"""The plan's setting: a list of ``system|value``, for instance ``http://hl7.org/fhir/sid/us-npi|1234567893``."""


def require_insurer(scope: Scope, insurer: PartyRef) -> None:
    """Refuse a request that names another insurer.

    A request that names none by number (the element may hold a name only), and a payer whose plans state no numbers,
    are taken: the client is registered with this payer and with no other.

    Raises:
        Refusal: ``unknown-insurer``.
    """
    own = {text for plan in all_plans(scope) for text in _stated(plan.settings.get(SETTING))}
    named = {f"{one.system}|{one.value}" for one in insurer.identifiers}
    if own and named and own.isdisjoint(named):
        raise Refusal(
            "unknown-insurer",
            "The request is addressed to another insurer.",
            "Send it to the insurer named on the member's card, or correct Claim.insurer.",
            where="insurer",
        )


def _stated(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
