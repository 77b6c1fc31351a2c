"""Codes and sets of codes."""

from __future__ import annotations

import pytest

from openum.core.codes import NO_CODES, Code, CodeSet, short_system

SET = CodeSet({
    "hcpcs": ["E1390", "a4*"], "cpt": ["97110..97140"], "icd10cm": ["G47.33", "J44*", "M50..M54", "S72.0..S72.9"],
})  # fmt: skip


@pytest.mark.parametrize(
    ("system", "value"),
    [
        ("hcpcs", "E1390"),
        ("hcpcs", "e1390"),
        ("hcpcs", "A4"),
        ("hcpcs", "A4253"),
        ("cpt", "97110"),
        ("cpt", "97125"),
        ("cpt", "97140"),
        ("icd10cm", "G47.33"),
        ("icd10cm", "G4733"),
        ("icd10cm", "J44"),
        ("icd10cm", "J44.9"),
        ("icd10cm", "M52"),
        ("icd10cm", "S72.0"),
        ("icd10cm", "S72.9"),
        ("icd10cm", "S725"),
    ],
)
def test_a_listed_code_a_prefix_and_both_ends_of_a_range_are_in(system: str, value: str) -> None:
    assert Code(system, value) in SET


@pytest.mark.parametrize(
    ("system", "value"),
    [
        ("hcpcs", "E1391"),
        ("hcpcs", "E139"),
        ("hcpcs", "E13900"),
        ("hcpcs", "BA425"),
        ("cpt", "97109"),
        ("cpt", "97141"),
        ("cpt", "9712"),
        ("cpt", "971250"),
        ("icd10cm", "G47.3"),
        ("icd10cm", "J45"),
        ("icd10cm", "M55"),
        ("icd10cm", "M54.5"),
        ("icd10cm", "S72.91"),
        ("snomed", "E1390"),
        ("icd10pcs", "J44"),
        ("hcpcs", "J44"),
        ("icd9cm", "M52"),
    ],
)
def test_a_neighbor_a_longer_code_and_another_system_are_out(system: str, value: str) -> None:
    assert Code(system, value) not in SET


def test_cpt_and_hcpcs_are_one_system_because_senders_mix_them_up() -> None:
    assert Code("cpt", "E1390") in SET
    assert Code("hcpcs", "97110") in SET
    assert Code("icd10cm", "E1390") not in SET


def test_only_a_code_can_be_in_a_set() -> None:
    assert "E1390" not in SET
    assert ("hcpcs", "E1390") not in SET


def test_a_set_without_codes_is_false_and_each_kind_of_entry_makes_it_true() -> None:
    assert not NO_CODES
    assert not CodeSet({"cpt": []})
    assert all(CodeSet({"cpt": [value]}) for value in ("97110", "97*", "97110..97140"))


def test_sets_are_equal_when_written_equally_and_then_hash_equally() -> None:
    one, same = CodeSet({"cpt": ["97110"]}), CodeSet({"cpt": ("97110",)})
    assert one == same
    assert hash(one) == hash(same)
    assert one != CodeSet({"hcpcs": ["97110"]})
    assert one != {"cpt": ("97110",)}


def test_a_set_keeps_what_was_written_and_cannot_be_changed_through_it() -> None:
    one = CodeSet({"icd10cm": ["G47.33", "J44*"]})
    assert one.by_system == {"icd10cm": ("G47.33", "J44*")}
    one.by_system.clear()  # type: ignore[attr-defined]
    assert one.by_system == {"icd10cm": ("G47.33", "J44*")}
    assert repr(one) == "CodeSet({'icd10cm': ('G47.33', 'J44*')})"


def test_a_uri_has_a_short_name_or_is_its_own() -> None:
    assert short_system("http://loinc.org") == "loinc"
    assert short_system("http://www.ama-assn.org/go/cpt") == "cpt"
    assert short_system("https://example.org/codes") == "https://example.org/codes"


def test_a_code_reads_as_system_and_value() -> None:
    assert str(Code("hcpcs", "E1390", "Oxygen concentrator")) == "hcpcs E1390"
