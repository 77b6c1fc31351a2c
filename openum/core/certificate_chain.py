"""The events of a certificate: whether each carries the digest of the one before it, and its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openum.core.certificate import Check, canonical, digest

NAME = "events"


def event_digest(tenant: int, subject: str, event: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over an event, as the ledger computes it; ``told`` is by whom and what it holds."""
    return digest(
        canonical(
            {
                "tenant": tenant, "subject": subject, "number": event["number"], "kind": event["kind"],
                "at": event["at"], "by": told["by"], "body": told["body"], "previous": event["previous"],
            }
        )
    )  # fmt: skip


def chain_checks(chain: Mapping[str, Any] | None, told: Sequence[Mapping[str, Any]] | None) -> tuple[Check, ...]:
    """Whether the events hang together; ``told`` is what they hold, ``None`` where the copy withholds it."""
    if chain is None:
        return (Check(NAME, "withheld", "The chain of events is withheld."),)
    events = chain["events"]
    previous = ""
    for number, event in enumerate(events, 1):
        if event["number"] != number or event["previous"] != previous:
            return (Check(NAME, "differs", f"Event {number} does not follow the one before it."),)
        previous = event["digest"]
    if told is None:
        return (Check(NAME, "withheld", f"{len(events)} events follow each other; what they hold is withheld."),)
    if len(told) != len(events):
        return (Check(NAME, "differs", "There are not as many events as links of the chain."),)
    for event, one in zip(events, told, strict=True):
        if event_digest(chain["tenant"], chain["subject"], event, one) != event["digest"]:
            return (Check(NAME, "differs", f"Event {event['number']} is not what its digest was made of."),)
    return (Check(NAME, "agrees", f"{len(events)} events, each with the digest of the one before it."),)
