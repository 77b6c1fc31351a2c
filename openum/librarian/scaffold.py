"""Begin a policy: three files in which every value is empty and says what belongs there; the check names each."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from openum.core.refusal import Refusal

ID = re.compile(r"[a-z][a-z0-9-]*/[a-z][a-z0-9-]*")

ABOUT = """\
# What holds for every version of {id}. `openum library check` names what is still empty.
title:                          # in plain words
family: {family}
summary:                        # one paragraph: what it is for, who asks, what usually goes wrong
mental_health: false            # true for mental health and substance use
classification:                 # parity: inpatient_in, outpatient_in, emergency, prescription_drug …
nqtl: [prior_authorization, medical_necessity_criteria]
owner:                          # the office that keeps it
"""
VERSION = """\
# {id} as it holds from {on}. The next version is another file beside this one; an adopted one is never edited.
title:                          # with its source, for example: Home use of oxygen, NCD 240.2
in_force: {{from: {on}}}
authority:
  - cite:                       # as a lawyer would write it
    grade:                      # text (read verbatim), summary, knowledge (then add a note), own
    checked_on:                 # the day you compared this file with the source
lines_of_business: []           # leave the line out to mean all
covers: {{}}                      # codes by system: {{hcpcs: [E1390], cpt: ["97110"]}}
criteria:
  label:                        # a full phrase a member could read in a letter
  all: []                       # or any: [], or at_least: 2 with of: [], or not: {{}}
grant: {{lasts: }}                # how long an approval holds: 12mo
reviewer:
  role: physician               # physician, pharmacist, behavioral, dentist
omitted: []                     # every part of the cited text that is not above: {{text: …, reason: …}}
"""
EXAMPLES = """\
# At least eight; for every threshold one on it, one a step beyond it, and one without the datum (then: unknown).
- name:                         # a sentence that says what the example shows
  given: {}                     # facts and their values; what is not here is unknown
  expect:                       # met, not_met or unknown
"""


def scaffold_policy(root: Path, id: str, on: date) -> tuple[Path, ...]:
    """Write about, version and examples of a policy, or of its next version when the policy exists; answers the paths.

    Refuses with ``policy_id_malformed`` when the id is not ``family/policy``, and with ``version_exists``.
    """
    if not ID.fullmatch(id):
        raise Refusal(
            "policy_id_malformed",
            f"{id!r} is not the id of a policy.",
            "Write family/policy in small letters and hyphens, for example dme/home-oxygen.",
        )
    folder = root / "policies" / id
    version = folder / f"{on.isoformat()}.yaml"
    if version.exists():
        raise Refusal("version_exists", f"{id} has a version of {on}.", "Choose the day the new one comes into force.")
    written = {
        folder / "about.yaml": ABOUT.format(id=id, family=id.partition("/")[0]),
        version: VERSION.format(id=id, on=on.isoformat()),
        version.with_suffix(".examples.yaml"): EXAMPLES,
    }
    folder.mkdir(parents=True, exist_ok=True)
    new = [path for path in written if not path.exists()]
    for path in new:
        path.write_text(written[path], encoding="utf-8")
    return tuple(new)
