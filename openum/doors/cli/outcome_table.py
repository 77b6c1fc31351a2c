"""What became of the demo's requests: counts by outcome, ten of them with their reason, and how that compares with
what is true of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rich.table import Table

from openum.core.kept import flat, kept_tree
from openum.doors.cli import speech
from openum.doors.cli.case_text import LANES, asked_words, cut
from openum.doors.cli.sending import Answered
from openum.payer.flow.listing import CaseRow, case_rows
from openum.payer.flow.queries import LineView, case_view
from openum.records.parties.scope import Scope
from openum.world.world import World

SAMPLES = 10
AT_ONCE = 200


def print_outcomes(scope: Scope, world: World, answered: Sequence[Answered]) -> None:
    """Two tables and two sentences on standard output."""
    out = speech.wide_output()
    truth = {one.sent.bundle["identifier"]["value"]: one.sent.truth for one in answered}
    rows = [row for row in _all_rows(scope) if row.case.submission.value in truth]
    counts = Counter(_stands(row, line) for row in rows for line in row.lines)
    title = f"{len(rows)} requests of the world as of {world.as_of} (seed {world.seed})"
    table = Table(title=title, title_justify="left")
    table.add_column("outcome")
    table.add_column("lines", justify="right")
    for name, count in counts.most_common():
        table.add_row(name, str(count))
    out.print(table)
    samples = Table(title="Some of them, and why", title_justify="left", show_lines=False)
    for name in ("case", "service", "outcome", "why"):
        samples.add_column(name, overflow="fold")
    for row in _various(rows):
        view = case_view(scope, row.case.number)
        if view is not None:
            samples.add_row(
                row.case.number, asked_words(view.lines[0]), _stands(row, row.lines[0]), _why(view.lines[0])
            )
    out.print(samples)
    _against_truth(rows, {value: one.structured_yes for value, one in truth.items()})
    refused = Counter(one.refused for one in answered if one.refused)
    for words, count in refused.most_common():
        out.print(f"Refused at the door: {count} × {words}")


def _all_rows(scope: Scope) -> Iterator[CaseRow]:
    before = ""
    while rows := case_rows(scope, limit=AT_ONCE, before=before):
        yield from rows
        before = rows[-1].case.number


def _stands(row: CaseRow, line: LineView) -> str:
    if line.standing == "approved":
        return "approved by criteria" if not line.determination or not line.determination.human else "approved"
    if line.standing == "not_required":
        return "no authorization needed"
    if line.standing != "pended":
        return "decided by a clinician"
    if row.answers.get(line.line.asked.sequence) == "no":
        return "to a clinician: a criterion is not met"
    if line.line.ball == "provider":
        return "information asked for"
    return f"to a person ({LANES.get(line.line.lane, 'received')})"


def _various(rows: Iterable[CaseRow]) -> Iterator[CaseRow]:
    """The newest of every outcome in turn, until there are enough."""
    piles: dict[str, list[CaseRow]] = {}
    for row in rows:
        piles.setdefault(_stands(row, row.lines[0]), []).append(row)
    turns = (pile[turn] for turn in range(SAMPLES) for pile in piles.values() if turn < len(pile))
    return islice(turns, SAMPLES)


def _why(line: LineView) -> str:
    """The shortest honest reason, cut where it is long."""
    return cut(_reason(line))


def _reason(line: LineView) -> str:
    review = line.review
    if line.standing == "approved" and review is not None:
        found = [branch for _, branch in flat(kept_tree(review.finding)) if branch.needed and branch.found]
        return f"every criterion it rests on is met, {len(found)} in all ({review.policy})"
    if line.standing == "pended" and review is not None:
        ways = review.distance["ways"]
        return "; ".join(need["sentence"] for need in ways[0]) if ways else str(review.distance["sentence"])
    return line.reasons[0] if line.reasons else line.line.reason


def _against_truth(rows: Iterable[CaseRow], true_yes: dict[str, bool]) -> None:
    """Compare with what is known of the world: how many of the true yes were approved, and whether any other was."""
    approved = {row.case.submission.value for row in rows if row.lines[0].standing == "approved"}
    wanted = {value for value, yes in true_yes.items() if yes}
    good, others = len(approved & wanted), len(approved - wanted)
    speech.output().print(
        f"Known truth: of {len(wanted)} requests that meet their criteria on chart and form, {good} were approved "
        f"without a person; {others} others were approved. Software denied none: it cannot."
    )
