"""The kinds of law beside policies, clocks and letters: one module for each shelf, each with its ``KIND``."""

from __future__ import annotations

from openum.librarian.kinds import (
    appeals,
    automation,
    coverage_criteria,
    deciders,
    durability,
    gold_card,
    language_access,
    levels_of_care,
    measures,
    minimum_necessary,
    obligations,
    parity,
    peer_to_peer,
    pharmacy,
    privacy,
    receipt,
    retention,
)
from openum.librarian.law import Kind

KINDS: tuple[Kind, ...] = (
    levels_of_care.KIND,
    appeals.KIND,
    measures.KIND,
    pharmacy.KIND,
    gold_card.KIND,
    privacy.KIND,
    minimum_necessary.KIND,
    retention.KIND,
    parity.KIND,
    obligations.KIND,
    automation.KIND,
    deciders.KIND,
    peer_to_peer.KIND,
    receipt.KIND,
    language_access.KIND,
    durability.KIND,
    coverage_criteria.KIND,
)
"""Every shelf of this form, in the order of the law book."""
