"""Sources nobody looked at for a year, and codes no table knows."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from openum.librarian.code_checks import check_codes, read_tables
from openum.librarian.faults import Fault
from openum.librarian.freeze import adopt
from openum.librarian.lock import LOCK
from openum.librarian.read import SHIPPED
from openum.librarian.stale import stale
from openum.librarian.tests.shelves import DEVICE, OXYGEN, RULES, VERSION, write

PUBLISHED = SHIPPED.parents[1] / "shared" / "data"
LOOK_UP = "Look the code up in the current release; leave it out rather than guess."


def test_a_source_is_stale_a_year_after_it_was_checked_and_not_a_day_before(shelf: Path) -> None:
    assert stale(shelf, on=date(2027, 11, 20)) == ()
    fault = "Plan choice was last compared with its source on 2026-11-20."
    mend = "Compare it again: if it still holds, adopt the new day."
    assert stale(shelf, on=date(2027, 11, 21)) == (Fault(str(shelf / OXYGEN), 5, fault, mend),)
    assert [fault.file for fault in stale(shelf, on=date(2027, 11, 23))] == [
        str(shelf / "policies/dme/device/2026-01-01.yaml"),
        str(shelf / OXYGEN),
        str(shelf / OXYGEN),
        str(shelf / RULES),
    ]


def test_a_committee_approval_is_stale_after_a_year(shelf: Path) -> None:
    adopt([shelf / OXYGEN], by="C", on=date(2026, 1, 2), roots=[shelf], approved_by_committee=date(2026, 1, 1))
    assert stale(shelf, on=date(2027, 1, 1)) == ()
    fault = f"{OXYGEN} was last approved by the committee on 2026-01-01."
    mend = "The committee reviews every policy each year (42 CFR 422.137)."
    assert stale(shelf, on=date(2027, 1, 2)) == (Fault(str(shelf / LOCK), 4, fault, mend),)


def tables(folder: Path) -> Path:
    """Tables of a few codes, laid out as the published ones are."""
    names = {
        "codes_hcpcs2/hcpcs2.csv.gz": "code,long_description\nE0431,x\nE0470,x\n",
        "codes_hcpcs2/opps_addendum_b_2026_04_cpt_status_only.csv.gz": "code,opps_status_indicator\n94660,A\n",
        "codes_icd10cm/icd10cm_2026_april_codelist.txt.gz": "J44\nJ440\nJ450\n",
    }
    for name, text in names.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text.encode()))
    head = "code,grouping,classification,specialization,display_name\n"
    write(
        folder, "codes_nucc/nucc_taxonomy_24_0_codes.csv", f"{head}207RP1001X,G,Internal Medicine,Pulmonary Disease,P\n"
    )
    return folder


def test_codes_and_specialties_that_no_table_holds_are_named(shelf: Path, tmp_path: Path) -> None:
    known = read_tables(tables(tmp_path))
    assert known is not None
    write(shelf, OXYGEN, VERSION.replace('"Pulmonary Disease"', "Lungs").replace("E04*]", "E05*]"))
    write(shelf, "policies/dme/device/2026-01-01.yaml", DEVICE.replace("[94660]", "[94660..94662, 94669]"))
    assert set(check_codes(shelf, tables=known)) == {
        Fault(str(shelf / OXYGEN), 7, "hcpcs E1390 is not in the published table.", LOOK_UP),
        Fault(str(shelf / OXYGEN), 7, "hcpcs E05* is not in the published table.", LOOK_UP),
        Fault(
            str(shelf / OXYGEN), 22, '"Lungs" is not a name of the NUCC taxonomy.',
            "Write a classification or specialization of it.",
        ),
        Fault(
            str(shelf / "policies/dme/device/2026-01-01.yaml"), 4,
            "cpt 94660..94662 is not in the published table.", LOOK_UP,
        ),
        Fault(
            str(shelf / "policies/dme/device/2026-01-01.yaml"), 4, "cpt 94669 is not in the published table.", LOOK_UP
        ),
        Fault(str(shelf / RULES), 6, "hcpcs E1390 is not in the published table.", LOOK_UP),
    }  # fmt: skip


def test_without_the_tables_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    assert read_tables(tmp_path) is None


def test_the_shipped_library_names_only_published_codes() -> None:
    known = read_tables(PUBLISHED)
    if known is None:
        pytest.skip("the published code tables (../shared/data/codes_*) are not beside this checkout")
    assert check_codes(SHIPPED, tables=known) == ()
