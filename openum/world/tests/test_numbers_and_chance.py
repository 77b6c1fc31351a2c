"""Chance that repeats, numbers that are valid and nobody's, keys that sign."""

from __future__ import annotations

import uuid as standard
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey

from openum.world.dice import Dice
from openum.world.identifiers import BLOCK, member_number, npi, uuid
from openum.world.keys import key_of


def luhn(digits: str) -> int:
    """The Luhn sum of a number with its check digit, written the long way round."""
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * 2 if place % 2 else digit
        total += sum(map(int, str(doubled)))
    return total % 10


@given(st.integers(0, 9999))
def test_every_provider_number_passes_the_check_of_the_standard_and_lies_in_the_synthetic_block(serial: int) -> None:
    number = npi(serial)
    assert len(number) == 10
    assert number.startswith(BLOCK)
    assert number[0] not in "12"
    assert luhn("80840" + number) == 0


def test_a_known_provider_number_of_the_standard_passes_the_same_check() -> None:
    assert luhn("80840" + "1234567893") == 0
    assert luhn("80840" + "1234567894") != 0


def test_there_is_no_provider_number_beyond_the_block() -> None:
    with pytest.raises(ValueError, match="0 to 9999"):
        npi(10_000)


def test_resource_ids_have_the_form_of_random_ones_and_depend_on_their_name_alone() -> None:
    found = uuid(7, "alderbrook-7-000001", "Claim")
    assert standard.UUID(found).version == 4
    assert standard.UUID(found).variant == standard.RFC_4122
    assert found == uuid(7, "alderbrook-7-000001", "Claim")
    assert found != uuid(8, "alderbrook-7-000001", "Claim")


def test_a_member_number_ends_in_a_check_digit() -> None:
    assert member_number("F", 12) == "F0000125"
    assert luhn("0000125") == 0


def test_dice_of_one_name_fall_the_same_and_of_another_differently() -> None:
    assert [Dice(7, "a").below(1000) for _ in range(2)] == [Dice(7, "a").below(1000)] * 2
    assert [Dice(7, "a", n).below(10**9) for n in range(5)] != [Dice(7, "b", n).below(10**9) for n in range(5)]


def test_the_fall_of_the_dice_is_pinned_because_every_world_hangs_on_it() -> None:
    dice = Dice(7, "pinned")
    assert [dice.below(100) for _ in range(6)] == [52, 66, 23, 11, 18, 54]
    assert dice.shuffled(range(6)) == [3, 5, 0, 4, 2, 1]


@given(st.integers(), st.integers(0, 400), st.integers(0, 400))
def test_a_day_is_never_outside_its_bounds(seed: int, start: int, length: int) -> None:
    first, last = date.fromordinal(730_000 + start), date.fromordinal(730_000 + start + length)
    assert first <= Dice(seed).day(first, last) <= last


def test_weights_rule_what_is_drawn() -> None:
    dice = Dice(1)
    drawn = [dice.weighted([("often", 9.0), ("seldom", 1.0), ("never", 0.0)]) for _ in range(2000)]
    assert drawn.count("never") == 0
    assert 0.87 < drawn.count("often") / 2000 < 0.93


def test_a_key_signs_what_its_public_half_verifies_and_is_the_same_for_the_same_seed() -> None:
    key = key_of(7, "alderbrook-ehr")
    token = jwt.encode({"alg": "ES384"}, {"iss": "alderbrook-ehr"}, ECKey.import_key(dict(key.private)), ["ES384"])
    read = jwt.decode(token, ECKey.import_key(dict(key.public)), ["ES384"])
    assert read.claims == {"iss": "alderbrook-ehr"}
    assert key == key_of(7, "alderbrook-ehr")
    assert key.public["x"] != key_of(8, "alderbrook-ehr").public["x"]
    assert "d" not in key.public
    assert "d" not in key.jwks["keys"][0]
