"""``openum needs-auth`` for the services a practice asks about: whether, by which rule, and by which policy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openum.doors.cli.main import main

pytestmark = pytest.mark.django_db
MA = "medicare-advantage"
ADMITTED, EMERGENCY = "--inpatient", "--emergency"


def answered(capsys: pytest.CaptureFixture[str], plan: str, code: str, *more: str) -> dict[str, Any]:
    """What the verb says in JSON."""
    assert main(["needs-auth", "--plan", plan, "--code", code, "--on", "2026-11-22", "--json", *more]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(
    ("plan", "code", "more", "needs", "policy"),
    [
        (MA, "0120", ["--place", "31"], "authorization", "post-acute/skilled-nursing-facility"),
        (MA, "0120", ["--place", "21", ADMITTED], "authorization", "inpatient/two-midnight"),
        (MA, "0128", ["--place", "61", ADMITTED], "authorization", "post-acute/inpatient-rehabilitation"),
        (MA, "0124", ["--place", "51", ADMITTED], "authorization", "behavioral/inpatient-psychiatric-medicare"),
        (MA, "G0299", ["--place", "12"], "authorization", "home-health/home-health-services"),
        (MA, "A0428", [], "authorization", "transport/non-emergency-ambulance"),
        (MA, "74177", [], "authorization", "imaging/ct"),
        (MA, "J1561", ["--dx", "L10.0"], "authorization", "drugs/immune-globulin-blistering-disease"),
        (MA + ":TX", "90867", [], "authorization", "behavioral/transcranial-magnetic-stimulation"),
        (MA, "97810", [], "authorization", "therapy/acupuncture-low-back-pain"),
        ("erisa:TX", "97153", [], "authorization", "behavioral/applied-behavior-analysis"),
        ("erisa:TX", "rxnorm:835726", [], "authorization", "drugs/acamprosate"),
        ("medicaid-managed-care:OH", "0114", ["--dx", "F32.2", ADMITTED], "authorization",
         "behavioral/inpatient-psychiatric"),
        ("part-d", "ndc:65597-407-20", [], "authorization", "drugs/pexidartinib"),
    ],
)  # fmt: skip
def test_what_is_asked_first_is_judged_by_its_policy(
    capsys: pytest.CaptureFixture[str], plan: str, code: str, more: list[str], needs: str, policy: str
) -> None:
    found = answered(capsys, plan, code, *more)
    assert (found["needs"], found["judged"]) == (needs, True)
    assert found["policy"]["key"].startswith(f"{policy}@")


@pytest.mark.parametrize(
    ("plan", "code", "more", "needs"),
    [
        (MA, "A0427", [], "never"),
        (MA, "71271", [], "never"),
        (MA, "93000", ["--dx", "Z01.810"], "never"),
        (MA, "74177", [EMERGENCY], "never"),
        (MA, "0124", ["--place", "51", ADMITTED, EMERGENCY], "notification"),
        ("aca-individual:OH", "J2315", ["--dx", "F11.20"], "never"),
        ("erisa:TX", "K0001", [], "never"),
    ],
)  # fmt: skip
def test_what_is_not_asked_first_is_judged_by_nothing(
    capsys: pytest.CaptureFixture[str], plan: str, code: str, more: list[str], needs: str
) -> None:
    found = answered(capsys, plan, code, *more)
    assert (found["needs"], found["judged"]) == (needs, False)


def test_outside_the_states_of_a_local_text_it_needs_asking_and_a_person_decides(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = answered(capsys, MA + ":OH", "90867")
    assert (found["needs"], found["judged"], found["policy"]) == ("authorization", False, None)
    assert "elsewhere a person decides" in found["note"]


def test_a_policy_that_is_not_asked_for_beforehand_says_what_it_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["needs-auth", "--plan", MA, "--code", "71271", "--on", "2026-11-22"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "NO AUTHORIZATION NEEDED" in out
    assert "Nothing is judged beforehand. The policy below is for claims, reviews and alternatives." in out
