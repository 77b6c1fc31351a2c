"""Run a certificate's decision, clocks and lapses again from nothing but its own parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openum.core.actor import Actor
from openum.core.certificate import Certificate, Check, canonical
from openum.core.certificate_chain import chain_checks
from openum.core.certificate_clocks import Told, lapses_again, run_again
from openum.core.certificate_rerun import (
    Ground,
    asked_checks,
    chart_of,
    criteria_checks,
    decision_checks,
    line_of,
    reviewer_of,
)
from openum.core.clock_rule import ClockRule
from openum.core.clocks import Proof, compute
from openum.core.criteria import Finding
from openum.core.lapse import Lapse
from openum.core.policy import Policy
from openum.librarian.certificate_data import calendar_of, proof_data, told_of
from openum.librarian.certificate_texts import Rebuilt, rebuilt, rebuilt_clock

Clocks = dict[str, tuple[ClockRule, Told, Proof]]
DERIVED = ("finding", "distance", "reasons")
"""Parts that repeat what facts say: a copy that withholds a fact withholds these."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How far the criteria could be run again: the policy and its finding, where their parts are there."""

    policy: Policy | None
    finding: Finding | None
    checks: tuple[Check, ...]


def rerun(certificate: Certificate) -> tuple[Check, ...]:
    """Every check that takes the content of the parts.

    Raises:
        ValueError, KeyError, TypeError, AttributeError, Refusal: a part is not written as such a part is.
    """
    judged = _judged(certificate)
    clocks, clock_checks = _clocks(certificate)
    lapses = lapses_again(clocks)
    return (
        *_subject(certificate),
        *judged.checks,
        *_decision(certificate, judged, lapses.values()),
        *clock_checks,
        *_lapses(certificate, lapses, clocks),
        *_notices(certificate),
        *chain_checks(certificate.content("chain"), certificate.content("events")),
        *_recorded(certificate),
    )


def _subject(certificate: Certificate) -> tuple[Check, ...]:
    """Whether the parts are about the case and line that the head names."""
    of, request = certificate.head["of"], certificate.content("request")
    numbers = {of["number"], certificate.content("chain")["subject"]}
    lines = {of["line"], *([request["line"]["sequence"]] if request is not None else [])}
    if len(numbers) + len(lines) > 2:
        return (Check("subject", "differs", "The parts are about another case or line than the head."),)
    return (Check("subject", "agrees", "Every part is about the case and line that the head names."),)


def _recorded(certificate: Certificate) -> tuple[Check, ...]:
    """Whether the ledger's last event that decides the line says the same, at the same moment."""
    events, decision = certificate.content("events"), certificate.content("decision")
    if events is None or decision is None:
        return ()
    line = str(certificate.head["of"]["line"])
    links = certificate.content("chain")["events"]
    said = [
        (one["body"]["outcomes"][line], link["at"])
        for link, one in zip(links, events, strict=True)
        if line in one["body"].get("outcomes", {})
    ]
    if not said or said[-1] != (decision["outcome"], decision["at"]):
        return (Check("record", "differs", "The ledger's events do not tell of this decision."),)
    return (Check("record", "agrees", "The ledger's events tell of this decision, at this moment."),)


def _judged(certificate: Certificate) -> Judged:
    """The policy from its text, its criteria on the facts, and the distance."""
    if "policy/version" not in certificate.head["parts"]:
        return Judged(None, None, ())
    hidden = certificate.withholds("policy/", "definition/")
    if hidden:
        return Judged(None, None, (_hidden("policy", hidden),))
    texts = certificate.under("policy/").values(), certificate.under("definition/").values()
    found = rebuilt(*texts)
    checks = _policy_checks(certificate, found.policy)
    if "finding" not in certificate.head["parts"]:
        return Judged(found.policy, None, checks)
    hidden = certificate.withholds("request", "fact/", *DERIVED)
    if hidden:
        return Judged(found.policy, None, (*checks, _hidden("finding", hidden)))
    finding, more = _criteria(certificate, found)
    return Judged(found.policy, finding, (*checks, *more))


def _policy_checks(certificate: Certificate, policy: Policy) -> tuple[Check, ...]:
    """Whether the text is that of the policy the decision, or the review, names."""
    named = certificate.content("decision") or {}
    wanted = {(named["policy"], named["policy_digest"])} if named.get("policy") else set()
    review = certificate.content("finding")
    wanted |= {(review["policy"], review["policy_digest"])} if review is not None else set()
    wanted = {(key, text or policy.digest) for key, text in wanted}
    if wanted - {(policy.key, policy.digest)}:
        return (Check("policy", "differs", "The policy's text is not the one that was decided by."),)
    return (Check("policy", "agrees", f"The text is that of {policy.key}, {policy.digest[:12]}."),)


def _criteria(certificate: Certificate, found: Rebuilt) -> tuple[Finding, tuple[Check, ...]]:
    kept = certificate.content("finding")
    chart = chart_of(date.fromisoformat(kept["on"]), certificate.under("fact/").values(), found.definitions)
    finding, checks = criteria_checks(
        found.policy, chart, found.definitions, finding=kept["tree"], away=certificate.content("distance")
    )
    line = line_of(certificate.content("request")["line"])
    return finding, (*asked_checks(line, chart), *checks)


def _decision(certificate: Certificate, judged: Judged, lapses: Iterable[Lapse]) -> tuple[Check, ...]:
    if "decision" not in certificate.head["parts"]:
        return ()
    hidden = certificate.withholds("decision", "reasons", "reviewer", "request", "policy/", *DERIVED, "fact/")
    if hidden:
        return (_hidden("decision", hidden),)
    kept = {**certificate.content("decision"), **certificate.content("reasons")}
    by: Actor | None = None
    if "reviewer" in certificate.head["parts"]:
        by = reviewer_of(certificate.content("reviewer"))
    policy = judged.policy if kept["policy"] else None
    ground = Ground(
        line=line_of(certificate.content("request")["line"]), policy=policy, finding=judged.finding,
        lapses=tuple(lapses),
    )  # fmt: skip
    return decision_checks(ground, kept, by, at=datetime.fromisoformat(kept["at"]))


def _clocks(certificate: Certificate) -> tuple[Clocks, tuple[Check, ...]]:
    """Every clock from its rule's text, the events it was told and its calendar."""
    calendars = {one["id"]: calendar_of(one) for one in certificate.under("calendar/").values()}
    again: Clocks = {}
    checks: list[Check] = []
    for name, kept in certificate.under("clock/").items():
        rule = rebuilt_clock(certificate.content(f"rule/{name.partition('/')[2]}"), kept["event_words"])
        told = told_of(kept["told"])
        proof = run_again(rule, told, calendars, kept["proof"]["zone"])
        again[name] = (rule, told, proof)
        checks.append(_clock_check(rule, kept, proof))
    return again, tuple(checks)


def _clock_check(rule: ClockRule, kept: Mapping[str, Any], proof: Proof) -> Check:
    name = f"clock {rule.id}"
    if not kept["complete"]:
        words = "Something moved this clock that the certificate does not hold: it is shown as kept."
        return Check(name, "not_rerun", words)
    if canonical(proof_data(proof)) != canonical(kept["proof"]):
        return Check(name, "differs", "Computed again, the clock comes out otherwise than it was kept.")
    due = f"due {proof.due_at.isoformat()}" if proof.due_at is not None else "no due moment"
    return Check(name, "agrees", f"{due}, {proof.verdict.replace('_', ' ')}; every step as kept.")


def _lapses(certificate: Certificate, again: Mapping[str, Lapse], clocks: Clocks) -> Iterator[Check]:
    for kept in certificate.under("lapse/").values():
        name = f"lapse {kept['rule']}"
        if not _complete(certificate, kept["rule"], clocks):
            yield Check(name, "not_rerun", "Its clock is not run again.")
            continue
        lapse = again.get(kept["rule"])
        if lapse is None or canonical(lapse_data(lapse)) != canonical({one: kept[one] for one in lapse_data(lapse)}):
            yield Check(name, "differs", "Computed again, the law makes something else of the clock.")
            continue
        yield _file_by(certificate, kept, name)


def _complete(certificate: Certificate, rule_id: str, clocks: Clocks) -> bool:
    own = [name for name, (rule, _, _) in clocks.items() if rule.id == rule_id]
    return bool(own) and all(certificate.content(name)["complete"] for name in own)


def _file_by(certificate: Certificate, kept: Mapping[str, Any], name: str) -> Check:
    """The last day to appeal, where the law treats the silence as a denial."""
    filing = kept["filing"]
    words = f"{kept['verdict']} on {kept['on']}: {kept['effect'].replace('_', ' ')}"
    if filing is None:
        return Check(name, "agrees", f"{words}; nobody decided.")
    rule = rebuilt_clock(certificate.content(f"rule/{filing['rule']}"), filing["event_words"])
    calendars = {one["id"]: calendar_of(one) for one in certificate.under("calendar/").values()}
    told = told_of(filing["told"])
    due = compute(rule, told.events, calendars, filing["zone"], at=told.computed_at).due_at
    if due is None or due.date().isoformat() != kept["file_by"]:
        return Check(name, "differs", "Computed again, the last day to appeal is another one.")
    return Check(name, "agrees", f"{words}; the member may appeal until {kept['file_by']}.")


def lapse_data(lapse: Lapse) -> dict[str, Any]:
    """What is compared of a lapse, as a certificate holds it."""
    return {
        "rule": lapse.rule,
        "version": lapse.version,
        "citation": lapse.citation[:600],
        "verdict": lapse.verdict,
        "effect": lapse.effect,
        "words": lapse.words,
        "due_at": lapse.due_at.isoformat(),
        "on": lapse.on.isoformat(),
        "starts": lapse.starts,
    }


def _notices(certificate: Certificate) -> Iterator[Check]:
    sent = list(certificate.under("notice/").values())
    if sent:
        kinds = ", ".join(one["kind"] for one in sent)
        yield Check("notices", "agrees", f"{kinds}: compare a letter in hand with its SHA-256 in the certificate.")


def _hidden(name: str, parts: Iterable[str]) -> Check:
    listed = ", ".join(parts)
    return Check(name, "withheld", f"Not run again: this copy withholds {listed}.")
