"""What a record of a treatment limitation, a line, or a set of figures still lacks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.parity import (
    Datum,
    Field,
    Flag,
    OnRequest,
    Part,
    RecordSchema,
    Section,
    missing_data,
    missing_fields,
    missing_flags,
    must_give,
    status_of,
)

SCHEMA = RecordSchema(
    "S",
    (
        Section(
            "nqtl", (Field("name", "…", ("step_therapy", "concurrent_review")), Field("notes", "…", optional=True))
        ),
        Section("factors", (Field("name", "…"), Field("source", "…")), each=True),
    ),
)
WHOLE: dict[str, Any] = {"nqtl": {"name": "step_therapy"}, "factors": [{"name": "cost", "source": "claims"}]}


def test_a_whole_record_lacks_nothing() -> None:
    assert missing_fields(WHOLE, SCHEMA) == ()


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"nqtl": {}}, ("nqtl.name",)),
        ({"nqtl": None}, ("nqtl.name",)),
        ({"nqtl": "step therapy"}, ("nqtl.name",)),
        ({"nqtl": {"name": "  "}}, ("nqtl.name",)),
        ({"nqtl": {"name": []}}, ("nqtl.name",)),
        ({"nqtl": {"name": "lottery"}}, ("nqtl.name: lottery",)),
        ({"nqtl": {"name": ["step_therapy", "lottery"]}}, ("nqtl.name: lottery",)),
        ({"nqtl": {"name": "step_therapy", "notes": "seen"}}, ()),
        ({"factors": []}, ("factors",)),
        ({"factors": "cost"}, ("factors",)),
        ({"factors": None}, ("factors",)),
        ({"factors": [{"name": "cost", "source": "x"}, {"name": "none", "source": None}]}, ("factors[2].source",)),
        ({"factors": ["cost"]}, ("factors[1].name", "factors[1].source")),
    ],
)
def test_what_is_missing_is_named_by_its_path(change: dict[str, Any], missing: tuple[str, ...]) -> None:
    assert missing_fields({**WHOLE, **change}, SCHEMA) == missing


def test_none_written_out_and_zero_are_answers() -> None:
    record = {**WHOLE, "factors": [{"name": "none", "source": 0}]}
    assert missing_fields(record, SCHEMA) == ()


FLAGS = (Flag("mhsud_flag", "…", (True, False)), Flag("class", "…", ("emergency",)), Flag("ids", "…"))


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ({"mhsud_flag": False, "class": "emergency", "ids": ["prior_authorization"]}, ()),
        ({"mhsud_flag": None, "class": "emergency", "ids": ["prior_authorization"]}, ("mhsud_flag",)),
        ({"mhsud_flag": 0, "class": "emergency", "ids": ["prior_authorization"]}, ("mhsud_flag",)),
        ({"mhsud_flag": True, "class": "outpatient", "ids": []}, ("class", "ids")),
        ({}, ("mhsud_flag", "class", "ids")),
    ],
)
def test_a_line_without_its_flags_says_which(line: dict[str, Any], missing: tuple[str, ...]) -> None:
    assert missing_flags(line, FLAGS) == missing


DATA = (Datum("requests", "…"), Datum("steps", "…", frozenset({"prescription_drug"})))


def test_figures_are_wanted_for_both_sides_of_each_classification() -> None:
    assert missing_data({}, DATA, ["emergency", "prescription_drug"]) == (
        "emergency/mh_sud/requests",
        "emergency/med_surg/requests",
        "prescription_drug/mh_sud/requests",
        "prescription_drug/med_surg/requests",
        "prescription_drug/mh_sud/steps",
        "prescription_drug/med_surg/steps",
    )


def test_zero_is_a_figure_and_none_is_not() -> None:
    figures = {"emergency": {"mh_sud": {"requests": 0}, "med_surg": {"requests": None}}}
    assert missing_data(figures, DATA, ["emergency"]) == ("emergency/med_surg/requests",)


LATE = Part(id="p", words="…", since=date(2025, 1, 1), not_enforced_since=date(2025, 5, 15))


@pytest.mark.parametrize(
    ("part", "on", "status"),
    [
        (LATE, date(2024, 12, 31), "not_yet"),
        (LATE, date(2025, 1, 1), "in_force"),
        (LATE, date(2025, 5, 14), "in_force"),
        (LATE, date(2025, 5, 15), "not_enforced"),
        (Part(id="p", words="…", since=date(2025, 1, 1)), date(2030, 1, 1), "in_force"),
        (
            Part(
                id="p",
                words="…",
                since=date(2025, 1, 1),
                not_enforced_since=date(2025, 5, 15),
                enforced_again=date(2028, 1, 1),
            ),
            date(2028, 1, 1),
            "in_force",
        ),
        (
            Part(
                id="p",
                words="…",
                since=date(2025, 1, 1),
                not_enforced_since=date(2025, 5, 15),
                enforced_again=date(2028, 1, 1),
            ),
            date(2027, 12, 31),
            "not_enforced",
        ),
    ],
)
def test_a_layer_is_in_force_suspended_or_not_yet(part: Part, on: date, status: str) -> None:
    assert status_of(part, on) == status


RULES = (OnRequest("criteria", "…", frozenset({"participant"})),)


@pytest.mark.parametrize(
    ("document", "by", "answer"),
    [
        ("criteria", "participant", YES),
        ("criteria", "neighbor", NO),
        ("criteria", None, UNKNOWN),
        ("diary", "participant", UNKNOWN),
    ],
)
def test_who_may_ask_for_a_document(document: str, by: str | None, answer: object) -> None:
    assert must_give(RULES, document, by) is answer
