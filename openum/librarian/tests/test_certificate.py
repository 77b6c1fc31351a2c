"""A certificate without a database: keys, the library's own text, strangers' files, and a process without Django."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from openum.core import determination as decide
from openum.core.certificate import canonical
from openum.core.certificate_chain import event_digest
from openum.core.certificate_clocks import Told, run_again
from openum.core.certificate_rerun import decision_data, line_data
from openum.core.chart import Entry
from openum.core.clock_events import Circumstances, ClockEvents
from openum.core.codes import Code
from openum.core.criteria import fact_names
from openum.core.explain import as_data, distance_data, fact_data
from openum.core.refusal import Refusal
from openum.core.request import Line
from openum.core.review import judge
from openum.librarian.certificate import issue, verify
from openum.librarian.certificate_data import calendar_data, proof_data, told_data, told_of
from openum.librarian.certificate_keys import new_key, public_keys, signature_fault, signing_key
from openum.librarian.certificate_texts import (
    TextFaulty,
    clock_text,
    fact_texts,
    policy_texts,
    rebuilt,
    rebuilt_clock,
    text_of,
)
from openum.librarian.clocks import calendars, read_clocks
from openum.librarian.read import SHIPPED, library

AT, DAY = datetime(2026, 6, 2, 14, 2, tzinfo=UTC), date(2026, 6, 2)
LINE = Line(sequence=1, code=Code("hcpcs", "E1390"), quantity=1, unit="month", service_from=DAY, place="12")
OXYGEN = {
    "oxygen_test_ordered_and_evaluated": True,
    "oxygen_test_performed_by": "laboratory",
    "oxygen_started_at_hospital_discharge": False,
    "signs_that_oxygen_can_relieve": True,
    "main_reason_for_oxygen": "low_blood_oxygen",
    "oxygen_test_on_room_air": True,
    "oxygen_test_kind": "oximetry",
    "spo2_at_rest_awake": 86,
}
MOMENT = "2026-06-02T14:02:00.000000+00:00"


@pytest.fixture(scope="module")
def contents():
    """The parts of an approval by software, made with the shipped library and nothing else."""
    shelves = library(SHIPPED)
    policy = shelves.policy("dme/home-oxygen")
    entries = [Entry(kind="answer", link=name, value=one, date=DAY, source=f"q#{name}") for name, one in OXYGEN.items()]
    judged = judge(policy, LINE, entries, shelves.facts, on=DAY)
    decided = decision_data(decide.approve_on_criteria(LINE, policy, judged.finding, at=AT))
    about, version = policy_texts(shelves, policy)
    event = {"number": 1, "kind": "DeterminationMade", "at": MOMENT, "previous": ""}
    body = {"by": "software:criteria", "body": {"outcomes": {"1": "approved"}}}
    rule = next(one for one in read_clocks(SHIPPED) if one.id == "MA-OD-STD-PA-2026")
    told = Told(events=ClockEvents(received_at=AT, responsible_department_at=AT), computed_at=AT)
    names = ("outcome", "policy", "quantity", "unit", "code")
    return {
        "request": {"line": line_data(LINE)},
        "decision": {name: decided[name] for name in names} | {"at": MOMENT, "policy_digest": policy.digest},
        "reasons": {name: one for name, one in decided.items() if name not in names},
        "policy/about": about, "policy/version": version,
        **{f"definition/{n}": one for n, one in enumerate(fact_texts(shelves, policy, SHIPPED), 1)},
        **{f"fact/{name}": fact_data(one) for name, one in judged.chart.facts.items()},
        "finding": {"tree": as_data(judged.finding), "on": DAY.isoformat(), "policy": policy.key,
                    "policy_digest": policy.digest},
        "distance": distance_data(judged.distance, shelves.facts),
        "rule/c": clock_text(rule, SHIPPED),
        "clock/c": {"complete": True, "event_words": dict(rule.event_words), "told": told_data(told),
                    "proof": proof_data(run_again(rule, told, calendars(), "America/New_York"))},
        "chain": {"tenant": 1, "subject": "R1", "events": [event | {"digest": event_digest(1, "R1", event, body)}]},
        "events": [body],
    }  # fmt: skip


@pytest.fixture
def key(tmp_path):
    return new_key(tmp_path / "keys")


OF = {"kind": "determination", "number": "R1", "line": 1}


def states(content, jwks=None):
    return {check.name: check.state for check in verify(content, jwks).checks}


def test_an_approval_made_without_a_database_verifies(contents, key):
    found = states(issue(contents, of=OF, key=key))
    assert found.pop("issuer") == "not_rerun"
    assert set(found.values()) == {"agrees"}
    assert {"decision", "finding", "distance", "clock MA-OD-STD-PA-2026", "record", "subject"} <= set(found)


def test_it_verifies_in_a_process_that_never_heard_of_django_or_a_network(contents, key, tmp_path):
    file = tmp_path / "c.json"
    file.write_bytes(issue(contents, of=OF, key=key))
    program = (
        "import sys, socket\n"
        "def refuse(*a, **k): raise OSError('no network here')\n"
        "socket.socket.connect = refuse\n"
        "from openum.librarian.certificate import verify\n"
        "report = verify(open(sys.argv[1], 'rb').read())\n"
        "assert not [name for name in sys.modules if name.split('.')[0] in ('django', 'psycopg', 'sqlite3')]\n"
        "sys.exit(0 if report.sound else 1)\n"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", program, file], cwd=root, env={}, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    file.write_bytes(file.read_bytes().replace(b"approved", b"approvex", 1))
    done = subprocess.run([sys.executable, "-c", program, file], cwd=root, env={}, capture_output=True, check=False)
    assert done.returncode == 1


LIES = {
    "decision": ("decision", lambda one: one | {"quantity": 3.0}, "decision"),
    "outcome": ("decision", lambda one: one | {"outcome": "modified"}, "decision"),
    "reason": ("reasons", lambda one: one | {"reasons": ["because"]}, "decision"),
    "fact": ("fact/spo2_at_rest_awake", lambda one: one | {"value": 87}, "finding"),
    "finding": ("finding", lambda one: one | {"tree": one["tree"] | {"answer": "no"}}, "finding"),
    "digest": ("decision", lambda one: one | {"policy_digest": "0" * 64}, "policy"),
    "line": ("request", lambda one: {"line": one["line"] | {"quantity": 2}}, "line"),
    "sequence": ("request", lambda one: {"line": one["line"] | {"sequence": 2}}, "subject"),
    "due": ("clock/c", lambda one: one | {"proof": one["proof"] | {"due_at": "2026-06-30T00:00:00-04:00"}},
            "clock MA-OD-STD-PA-2026"),
    "policy": ("policy/version", lambda one: text_of(one["path"], one["text"].replace("88", "99")), "policy"),
    "text hash": ("policy/version", lambda one: one | {"text": one["text"] + "#"}, "contents"),
    "broken text": ("policy/version", lambda one: text_of(one["path"], "{"), "contents"),
    "a place outside": ("policy/version", lambda one: one | {"path": "policies/../../x.yaml"}, "contents"),
    "broken clock": ("rule/c", lambda one: text_of(one["path"], "id: X"), "contents"),
    "event": ("events", lambda one: [one[0] | {"by": "person:1"}], "events"),
    "another shape": ("finding", list, "contents"),
    "no events at all": ("chain", lambda one: one | {"events": []}, "contents"),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_what_an_issuer_signs_but_did_not_come_about_so_is_found_by_running_it_again(contents, key, lie):
    part, change, check = LIES[lie]
    wrong = contents | {part: change(contents[part])}
    found = states(issue(wrong, of=OF, key=key))
    assert found["signature"] == found["parts"] == "agrees"
    assert found[check] == "differs"


def test_a_decision_the_ledger_never_heard_of_is_found(contents, key):
    event = contents["chain"]["events"][0]
    body = contents["events"][0] | {"body": {}}
    chain = contents["chain"] | {"events": [event | {"digest": event_digest(1, "R1", event, body)}]}
    assert states(issue(contents | {"chain": chain, "events": [body]}, of=OF, key=key))["record"] == "differs"


def test_bytes_that_are_no_certificate_are_told_so():
    report = verify(b"hello")
    assert (report.certificate, report.sound, report.checks[0].name) == (None, False, "file")


def test_the_signature_is_one_any_jose_library_accepts(contents, key):
    data = json.loads(issue(contents, of=OF, key=key))
    public = OKPKey.import_key({name: data["head"]["key"][name] for name in ("kty", "crv", "x")})
    head, _, value = data["signature"].split(".")
    payload = canonical(data["head"])
    whole = f"{head}.{_b64(payload)}.{value}"
    found = jws.deserialize_compact(whole, public, algorithms=["Ed25519"])
    assert (found.payload, found.headers()["kid"]) == (payload, public.thumbprint())


def _b64(raw):
    import base64

    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: one.replace("..", "."),
        lambda one: one.replace("..", ".e30."),
        lambda one: one[:-1] + ("B" if one[-1] != "B" else "C"),
        lambda one: one + "=",
        lambda one: "e30" + one[one.index("..") :],
        lambda one: "e30." + one,
        lambda one: one[:0],
    ],
)
def test_no_other_writing_of_a_signature_is_taken(key, spoil):
    signature = key.sign(b"text")
    assert signature_fault(signature, b"text", key.jwk) == ""
    assert signature_fault(spoil(signature), b"text", key.jwk) != ""
    assert signature_fault(signature, b"other", key.jwk) == "the signature is not of this text"


@pytest.mark.parametrize("change", [{"x": "AA"}, {"x": "é"}, {"kid": "other"}, {"use": "enc"}])
def test_a_key_written_otherwise_is_not_taken(key, change):
    assert signature_fault(key.sign(b"text"), b"text", {**key.jwk, **change}) != ""
    assert signature_fault(key.sign(b"text"), b"text", {}) != ""


def test_keys_follow_each_other_and_the_earlier_ones_stay(tmp_path):
    folder = tmp_path / "keys"
    first = signing_key(folder)
    assert signing_key(folder).jwk == first.jwk
    second = new_key(folder)
    assert signing_key(folder).jwk == second.jwk
    assert public_keys(folder) == {"keys": [second.jwk, first.jwk]}
    assert sorted(path.name for path in folder.iterdir()) == ["0001.pem", "0002.pem"]
    assert first.salt("a", b"1") == read_afresh(folder, "0001.pem").salt("a", b"1") != first.salt("b", b"1")
    assert first.salt("a", b"1") != second.salt("a", b"1")


def read_afresh(folder, name):
    """The key of one file, read afresh."""
    other = folder.parent / "again"
    other.mkdir()
    (other / "0001.pem").write_bytes((folder / name).read_bytes())
    return signing_key(other)


@pytest.mark.parametrize("text", ["", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_holds_no_key_is_refused(tmp_path, text):
    (tmp_path / "0001.pem").write_text(text)
    with pytest.raises(Refusal, match="key-unreadable"):
        signing_key(tmp_path)


@pytest.mark.parametrize("jwks", [{}, {"keys": 1}, {"keys": [1]}])
def test_a_file_of_keys_that_is_none_is_refused(contents, key, jwks):
    with pytest.raises(Refusal, match="not-a-jwks"):
        verify(issue(contents, of=OF, key=key), jwks)


@pytest.mark.parametrize("policy", library(SHIPPED).policies, ids=lambda one: one.key)
def test_every_policy_of_the_shelf_is_rebuilt_from_its_own_text(policy):
    shelves = library(SHIPPED)
    found = rebuilt(policy_texts(shelves, policy), fact_texts(shelves, policy, SHIPPED))
    assert replace(found.policy, in_force=policy.in_force) == policy
    wanted = set(fact_names(policy.criteria)) & set(shelves.facts)
    assert wanted <= set(found.definitions)
    assert all(shelves.facts[name].question == one.question for name, one in found.definitions.items())
    assert all(replace(shelves.facts[name], topic=one.topic) == one for name, one in found.definitions.items())


def test_every_clock_of_the_shelf_is_rebuilt_from_its_own_text():
    rules = read_clocks(SHIPPED)
    assert len(rules) > 50
    wrong = [one.id for one in rules if rebuilt_clock(clock_text(one, SHIPPED), one.event_words) != one]
    assert wrong == []


def test_text_that_is_not_what_was_decided_by_is_refused(tmp_path):
    shelves = library(SHIPPED)
    policy = shelves.policy("dme/home-oxygen")
    with pytest.raises(Refusal, match="policy-text-gone"):
        policy_texts(shelves, replace(policy, digest="0" * 64))
    with pytest.raises(Refusal, match="rule-text-gone"):
        clock_text(read_clocks(SHIPPED)[0], tmp_path)
    with pytest.raises(TextFaulty, match="holds no policy"):
        rebuilt((), ())


def test_circumstances_and_events_of_a_clock_survive_the_journey():
    events = ClockEvents(
        received_at=AT,
        circumstances=Circumstances(rating_period_start=DAY, others={"state": "MD", "flag": True, "day": DAY}),
        others={"iro_received": AT},
    )
    for told in (
        Told(events=events, computed_at=AT, stopped_at=AT),
        Told(events=ClockEvents(received_at=AT), computed_at=AT),
    ):
        assert told_of(json.loads(json.dumps(told_data(told)))) == told


def test_a_calendar_is_written_with_every_holiday():
    data = calendar_data(calendars()["us-federal"])
    assert "2026-07-04" in data["holidays"]
    assert (data["covers_from"], data["covers_to"]) == ("2020-01-01", "2040-12-31")
