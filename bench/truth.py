"""The decisions beside the world's known truth: what software approved and should not have, and what it did not.

The requests go in one by one as the FHIR door takes them, by the world's own clock, and no person touches them: so
whatever was decided, software decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.house import House, build, fixed
from bench.table import Row
from openum.core.refusal import Refusal
from openum.doors.cli.scratch import scratch_database
from openum.wire.fhir.pas_request import read_request
from openum.wire.fhir.reading import read_body
from openum.world.case import Case
from openum.world.truth import Truth
from openum.world.world import World

GROUP = "the world's known truth"
SEED, AS_OF = 7, date(2026, 6, 1)
MEMBERS_EACH = 4
"""The world says: four members a request, so that nobody is missing for a rare policy."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of one request; ``refused`` is the code of a refusal, where it was not taken in."""

    truth: Truth
    standing: str
    number: str = ""
    reasons: tuple[str, ...] = ()
    refused: str = ""

    @property
    def approved(self) -> bool:
        """Whether software approved it, in whole or in part."""
        return self.standing in ("approved", "modified")

    @property
    def wrongly_approved(self) -> bool:
        """Approved although it should have gone to a person: not met, not known, or not software's to decide."""
        return self.approved and not self.truth.structured_yes


def rows(*, requests: int, console: Console) -> list[Row]:
    """The figures; the confusion by policy and every wrongful approval are printed beside them."""
    decided = list(run(requests, console=console))
    wrong = [one for one in decided if one.wrongly_approved]
    console.print(confusion(decided))
    for one in wrong:
        true = one.truth
        console.print(
            f"[red]wrongful approval[/] of request {true.number}, case {one.number}: {true.kind}, {true.policy}"
        )
        console.print(f"  {true.code}, {true.service_date}, {true.answer}; {true.hinge}; {'; '.join(one.reasons)}")
    for one in decided:
        if one.refused:
            console.print(f"[yellow]refused[/] request {one.truth.number}: {one.refused}; {one.truth.kind}")
    return _rows(decided, wrong)


def run(requests: int, *, console: Console) -> Iterator[Decided]:
    """Every request decided in a scratch database."""
    world = World(SEED, AS_OF, size=max(2000, MEMBERS_EACH * requests))
    with scratch_database():
        house = build(world)
        asked = world.cases(requests)
        for case in track(asked, "known truth", total=requests, console=console, transient=True):
            yield _decide(world, house, case)


def _decide(world: World, house: House, case: Case) -> Decided:
    sent = world.sent(case)
    house.enroll([case.member], at=sent.sent_at)
    try:
        view = house.decide(sent.client_id, read_request(read_body(sent.body)), sent.body, clock=fixed(sent.sent_at))
    except Refusal as refusal:
        return Decided(sent.truth, "refused", refused=f"{refusal.code}: {refusal}")
    (line,) = view.lines
    return Decided(sent.truth, line.standing, view.case.number, line.reasons)


def _rows(decided: list[Decided], wrong: list[Decided]) -> list[Row]:
    approved = [one for one in decided if one.approved]
    denied = [one for one in decided if one.standing in ("adverse", "excluded")]
    released = [one for one in decided if one.standing == "not_required" and one.truth.expected != "not_required"]
    charted = [one for one in decided if one.truth.kind == "yes" and one.truth.expected != "not_required"]
    by_law = sum(one.truth.to_person for one in charted)
    notes = [one for one in decided if one.truth.kind == "notes_only"]
    asked = sum(one.standing == "pended" for one in notes)
    refused = sum(bool(one.refused) for one in decided)
    return [
        _row("requests decided", len(decided), "requests", note=f"seed {SEED}, as of {AS_OF}"),
        _row("automated denials", len(denied), "requests", at_most=0),
        _row("wrongful automated approvals", len(wrong), "requests", note=f"of {len(approved)} approvals"),
        _row("… their share of the approvals", _percent(wrong, approved), "%", at_most=1),
        _row("let go as not required, but needs asking", len(released), "requests"),
        _row("true yes, chart structured: approved with no person", _approved(charted), "%", at_least=85,
             note=f"of {len(charted)}; {by_law} of them a law sends to a person"),
        _row("true yes, only notes show it: approved with no person", _approved(notes), "%",
             note=f"of {len(notes)}; {asked} went on to a person or a question"),
        _row("refused at the door", refused, "requests"),
    ]  # fmt: skip


def _row(work: str, figure: float, unit: str, **more: Any) -> Row:
    return Row(group=GROUP, work=work, figure=figure, unit=unit, **more)


def _approved(of: list[Decided]) -> float:
    return _percent([one for one in of if one.approved], of)


def _percent(part: list[Decided], whole: list[Decided]) -> float:
    return 100 * len(part) / len(whole) if whole else 0.0


def confusion(decided: Iterable[Decided]) -> Table:
    """What is true against what software did, by policy; a case no policy judges stands under its kind."""
    counts: dict[str, Counter[tuple[str, str]]] = {}
    for one in decided:
        name = one.truth.policy or f"({one.truth.kind})"
        counts.setdefault(name, Counter())[one.truth.expected, _short(one)] += 1
    total = sum(counts.values(), Counter[tuple[str, str]]())
    columns = [(true, did) for true in ("approved", "pended", "not_required") for did in DID if total[true, did]]
    made = Table(title="what software may do → what it did", title_justify="left")
    made.add_column("policy", no_wrap=True)
    for true, did in columns:
        made.add_column(f"{SHORT[true]}→{SHORT[did]}", justify="right")
    for name in sorted(counts):
        made.add_row(name, *(_cell(counts[name][one], right=one[0] == one[1]) for one in columns))
    made.add_section()
    made.add_row("all", *(_cell(total[one], right=one[0] == one[1]) for one in columns))
    return made


DID = ("approved", "pended", "not_required", "other")
SHORT = {"approved": "yes", "pended": "ask", "not_required": "free", "other": "other"}


def _short(one: Decided) -> str:
    return "approved" if one.approved else one.standing if one.standing in DID else "other"


def _cell(count: int, *, right: bool) -> str:
    if not count:
        return ""
    return str(count) if right else f"[red]{count}[/]"
