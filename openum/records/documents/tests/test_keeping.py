"""Documents and evidence as kept: once, whole, with their sensitivity, refused before anything is written."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from openum.core.actor import Actor
from openum.core.chart import Entry
from openum.core.codes import Code
from openum.core.refusal import Refusal
from openum.core.request import Attachment
from openum.core.segments import segment_of, stricter
from openum.records.documents import actions, limits, queries, store
from openum.records.documents.entries import entry_data, entry_of, sensitive_codes
from openum.records.documents.models import ChartEvidence, Document
from openum.records.parties.actions import enroll, set_up_plan
from openum.records.parties.scope import Scope, software_scope
from openum.records.tenants.actions import open_tenant

T0 = dt.datetime(2026, 3, 2, 15, 2, tzinfo=dt.UTC)
PRIYA = Actor(kind="client", id="ehr", name="Priya's EHR")
NOTE = Attachment(title="Note", content_type="text/plain", data=b"SpO2 86 % at rest", date=dt.date(2026, 3, 1))
ALCOHOL = Code("icd10cm", "F10.20")


def kept(scope: Scope, *attachments: Attachment, subject: str = "R-1") -> tuple[int, ...]:
    return actions.keep_attachments(scope, subject=subject, attachments=attachments, by=PRIYA, at=T0)


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()] if root.exists() else []


def test_a_document_is_kept_by_its_content_and_its_text_is_read_by_a_step(scope: Scope, root: Path) -> None:
    (number,) = kept(scope, NOTE)
    (card,) = queries.documents_of(scope, "R-1")
    assert (card.id, card.title, card.size, card.segment, card.document_date) == (
        number, "Note", 17, "general", dt.date(2026, 3, 1),
    )  # fmt: skip
    assert (card.text, card.text_from, queries.unread(scope, "R-1")) == ("", "", (number,))
    assert [path.name for path in files(root)] == [card.sha256]
    actions.extract_text(number, at=T0)
    actions.extract_text(number, at=T0)
    (card,) = queries.documents_of(scope, "R-1")
    assert (card.text, card.text_from, card.trouble) == ("SpO2 86 % at rest", "plain", "")
    assert queries.unread(scope, "R-1") == ()
    assert queries.content_of(scope, number, at=T0)[1] == NOTE.data


def test_the_same_content_is_one_row_per_case_and_one_file_in_all(scope: Scope, root: Path) -> None:
    first = kept(scope, NOTE, replace(NOTE, title="Again"))
    assert first[0] == first[1]
    assert kept(scope, NOTE) == first[:1]
    assert kept(scope, NOTE, subject="R-2") != first[:1]
    assert (Document.unscoped.count(), len(files(root))) == (2, 1)


def test_content_that_changed_on_the_disk_or_went_missing_is_found_out(scope: Scope, root: Path) -> None:
    (number,) = kept(scope, NOTE)
    (file,) = files(root)
    file.write_bytes(b"SpO2 96 % at rest")
    with pytest.raises(store.Damaged, match="changed"):
        queries.content_of(scope, number, at=T0)
    file.unlink()
    with pytest.raises(store.Damaged, match="not in the store"):
        actions.extract_text(number, at=T0)
    assert kept(scope, NOTE) == (number,)
    assert queries.content_of(scope, number, at=T0)[1] == NOTE.data


def test_a_write_that_fails_leaves_no_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("openum.records.documents.store.os.fsync", full)
    with pytest.raises(OSError, match="disk full"):
        store.keep(b"data")
    assert files(root) == []


PDF = b"%PDF-1.4"


@pytest.mark.parametrize(
    ("attachments", "code"),
    [
        ((replace(NOTE, content_type="application/x-msdownload"),), "attachment-type"),
        ((replace(NOTE, content_type=""),), "attachment-type"),
        ((replace(NOTE, data=b""),), "attachment-empty"),
        ((replace(NOTE, content_type="application/pdf"),), "attachment-mismatch"),
        ((replace(NOTE, content_type="application/pdf", data=b"x" * 1024 + PDF),), "attachment-mismatch"),
        ((replace(NOTE, content_type="image/png", data=b"x\x89PNG\r\n\x1a\n"),), "attachment-mismatch"),
        ((NOTE, replace(NOTE, data=b"x" * 101)), "attachment-too-large"),
        ((replace(NOTE, data=b"x" * 100), replace(NOTE, data=b"y" * 100), NOTE), "attachment-too-large"),
        ((NOTE,) * 5, "attachments-too-many"),
    ],
)
def test_what_cannot_be_taken_is_refused_whole_and_nothing_is_written(  # type: ignore[no-untyped-def]
    scope: Scope, root: Path, settings, attachments: tuple[Attachment, ...], code: str
) -> None:
    settings.DOCUMENT_LARGEST, settings.DOCUMENT_MOST_BYTES, settings.DOCUMENT_MOST = 100, 200, 4
    if code == "attachment-mismatch":
        settings.DOCUMENT_LARGEST = settings.DOCUMENT_MOST_BYTES = 10_000
    with pytest.raises(Refusal) as refused:
        kept(scope, *attachments)
    assert (refused.value.code, refused.value.where) == (code, "attachments")
    assert NOTE.title not in str(refused.value)
    assert (Document.unscoped.count(), files(root)) == (0, [])


def test_what_is_just_small_and_few_enough_is_taken(scope: Scope, settings) -> None:  # type: ignore[no-untyped-def]
    settings.DOCUMENT_LARGEST, settings.DOCUMENT_MOST_BYTES, settings.DOCUMENT_MOST = 100, 117, 2
    assert len(kept(scope, replace(NOTE, data=b"x" * 100), NOTE)) == 2
    limits.check([replace(NOTE, content_type="Application/PDF; name=a", data=b"\n\n" + PDF)])


def test_codes_make_a_document_more_sensitive_than_the_sender_says_and_never_less(scope: Scope) -> None:
    coded = replace(NOTE, codes=(ALCOHOL,))
    kept(scope, coded, replace(coded, data=b"x", segment="psychotherapy_notes"))
    kept(scope, replace(NOTE, data=b"y", segment="hiv"))
    assert [card.segment for card in queries.documents_of(scope, "R-1")] == ["sud_part2", "psychotherapy_notes", "hiv"]


def test_what_was_kept_is_not_exchanged_or_removed(scope: Scope) -> None:
    kept(scope, NOTE)
    actions.keep_evidence(scope, subject="R-1", entries=[Entry(kind="answer", link="a", value=1)], at=T0)
    for change in (
        lambda: Document.unscoped.update(sha256="0"),
        lambda: Document.unscoped.update(added_by="person:1"),
        lambda: Document.unscoped.all().delete(),
        lambda: ChartEvidence.unscoped.update(entries=[]),
        lambda: ChartEvidence.unscoped.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_another_tenant_reads_no_document_and_no_evidence(scope: Scope) -> None:
    (number,) = kept(scope, NOTE)
    actions.keep_evidence(scope, subject="R-1", entries=[Entry(kind="answer", link="a", value=1)], at=T0)
    other = software_scope(open_tenant(slug="red", name="Red", kind="payer", time_zone="UTC").id, "test")
    organization = Scope(tenant_id=scope.tenant_id, actor=PRIYA, organization_id=1)
    (card,) = queries.documents_of(scope, "R-1")
    for stranger in (other, organization):
        assert queries.documents_of(stranger, "R-1") == ()
        assert queries.evidence_of(stranger, "R-1") == ()
        assert not queries.may_read(stranger, card, at=T0)
        with pytest.raises(Refusal) as refused:
            queries.content_of(stranger, number, at=T0)
        assert refused.value.code == "no-such-document"


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
days = st.dates()
moments = st.datetimes(timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-5))]))
codes = st.builds(Code, texts, texts, texts)
values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts | days | codes


@given(
    st.builds(
        Entry, kind=st.sampled_from(["observation", "answer"]), codes=st.lists(codes, max_size=3).map(tuple),
        link=texts, value=values, unit=texts, date=st.none() | days, at=st.none() | moments, ended=st.none() | days,
        denied=st.booleans(), source=texts, quote=texts, segment=st.sampled_from(["general", "hiv", "sud_part2"]),
    )
)  # fmt: skip
def test_an_entry_is_read_back_equal(entry: Entry) -> None:
    import json

    back = entry_of(json.loads(json.dumps(entry_data(entry))))
    assert back == entry
    assert type(back.value) is type(entry.value)


def test_evidence_of_several_submissions_comes_back_in_order_and_sharpened(scope: Scope) -> None:
    first = [
        Entry(kind="observation", codes=(Code("loinc", "59408-5", "SpO2"),), value=86, unit="%", at=T0, source="o/1"),
        Entry(kind="condition", codes=(ALCOHOL,), denied=True),
    ]
    second = [Entry(kind="answer", link="a\x00b", value="yes\ud800")]
    actions.keep_evidence(scope, subject="R-1", entries=first, at=T0)
    actions.keep_evidence(scope, subject="R-1", entries=[], at=T0)
    actions.keep_evidence(scope, subject="R-1", entries=second, at=T0)
    assert queries.evidence_of(scope, "R-1") == (
        first[0], replace(first[1], segment="sud_part2"), Entry(kind="answer", link="ab", value="yes?"),
    )  # fmt: skip
    assert ChartEvidence.unscoped.count() == 2


def test_counseling_and_psychotherapy_notes_are_not_even_used(scope: Scope) -> None:
    entries = [
        Entry(kind="answer", link="a", value=1),
        Entry(kind="answer", link="b", value=1, segment="psychotherapy_notes"),
        Entry(kind="answer", link="c", value=1, segment="sud_counseling_notes"),
        Entry(kind="answer", link="d", value=1, segment="sud_part2"),
    ]
    actions.keep_evidence(scope, subject="R-1", entries=entries, at=T0)
    assert [entry.link for entry in queries.evidence_of(scope, "R-1")] == ["a", "d"]


@pytest.fixture
def member_id(scope: Scope) -> int:
    set_up_plan(scope, code="MA", name="MA", line_of_business="medicare-advantage", time_zone="America/Chicago")
    born, start = dt.date(1950, 1, 1), dt.date(2026, 1, 1)
    return enroll(scope, plan="MA", number="M1", family="Doe", birth_date=born, start=start).id


def consent(scope: Scope, member_id: int, *segments: str, expires: dt.date | None = None) -> int:
    return actions.give_consent(
        scope, member_id=member_id, segments=segments, discloser="Clinic", recipients="Blue Plan",  # type: ignore[arg-type]
        purpose="Payment", given_date=dt.date(2026, 3, 1), expires=expires,
    )  # fmt: skip


def test_a_part_2_document_is_released_under_consent_only_from_its_first_day_to_its_last(
    scope: Scope, member_id: int
) -> None:
    (number,) = kept(scope, replace(NOTE, segment="sud_part2"))
    with pytest.raises(Refusal) as refused:
        queries.content_of(scope, number, at=T0)
    assert (refused.value.code, "42 CFR 2.31" in refused.value.message) == ("consent-needed", True)
    actions.put_under_consent(
        scope, subject="R-1", consent_id=consent(scope, member_id, "sud_part2", expires=dt.date(2026, 3, 31))
    )
    (card,) = queries.documents_of(scope, "R-1")
    zone = "America/Chicago"
    allowed = [
        queries.may_read(scope, card, at=dt.datetime.fromisoformat(moment), zone=zone)
        for moment in (
            "2026-02-28T23:59:59-06:00", "2026-03-01T00:00:00-06:00", "2026-03-31T23:59:59-05:00",
            "2026-04-01T00:00:00-05:00",
        )
    ]  # fmt: skip
    assert allowed == [False, True, True, False]
    assert queries.content_of(scope, number, at=T0, zone=zone)[1] == NOTE.data


def test_a_revoked_consent_opens_nothing_more(scope: Scope, member_id: int) -> None:
    kept(scope, replace(NOTE, segment="sud_part2"))
    number = consent(scope, member_id, "sud_part2")
    actions.put_under_consent(scope, subject="R-1", consent_id=number)
    actions.revoke_consent(scope, consent_id=number, by=PRIYA, at=T0)
    (card,) = queries.documents_of(scope, "R-1")
    assert queries.may_read(scope, card, at=T0 - dt.timedelta(seconds=1))
    assert not queries.may_read(scope, card, at=T0)
    assert [each.revoked_at for each in queries.consents_of(scope, member_id)] == [T0]
    with pytest.raises(Refusal) as refused:
        actions.revoke_consent(scope, consent_id=number, by=PRIYA, at=T0)
    assert refused.value.code == "no-such-consent"
    with pytest.raises(Refusal) as refused:
        actions.put_under_consent(scope, subject="R-2", consent_id=number)
    assert refused.value.code == "no-such-consent"


@pytest.mark.parametrize("segment", ["sud_counseling_notes", "psychotherapy_notes"])
def test_notes_need_a_consent_that_covers_nothing_else(scope: Scope, member_id: int, segment: str) -> None:
    kept(scope, replace(NOTE, segment=segment))  # type: ignore[arg-type]
    for covers, expected in ((("sud_part2",), False), (("sud_part2", segment), False), ((segment,), True)):
        number = consent(scope, member_id, *covers)
        Document.unscoped.update(consent_id=number)
        (card,) = queries.documents_of(scope, "R-1")
        assert queries.may_read(scope, card, at=T0) is expected


def test_other_segments_are_open_to_the_tenant(scope: Scope) -> None:
    for number, segment in enumerate(("general", "mental_health", "hiv", "reproductive")):
        kept(scope, replace(NOTE, data=bytes([65 + number]), segment=segment))
    assert [queries.may_read(scope, card, at=T0) for card in queries.documents_of(scope, "R-1")] == [True] * 4


def test_a_consent_is_not_edited(scope: Scope, member_id: int) -> None:
    from openum.records.documents.models import Consent

    consent(scope, member_id, "sud_part2")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Consent.unscoped.update(expires=dt.date(2030, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.unscoped.update(revoked_at=T0)


def test_the_library_lists_name_substance_use_codes_in_every_system() -> None:
    lists = sensitive_codes()
    for code in (ALCOHOL, Code("icd10cm", "F1020"), Code("hcpcs", "H0015"), Code("cpt", "99408"), Code("cpt", "H0015"),
                 Code("icd10pcs", "HZ2ZZZZ"), Code("msdrg", "895")):  # fmt: skip
        assert segment_of([Code("loinc", "59408-5"), code], lists) == "sud_part2"
    assert segment_of([Code("icd10cm", "G47.33"), Code("hcpcs", "E1390")], lists) == "general"
    assert segment_of([], lists) == "general"
    assert stricter("mental_health", "general") == "mental_health"


def test_the_lists_are_the_source_code_for_code() -> None:
    source = Path(__file__).parents[4] / ".." / "shared" / "data" / "codes_part2_samhsa"
    if not source.exists():
        pytest.skip("../shared/data/codes_part2_samhsa is not on this machine")
    wanted = set()
    for file in source.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as rows:
            wanted |= {row[0].removeprefix("MS-DRG ") for row in list(csv.reader(rows))[1:]}
    listed = {value for values in sensitive_codes()["sud_part2"].by_system.values() for value in values}
    assert listed == wanted
    assert len(listed) == 573
