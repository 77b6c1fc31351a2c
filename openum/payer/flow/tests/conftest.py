"""What the certificate tests share: keys of their own, an invented law, exports, and people who decide."""

from __future__ import annotations

import pytest

from openum.core import determination as decide
from openum.core.review import judge
from openum.librarian.shape import SHIPPED
from openum.payer.conftest import AT, DAY
from openum.payer.determinations.actions import decide_line
from openum.payer.flow.certifying import export
from openum.payer.flow.queries import case_view
from openum.payer.flow.running import advance
from openum.payer.flow.tests.test_lapsing import (
    LATER,
    RULE,
)
from openum.payer.intake.shelf import in_force
from openum.records.documents.queries import evidence_of

WHY = "test"
RATIONALE = "Mrs. Testa's saturation stays above 92 % awake, asleep and walking, so oxygen would not help her now."


@pytest.fixture
def keys(settings, tmp_path):
    """Signing keys of this test alone."""
    settings.DOCUMENT_ROOT = tmp_path / "data" / "documents"


@pytest.fixture
def law(settings, tmp_path):
    """Put an invented state law on a shelf of its own (as ``test_lapsing`` does)."""

    def shelve(verdict, *, days=2, when="", starts="", id="MD-TEST", kind="service"):
        folder = tmp_path / "clocks" / "us-md" / "test"
        folder.mkdir(parents=True, exist_ok=True)
        text = RULE.format(id=id, verdict=verdict, days=days, when=when, starts=starts, kind=kind)
        (folder / f"{id.lower()}.yaml").write_text(text, encoding="utf-8")
        settings.OPENUM_LIBRARY = (SHIPPED, tmp_path)

    return shelve


@pytest.fixture
def certify(payer, keys):
    """Export the certificate of a case."""

    def run(taken, *, at=LATER, **how):
        return export(payer.whole, taken.number, why=WHY, by=payer.whole.actor, at=at, **how)

    return run


@pytest.fixture
def person_decides(payer):
    """A person decides a line: ``how`` is ``adverse``, ``part``, ``excluded`` or ``approve``."""

    def run(taken, how, *, at=AT):
        line = case_view(payer.whole, taken.number).lines[0]
        asked, policy = line.line.asked, in_force().policy(line.line.policy)
        finding = judge(policy, asked, evidence_of(payer.whole, taken.number), in_force().facts, on=DAY).finding
        by = {"excluded": payer.bea, "approve": payer.nora}.get(how, payer.osei)
        if how == "approve":
            decided = decide.approve_by_person(asked, policy, by=by, rationale="Needed by this member.", at=at)
        elif how == "excluded":
            decided = decide.decide_excluded(asked, by=by, clause="Section 4.2", rationale=RATIONALE, at=at)
        else:
            decided = decide.decide_adverse(
                asked, policy, finding, by=by, criterion_not_met="Oxygen saturation at or below 88 % at rest",
                rationale=RATIONALE, at=at, quantity=0.5 if how == "part" else None,
            )  # fmt: skip
        decide_line(
            tenant_id=payer.tenant_id, number=taken.number, line_id=line.line.id, decided=decided,
            policy_digest=policy.digest, by=by, at=at,
        )  # fmt: skip
        advance(payer.tenant_id, taken.number, clock=lambda: at)
        return taken

    return run
