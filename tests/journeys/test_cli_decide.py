"""``openum decide``: what it prints, what it writes, and what it never does."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from openum.doors.cli.main import main
from openum.payer.conftest import Payer, set_up_payer
from openum.payer.intake.models import Case
from openum.records.ledger.models import Event
from openum.records.parties import actions as parties
from openum.records.tenants.models import Tenant
from openum.wire.fhir.tests.bundles import PRACTICE_NPI
from tests.journeys.bundles import MEMBER, met, missing, near, undated, written

pytestmark = pytest.mark.django_db
SCRATCH = ["--plan", "medicare-advantage", "--as-of", "2026-03-03"]
OUTCOMES = {"approved", "modified", "pended", "not_required", "refused"}


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command line; exit code, standard output, standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


@pytest.fixture
def payer() -> Payer:
    """A payer that knows the member and the practice of the Bundles."""
    made = set_up_payer("only-payer")
    parties.enroll(
        made.whole, plan="MA-1", number=MEMBER, family="Rivera", given="Ana", birth_date=date(1951, 3, 11),
        start=date(2025, 1, 1), sex="female",
    )  # fmt: skip
    parties.set_up_organization(made.whole, name="RIVERSIDE PULMONARY", npi=PRACTICE_NPI)
    return made


def objects(out: str) -> list[dict[str, Any]]:
    """One object per line."""
    return [json.loads(line) for line in out.splitlines()]


def test_criteria_that_are_met_are_approved_with_tree_clock_and_letter(said: Any, tmp_path: Path) -> None:
    code, out, err = said("decide", str(written(tmp_path, met=met()) / "met.json"), *SCRATCH)
    assert (code, err) == (0, "")
    assert "APPROVED A" in out
    assert "valid 2026-03-10 to 2027-03-10" in out
    assert "✓ met  Oxygen saturation at or below 88 % at rest: 86  [QuestionnaireResponse/qr1#spo2_at_rest_awake" in out
    assert "Distance to yes: Met." in out
    assert "MA-OD-STD-PA-2026@1, 42 CFR 422.568(b)(1)(ii), (b)(2)" in out
    assert "7 calendar days end Tue Mar 10 2026 23:59:59" in out
    assert "| We approved your request" in out


def test_a_missing_datum_pends_and_says_what_would_be_enough(said: Any, tmp_path: Path) -> None:
    code, out, _ = said("decide", str(written(tmp_path, missing=missing()) / "missing.json"), *SCRATCH)
    assert code == 0
    assert "PENDED something is not known" in out
    assert "? not known  Oxygen saturation at or below 88 % at rest: not known" in out
    assert "Distance to yes: 1 fact to be supplied (2 ways)." in out
    assert "| We need more information" in out
    assert "APPROVED" not in out


def test_criteria_that_are_not_met_go_to_a_clinician_and_are_never_denied(said: Any, tmp_path: Path) -> None:
    code, out, _ = said("decide", str(written(tmp_path, near=near()) / "near.json"), *SCRATCH)
    assert code == 0
    assert "TO A CLINICIAN a criterion is not met; a person decides" in out
    assert "Distance to yes: 1 fact that would have to be different" in out
    assert "now 95" not in out.partition("Distance to yes")[0].partition("Criteria:")[0]
    assert "Letter:" not in out
    assert "denied" not in out.lower()
    assert "not approved" not in out.lower()


def test_machines_get_one_object_per_file_with_the_agreed_names(said: Any, tmp_path: Path) -> None:
    folder = written(tmp_path, a=met(), b=missing(), c=near())
    code, out, _ = said("decide", str(folder), *SCRATCH, "--json")
    found = objects(out)
    assert code == 0
    assert [Path(one["file"]).name for one in found] == ["a.json", "b.json", "c.json"]
    assert [one["lines"][0]["outcome"] for one in found] == ["approved", "pended", "pended"]
    for one in found:
        assert {"file", "request", "lines", "refusals"} <= one.keys()
        assert one["refusals"] == []
        (line,) = one["lines"]
        assert {"sequence", "outcome", "reasons", "policy", "finding", "distance", "clock"} <= line.keys()
        assert line["outcome"] in OUTCOMES
        assert line["policy"] == "dme/home-oxygen@2021-09-27"
        assert line["clock"]["due_at"].startswith("2026-03-10T23:59:59")
    assert found[0]["lines"][0]["finding"]["answer"] == "yes"
    assert found[2]["lines"][0]["finding"]["answer"] == "no"
    assert found[1]["lines"][0]["distance"]["supply"] == 1


def test_a_scratch_run_leaves_nothing_behind(said: Any, tmp_path: Path) -> None:
    before = set(Path(tempfile.gettempdir()).glob("openum-*"))
    documents = settings.DOCUMENT_ROOT
    code, _, _ = said("decide", str(written(tmp_path, met=met()) / "met.json"), *SCRATCH, "--json")
    assert code == 0
    assert (Tenant.objects.count(), Case.unscoped.count(), Event.unscoped.count()) == (0, 0, 0)
    assert set(Path(tempfile.gettempdir()).glob("openum-*")) == before
    assert documents == settings.DOCUMENT_ROOT


def test_each_file_of_a_scratch_run_is_decided_by_itself(said: Any, tmp_path: Path) -> None:
    code, out, _ = said("decide", str(written(tmp_path, a=met(), b=met())), *SCRATCH, "--json")
    assert code == 0
    assert [(one["lines"][0]["outcome"], one["replayed"]) for one in objects(out)] == [("approved", False)] * 2


def test_a_request_without_a_service_date_is_judged_for_the_day_it_was_made_and_says_so(
    said: Any, tmp_path: Path
) -> None:
    folder = written(tmp_path, undated=undated())
    code, out, _ = said("decide", str(folder / "undated.json"), *SCRATCH)
    assert code == 0
    assert "service day 2026-03-02 (assumed)" in out
    assert "noted: No service date was stated; 2026-03-02 is used." in out
    (one,) = objects(said("decide", str(folder / "undated.json"), *SCRATCH, "--json")[1])
    assert (one["service_day"], one["service_day_is_assumed"]) == ("2026-03-02", True)


def test_without_a_plan_an_unknown_member_is_refused_and_nothing_is_written(said: Any, tmp_path: Path) -> None:
    set_up_payer("only-payer")
    code, out, err = said("decide", str(written(tmp_path, met=met()) / "met.json"))
    assert (code, out) == (2, "")
    assert "refused [unknown-member]" in err
    assert "next:  Check the number on the member's card" in err
    assert "Rivera" not in err
    assert (Case.unscoped.count(), Event.unscoped.count()) == (0, 0)


def test_a_refused_request_names_its_lines_as_refused_for_machines(said: Any, tmp_path: Path) -> None:
    set_up_payer("only-payer")
    code, out, _ = said("decide", str(written(tmp_path, met=met()) / "met.json"), "--json")
    (one,) = objects(out)
    assert code == 2
    assert one["request"] is None
    assert [(line["sequence"], line["outcome"]) for line in one["lines"]] == [(1, "refused")]
    assert {"code", "message", "next"} <= one["refusals"][0].keys()
    assert one["refusals"][0]["code"] == "unknown-member"


def test_without_a_plan_the_case_is_kept_and_a_second_time_is_a_replay(
    said: Any, tmp_path: Path, payer: Payer
) -> None:  # fmt: skip
    file = str(written(tmp_path, met=met()) / "met.json")
    first, second = (said("decide", file, "--json") for _ in range(2))
    assert (first[0], second[0]) == (0, 0)
    (one,), (again,) = objects(first[1]), objects(second[1])
    assert one["request"] == again["request"]
    assert (one["replayed"], again["replayed"]) == (False, True)
    assert one["lines"][0]["outcome"] == "approved"
    assert Case.unscoped.filter(tenant_id=payer.tenant_id).count() == 1
    code, out, _ = said("explain", one["request"])
    assert code == 0
    assert "RequestSubmitted by software:command-line" in out
    assert "6 events, chain unbroken" in out


def test_as_of_without_a_scratch_payer_is_refused(said: Any, tmp_path: Path, payer: Payer) -> None:
    code, _, err = said("decide", str(written(tmp_path, met=met()) / "met.json"), "--as-of", "2026-03-03")
    assert code == 2
    assert "refused [as-of-needs-plan]" in err
    assert Case.unscoped.count() == 0


def test_x12_is_refused_by_name(said: Any, tmp_path: Path) -> None:
    (tmp_path / "a.edi").write_bytes(b"ISA*00*          *00*          *ZZ*SENDER~")
    code, out, _ = said("decide", str(tmp_path), *SCRATCH, "--json")
    assert code == 2
    assert [(one["lines"], one["refusals"][0]["code"]) for one in objects(out)] == [([], "x12-not-built")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not json", "not-json"),
        (b"\xff\xfe{}", "not-utf8"),
        (b"<Bundle xmlns='http://hl7.org/fhir'/>", "xml-not-accepted"),
        (b'{"resourceType":"Patient"}', "wrong-resource"),
        (b'{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient"}}]}', None),
    ],
)
def test_what_is_no_request_is_refused_with_a_code_and_the_next_step(
    content: bytes, code: str | None, said: Any, tmp_path: Path
) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    exit_code, out, _ = said("decide", str(tmp_path / "bad.json"), *SCRATCH, "--json")
    (one,) = objects(out)
    assert exit_code == 2
    assert (one["request"], one["lines"], len(one["refusals"])) == (None, [], 1)
    assert one["refusals"][0]["code"] == (code or one["refusals"][0]["code"])
    assert all(one["refusals"][0].values())


def test_one_refused_file_does_not_stop_the_others(said: Any, tmp_path: Path) -> None:
    folder = written(tmp_path, a=met(), c=near())
    (folder / "b.json").write_text("{", encoding="utf-8")
    code, out, err = said("decide", str(folder), *SCRATCH, "--brief")
    assert code == 2
    assert "b.json: refused [not-json]" in err
    assert "3 files: 2 decided, 1 refused." in out
    assert "Criteria:" not in out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["decide", "nowhere.json", *SCRATCH], "no-such-file"),
        (["decide", ".", "--plan", "atlantis"], "unknown-plan"),
        (["decide", __file__], "no-payer"),
    ],
)
def test_what_cannot_be_begun_is_refused(arguments: list[str], code: str, said: Any, tmp_path: Path) -> None:
    if "." in arguments:
        arguments[arguments.index(".")] = str(written(tmp_path, met=met()))
    exit_code, out, err = said(*arguments)
    assert (exit_code, out) == (2, "")
    assert f"refused [{code}]" in err


def test_where_there_are_several_payers_one_must_be_named(said: Any, tmp_path: Path, payer: Payer) -> None:
    set_up_payer("other-payer")
    file = str(written(tmp_path, met=met()) / "met.json")
    code, _, err = said("decide", file)
    assert code == 2
    assert "Give --payer one of: only-payer, other-payer." in err
    assert said("decide", file, "--payer", "nobody")[0] == 2
    assert said("decide", file, "--payer", "only-payer")[0] == 0


EXAMPLES = settings.PROJECT / "../shared/data/fhir_davinci_igs/examples/davinci_pas_2.2.1"


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the official examples are not beside the checkout")
def test_every_official_example_is_decided_or_refused_in_plain_words(said: Any) -> None:
    code, out, _ = said("decide", str(EXAMPLES), *SCRATCH, "--json")
    found = {Path(one["file"]).stem: one for one in objects(out)}
    assert code == 2
    assert len(found) == 47
    decided = {name for name, one in found.items() if not one["refusals"]}
    assert decided == {
        "Bundle-HomecareAuthorizationBundleExample",
        "Bundle-MedicalServicesAuthorizationBundleExample",
        "Bundle-ReferralAuthorizationBundleExample",
        "Bundle-SurgicalRequestBundleExample",
    }
    outcomes = {line["outcome"] for name in decided for line in found[name]["lines"]}
    assert outcomes <= OUTCOMES - {"refused"}
    assert all(one["refusals"][0]["code"] for name, one in found.items() if name not in decided)
