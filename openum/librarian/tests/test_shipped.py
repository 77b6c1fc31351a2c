"""The shelf that comes with OpenUM."""

from __future__ import annotations

from pathlib import Path

from openum.librarian.__main__ import main
from openum.librarian.catalog import catalog, shipped_catalog
from openum.librarian.check import check_library
from openum.librarian.faults import Fault
from openum.librarian.read import SHIPPED, library, read_library
from openum.librarian.tests.shelves import OXYGEN, plant

PAGE = SHIPPED.parent / "docs/reference/library.md"


def test_the_shipped_library_has_no_faults() -> None:
    assert check_library(SHIPPED) == ()


def test_the_shipped_library_holds_at_least_fifteen_policies_and_the_lists_of_what_needs_asking() -> None:
    shipped = library()
    assert len({policy.id for policy in shipped.policies}) >= 15
    assert {"medicare-advantage", "medicaid-managed-care", "erisa"} <= set(shipped.requirements)


def test_the_page_of_the_library_is_what_the_library_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == shipped_catalog(), "run ./dev docs"


def test_the_page_lists_every_policy_requirement_and_fact(shelf: Path) -> None:
    page = catalog(read_library(shelf))
    assert (
        "2 policies, 2 versions, 8 facts; lines of business with rules of what needs authorization: 1."
        in page.splitlines()
    )
    assert (
        "| **Home use of oxygen, a test**<br>`dme/oxygen@2021-09-27` | from 2021-09-27 | medicare-advantage "
        "| hcpcs E1390, E04* | 4 | NCD 240.2 <B>; Plan choice |"
    ) in page.splitlines()
    assert "| **What needs authorization**<br>`medicare-advantage@2026-01-01` | from 2026-01-01 | 2 | `never` |" in page
    assert "| `spo2_at_rest` | number, % | 30 days | What was the oxygen saturation at rest? | 1 |" in page.splitlines()
    assert "| `bmi` | number, kg/m2 |  | What is the body mass index? | 1 |" in page.splitlines()


def test_the_check_can_be_run_without_django(shelf: Path, capsys: object) -> None:
    assert main([str(shelf)]) == 0
    line = plant(shelf, OXYGEN, "fact: smoking,", "fact: smokin,")
    assert main([str(shelf)]) == 1
    printed = capsys.readouterr().out  # type: ignore[attr-defined]
    fault = Fault(str(shelf / OXYGEN), line, "There is no fact `smokin`.", "Did you mean `smoking`?")
    assert printed == f"No faults.\n{fault}\nFaults: 1\n"
