"""Every fault of a letter is named with file, line and mend."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from openum.librarian.notices import check_notices, read_notices

ELEMENTS = """\
title: What a letter can be given
elements:
  - {id: member_name, type: text, what: Name}
  - {id: notice_date, type: day, what: Day}
  - id: lines
    type: list
    what: Lines
    of:
      - {id: service, type: text, what: Service}
      - {id: outcome, type: text, what: Decision, choices: [approved, denied]}
      - {id: reason, type: text, what: Reason}
"""
REQUIRED = """\
id: T-DENIAL
version: "1"
title: A small denial
since: {from: 2026-01-01, to: null}
authority:
  - {cite: A law, tag: policy_choice, sources: [], grading: our own, checked_on: 2026-11-22}
recipients: [enrollee]
form: {font_points: 12, reading_grade: 8}
elements:
  - {id: member, what: Name, element: member_name, cite: L 1, who: [enrollee]}
  - {id: reason, what: Reason, element: lines.reason, outcomes: [denied], cite: L 2, who: [enrollee]}
  - {id: appeal, what: Appeal, says: You can appeal, cite: L 3, who: [enrollee]}
"""
KINDS = """\
title: Kinds
kinds:
  - {id: small-denial, title: Small denial, adverse: false, ends_clock: true, language_access: true}
"""
JARGON = """\
title: Hard words
authority:
  - {cite: Our own, tag: policy_choice, sources: [], grading: our own, checked_on: 2026-11-22}
words:
  - {word: prior to, plain: before}
known: []
"""
HTML = """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Decision</title><style>body { font-size: 12pt; }</style></head>
<body>
<h1>Decision</h1>
<p>{{ member_name }}, {{ notice_date }}</p>
{% each lines as line %}<p>{{ line.service }}: {{ line.outcome }}, {{ line.reason }}</p>{% end %}
<p>You can appeal.</p>
</body>
</html>
"""
COMPLETE = """\
name: A complete letter is issued
elements:
  member_name: Ann Lee
  notice_date: 2026-03-09
  lines:
    - {service: Oxygen, outcome: denied, reason: the test was normal}
expect: issued
"""
NO_REASON = """\
name: A letter without its reason is held back
like: complete.yaml
without: [lines.reason]
expect: incomplete
missing: [reason]
"""
NO_NAME = """\
name: A letter without a name is held back
elements:
  lines:
    - {service: Oxygen, outcome: approved, reason: ""}
expect: incomplete
missing: [member]
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A shelf with one small letter that has no fault."""
    folder = tmp_path / "notices" / "small-denial" / "us" / "test"
    (folder / "examples").mkdir(parents=True)
    (tmp_path / "notices" / "elements.yaml").write_text(ELEMENTS)
    (folder / "required.yaml").write_text(REQUIRED)
    (folder / "letter.html").write_text(HTML)
    (folder / "examples" / "complete.yaml").write_text(COMPLETE)
    (folder / "examples" / "no-reason.yaml").write_text(NO_REASON)
    (folder / "examples" / "no-name.yaml").write_text(NO_NAME)
    (tmp_path / "notices" / "kinds.yaml").write_text(KINDS)
    for language in ("en", "es"):
        jargon = tmp_path / "notices" / "languages" / language / "jargon.yaml"
        jargon.parent.mkdir(parents=True)
        jargon.write_text(JARGON)
    return tmp_path


@pytest.fixture
def planted(shelf: Path) -> Callable[[str, str, str], list[tuple[str, int, str, str]]]:
    """Write one fault into a file of the shelf and tell every fault found: file name, line, fault, mend."""

    def plant(name: str, old: str, new: str) -> list[tuple[str, int, str, str]]:
        path = next(found for found in shelf.rglob(name))
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        return [(Path(f.file).name, f.line, f.fault, f.mend) for f in check_notices(shelf)]

    return plant


def test_the_small_shelf_has_no_fault(shelf: Path) -> None:
    assert check_notices(shelf) == ()
    (letter,) = read_notices(shelf).letters
    assert letter.names == ("member_name", "notice_date", "lines", "lines.service", "lines.outcome", "lines.reason")
    assert letter.choices == (("lines.outcome", ("approved", "denied")),)


def test_a_digest_changes_with_either_file(shelf: Path) -> None:
    before = read_notices(shelf).letters[0].digest
    for name in ("letter.html", "required.yaml"):
        path = next(shelf.rglob(name))
        path.write_text(path.read_text() + "\n")
        after = read_notices(shelf).letters[0].digest
        assert after != before
        before = after


SIZE = "Write font-size: 12pt for the body, and nothing smaller."
VOCABULARY = "Use one of library/notices/elements.yaml, or add it there."
WORDS = "lines.outcome is none of the words that the letters know."
LANGUAGE = (
    "Use only {{ name }}, {% if name %}, {% each list as item %}, {% part name %}, {% slot name %} and {% end %}."
)
UNKNOWN_MARK = "has a mark that the letter language does not know, or an end without a beginning"
FAULTS = [
    (
        "letter.html",
        "{{ member_name }}",
        "{{ member_nam }}",
        [
            ("letter.html", 6, "There is no element `member_nam`.", "Did you mean `member_name`?"),
            (
                "required.yaml",
                10,
                "`member` is required, but letter.html has no place for `member_name`.",
                "Put {{ member_name }} into letter.html, or say that it is not required.",
            ),
        ],
    ),
    (
        "letter.html",
        "{{ notice_date }}",
        "{{ notice_date|upper }}",
        [
            ("letter.html", 6, f"Line 6 of the letter {UNKNOWN_MARK}.", LANGUAGE),
        ],
    ),
    (
        "letter.html",
        "You can appeal",
        "You can <b>appeal</b>",
        [
            ("letter.html", 8, "<b> has no place in a letter.", "Use plain tags; a letter loads nothing."),
        ],
    ),
    (
        "letter.html",
        "You can appeal.",
        "You may appeal.",
        [
            (
                "required.yaml",
                12,
                "letter.html does not say “You can appeal”.",
                "Write the words into letter.html as they stand here, without tags between them.",
            ),
        ],
    ),
    (
        "letter.html",
        "<h1>",
        '<h1 onclick="x()">',
        [
            ("letter.html", 5, "The attribute onclick has no place in a letter.", "Leave it out."),
        ],
    ),
    (
        "letter.html",
        "<p>{{ member_name }}, {{ notice_date }}</p>",
        '<p id="{{ notice_date }}">{{ member_name }}</p>',
        [
            ("letter.html", 6, "An element stands inside a tag.", "Elements go between tags only."),
        ],
    ),
    (
        "letter.html",
        "12pt",
        "11pt",
        [
            ("letter.html", 3, "The type is 11 points; at least 12 are required.", SIZE),
        ],
    ),
    (
        "letter.html",
        "12pt",
        "12px",
        [
            ("letter.html", 3, "The type size is in px, not in points.", SIZE),
        ],
    ),
    (
        "letter.html",
        "font-size: 12pt",
        "color: black",
        [
            ("letter.html", 1, "No type size is set.", SIZE),
        ],
    ),
    (
        "letter.html",
        "12pt;",
        "12pt; background: url(x)",
        [
            ("letter.html", 3, "The style loads something from elsewhere.", "Use plain declarations only."),
        ],
    ),
    (
        "letter.html",
        ' lang="en"',
        "",
        [
            ("letter.html", 1, "The language of the letter is not stated.", 'Write <html lang="en">.'),
        ],
    ),
    (
        "letter.html",
        "<h1>Decision</h1>",
        "",
        [
            ("letter.html", 1, "A letter has exactly one <h1>.", "Give it one heading of the first level."),
        ],
    ),
    (
        "letter.html",
        "<title>Decision</title>",
        "",
        [
            ("letter.html", 1, "The <title> is missing or empty.", "Say in the title what the letter is."),
        ],
    ),
    (
        "letter.html",
        "</body>",
        "</section></body>",
        [
            (
                "letter.html",
                9,
                "</section> ends nothing that is open.",
                "Close tags in the order in which they were opened.",
            ),
        ],
    ),
    (
        "letter.html",
        "</html>\n",
        "",
        [
            ("letter.html", 2, "<html> is never closed.", "Write </html>."),
        ],
    ),
    (
        "letter.html",
        "You can appeal.",
        "You can appeal. Notwithstanding aforementioned administrative considerations, "
        "beneficiaries retain supplementary opportunities.",
        [
            (
                "letter.html",
                1,
                "The letter reads at school grade 40.6; its limit is 8.",
                "Write shorter sentences and shorter words. The hardest: Notwithstanding aforementioned administrative "
                "considerations, beneficiaries retain supplementary opportunities.",
            ),
        ],
    ),
    (
        "letter.html",
        "You can appeal.",
        "You can appeal prior to an MRI.",
        [
            ("letter.html", 8, "“MRI” is never explained.", "Write its words, then (MRI)."),
            ("letter.html", 8, "“prior to” is a word few readers know.", "Write: before."),
        ],
    ),
    (
        "required.yaml",
        "element: member_name",
        "element: membername",
        [
            ("required.yaml", 10, "There is no element `membername`.", "Did you mean `member_name`?"),
        ],
    ),
    (
        "required.yaml",
        "outcomes: [denied]",
        "outcomes: [refused]",
        [
            ("required.yaml", 11, "“refused” is no outcome word.", "Known: approved, denied."),
        ],
    ),
    (
        "required.yaml",
        "cite: L 1, ",
        "",
        [
            ("required.yaml", 10, "`cite` is missing in number 1 of `elements`.", "Add `cite:`. Cite the law or rule."),
        ],
    ),
    (
        "elements.yaml",
        "id: notice_date",
        "id: member_name",
        [
            ("elements.yaml", 2, "`member_name` is named twice.", "Keep one of the two."),
            ("letter.html", 6, "There is no element `notice_date`.", VOCABULARY),
        ],
    ),
    (
        "complete.yaml",
        "notice_date: 2026-03-09",
        "notice_date: soon",
        [
            ("complete.yaml", 4, "`notice_date` is not a day.", "Write it as 2026-03-09."),
            ("no-reason.yaml", 1, "`notice_date` is not a day.", "Write it as 2026-03-09."),
        ],
    ),
    (
        "complete.yaml",
        "member_name: Ann Lee",
        "nam: Ann Lee",
        [
            ("complete.yaml", 3, "There is no element `nam`.", VOCABULARY),
            ("no-reason.yaml", 1, "There is no element `nam`.", VOCABULARY),
        ],
    ),
    (
        "complete.yaml",
        "outcome: denied",
        "outcome: adverse",
        [
            ("complete.yaml", 1, WORDS, "Use one of: approved, denied."),
            ("no-reason.yaml", 1, WORDS, "Use one of: approved, denied."),
        ],
    ),
    (
        "no-reason.yaml",
        "missing: [reason]",
        "missing: [member]",
        [
            ("no-reason.yaml", 4, "The letter lacks reason.", "Mend the example, the letter or required.yaml."),
        ],
    ),
    (
        "no-reason.yaml",
        "without: [lines.reason]\n",
        "",
        [
            ("no-reason.yaml", 3, "The letter is issued.", "Mend the example, the letter or required.yaml."),
        ],
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), FAULTS)
def test_a_planted_fault_is_named_with_its_line_and_its_mend(
    planted: Callable[[str, str, str], list[tuple[str, int, str, str]]],
    file: str, old: str, new: str, expected: list[tuple[str, int, str, str]],
) -> None:  # fmt: skip
    assert planted(file, old, new) == expected
