"""``openum clock`` as a compliance officer uses it."""

import json

import pytest
import yaml

from openum.doors.cli.main import main


def test_a_rule_is_answered_with_dates_citation_and_proof(capsys):
    assert main(["clock", "MA-OD-EXP", "--in", '{"received": "2026-11-25T17:30:00-05:00"}']) == 0
    said = yaml.safe_load(capsys.readouterr().out)
    assert said["computed"]["deadline"] == "2026-11-28T17:30:00-05:00"
    assert said["citation"].startswith("42 CFR 422.572")
    assert said["proof"][-1].startswith("72 hours end Sat Nov 28 2026 17:30")


def test_the_same_for_machines(capsys):
    main(["clock", "MA-OD-EXP", "--json", "--in", '{"received": "2026-11-25T17:30:00-05:00"}'])
    assert json.loads(capsys.readouterr().out)["computed"]["deadline"] == "2026-11-28T17:30:00-05:00"


def test_a_file_of_examples_is_run_and_a_difference_is_exit_code_1(capsys, tmp_path):
    file = tmp_path / "rows.yaml"
    file.write_text(
        "vectors:\n"
        '- {id: A, rule: FFS-STD, in: {received: "2026-11-20"}, expected: {deadline: 2026-11-27}}\n'
        '- {id: B, rule: FFS-STD, in: {received: "2026-11-20"}, expected: {deadline: "2026-11-28"}}\n'
    )
    assert main(["clock", str(file)]) == 1
    said = capsys.readouterr()
    rows = yaml.safe_load(said.out)
    assert [(row["id"], row["same"], row["computed"]["deadline"]) for row in rows] == [
        ("A", True, "2026-11-27"),
        ("B", False, "2026-11-27"),
    ]
    assert "1 of 2 the same." in said.err
    file.write_text(
        'vectors:\n- {id: A, rule: FFS-STD, in: {received: "2026-11-20"}, expected: {deadline: "2026-11-27"}}'
    )
    assert main(["clock", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["same"] is True


def test_every_clock_of_a_request_is_listed_and_one_is_worked_to_first(capsys):
    given = {"line_of_business": "erisa", "request_type": "service", "received": "2026-11-19"}
    assert main(["clock", "all", "--in", json.dumps(given)]) == 0
    rows = yaml.safe_load(capsys.readouterr().out)
    assert "ERISA-PRE" in {row["rule"] for row in rows}
    assert [row["work_to_this_first"] for row in rows].count(True) == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["MA-OD-EXPEDITED"], "law-unknown"),
        (["MA-OD-EXP", "--in", "{"], "not-json"),
        (["MA-OD-EXP", "--in", "[]"], "not-json"),
        (["MA-OD-EXP", "--in", '{"received": "soon"}'], "law-words"),
        (["nowhere.yaml"], "no-examples"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(capsys, arguments, code):
    assert main(["clock", *arguments]) == 2
    assert f"[{code}]" in capsys.readouterr().err
