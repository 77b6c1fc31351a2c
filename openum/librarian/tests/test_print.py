"""A policy as a page: the whole text form and the telling parts of the HTML form, letter by letter."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from openum.core.span import Span
from openum.librarian.page import Heading, Item, Items, Page, Paragraph, Table, as_html, as_text
from openum.librarian.print import day_in_words, print_policy, span_in_words
from openum.librarian.read import library, read_library
from openum.librarian.tests.shelves import OXYGEN, VERSION, plant, write

TEXT = """\
Home use of oxygen, a test
==========================
dme/oxygen, version 2021-09-27, SHA-256 {digest}

What it is for
--------------

Oxygen at home for members whose blood oxygen is low; the test is often missing.

Where and since when it holds
-----------------------------

For services from September 27, 2021 on.

- Lines of business: medicare-advantage
- States: all
- Mental health or substance use: no
- Benefit classification: outpatient, in

By whose authority
------------------

- NCD 240.2 <B> (read in full; checked on November 22, 2026) https://www.cms.gov/x?a=1&b=2
- Plan choice (our own wording; checked on November 20, 2026. The length is ours)

Services
--------

- HCPCS level II
  Codes: E1390, E04*

Criteria
--------

Low oxygen, shown in time – all of these:

1 Oxygen saturation at or below 88 % [240.2 B(1)]
2 The test is at most 30 days old
3 No asthma, or a smoker – at least one of these:
   3.1 No asthma – this must not hold:
      3.1.1 The member has asthma
   3.2 The member smokes or smoked

What is asked
-------------

- What was the oxygen saturation at rest?
  Answer: a number, %
  Chart looked back: 30 days
  Shown by: test report
- On which day was the test?
  Answer: a date
  Chart looked back: any time
- Does the member have asthma?
  Answer: yes or no
  Chart looked back: any time
- Does the member smoke?
  Answer: never, former, current, on
  Chart looked back: any time

Decisions
---------

An approval holds for 12 months, counted in months, and is reviewed every 90 days.

Only a physician (Pulmonary Disease) may decide against a request. Software never does.

Alternatives that may be offered
--------------------------------

- In an outpatient hospital (place 22)
- A device may be enough (code E0470; judged by dme/device)

What is left out, and why
-------------------------

- Section C <lists>
  Reason: No condition of coverage

Worked examples
---------------

- A saturation of 88 % qualifies
  Asked for: code: E1390; quantity: 1; place: 12
  Known: spo2 at rest: 88; test date: 2026-02-20; asthma: no
  Expected: met
  Computed: met
- A saturation of 89 % does not qualify
  Asked for: nothing
  Known: spo2 at rest: 89; test date: 2026-05-20; asthma: no
  Expected: not met: goes to a clinician
  Computed: not met: goes to a clinician
- Without a saturation nothing is known
  Asked for: nothing
  Known: test date: 2026-05-20; asthma: no
  Expected: unknown: something is missing
  Computed: unknown: something is missing
"""
CRITERIA = """\
<h2>Criteria</h2>
<p>Low oxygen, shown in time – all of these:</p>
<ol>
<li id="criterion-1">Oxygen saturation at or below 88 % <cite>240.2 B(1)</cite></li>
<li id="criterion-2">The test is at most 30 days old</li>
<li id="criterion-3">No asthma, or a smoker <em>– at least one of these:</em>
<ol>
<li id="criterion-3-1">No asthma <em>– this must not hold:</em>
<ol>
<li id="criterion-3-1-1">The member has asthma</li>
</ol>
</li>
<li id="criterion-3-2">The member smokes or smoked</li>
</ol>
</li>
</ol>
"""


def printed(shelf: Path, form: str, id_: str = "dme/oxygen") -> str:
    read = read_library(shelf)
    policy = read.policy(id_)
    assert policy is not None
    return print_policy(policy, read, form)  # type: ignore[arg-type]


def test_the_text_form_letter_by_letter(shelf: Path) -> None:
    text = printed(shelf, "text")
    policy = read_library(shelf).policy("dme/oxygen")
    assert policy is not None
    assert text[: text.index("- A test 30 days old")] == TEXT.format(digest=policy.digest)


def test_the_html_form_is_escaped_and_nests_the_criteria(shelf: Path) -> None:
    html = printed(shelf, "html")
    assert html.startswith(
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Home use of oxygen'
    )
    assert CRITERIA in html
    assert '<li><a href="https://www.cms.gov/x?a=1&amp;b=2">NCD 240.2 &lt;B&gt;</a> <em>(read in full; ' in html
    assert "<tr><td>Section C &lt;lists&gt;</td><td>No condition of coverage</td></tr>" in html
    assert '<caption>Each is run as a test</caption>\n<thead>\n<tr><th scope="col">Example</th>' in html
    assert "<script" not in html
    assert "style" not in html


class Balance(HTMLParser):
    """Fails on a tag that is closed in the wrong order or never."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_shipped_policy_prints_in_both_forms_with_every_label_and_balanced_tags() -> None:
    shipped = library()
    assert shipped.policies
    for policy in shipped.policies:
        html = print_policy(policy, shipped, "html")
        balance = Balance()
        balance.feed(html)
        assert balance.open == []
        assert len(re.findall('id="(criterion[^"]+)"', html)) == len(set(re.findall('id="(criterion[^"]+)"', html)))
        assert print_policy(policy, shipped, "text").startswith(f"{policy.title}\n")


def test_a_policy_that_goes_to_a_person_says_so_before_its_criteria(shelf: Path) -> None:
    plant(shelf, OXYGEN, "reviewer:", "to_person: State law names another criteria set.\nreviewer:")
    html = printed(shelf, "html")
    sentence = '<p class="notice">A person decides every case. State law names another criteria set.</p>'
    assert html.index(sentence) < html.index("<h2>Criteria</h2>")


def test_what_narrows_a_policy_is_said(shelf: Path) -> None:
    narrow = (
        "states: [TX]\nexcept_states: [CA]\nplaces: [12]\ndiagnoses: {icd10cm: [J44*]}\ncertifications: [I]\ncovers:"
    )
    version = VERSION.replace("covers:", narrow).replace("{from: 2021-09-27}", "{from: 2021-09-27, until: 2027-01-01}")
    write(shelf, OXYGEN, version)
    lines = printed(shelf, "text").splitlines()
    assert "For services from September 27, 2021 to January 1, 2027." in lines
    for line in ("States: TX", "Not in: CA", "Places of service: 12", "Diagnoses: ICD-10-CM J44*"):
        assert f"- {line}" in lines
    assert "- Certification types (X12 1322): I" in lines


def test_a_policy_of_one_condition_and_one_without_omissions_or_examples_print(shelf: Path) -> None:
    device = "policies/dme/device/2026-01-01"
    (shelf / f"{device}.examples.yaml").unlink()
    text = (shelf / f"{device}.yaml").read_text(encoding="utf-8")
    tree = text[text.index("criteria:") : text.index("grant:")]
    write(shelf, f"{device}.yaml", text.replace(tree, "criteria: {fact: bmi, at_least: 35, label: A BMI of 35}\n"))
    page = printed(shelf, "text", "dme/device")
    assert "\n1 A BMI of 35\n" in page
    assert "\nEvery condition of the cited text is among the criteria.\n" in page
    assert "Worked examples" not in page
    assert "- Lines of business: all\n" in page


@pytest.mark.parametrize(
    ("span", "words"), [(Span(days=1), "1 day"), (Span(days=90), "90 days"), (Span(months=12), "12 months")]
)
def test_spans_and_days_in_words(span: Span, words: str) -> None:
    assert span_in_words(span) == words
    assert day_in_words(date(2026, 3, 2)) == "March 2, 2026"


def test_a_page_of_every_block_in_both_forms() -> None:
    blocks = (Heading("H"), Paragraph("P & Q"), Items((Item("a", cite="c"),)), Table("T", ("x", "y"), (("1", ""),)))
    page = Page("T & U", "s", blocks)
    assert as_text(page) == "T & U\n=====\ns\n\nH\n-\n\nP & Q\n\n- a [c]\n\n- 1\n"
    assert as_html(page).splitlines()[9:] == [
        "<header>", "<h1>T &amp; U</h1>", "<p>s</p>", "</header>", "<h2>H</h2>", "<p>P &amp; Q</p>", "<ul>",
        "<li>a <cite>c</cite></li>", "</ul>", "<table>", "<caption>T</caption>", "<thead>",
        '<tr><th scope="col">x</th><th scope="col">y</th></tr>', "</thead>", "<tbody>", "<tr><td>1</td><td></td></tr>",
        "</tbody>", "</table>", "</article>", "</main>", "</body>", "</html>",
    ]  # fmt: skip
