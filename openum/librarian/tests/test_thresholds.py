"""Every threshold needs a case on it, one a step beyond it, and one without the datum, each of which depends on it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from openum.core.chart import Chart, Fact
from openum.core.criteria import Asked, Leaf
from openum.core.span import parse_span
from openum.librarian.check import check_library
from openum.librarian.faults import Fault
from openum.librarian.tests.shelves import (
    DEVICE_EXAMPLES,
    EXAMPLES,
    OXYGEN,
    OXYGEN_EXAMPLES,
    VERSION,
    plant,
    write,
)
from openum.librarian.threshold_checks import edge_of, step_of

DEVICE = "policies/dme/device/2026-01-01.yaml"
DEVICE_FILE = "2026-01-01.examples.yaml"
WHERE = "Where everything else is fit for it, add a case"
HERE = "in 2021-09-27.examples.yaml."


def faults(shelf: Path) -> set[tuple[int, str, str]]:
    found = check_library(shelf)
    assert {fault.file for fault in found} <= {str(shelf / OXYGEN), str(shelf / DEVICE)}
    return {(fault.line, fault.fault, fault.mend) for fault in found}


@pytest.mark.parametrize(
    ("old", "new", "line", "fault", "mend"),
    [
        ("spo2_at_rest: 88,", "spo2_at_rest: 87.5,", 11,
         "No example stands on `spo2_at_rest` at_most 88 and depends on it.",
         f"{WHERE} with exactly that value {HERE}"),
        ("spo2_at_rest: 89,", "spo2_at_rest: 90,", 11,
         "No example stands one step beyond `spo2_at_rest` at_most 88 and depends on it.", f"{WHERE} with 89 {HERE}"),
        ("given: {test_date: 2026-05-20, asthma: false}", "given: {test_date: 2026-05-20}", 11, None, ""),
        ("given: {test_date: 2026-05-20, asthma: false}", "given: {asthma: false, spo2_at_rest: 80}", 11,
         "No example that lacks `spo2_at_rest` is unknown because of it.",
         f"{WHERE} without it, expect: unknown, {HERE}"),
        ("test_date: 2026-05-02", "test_date: 2026-05-03", 12,
         "No example stands on `test_date` within 30 days and depends on it.",
         f"{WHERE} with exactly that value {HERE}"),
        ("test_date: 2026-05-01", "test_date: 2026-04-30", 12,
         "No example stands one step beyond `test_date` within 30 days and depends on it.",
         f"{WHERE} with the day before that span {HERE}"),
        ("given: {spo2_at_rest: 80, asthma: false}", "given: {test_date: 2026-05-20, asthma: false}", 12,
         "No example that lacks `test_date` is unknown because of it.", f"{WHERE} without it, expect: unknown, {HERE}"),
    ],
)  # fmt: skip
def test_a_case_that_is_missing_is_named(
    shelf: Path, old: str, new: str, line: int, fault: str | None, mend: str
) -> None:
    plant(shelf, OXYGEN_EXAMPLES, old, new)
    assert faults(shelf) == ({(line, fault, mend)} if fault else set())


def test_a_case_whose_answer_does_not_depend_on_the_threshold_does_not_count(shelf: Path) -> None:
    old = "- name: A saturation of 89 % does not qualify\n  given: {spo2_at_rest: 89, test_date: 2026-05-20"
    plant(shelf, OXYGEN_EXAMPLES, old, old.replace("2026-05-20", "2025-05-20"))
    fault = "No example stands one step beyond `spo2_at_rest` at_most 88 and depends on it."
    assert faults(shelf) == {(11, fault, f"{WHERE} with 89 {HERE}")}


def test_nothing_given_counts_for_a_condition_that_is_needed(shelf: Path) -> None:
    text = EXAMPLES.replace("given: {test_date: 2026-05-20, asthma: false}", "given: {}")
    write(shelf, OXYGEN_EXAMPLES, text)
    assert faults(shelf) == set()


def test_a_threshold_against_what_is_asked_for_is_covered_the_same_way(shelf: Path) -> None:
    name = "policies/dme/device/2026-01-01.examples.yaml"
    text = DEVICE_EXAMPLES.replace("asked: {quantity: 4}", "asked: {quantity: 3}")
    write(
        shelf,
        name,
        text.replace("asked: {quantity: 5}, given: {bmi: 36, v", "asked: {quantity: 7}, given: {bmi: 36, v"),
    )
    assert faults(shelf) == {
        (9, "No example stands on `visits_left` at_least the asked quantity and depends on it.",
         f"{WHERE} with exactly that value in {DEVICE_FILE}."),
        (9, "No example stands one step beyond `visits_left` at_least the asked quantity and depends on it.",
         f"{WHERE} with one less in {DEVICE_FILE}."),
    }  # fmt: skip


def test_the_same_threshold_written_twice_is_asked_for_once_and_an_end_of_the_range_has_no_beyond(shelf: Path) -> None:
    rest = "- {fact: spo2_at_rest, at_most: 88, label: Oxygen saturation at or below 88 %"
    twice = VERSION.replace(
        "    - {fact: test_date",
        "    - label: Said twice\n      any:\n        - {fact: spo2_at_rest, at_most: 88, label: Low once}\n"
        "        - {fact: asthma, is: true, label: The member has asthma}\n    - {fact: test_date",
    )
    write(shelf, OXYGEN, twice)
    settled = "can never fail: `spo2_at_rest` is settled already."
    assert {fault for _, fault, _ in faults(shelf)} == {f"“Said twice” {settled}"}
    write(shelf, OXYGEN, VERSION.replace("    " + rest, f"    {rest.replace('88', '100')}, cite: x}}\n    {rest}"))
    assert {fault for _, fault, _ in faults(shelf)} == {
        "No example stands on `spo2_at_rest` at_most 100 and depends on it.",
        f"“Oxygen saturation at or below 100 %” {settled}",
    }


@pytest.mark.parametrize(("value", "step"), [(88, 1), (55.5, 0.1), (0.25, 0.01), (-3, 1), (30.0, 0.1)])
def test_a_step_is_one_of_the_last_digit_written(value: float, step: float) -> None:
    assert step_of(value) == pytest.approx(step)


@pytest.mark.parametrize(
    ("leaf", "on", "beyond", "not_beyond"),
    [
        (Leaf("x", "at_least", 15), 15, (14, 14.9), (13.9, 15, 15.1)),
        (Leaf("x", "at_most", 15), 15, (16, 15.1), (16.1, 15, 14)),
        (Leaf("x", "above", 55.5), 55.5, (55.6, 55.55), (55.4, 56)),
        (Leaf("x", "below", 15), 15, (14,), (16,)),
        (Leaf("x", "is", 15), 15, (14, 16), (13, 17)),
        (Leaf("x", "at_least", Asked("quantity")), 4, (3,), (5,)),
        (Leaf("x", "within", parse_span("6mo")), date(2025, 8, 28), (date(2025, 8, 27),), (date(2025, 8, 29), 3)),
        (Leaf("x", "above", date(2026, 1, 1)), date(2026, 1, 1), (date(2026, 1, 2),), (date(2025, 12, 31),)),
    ],
)
def test_what_lies_on_a_threshold_and_one_step_beyond(
    leaf: Leaf, on: object, beyond: tuple[object, ...], not_beyond: tuple[object, ...]
) -> None:
    edge = edge_of(leaf, Chart(date(2026, 2, 28), {"asked.quantity": Fact("asked.quantity", 4)}))
    assert edge is not None
    assert edge.on == on
    assert [edge.beyond_holds(value) for value in beyond] == [True] * len(beyond)  # type: ignore[arg-type]
    assert [edge.beyond_holds(value) for value in not_beyond] == [False] * len(not_beyond)  # type: ignore[arg-type]


def test_there_is_no_threshold_while_nobody_said_how_much_is_asked_for() -> None:
    assert edge_of(Leaf("x", "at_least", Asked("quantity")), Chart(date(2026, 2, 28))) is None


def test_a_threshold_is_named_at_its_own_line(shelf: Path) -> None:
    write(shelf, OXYGEN_EXAMPLES, EXAMPLES.replace("spo2_at_rest: 89", "spo2_at_rest: 95"))
    (fault,) = check_library(shelf)
    assert fault == Fault(
        str(shelf / OXYGEN),
        11,
        "No example stands one step beyond `spo2_at_rest` at_most 88 and depends on it.",
        f"{WHERE} with 89 {HERE}",
    )
