"""``openum certificate`` and ``openum verify`` as a compliance officer and a member's lawyer use them."""

import json

import pytest

from openum.doors.cli.main import main
from openum.payer.conftest import OXYGEN, oxygen_request, set_up_payer
from openum.payer.flow.running import take_in
from openum.records.ledger.models import Event
from openum.records.tenants.actions import open_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(settings, tmp_path):
    """The number of an approved case, in an installation of its own."""
    from openum.payer.conftest import AT

    settings.DOCUMENT_ROOT = tmp_path / "data" / "documents"
    payer = set_up_payer("test-payer")
    return take_in(
        scope=payer.priya, request=oxygen_request(OXYGEN), body=b"{}", content_type="application/fhir+json",
        door="test", by=payer.priya.actor, clock=lambda: AT,
    ).number  # fmt: skip


def written(number, tmp_path, *more):
    out = tmp_path / "decision.json"
    assert main(["certificate", number, "--out", str(out), *more]) == 0
    return out


def test_a_certificate_is_written_and_verified_with_the_published_keys(number, tmp_path, capsys):
    out = written(number, tmp_path)
    assert out.stat().st_mode & 0o777 == 0o600
    capsys.readouterr()
    assert main(["certificate", "keys"]) == 0
    (tmp_path / "keys.json").write_text(capsys.readouterr().out)
    assert main(["verify", str(out), "--key", str(tmp_path / "keys.json")]) == 0
    said = capsys.readouterr().out
    assert f"Certificate of a determination: case {number}, line 1, by Test Payer, openum " in said
    assert "It verifies: " in said
    assert "none differs." in said
    event = Event.unscoped.get(kind="CertificateExported")
    assert (event.by, event.body["reader"]) == ("software:command-line", "whole")


def test_a_changed_byte_is_exit_code_1_and_said_in_words(number, tmp_path, capsys):
    out = written(number, tmp_path)
    out.write_bytes(out.read_bytes().replace(b'"outcome":"approved"', b'"outcome":"adverse!"'))
    capsys.readouterr()
    assert main(["verify", str(out)]) == 1
    said = capsys.readouterr().out
    assert "DIFFERS  parts: decision is not the text that was signed" in said
    assert "It does not verify" in said
    assert main(["verify", str(out), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["sound"] is False


def test_a_copy_goes_to_standard_output_and_names_what_it_withholds(number, tmp_path, capfdbinary):
    assert main(["certificate", number, "--for", "provider", "--line", "1"]) == 0
    found = capfdbinary.readouterr()
    assert b"withheld: events: " in found.err
    (tmp_path / "copy.json").write_bytes(found.out)
    assert main(["verify", str(tmp_path / "copy.json"), "--json"]) == 0
    told = json.loads(capfdbinary.readouterr().out)
    assert (told["for"], set(told["withheld"])) == ("provider", {"events"})


def test_a_strangers_file_cannot_steer_the_terminal(tmp_path, capsys, number):
    found = json.loads(written(number, tmp_path).read_bytes())
    found["head"]["of"]["issuer_name"] = "\u001b[2J evil"
    (tmp_path / "evil.json").write_text(json.dumps(found, sort_keys=True, separators=(",", ":")) + "\n")
    capsys.readouterr()
    assert main(["verify", str(tmp_path / "evil.json")]) == 1
    assert "\x1b[2J" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["certificate", "R1"], "unknown-case"),
        (["certificate", "NUMBER", "--line", "9"], "unknown-line"),
        (["certificate", "NUMBER", "--for", "member"], "identity-not-verified"),
        (["certificate", "NUMBER", "--out", "TMP"], "file-exists"),
        (["certificate", "NUMBER", "--out", "TMP/no/such/folder.json"], "file-not-written"),
        (["certificate", "keys", "--payer", "nobody"], "which-payer"),
        (["verify", "TMP/nowhere.json"], "file-unreadable"),
        (["verify", "TMP/keys.json", "--key", "TMP/keys.json"], "not-a-jwks"),
        (["verify", "TMP/keys.json", "--key", "TMP/list.json"], "not-a-jwks"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(number, tmp_path, capsys, arguments, code):
    (tmp_path / "keys.json").write_text("no json")
    (tmp_path / "list.json").write_text("[]")
    given = [one.replace("NUMBER", number).replace("TMP", str(tmp_path)) for one in arguments]
    assert main(given) == 2
    assert f"[{code}]" in capsys.readouterr().err


def test_with_several_payers_one_says_whose_keys(number, capsys):
    open_tenant(slug="second", name="Second", kind="payer", time_zone="UTC")
    assert main(["certificate", "keys"]) == 2
    assert "second, test-payer" in capsys.readouterr().err
    assert main(["certificate", "keys", "--payer", "second", "--new"]) == 0
    first = json.loads(capsys.readouterr().out)["keys"]
    assert main(["certificate", "keys", "--payer", "second", "--new"]) == 0
    assert json.loads(capsys.readouterr().out)["keys"][1:] == first
