"""Every row of the rulebook on parity (§6), privacy (§8) and CMS-0057-F (§1.4, §1.5, §5.2) is in the library.

Each stands there with the rulebook's tag and at least three worked examples that come out as written.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from openum.core.parity import RecordSchema
from openum.librarian.kinds import minimum_necessary, obligations, parity, privacy, retention
from openum.librarian.kinds.obligations import Contents, Matrix
from openum.librarian.kinds.parity import Data, Disclosures, Flags
from openum.librarian.law import Kind, examples_of, written
from openum.librarian.lawbook import check_items, named
from openum.librarian.shape import SHIPPED

KINDS = (privacy.KIND, retention.KIND, minimum_necessary.KIND, parity.KIND, obligations.KIND)
RULEBOOK = Path(__file__).resolve().parents[3] / ".." / "shared" / "facts" / "regulation.md"
V, K, P = "verified", "from_knowledge", "policy_choice"

PRIVACY_ROWS = {  # §8: the row's first words, and the items that carry it with their tags
    "Access control 164.312(a)": {"HIPAA-ACCESS-CONTROL": V, "HIPAA-BREAK-GLASS": P},
    "Audit controls 164.312(b)": {"HIPAA-AUDIT": V},
    "Integrity/authN/transmission 164.312(c)-(e)": {"HIPAA-INTEGRITY": V, "HIPAA-SECURITY-NPRM": V},
    "Documentation retention 164.316(b)(2)": {"HIPAA-DOCUMENTS": V},
    "MA/Part D records": {"MA-RECORDS": V, "PART-D-RECORDS": V},
    "ACA individual issuer claims/appeals; IRO": {"ACA-CLAIMS-APPEALS": V, "IRO-RETENTION": V},
    "Medicaid MCO 438.3(u)": {"MCO-RECORDS": K},
    "Accounting of disclosures 164.528": {"HIPAA-ACCOUNTING": V},
    "Minimum necessary 164.502(b), .514(d)": {"MINNEC-STANDARD": V, "MINNEC-ROLES": P, "MINNEC-IMAGING": P},
    "Part 2 consent 2.31": {"PART2-CONSENT": V, "PART2-COUNSELING": V, "PART2-LEGAL": V},
    "Part 2 redisclosure 2.33": {"PART2-REDISCLOSURE": V},
    "Part 2 notice 2.32": {"PART2-NOTICE": V},
    "Part 2 emergency 2.51": {"PART2-EMERGENCY": V},
    "Part 2 enforcement": {"PART2-ENFORCEMENT": V},
    "Data model": {"SEGMENT-LABELS": P},
    "X12 278": {"HIPAA-X12-278": V},
    "278 vs FHIR": {"HIPAA-278-ALL-FHIR": V},
    "X12 275/277 attachments": {"HIPAA-X12-275": V},
    "278 pend semantics": {"X12-278-PEND": V},
    "Medicare UM committee, delegation": {"MA-UM-COMMITTEE-RECORDS": V},
}
PARITY_ROWS = {
    "status": {"PARITY-LAYERS": V},
    "nqtl_schema": {"NQTL-RECORD": V, "NQTL-EXAMPLE-PRIOR-AUTHORIZATION": P},
    "relevant_data_to_compute_by_class_MHSUD_vs_MS": {"NQTL-DATA": V},
    "disclosures": {"NQTL-DISCLOSURES": V},
    "line flags": {"NQTL-LINE-FLAGS": P},
}
PAYERS = {
    "MA": "CMS0057-MA",
    "MEDICAID_FFS": "CMS0057-MEDICAID-FFS",
    "CHIP_FFS": "CMS0057-CHIP-FFS",
    "MEDICAID_MCO": "CMS0057-MEDICAID-MCO",
    "CHIP_MCO": "CMS0057-CHIP-MCO",
    "QHP_FFE": "CMS0057-QHP-FFE",
    "SBE_QHP_ERISA": "CMS0057-NOT-COVERED",
}
MATRIX_ROWS = {
    "payers": {**dict.fromkeys(PAYERS.values(), V), "CMS-0057-F": V},
    "denial_reason": {"CMS0057-DENIAL-REASON": V},
    "api_response_must_carry": {"CMS0057-API-RESPONSE": V},
    "api_must": {"CMS0057-API": V},
}
WATCH_ROWS = {
    "CMS-0062-P": {"WATCH-CMS-0062-P": V},
    "ONC FY2027 IPPS/HTI rule": {"WATCH-ONC-HTI": V},
    "Improving Seniors' Timely Access to Care Act (HR 3514/S 1816)": {"WATCH-SENIORS-ACCESS": V},
    "AHIP/BCBSA pledge (voluntary)": {"AHIP-PLEDGE": V},
    "CA SB 306, other state bills": {"WATCH-STATE-BILLS": K},
}
REPORT_ROWS = {
    "MA Part C Reporting Requirements (CY2026, OMB 0938-1054), Sec. II": {"REPORT-MA-PART-C": V},
    "Part D Reporting (OMB 0938-0992)": {"REPORT-PART-D": V},
    "CMS ODAG/CDAG audit universes": {"REPORT-ODAG-CDAG": K},
    "NCQA UM 1 B–E": {"REPORT-NCQA-UM1": V},
    "NCQA UM 5": {"REPORT-NCQA-UM5": V},
    "Texas": {"REPORT-TX-GOLD-CARD": V},
    "Washington RCW 48.43.0161": {"REPORT-WA-48.43.0161": V},
    "Maryland": {"REPORT-MD-ADVERSE-DECISIONS": V},
    "Georgia 33-46-20": {"REPORT-GA-33-46-20": V},
    "Illinois": {"REPORT-IL-RESPONSE-TIMES": V},
    "ACA §2719 / IRO": {"REPORT-ACA-IRO-RECORDS": V},
    "Medicaid 438.416": {"REPORT-MEDICAID-438.416": V},
}
PUBLIC_ROWS = {"cms0057_metrics": {"CMS0057-METRICS": V}, "patient access": {"REPORT-PATIENT-ACCESS": V}}
TABLES = (PRIVACY_ROWS, PARITY_ROWS, MATRIX_ROWS, WATCH_ROWS, REPORT_ROWS, PUBLIC_ROWS)
EXPECTED = {item: tag for table in TABLES for row in table.values() for item, tag in row.items()}


@pytest.fixture(scope="module")
def rulebook() -> str:
    if not RULEBOOK.exists():
        pytest.skip("The rulebook is not beside the checkout: ../shared/facts/regulation.md")
    return RULEBOOK.read_text(encoding="utf-8")


def section(text: str, head: str) -> str:
    """The text from one heading to the next of the same depth or above."""
    depth = len(head) - len(head.lstrip("#"))
    start = text.index(head)
    following = re.search(rf"^#{{1,{depth}}} ", text[start + len(head) :], re.MULTILINE)
    return text[start:] if following is None else text[start : start + len(head) + following.start()]


def table(text: str) -> list[str]:
    """The first cells of a table, without head and rule."""
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("|")]
    return rows[2:]


def fenced(text: str) -> dict[str, object]:
    """The first YAML block of a section."""
    found = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert found is not None
    read: dict[str, object] = yaml.safe_load(found[1])
    return read


@pytest.mark.parametrize(("name", "tag"), sorted(EXPECTED.items()))
def test_each_row_has_its_item_with_its_tag_a_citation_and_a_day(name: str, tag: str) -> None:
    (item,) = named(name, SHIPPED)
    authority = item.provision.authority
    assert authority.tag == tag
    assert authority.cite
    assert authority.grading
    assert authority.checked_on.isoformat() >= "2026-11-22"
    assert tag != K or authority.confirm


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.shelf)
def test_every_item_of_the_shelf_has_three_examples_that_come_out_as_written(kind: Kind) -> None:
    assert check_items(SHIPPED, kinds=[kind]) == ()
    counts = {file.path.stem: len(examples_of(file)[0]) for file in written(SHIPPED, kind)}
    assert {stem: count for stem, count in counts.items() if count < 3} == {}
    assert counts


def test_no_name_of_these_shelves_means_two_things() -> None:
    items = [file.item for kind in KINDS for file in written(SHIPPED, kind) if file.item]
    names = [name for item in items for name in item.names]
    assert {
        name: [one.provision.id for one in named(name, SHIPPED)] for name in names if len(named(name, SHIPPED)) > 1
    } == {}


def test_the_tables_of_this_test_are_the_rulebook_s(rulebook: str) -> None:
    assert table(section(rulebook, "## 8. HIPAA, retention, Part 2, X12")) == list(PRIVACY_ROWS)
    assert table(section(rulebook, "### 1.5 Pending / watch list")) == list(WATCH_ROWS)
    assert table(section(rulebook, "### 5.2 Other program reporting")) == list(REPORT_ROWS)


def test_the_matrix_has_every_payer_of_the_rulebook(rulebook: str) -> None:
    matrix = fenced(section(rulebook, "### 1.4 CMS-0057-F obligations matrix"))["cms_0057_f"]
    assert isinstance(matrix, dict)
    (item,) = named("CMS-0057-F", SHIPPED)
    assert isinstance(item.value, Matrix)
    assert [payer.kind for payer in item.value.payers] == list(matrix["payers"]) == list(PAYERS)
    assert [payer.id for payer in item.value.payers] == list(PAYERS.values())


@pytest.mark.parametrize("name", ["api_response_must_carry", "api_must"])
def test_the_interfaces_carry_what_the_rulebook_lists(rulebook: str, name: str) -> None:
    matrix = fenced(section(rulebook, "### 1.4 CMS-0057-F obligations matrix"))["cms_0057_f"]
    assert isinstance(matrix, dict)
    (item,) = named(next(iter(MATRIX_ROWS[name])), SHIPPED)
    assert isinstance(item.value, Contents)
    listed = {"list_of_items_services_requiring_PA_excl_drugs": "list_of_items_services_requiring_PA"}
    assert list(item.value.must) == [listed.get(one, one) for one in matrix[name]]


def test_the_record_has_every_field_of_the_rulebook(rulebook: str) -> None:
    schema = fenced(section(rulebook, "## 6. MHPAEA NQTL comparative analysis"))["nqtl_schema"]
    (item,) = named("NQTL-RECORD", SHIPPED)
    assert isinstance(schema, dict)
    assert isinstance(item.value, RecordSchema)
    ours = {one.id: {each.id for each in one.fields} for one in item.value.sections}
    assert set(ours) == set(schema)
    for name, fields in schema.items():
        wanted = fields[0] if isinstance(fields, list) else fields
        assert isinstance(wanted, str) or set(wanted) <= ours[name], name


def test_the_words_of_a_limitation_are_the_rulebook_s(rulebook: str) -> None:
    schema = fenced(section(rulebook, "## 6. MHPAEA NQTL comparative analysis"))["nqtl_schema"]
    (item,) = named("NQTL-RECORD", SHIPPED)
    assert isinstance(schema, dict)
    assert isinstance(item.value, RecordSchema)
    words = {f"{one.id}.{each.id}": each.one_of for one in item.value.sections for each in one.fields if each.one_of}
    assert words == {
        "nqtl.name": tuple(schema["nqtl"]["name"]),
        "benefits.classification": tuple(schema["benefits"]["classification"]),
        "benefits.subclass": tuple(schema["benefits"]["subclass"]),
    }


def test_figures_flags_and_disclosures_are_the_rulebook_s(rulebook: str) -> None:
    text = section(rulebook, "## 6. MHPAEA NQTL comparative analysis")
    read = fenced(text)
    figures, flags = named("NQTL-DATA", SHIPPED)[0].value, named("NQTL-LINE-FLAGS", SHIPPED)[0].value
    assert isinstance(figures, Data)
    assert isinstance(flags, Flags)
    assert [one.id for one in figures.data] == read["relevant_data_to_compute_by_class_MHSUD_vs_MS"]
    hard = text[text.index("Hard requirement for engineering") :]
    assert [one.id for one in flags.flags] == re.findall(r"`(\w+)`", hard)[:5]
    given = named("NQTL-DISCLOSURES", SHIPPED)[0].value
    assert isinstance(given, Disclosures)
    assert len(given.several) == 4
