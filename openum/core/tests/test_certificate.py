"""The frame of a certificate: one way to write it, a hash for each part, and parts that stay behind."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.core.certificate import (
    Unreadable,
    as_bytes,
    canonical,
    digest,
    head_of,
    integrity,
    read,
    salted,
)
from openum.core.certificate_chain import chain_checks, event_digest

KEY = {"kty": "OKP", "crv": "Ed25519", "x": "AA"}
OF = {"number": "R000000018", "line": 1}
CONTENTS = {"decision": {"outcome": "approved"}, "fact/001": {"name": "spo2", "value": 86.0}, "fact/002": None}


def salt(name, content):
    return digest(name.encode() + content)[:32]


def file_of(contents=CONTENTS, **how):
    parts = salted(contents, salt)
    return as_bytes(head_of(parts, of=OF, key=KEY, **how), parts, "a..b")


def test_what_is_written_is_read_back_and_every_hash_is_plain_sha256():
    certificate = read(file_of())
    assert certificate.content("decision") == {"outcome": "approved"}
    assert certificate.content("nowhere") is None
    assert certificate.under("fact/") == {"fact/001": {"name": "spo2", "value": 86.0}, "fact/002": None}
    part = b'{"content":{"outcome":"approved"},"salt":"' + certificate.parts["decision"]["salt"].encode() + b'"}'
    assert certificate.head["parts"]["decision"] == hashlib.sha256(part).hexdigest()
    (check,) = integrity(certificate)
    assert (check.state, check.words) == ("agrees", "3 parts have the hash that was signed.")


def test_a_withheld_part_leaves_its_hash_and_nothing_else():
    whole, copy = read(file_of()), read(file_of(reader="provider", withheld={"fact/001": "needs a consent"}))
    assert "fact/001" not in copy.parts
    assert copy.head["parts"] == whole.head["parts"]
    assert copy.withholds("fact/", "decision") == ("fact/001",)
    assert copy.withholds("fact/002", "fact") == ()
    (check,) = integrity(copy)
    assert (check.state, check.words) == ("agrees", "2 parts have the hash that was signed; 1 are withheld.")


def test_what_is_no_part_cannot_be_withheld():
    with pytest.raises(ValueError, match="Only parts"):
        file_of(withheld={"finding": "x"})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f["parts"]["decision"].update(content={"outcome": "adverse"}), "decision is not the text"),
        (lambda f: f["parts"]["decision"].update(salt="0"), "decision is not the text"),
        (lambda f: f["parts"].update(extra={"content": 1, "salt": ""}), "extra was added"),
        (lambda f: f["parts"].pop("fact/002"), "fact/002 is missing"),
        (lambda f: f["head"]["withheld"].update(decision="x"), "decision is said to be withheld and is not"),
        (lambda f: f["head"]["withheld"].update(ghost="x"), "ghost is said to be withheld and was never there"),
    ],
)
def test_each_part_is_there_with_its_hash_or_is_withheld(change, words):
    found = json.loads(file_of())
    change(found)
    (check,) = integrity(read(canonical(found) + b"\n"))
    assert check.state == "differs"
    assert words in check.words


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b"NaN\n",
        file_of()[:-1],
        file_of() + b"\n",
        file_of().replace(b",", b", ", 1),
        file_of().replace(b'{"head"', b'{"head":1,"head"', 1),
    ],
)
def test_bytes_that_are_not_the_one_way_of_writing_are_no_certificate(data):
    with pytest.raises(Unreadable):
        read(data)


def changed(**changes):
    found = json.loads(file_of())
    for name, value in changes.items():
        place = found["head"] if name in found["head"] else found
        place[name] = value
    return canonical(found) + b"\n"


@pytest.mark.parametrize(
    "data",
    [
        b"[]\n",
        b'{"head":1}\n',
        changed(head=1),
        changed(head={"format": "openum-certificate/1"}),
        changed(format="openum-certificate/2"),
        changed(**{"for": 1}),
        changed(of=1),
        changed(key=1),
        changed(withheld={"decision": 1}),
        canonical({**json.loads(file_of()), "parts": 1}) + b"\n",
        canonical({**json.loads(file_of()), "parts": {"a": 1}}) + b"\n",
        canonical({**json.loads(file_of()), "parts": {"a": {"content": 1}}}) + b"\n",
        changed(signature=1),
    ],
)
def test_json_of_another_shape_is_no_certificate(data):
    with pytest.raises(Unreadable, match="no certificate of the format"):
        read(data)


@given(st.data())
def test_no_other_bytes_read_as_the_same_certificate(data):
    content = file_of()
    place = data.draw(st.integers(0, len(content) - 1))
    other = content[:place] + bytes([content[place] ^ data.draw(st.integers(1, 255))]) + content[place + 1 :]
    try:
        found = read(other)
    except Unreadable:
        return
    same = read(content)
    unchanged = (found.head, found.signature) == (same.head, same.signature)
    assert not unchanged or integrity(found)[0].state == "differs"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_a_value_is_written_one_way_and_read_back(value):
    assert json.loads(canonical(value)) == value
    assert canonical(json.loads(canonical(value))) == canonical(value)


def events(*told):
    """A chain as the ledger makes it, and what its events hold."""
    links, previous = [], ""
    for number, one in enumerate(told, 1):
        link = {"number": number, "kind": "Seen", "at": "2026-06-02T14:02:00.000000+00:00", "previous": previous}
        previous = event_digest(1, "R1", link, one)
        links.append(link | {"digest": previous})
    return {"tenant": 1, "subject": "R1", "events": links}, list(told)


FIRST, SECOND = {"by": "software:triage", "body": {"lines": [1]}}, {"by": "person:7", "body": {}}


def test_events_hang_together_with_and_without_what_they_hold():
    chain, told = events(FIRST, SECOND)
    assert [one.state for one in chain_checks(chain, told)] == ["agrees"]
    assert [one.state for one in chain_checks(chain, None)] == ["withheld"]
    assert [one.state for one in chain_checks(None, None)] == ["withheld"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda both: both[0]["events"][1].update(previous="0"), "Event 2 does not follow"),
        (lambda both: both[0]["events"][1].update(number=3), "Event 2 does not follow"),
        (lambda both: both[1].pop(), "not as many events"),
        (lambda both: both[1][0].update(by="person:8"), "Event 1 is not what its digest"),
    ],
)
def test_a_spoiled_chain_is_named_at_the_event(spoil, words):
    chain, told = events(dict(FIRST), dict(SECOND))
    spoil((chain, told))
    (check,) = chain_checks(chain, told)
    assert check.state == "differs"
    assert words in check.words
