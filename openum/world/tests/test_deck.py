"""Decks: every policy in every kind, and still a typical plan's shares, however long the shelf grows."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from openum.world.content import content
from openum.world.deck import EACH, size
from openum.world.world import Sent, World


@given(st.integers(0, 2000))
def test_a_deck_has_room_for_every_policy_in_every_kind_within_the_shares(policies: int) -> None:
    shares = content("shares")["shares"]
    for kind in EACH:
        assert round(size(policies) * shares[kind] / sum(shares.values())) >= policies


def test_a_small_shelf_has_the_deck_that_is_written_and_a_larger_one_a_larger_deck() -> None:
    assert (size(0), size(36), size(37)) == (400, 400, 412)


def test_every_policy_of_the_shelf_is_asked_for_as_yes_no_and_unknown_in_one_deck(
    world: World, requests: tuple[Sent, ...]
) -> None:
    found = Counter((sent.truth.policy, sent.truth.kind) for sent in requests)
    missing = [(policy.key, kind) for policy in world.policies for kind in EACH if not found[policy.key, kind]]
    assert missing == []
