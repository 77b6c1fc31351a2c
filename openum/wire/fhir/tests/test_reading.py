"""What is taken for a body at all, and what recognizes it again."""

import hashlib
import json

import orjson
import pytest

from openum.core.refusal import Refusal
from openum.wire.fhir.reading import MOST_DEPTH, digest_of, read_body


def refused(data: bytes, **options: int) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read_body(data, **options)
    return caught.value


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not-json"),
        (b"hello", "not-json"),
        (b'{"resourceType": "Bundle"', "not-json"),
        (b'{"a": NaN}', "not-json"),
        (b'{"a": 1e999}', "not-json"),
        (b'{"a": "\\ud800"}', "not-json"),
        (b'\xff\xfe{"resourceType"', "not-utf8"),
        ('{"name": "Muñoz"}'.encode("latin-1"), "not-utf8"),
        (b"<Bundle xmlns='http://hl7.org/fhir'/>", "xml-not-accepted"),
        (b"  \n<?xml version='1.0'?><Bundle/>", "xml-not-accepted"),
        (b"[]", "not-an-object"),
        (b'"Bundle"', "not-an-object"),
        (b'{"a": 1, "a": 2}', "duplicate-member"),
        (b'{"a": [{"b": 1, "c": 2, "b": 1}]}', "duplicate-member"),
        (b'{"a": "x\\u0000y"}', "null-character"),
        (b'{"a": [{"x\\u0000y": 1}]}', "null-character"),
        (b'{"a":' * 500 + b"1" + b"}" * 500, "too-deep"),
        (b"[" * 5000 + b"]" * 5000, "too-deep"),
    ],
)
def test_a_body_that_is_no_json_object_in_utf8_is_refused_by_its_fault(body: bytes, code: str) -> None:
    assert refused(body).code == code


def test_the_limit_of_size_holds_to_the_byte() -> None:
    body = b'{"a":"' + b"x" * 93 + b'"}'
    assert len(body) == 101
    assert read_body(body, most_bytes=101) == {"a": "x" * 93}
    assert refused(body, most_bytes=100).code == "too-large"


def test_the_limit_of_depth_holds_to_the_level() -> None:
    deepest = b'{"a":' * (MOST_DEPTH - 1) + b"{}" + b"}" * (MOST_DEPTH - 1)
    assert isinstance(read_body(deepest), dict)
    assert refused(b'{"a":' + deepest + b"}").code == "too-deep"


def test_a_byte_order_mark_is_ignored() -> None:
    assert read_body(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_numbers_beyond_any_integer_are_read_and_do_not_stop_the_reader() -> None:
    assert read_body(b'{"a": ' + b"9" * 5000 + b"e-4990}") == {"a": pytest.approx(1e10)}


def test_a_refusal_never_repeats_what_was_sent() -> None:
    for body in (b'{"name": "Rivera', b'{"Rivera": 1, "Rivera": 2}', b"<Rivera/>", b'["Rivera"]'):
        found = refused(body)
        assert "Rivera" not in f"{found} {found.where}"


def test_the_digest_is_of_the_content_and_not_of_its_spelling() -> None:
    one = read_body(b'{"b": [1, 2], "a": "\\u00e9"}')
    other = read_body('{\n  "a": "é",\n  "b": [1,2]\n}'.encode())
    assert digest_of(one) == digest_of(other)
    assert digest_of(one) == hashlib.sha256('{"a":"é","b":[1,2]}'.encode()).hexdigest()
    assert digest_of(one) != digest_of({"a": "é", "b": [2, 1]})


def test_what_is_read_is_what_orjson_reads() -> None:
    body = json.dumps({"a": [1, 2.5, True, None, {"b": "ü"}]}).encode()
    assert read_body(body) == orjson.loads(body)
