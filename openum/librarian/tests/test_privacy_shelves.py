"""The shelves of privacy and duty as they ship: what hold of all gates together, and what a bad file is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.chart import Segment
from openum.core.minimum_necessary import NEVER_ROUTINE, Template
from openum.core.parity import missing_fields
from openum.core.privacy import HOLDERS, PURPOSES, RECIPIENTS
from openum.librarian.kinds import minimum_necessary, obligations, parity, privacy, retention
from openum.librarian.kinds.case_words import CaseWords
from openum.librarian.kinds.obligations import Watched
from openum.librarian.kinds.parity import Filled
from openum.librarian.kinds.privacy import Gates, Statements
from openum.librarian.law import Item, Kind, written
from openum.librarian.lawbook import check_items, named, shelf
from openum.librarian.shape import SHIPPED
from openum.records.documents.queries import NEEDS_CONSENT, OWN_CONSENT

KINDS = (privacy.KIND, retention.KIND, minimum_necessary.KIND, parity.KIND, obligations.KIND)
SEGMENTS = get_args(Segment)
DAY = date(2026, 11, 22)
ORDER = {False: 0, "unknown": 1, True: 2}


@cache
def gates() -> Gates:
    """Every gate of the shelf together."""
    found = [file.item for file in written(SHIPPED, privacy.KIND) if file.path.name == "may-leave.yaml"]
    assert found[0] is not None
    assert isinstance(found[0].value, Gates)
    return found[0].value


def leave(**given: Any) -> Any:
    return privacy.answer(gates(), {"on": "2026-11-22", **given})


consents = st.fixed_dictionaries(
    {
        "segments": st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=2, unique=True),
        "purposes": st.one_of(st.just("tpo"), st.sampled_from(PURPOSES)),
        "recipients": st.one_of(st.just("tpo"), st.sampled_from(RECIPIENTS)),
        "signed": st.just("2026-03-01"),
        "expires": st.sampled_from(["none", "2026-11-21", "2026-11-22", "2027-03-01"]),
    },
    optional={"elements": st.just("all"), "lacking": st.just("signature")},
)
asked = st.fixed_dictionaries(
    {"purpose": st.sampled_from(PURPOSES), "consent": consents},
    optional={
        "recipient": st.sampled_from(RECIPIENTS),
        "holder": st.sampled_from(HOLDERS),
        **{name: st.booleans() for name in sorted(gates().facts)},
    },
)
labels = st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=2, unique=True)


@settings(max_examples=150)
@given(asked, labels, st.sampled_from(SEGMENTS))
def test_by_the_shipped_gates_a_label_more_never_releases_more(
    case: dict[str, Any], segments: list[str], more: str
) -> None:
    before = leave(**case, segment=segments)["allowed"]
    assert ORDER[leave(**case, segment=sorted({*segments, more}))["allowed"]] <= ORDER[before]


@settings(max_examples=150)
@given(asked, labels)
def test_by_the_shipped_gates_revoking_never_releases_more(case: dict[str, Any], segments: list[str]) -> None:
    before = leave(**case, segment=segments)["allowed"]
    revoked = {**case, "consent": {**case["consent"], "revoked": "2026-11-22"}}
    after = leave(**revoked, segment=segments)
    assert ORDER[after["allowed"]] <= ORDER[before]


@settings(max_examples=150)
@given(asked)
def test_part_2_records_never_leave_with_a_consent_and_without_a_statement(case: dict[str, Any]) -> None:
    told = leave(**case, segment="sud_part2")
    through = {"PART2-CONSENT/consent", "PART2-REDISCLOSURE/as_hipaa_permits", "PART2-REDISCLOSURE/named"}
    if through & set(told["by"]):
        assert told["statements"][:1] == ["PART2-SHORT"]
        assert told["along"] == ["copy_or_scope_of_consent"]


@pytest.mark.parametrize("segment", SEGMENTS)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_some_gate_has_a_say_on_every_segment_and_purpose(segment: Segment, purpose: str) -> None:
    for holder in HOLDERS[:4]:
        told = leave(segment=segment, purpose=purpose, holder=holder)
        assert "rule" not in told["missing"], holder


@pytest.mark.parametrize("segment", sorted(NEEDS_CONSENT))
def test_what_the_documents_room_keeps_under_consent_the_gates_keep_too(segment: Segment) -> None:
    told = leave(segment=segment, purpose="payment", recipient="plan", consent="none")
    assert (told["allowed"], told["released"]) == (False, [])


@pytest.mark.parametrize("segment", sorted(OWN_CONSENT))
def test_notes_of_their_own_need_a_consent_of_their_own_and_are_never_asked_for(segment: Segment) -> None:
    consent = {"segments": [segment, "general"], "purposes": "payment", "recipients": "plan", "elements": "all",
               "signed": "2026-03-01", "expires": "2027-03-01"}  # fmt: skip
    told = leave(segment=segment, purpose="payment", recipient="plan", consent=consent)
    assert (told["allowed"], told["refused"]) == (False, ["consent-combined"])
    assert segment in NEVER_ROUTINE


def test_a_consent_for_a_proceeding_reaches_counseling_notes_only_when_it_is_for_both_alone() -> None:
    consent = {"segments": ["sud_counseling_notes"], "purposes": "legal_proceeding", "recipients": "court",
               "elements": "all", "signed": "2026-03-01", "expires": "2027-03-01"}  # fmt: skip
    told = leave(segment="sud_counseling_notes", purpose="legal_proceeding", recipient="court", consent=consent)
    assert told["allowed"] is True
    assert told["by"] == ["HIPAA-TPO/authorization", "PART2-LEGAL/consent", "PART2-COUNSELING/consent"]
    assert told["statements"] == ["PART2-LONG", "PART2-SHORT"]


def test_every_statement_a_way_names_is_a_text_of_the_shelf() -> None:
    texts = named("PART2-NOTICE", SHIPPED)[0].value
    assert isinstance(texts, Statements)
    ways = [way for one in gates().dated for way in one.gate.ways]
    assert {text for way in ways for text in way.statements} == set(texts.texts)
    assert {thing for way in ways for thing in way.along} == set(texts.along)


def test_the_gate_that_asks_all_lists_every_gate_of_the_shelf() -> None:
    every = {item.provision.id for item in shelf("privacy", SHIPPED) if item.provision.what["form"] == "gate"}
    assert {one.gate.id for one in gates().dated} == every


def test_the_rule_that_keeps_all_lists_every_rule_of_the_shelf() -> None:
    every = {item.provision.id for item in shelf("retention", SHIPPED) if item.provision.what["form"] == "keep"}
    assert {rule.id for rule in named("KEEP-UNTIL", SHIPPED)[0].value.rules} == every


def test_no_template_makes_notes_of_their_own_or_a_whole_record_routine() -> None:
    templates = [item.value for item in shelf("minimum-necessary", SHIPPED) if isinstance(item.value, Template)]
    assert sorted(one.family for one in templates) == [
        "behavioral", "dme", "drugs", "imaging", "inpatient", "surgery", "therapy",
    ]  # fmt: skip
    for one in templates:
        assert {*NEVER_ROUTINE, "entire_medical_record"} <= set(one.never)
        assert "sud_part2" in one.under_consent


@pytest.mark.parametrize("days", [0, 1000, 30000])
def test_nothing_that_is_watched_applies_on_any_day(days: int) -> None:
    watched = [item for item in shelf("obligations", SHIPPED) if isinstance(item.value, Watched)]
    on = (DAY + timedelta(days=days)).isoformat()
    bound = {item.provision.id: item.answer({"on": on})["applies"] for item in watched}
    assert bound.pop("AHIP-PLEDGE") == "unknown"
    assert set(bound.values()) == {False}


def test_the_worked_record_of_the_made_up_plan_is_whole() -> None:
    value = named("NQTL-EXAMPLE-PRIOR-AUTHORIZATION", SHIPPED)[0].value
    assert isinstance(value, Filled)
    assert missing_fields(value.record, value.schema) == ()


def every_item() -> Iterator[Item]:
    for kind in KINDS:
        yield from (file.item for file in written(SHIPPED, kind) if file.item is not None)


def test_every_item_prints_as_rows_of_words() -> None:
    for item in every_item():
        rows = list(item.kind.rows(item.value))
        assert rows, item.provision.id
        assert all(isinstance(cell, str) and cell.strip() for row in rows for cell in row), item.provision.id


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("MAY-LEAVE", {"purpose": "payment"}, "Say on which day"),
        ("MAY-LEAVE", {"on": "2026-11-22", "purpose": "payment", "colour": "red"}, "colour is not a word"),
        ("MAY-LEAVE", {"on": "2026-11-22", "purpose": "payment", "segment": "secret"}, "secret is no segment"),
        ("MAY-LEAVE", {"on": "2026-11-22", "purpose": "payment", "consent": "yes"}, "A consent is none"),
        ("MAY-LEAVE", {"on": "2026-11-22", "purpose": "payment", "consent": {"elements": "x"}}, "x is no element"),
        ("PART2-NOTICE", {"form": "medium"}, "medium is none of the statements"),
        ("MINNEC-DME", {"item": "order", "segment": "secret"}, "secret is no segment"),
        ("CMS-0057-F", {"on": "2026-11-22", "line_of_business": "circus"}, "circus is no line of business"),
        ("CMS-0057-F", {"line_of_business": "erisa"}, "Say on which day"),
        ("PARITY-LAYERS", {}, "Say on which day"),
        ("KEEP-UNTIL", {"holds": ["matter 7"]}, "A hold is true"),
    ],
)
def test_words_that_are_not_understood_are_told(name: str, given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        named(name, SHIPPED)[0].answer(given)


def test_a_consent_in_other_words_is_the_same_consent() -> None:
    plain = {"segments": "sud_part2", "purposes": ["treatment", "payment", "operations"], "recipients": "plan",
             "elements": "all", "signed": "2026-03-01"}  # fmt: skip
    other = {
        "about": "sud_part2",
        "for": "tpo",
        "to": "plan",
        "elements": "all",
        "given": "2026-03-01",
        "until": "none",
    }
    case = {"for": "payment", "to": "plan", "from": "part2_program", "label": "sud_part2"}
    assert leave(**case, consent=plain) == leave(**case, consents=[other])
    assert leave(**case, consent=plain)["allowed"] is True


def test_holds_are_read_in_every_form() -> None:
    words = {"record": "policy", "created": "2020-11-22", "last_effective": "2020-11-22", "on": "2026-11-23"}
    rule = named("HIPAA-DOCUMENTS", SHIPPED)[0]
    assert rule.answer(words)["may_dispose"] is True
    assert rule.answer({**words, "legal_hold": "none"})["may_dispose"] is True
    assert rule.answer({**words, "legal_hold": True})["held_by"] == ["legal hold"]
    assert rule.answer({**words, "hold": {"placed": "2021-01-01"}})["held_by"] == ["hold 1"]


def test_why_one_piece_stays_is_told_by_piece() -> None:
    words = {**privacy.RELEASE_WORDS, **dict.fromkeys(gates().facts, ())}
    case = {"on": "2026-11-22", "purpose": "payment", "recipient": "plan", "consent": "none",
            "items": [{"id": "a", "segment": "general"}, {"id": "b", "segment": "sud_part2"}]}  # fmt: skip
    told = privacy.release(gates(), CaseWords(case, words))
    assert privacy.reasons_of(told, "a") == ()
    assert [reason.code for reason in privacy.reasons_of(told, "b")] == ["consent"]


HEAD = 'id: {id}\nversion: "1"\ntitle: A made-up item of a test\n'
TAIL = """
since: {from: 2026-01-01, to: null}
authority: {cite: Our own, tag: policy_choice, sources: [], grading: our own, checked_on: 2026-11-22}
"""
EXAMPLES = "examples:\n" + "".join(f"  - {{id: E-{n}, why: one, in: {{}}, expected: {{x: null}}}}\n" for n in (1, 2, 3))


def faults_of(root: Path, kind: Kind, **files: str) -> list[str]:
    """What the check says of a shelf that holds these files (id: the lines of ``what:``)."""
    folder = root / kind.shelf / "us"
    folder.mkdir(parents=True)
    for name, what in files.items():
        ident = name.upper().replace("_", "-")
        (folder / f"{ident.lower()}.yaml").write_text(HEAD.format(id=ident) + "what:\n" + what + TAIL, encoding="utf-8")
        (folder / f"{ident.lower()}.examples.yaml").write_text(EXAMPLES, encoding="utf-8")
    return [fault.fault for fault in check_items(root, kinds=[kind])]


GATE = "  form: gate\n  segments: [general]\n  ways: [{id: open, words: Anybody%s}]"


@pytest.mark.parametrize(
    ("kind", "files", "fault"),
    [
        (privacy.KIND, {"a": "  form: together\n  of: [NOWHERE]"}, "NOWHERE is not on this shelf."),
        (
            privacy.KIND,
            {"a": "  form: together\n  of: [B]", "b": "  form: safeguard\n  status: design\n  must: {one: a thing}"},
            "B is no gate: list gates only.",
        ),
        (privacy.KIND, {"a": "  form: together\n  of: [B]", "b": "  form: gate"}, "B has faults of its own"),
        (privacy.KIND, {"a": GATE % ", consent: {}"}, "A consent has elements"),
        (
            privacy.KIND,
            {"a": GATE % ", consent: {elements_of: B}", "b": GATE % ""},
            "A consent has elements",
        ),
        (privacy.KIND, {"a": "  form: gate\n  segments: [secret]\n  ways: [{id: w, words: Anybody}]"}, "secret"),
        (
            retention.KIND,
            {"a": "  form: together\n  of: [B]", "b": "  form: together\n  of: [A]"},
            "B keeps nothing itself",
        ),
        (retention.KIND, {"a": "  form: keep\n  span: six years\n  counted_from: [created]"}, "six years"),
        (
            minimum_necessary.KIND,
            {"a": "  form: template\n  family: dme\n  routine: {order: the order}\n  never: {order: not this}"},
            "order stands under routine and under never.",
        ),
        (
            minimum_necessary.KIND,
            {"a": "  form: roles\n  categories: {clinical: notes and results}\n  roles: {nurse: [payroll]}"},
            "payroll is not among the categories.",
        ),
        (
            parity.KIND,
            {"a": "  form: record\n  follows: B\n  record: {nqtl: {name: x}}",
             "b": "  form: schema\n  sections: {nqtl: {fields: {name: which, plan_year: when}}}"},
            "The record lacks nqtl.plan_year.",
        ),
        (
            parity.KIND,
            {"a": "  form: record\n  follows: B\n  record: {nqtl: {name: x}}",
             "b": "  form: flags\n  flags: {mhsud_flag: {words: whether it is}}"},
            "B is no schema.",
        ),
        (
            obligations.KIND,
            {"a": "  form: matrix\n  of: [B]", "b": "  form: contents\n  must: {one: a thing}"},
            "B is no payer: list payers only.",
        ),
        (
            obligations.KIND,
            {"a": "  form: watched\n  status: bill\n  flag: f\n  would_change: [a thing]\n  final_from: 2027-01-01"},
            "A has a final day but is bill: nothing binds before it is final.",
        ),
    ],
)  # fmt: skip
def test_an_author_is_told_what_is_wrong(tmp_path: Path, kind: Kind, files: dict[str, str], fault: str) -> None:
    assert any(fault in one for one in faults_of(tmp_path, kind, **files))


def test_a_new_version_of_a_gate_takes_over_on_its_day(tmp_path: Path) -> None:
    folder = tmp_path / "privacy" / "us"
    folder.mkdir(parents=True)
    text = HEAD.format(id="B") + "what:\n" + GATE % ", recipients: [patient]" + TAIL
    (folder / "b.yaml").write_text(text.replace("to: null", "to: 2026-12-31"), encoding="utf-8")
    later = text.replace('"1"', '"2"').replace("2026-01-01", "2027-01-01").replace("[patient]", "[court]")
    (folder / "b.v2.yaml").write_text(later, encoding="utf-8")
    both = "what:\n  form: together\n  of: [B]"
    (folder / "a.yaml").write_text(HEAD.format(id="A") + both + TAIL, encoding="utf-8")
    (item,) = [file.item for file in written(tmp_path, privacy.KIND) if file.path.name == "a.yaml"]
    assert item is not None
    case = {"segment": "general", "purpose": "payment"}
    days = [("2025-12-31", "patient"), ("2026-12-31", "patient"), ("2026-12-31", "court"), ("2027-01-01", "court")]
    assert [item.answer({**case, "on": on, "recipient": to})["allowed"] for on, to in days] == [
        False, True, False, True,
    ]  # fmt: skip
