"""The manual page of the command line, printed from its own arguments."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from openum.doors.cli.main import parser

HEAD = """\
# The command line

<!-- Printed from openum/doors/cli by ./dev docs; do not edit. -->

`openum VERB …`, or `./dev run VERB …` in a checkout. Results go to standard output, everything else (progress,
refusals, faults) to standard error. Colors only on a terminal, and never with `NO_COLOR`.

| exit code | meaning |
| --- | --- |
| 0 | done |
| 1 | done, and there is something to mend: faults in the library, steps that failed |
| 2 | refused: a code, what is wrong, and what to do next are on standard error |
| 70 | a fault of OpenUM itself; its type and place are on standard error, and no patient data |
| 130 | ended with Ctrl-C |
"""
TAIL = """
## What `openum decide --json` writes

One object per file, each on one line:

| name | value |
| --- | --- |
| `file` | the file as it was named |
| `request` | the case's number, or `null` when the file was refused |
| `lines` | one object per line asked for, see below; empty when the file could not be read |
| `refusals` | `[{code, message, next, where}]`; empty when it was decided |
| `replayed` | whether the same request was taken in before; then nothing new was written |
| `received_at`, `plan`, `service_day`, `service_day_is_assumed`, `warnings` | how it was read |
| `troubles` | steps that failed and wait for another try |

Of a line:

| name | value |
| --- | --- |
| `sequence` | the number of the item in the Claim |
| `outcome` | `approved`, `modified`, `pended`, `not_required` or `refused` (see below) |
| `reasons` | the sentences it rests on |
| `policy` | `id@version`, or `null` where none governs |
| `finding` | the criteria as a tree: `answer`, `label`, `cite`, and `of` (branches) or `test` with its `fact` |
| `distance` | how many facts `differ`, how many to `supply`, and the `ways`: lists of needs, each with a `sentence` |
| `clock` | the clock that rules the case: `rule`, `version`, `citation`, `state`, `start`, `due_at`, `zone`, `steps` |
| `authorization`, `lane`, `ball` | the number issued; who holds the line; whose move it is |

Software answers only these five. Where the same request was sent before and a person has decided it meanwhile, the line
can also be `adverse` or `excluded`. Answers of the criteria are `yes`, `no` and `unknown`.
"""


def reference() -> str:
    """The page ``docs/reference/cli.md``."""
    return HEAD + "".join(_section(name, verb) for name, verb in _verbs(parser())) + TAIL


def _verbs(root: argparse.ArgumentParser, before: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every verb and what it does, depth first."""
    for action in root._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, verb in action.choices.items():
                yield f"{before}{name}", verb
                yield from _verbs(verb, f"{before}{name} ")


def _section(name: str, verb: argparse.ArgumentParser) -> str:
    """One verb: what it is for, and its arguments."""
    rows = [(_called(action), action.help or "") for action in verb._actions if _shown(action)]
    table = "".join(f"| `{called}` | {help.replace('|', chr(92) + '|')} |\n" for called, help in rows)
    words = f"\n{verb.description.strip()}\n" if verb.description else ""
    return f"\n## openum {name}\n{words}" + (f"\n| argument | meaning |\n| --- | --- |\n{table}" if rows else "")


def _shown(action: argparse.Action) -> bool:
    return not isinstance(action, argparse._HelpAction | argparse._SubParsersAction)


def _called(action: argparse.Action) -> str:
    """``--as-of DATE``, ``FILE …``, ``--json``."""
    value = "" if action.nargs == 0 else str(action.metavar or action.dest.upper())
    if not action.option_strings:
        more = " …" if action.nargs == "+" else ""
        return (" or ".join(action.choices) if action.choices else value) + more
    return f"{action.option_strings[-1]} {value}".strip()
