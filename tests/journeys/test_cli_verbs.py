"""The other verbs of the command line, run in this process: what they answer, refuse and leave alone."""

from __future__ import annotations

import json
import logging
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from openum.doors.cli import deciding, explaining
from openum.doors.cli.main import VERBS, main, parser
from openum.doors.cli.reference import reference
from openum.doors.cli.working import work_always
from openum.librarian.read import SHIPPED
from openum.payer.conftest import AT, OXYGEN, Payer, oxygen_request, set_up_payer
from openum.payer.flow.queries import case_view
from openum.payer.intake.actions import submit
from openum.records.ledger.models import Errand, Event
from openum.records.parties import actions as parties

pytestmark = pytest.mark.django_db


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
    """A payer with its people."""
    return set_up_payer("only-payer")


def sent(payer: Payer) -> str:
    """A request that waits for its first step; its number."""
    return submit(
        scope=payer.priya, request=oxygen_request(OXYGEN), body=b"{}", content_type="application/fhir+json",
        door="test", by=payer.priya.actor, at=AT,
    ).number  # fmt: skip


# ---- needs-auth ------------------------------------------------------------------------------------------------


def test_needs_auth_names_list_rule_policy_and_what_is_asked(said: Any) -> None:
    code, out, err = said("needs-auth", "--plan", "medicare-advantage", "--code", "E1390", "--dx", "J44.9",
                          "--place", "12", "--on", "2026-06-01")  # fmt: skip
    assert (code, err) == (0, "")
    assert "AUTHORIZATION NEEDED" in out
    assert "List: What needs authorization in the Medicare Advantage plans (medicare-advantage@2026-01-01" in out
    assert "Policy: Home use of oxygen, NCD 240.2 (dme/home-oxygen@2021-09-27)" in out
    assert "Medicare NCD 240.2, version 2 (2021-09-27), sections B, C and D, checked on" in out
    assert "- Oxygen saturation at or below 88 % at rest" in out
    assert "- What was the member's oxygen saturation (by oximetry), in percent, at rest and awake?" in out


def test_needs_auth_says_where_nothing_is_needed(said: Any) -> None:
    code, out, _ = said("needs-auth", "--plan", "erisa:TX", "--code", "99213", "--on", "2026-06-01")
    assert code == 0
    assert "NO AUTHORIZATION NEEDED" in out
    assert "Policy:" not in out
    emergency = said("needs-auth", "--plan", "erisa:TX", "--code", "70553", "--on", "2026-06-01", "--emergency")[1]
    assert "NO AUTHORIZATION NEEDED" in emergency


def test_needs_auth_on_a_day_without_a_list_says_that_a_person_decides(said: Any) -> None:
    code, out, _ = said("needs-auth", "--plan", "medicare-advantage", "--code", "E1390", "--on", "2020-06-01")
    assert code == 0
    assert "No list of medicare-advantage is in force on 2020-06-01: a person decides." in out


def test_needs_auth_knows_the_plans_of_this_installation_and_of_the_demo(said: Any, payer: Payer) -> None:
    for plan in ("MA-1", "ma-1", "FH-ADVANTAGE"):
        (data,) = [json.loads(said("needs-auth", "--plan", plan, "--code", "E1390", "--on", "2026-06-01", "--json")[1])]
        assert data["plan"] == plan.upper()
        assert (data["needs"], data["policy"]["key"]) == ("authorization", "dme/home-oxygen@2021-09-27")
        assert data["list"]["key"] == "medicare-advantage@2026-01-01"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--plan", "atlantis", "--code", "E1390"], "unknown-plan"),
        (["--plan", "erisa:Texas", "--code", "E1390"], "unknown-plan"),
        (["--plan", "erisa", "--code", "oxygen"], "unreadable-code"),
    ],
)
def test_needs_auth_refuses_what_it_cannot_look_up(said: Any, arguments: list[str], code: str) -> None:
    exit_code, out, err = said("needs-auth", *arguments)
    assert (exit_code, out) == (2, "")
    assert f"refused [{code}]" in err


@pytest.mark.parametrize(
    ("code", "system"),
    [("E1390", "hcpcs"), ("97110", "cpt"), ("0100T", "cpt"), ("0912", "revenue"), ("ndc:1-2", "ndc")],
)
def test_needs_auth_tells_code_systems_apart(said: Any, code: str, system: str) -> None:
    data = json.loads(said("needs-auth", "--plan", "erisa", "--code", code, "--on", "2026-06-01", "--json")[1])
    assert data["code"]["system"] == system


# ---- explain ---------------------------------------------------------------------------------------------------


def test_explain_tells_events_clocks_and_letters_of_one_case(said: Any, payer: Payer) -> None:
    number = sent(payer)
    assert said("work", "--once")[0] == 0
    code, out, _ = said("explain", number.lower())
    assert code == 0
    for words in (
        "RequestSubmitted by client:only-payer-priya", "Letter: approval", "Clock: Medicare Advantage",
        "events, chain unbroken",
    ):  # fmt: skip
        assert words in out
    data = json.loads(said("explain", number, "--json")[1])
    assert data["request"] == number
    assert data["chain"]["sound"] is True
    assert data["events"][0]["kind"] == "RequestSubmitted"
    assert data["letters"][0]["text"].count("We approved your request") == 1
    assert data["clocks"][0]["citation"].startswith("42 CFR 422.568")


def test_explain_refuses_a_number_that_is_nobodys(said: Any, payer: Payer) -> None:
    for number in ("R000000018", "nonsense"):
        code, out, err = said("explain", number)
        assert (code, out) == (2, "")
        assert "refused [unknown-case]" in err


# ---- work ------------------------------------------------------------------------------------------------------


def test_work_once_does_what_is_due_and_ends(said: Any, payer: Payer) -> None:
    number = sent(payer)
    code, _, err = said("work", "--once")
    assert code == 0
    assert "steps done, 0 failed." in err
    view = case_view(payer.whole, number)
    assert view is not None
    assert view.lines[0].standing == "approved"
    assert said("work", "--once")[2] == "0 steps done, 0 failed.\n"


def test_work_once_tells_of_a_step_that_failed_and_keeps_it(
    said: Any, payer: Payer, caplog: pytest.LogCaptureFixture
) -> None:
    parties.set_up_plan(
        payer.whole, code="MA-1", name="Test Advantage", line_of_business="medicare-advantage", state="MD",
        time_zone="America/New_York",
    )  # fmt: skip
    number = sent(payer)
    code, _, err = said("work", "--once")
    assert code == 1
    assert "1 failed." in err
    assert Errand.unscoped.filter(done_at=None).exclude(trouble="").count() == 1
    shown = said("explain", number)[1]
    assert "Stopped: send_approval: notice-incomplete" in shown
    assert not Event.unscoped.filter(subject=number, kind="NoticeSent").exists()


@pytest.mark.django_db(transaction=True)
def test_the_worker_works_until_it_is_told_to_stop(caplog: pytest.LogCaptureFixture) -> None:
    payer = set_up_payer("only-payer")
    number, stop = sent(payer), threading.Event()
    with caplog.at_level(logging.INFO, logger="openum.worker"):
        watch = threading.Timer(0.2, stop.set)
        watch.start()
        assert work_always(stop) == 0
        watch.join()
    view = case_view(payer.whole, number)
    assert view is not None
    assert view.lines[0].standing == "approved"
    assert caplog.messages[0] == "worker started"
    assert caplog.messages[-1] == "worker ended"


# ---- library ---------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A shelf with the letters and clocks that come with OpenUM, and no policy."""
    for name in ("notices", "clocks"):
        shutil.copytree(SHIPPED / name, tmp_path / "shelf" / name)
    return tmp_path / "shelf"


def test_check_finds_nothing_wrong_with_sound_letters_and_clocks(said: Any, shelf: Path) -> None:
    code, out, err = said("library", "check", "--shelf", str(shelf))
    assert (code, out, err) == (0, "", "No faults.\n")


def test_check_reads_policies_letters_and_clocks_and_names_file_line_and_mend(
    said: Any, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shelf.parent)
    assert said("library", "new", "policy", "dme/lift", "--from", "2026-01-01", "--shelf", "shelf")[0] == 0
    clock = shelf / "clocks" / "us" / "aca" / "qhp-drug-exc-std.yaml"
    clock.write_text(clock.read_text(encoding="utf-8").replace("within:", "withn:", 1), encoding="utf-8")
    letter = next(shelf.glob("notices/approval/**/letter.html"))
    letter.write_text("<html>{{ no_such_element }}</html>", encoding="utf-8")
    code, out, err = said("library", "check", "--shelf", "shelf")
    assert code == 1
    assert "shelf/policies/dme/lift/2026-01-01.yaml:2: `title` is empty. Write the version's title" in out
    assert any(line.startswith(f"shelf/{clock.relative_to(shelf)}:") for line in out.splitlines())
    assert any(line.startswith(f"shelf/{letter.relative_to(shelf)}:") for line in out.splitlines())
    assert err == f"Faults: {len(out.splitlines())}\n"


def test_new_refuses_to_write_over_a_version_and_names_the_files_it_wrote(said: Any, tmp_path: Path) -> None:
    arguments = ("library", "new", "policy", "dme/lift", "--from", "2026-01-01", "--shelf", str(tmp_path))
    code, out, _ = said(*arguments)
    assert code == 0
    assert [Path(line).name for line in out.splitlines()] == [
        "about.yaml", "2026-01-01.yaml", "2026-01-01.examples.yaml",
    ]  # fmt: skip
    code, _, err = said(*arguments)
    assert code == 2
    assert "refused [version_exists]" in err


def test_print_prints_a_policy_for_a_clinician_and_suggests_where_there_is_none(said: Any) -> None:
    code, out, _ = said("library", "print", "dme/home-oxygen")
    assert code == 0
    assert out.startswith("Home use of oxygen, NCD 240.2\n=====")
    assert said("library", "print", "dme/home-oxygen@2021-09-27", "--html")[1].startswith("<!doctype html>")
    code, _, err = said("library", "print", "dme/home-oxigen")
    assert code == 2
    assert "Did you mean dme/home-oxygen" in err


def test_adopt_freezes_a_file_once(said: Any, tmp_path: Path) -> None:
    fact = tmp_path / "facts" / "lifts.yaml"
    fact.parent.mkdir()
    fact.write_text(
        "topic: Lifts\nfacts:\n  - {id: needs_lift, type: boolean, question: Does the member need a lift?}\n",
        encoding="utf-8",
    )
    arguments = (
        "library",
        "adopt",
        str(fact),
        "--by",
        "Clinical policy",
        "--on",
        "2026-06-01",
        "--shelf",
        str(tmp_path),
    )
    code, out, err = said(*arguments)
    assert (code, err) == (0, "1 files adopted.\n")
    assert out.startswith("facts/lifts.yaml ")
    assert said(*arguments)[2] == "Nothing new: these files are adopted already.\n"
    fact.write_text(fact.read_text(encoding="utf-8").replace("a lift", "lifts"), encoding="utf-8")
    code, _, err = said(*arguments)
    assert code == 2
    assert "refused [adopted_before]" in err


def test_stale_lists_what_nobody_checked_for_a_year(said: Any, shelf: Path) -> None:
    code, out, err = said("library", "stale", "--on", "2035-01-01", "--shelf", str(shelf))
    assert code == 1
    assert "was last compared with its source on" in out
    assert err == f"Faults: {len(out.splitlines())}\n"
    assert said("library", "stale", "--on", "2026-12-01", "--shelf", str(shelf)) == (0, "", "Nothing is stale.\n")


def test_a_shelf_that_is_not_there_is_refused(said: Any) -> None:
    code, _, err = said("library", "check", "--shelf", "nowhere")
    assert code == 2
    assert "refused [no-such-shelf]" in err


# ---- the edge --------------------------------------------------------------------------------------------------


def test_a_fault_of_ours_is_an_apology_with_its_place_and_without_its_text(
    said: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_number: str) -> None:
        raise KeyError("Rivera, born 1951-03-11")

    monkeypatch.setattr(explaining, "_found", broken)
    code, out, err = said("explain", "R000000018")
    assert (code, out) == (70, "")
    assert "Sorry: OpenUM failed. KeyError at " in err
    assert "Rivera" not in err
    assert "Traceback" not in err


def test_control_c_ends_a_verb_with_its_own_exit_code(said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(deciding, "decide_all", interrupted)
    code, _, err = said("decide", __file__, "--plan", "erisa")
    assert (code, err) == (130, "Interrupted.\n")


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["decide"], ["decide", "x", "--as-of", "June"], ["library"]])
def test_arguments_that_cannot_be_read_end_with_exit_code_2(arguments: list[str], capsys: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: openum" in capsys.readouterr().err


def test_help_and_the_manual_name_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown, manual = capsys.readouterr().out, reference()
    for module in VERBS:
        assert module.VERB in shown
        assert f"\n## openum {module.VERB}\n" in manual
    assert "\n## openum library check\n" in manual
    assert parser().prog == "openum"
