"""A small shelf for the tests: three facts files' worth of facts, two policies, one list of requirements."""

from __future__ import annotations

from pathlib import Path

FACTS = """\
topic: Breathing
facts:
  - id: spo2_at_rest
    type: number
    unit: "%"
    range: [30, 100]
    worse: lower
    window: 30d
    question: What was the oxygen saturation at rest?
    read:
      - observation: {loinc: ["59408-5", 2708-6]}
      - answer: [spo2-rest, 1.2]
    words: [SpO2]
    document: test report
  - id: test_date
    type: date
    question: On which day was the test?
  - id: asthma
    type: boolean
    question: Does the member have asthma?
    read: [{condition: {snomed: ["195967001"], icd10cm: [J45*]}}]
  - id: smoking
    type: choice
    choices: [never, former, current, on]
    question: Does the member smoke?
    read:
      - observation: {loinc: [72166-2]}
        values: {never: {snomed: ["266919005"]}, current: {snomed: ["77176002"]}}
  - {id: visits_left, type: number, pick: count, question: "How many visits are left?"}
"""
BODY = """\
topic: Body
facts:
  - {id: height_cm, type: number, unit: cm, question: "How tall is the member?",
     read: [{observation: {loinc: [8302-2]}}]}
  - {id: weight_kg, type: number, unit: kg, question: "How heavy is the member?"}
  - {id: bmi, type: number, unit: kg/m2, derived: bmi, question: "What is the body mass index?"}
"""
ABOUT = """\
title: Home use of oxygen
family: dme
summary: Oxygen at home for members whose blood oxygen is low; the test is often missing.
mental_health: false
classification: outpatient_in
nqtl: [prior_authorization]
owner: Clinical policy
"""
VERSION = """\
title: Home use of oxygen, a test
in_force: {from: 2021-09-27}
authority:
  - {cite: "NCD 240.2 <B>", url: "https://www.cms.gov/x?a=1&b=2", grade: text, checked_on: 2026-11-22}
  - {cite: Plan choice, grade: own, checked_on: 2026-11-20, note: The length is ours}
lines_of_business: [medicare-advantage]
covers: {hcpcs: [E1390, E04*]}
criteria:
  label: Low oxygen, shown in time
  all:
    - {fact: spo2_at_rest, at_most: 88, label: Oxygen saturation at or below 88 %, cite: "240.2 B(1)"}
    - {fact: test_date, within: 30d, label: The test is at most 30 days old}
    - label: No asthma, or a smoker
      any:
        - label: No asthma
          not: {fact: asthma, is: true, label: The member has asthma}
        - {fact: smoking, one_of: [former, current], label: The member smokes or smoked}
grant: {lasts: 12mo, unit: month, review_every: 90d}
alternatives:
  - {kind: place, change: {place: 22}, why: In an outpatient hospital}
  - {kind: item, change: {code: E0470}, policy: dme/device, why: A device may be enough}
reviewer: {role: physician, specialties: ["Pulmonary Disease"]}
omitted:
  - {text: "Section C <lists>", reason: No condition of coverage}
"""
EXAMPLES = """\
- name: A saturation of 88 % qualifies
  on: 2026-03-02
  asked: {code: E1390, quantity: 1, place: 12}
  given: {spo2_at_rest: 88, test_date: 2026-02-20, asthma: false}
  expect: met
- name: A saturation of 89 % does not qualify
  given: {spo2_at_rest: 89, test_date: 2026-05-20, asthma: false}
  expect: not_met
- name: Without a saturation nothing is known
  given: {test_date: 2026-05-20, asthma: false}
  expect: unknown
- name: A test 30 days old still counts
  given: {spo2_at_rest: 80, test_date: 2026-05-02, asthma: false}
  expect: met
- name: A test 31 days old counts no longer
  given: {spo2_at_rest: 80, test_date: 2026-05-01, asthma: false}
  expect: not_met
- name: Without the day of the test nothing is known
  given: {spo2_at_rest: 80, asthma: false}
  expect: unknown
- name: A smoker with asthma qualifies
  given: {spo2_at_rest: 80, test_date: 2026-05-20, asthma: true, smoking: current}
  expect: met
- name: One who never smoked and has asthma does not
  given: {spo2_at_rest: 80, test_date: 2026-05-20, asthma: true, smoking: never}
  expect: not_met
"""
DEVICE_ABOUT = ABOUT.replace("Home use of oxygen", "A device").replace("Oxygen at home", "A device at home")
DEVICE = """\
title: A device
in_force: {from: 2026-01-01}
authority: [{cite: Plan choice, grade: own, checked_on: 2026-11-22}]
covers: {hcpcs: [E0470], cpt: [94660]}
criteria:
  label: A body mass index of 35, and visits left
  all:
    - {fact: bmi, at_least: 35, label: Body mass index of 35 or more}
    - {fact: visits_left, at_least: {asked: quantity}, label: Enough visits are left}
grant: {lasts: 1y}
"""
DEVICE_EXAMPLES = """\
- {name: A BMI of 35 is enough, asked: {quantity: 3},
   given: {height_cm: 200, weight_kg: 140, visits_left: 4}, expect: met}
- {name: A BMI of 34 is not, asked: {quantity: 3}, given: {bmi: 34, visits_left: 4}, expect: not_met}
- {name: Without height nothing is known, asked: {quantity: 3},
   given: {weight_kg: 120, visits_left: 4}, expect: unknown}
- {name: As many as are left, asked: {quantity: 4}, given: {bmi: 36, visits_left: 4}, expect: met}
- {name: One more than are left, asked: {quantity: 5}, given: {bmi: 36, visits_left: 4}, expect: not_met}
- {name: Nobody counted the visits, asked: {quantity: 5}, given: {bmi: 36}, expect: unknown}
- {name: Nobody said how many are asked for, given: {bmi: 36, visits_left: 4}, expect: unknown}
- {name: A low BMI without any count is not enough, given: {bmi: 20}, expect: not_met}
"""
REQUIREMENTS = """\
title: What needs authorization
in_force: {from: 2026-01-01}
authority: [{cite: Plan choice, grade: own, checked_on: 2026-11-22}]
rules:
  - {needs: never, what: Emergency services, when: {emergency: true}, cite: 42 CFR 422.113(b)(2)}
  - {needs: authorization, what: Home oxygen, when: {codes: {hcpcs: [E1390]}, places: [12]},
     cite: List, policy: dme/oxygen}
otherwise: never
"""
OXYGEN = "policies/dme/oxygen/2021-09-27.yaml"
OXYGEN_EXAMPLES = "policies/dme/oxygen/2021-09-27.examples.yaml"
RULES = "requirements/medicare-advantage.yaml"
FILES = {
    "facts/breathing.yaml": FACTS,
    "facts/body.yaml": BODY,
    "policies/dme/oxygen/about.yaml": ABOUT,
    OXYGEN: VERSION,
    OXYGEN_EXAMPLES: EXAMPLES,
    "policies/dme/device/about.yaml": DEVICE_ABOUT,
    "policies/dme/device/2026-01-01.yaml": DEVICE,
    "policies/dme/device/2026-01-01.examples.yaml": DEVICE_EXAMPLES,
    RULES: REQUIREMENTS,
}


def write_shelf(root: Path) -> Path:
    """Write the small shelf; answers its root."""
    for name, text in FILES.items():
        write(root, name, text)
    return root


def write(root: Path, name: str, text: str) -> Path:
    """Write one file of a shelf."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def plant(root: Path, name: str, old: str, new: str) -> int:
    """Put ``new`` where ``old`` stands (once) in a file; answers the line on which it begins."""
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1
