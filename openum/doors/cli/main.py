"""``openum``: reads the arguments, runs one verb, and says refusals and faults in plain words."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from types import ModuleType

from django.core.exceptions import ImproperlyConfigured

from openum.core.refusal import Refusal
from openum.doors.cli import certificate, clock, decide, demo, explain, library, needs_auth, serve, verify, work
from openum.doors.cli.speech import error, fault, refusal
from openum.doors.cli.start import start_django

VERBS: tuple[ModuleType, ...] = (decide, needs_auth, explain, clock, demo, serve, work, library, certificate, verify)
DONE, REFUSED, BUG, INTERRUPTED = 0, 2, 70, 130
"""Exit codes. 2 is what argparse gives for arguments it cannot read; 70 is EX_SOFTWARE; 130 is Ctrl-C."""

log = logging.getLogger("openum.cli")


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root = argparse.ArgumentParser(
        prog="openum",
        description="Utilization management: requests for care decided with reasons, clocks and letters.",
        epilog="Exit codes: 0 done, 1 faults found, 2 refused, 70 a fault of OpenUM itself.",
    )
    root.add_argument("--version", action="version", version=f"openum {version('openum')}")
    verbs = root.add_subparsers(title="verbs", metavar="VERB", required=True)
    for module in VERBS:
        name, summary = module.VERB, module.SUMMARY
        verb = verbs.add_parser(name, help=summary, description=module.__doc__ or summary, formatter_class=Plain)
        module.add_arguments(verb)
        more = {"prepare": getattr(module, "prepare", None), "log_level": getattr(module, "LOG_LEVEL", "ERROR")}
        verb.set_defaults(runs=module.RUNS, **more)
    return root


class Plain(argparse.RawDescriptionHelpFormatter):
    """Help as it is written in the verb's own docstring."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit code. ``SystemExit`` rises for ``--help`` and unreadable arguments."""
    asked = parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openum.site.settings")
    os.environ.setdefault("OPENUM_LOG_LEVEL", asked.log_level)
    if asked.prepare is not None:
        asked.prepare(asked)
    try:
        start_django()
        code: int = import_module(asked.runs).run(asked)
    except Refusal as refused:
        refusal(refused)
        return REFUSED
    except ImproperlyConfigured as wrong:
        error().print(str(wrong))
        return REFUSED
    except KeyboardInterrupt:
        error().print("Interrupted.")
        return INTERRUPTED
    except BrokenPipeError:  # the reader (head, less) has left: nobody is there to be told
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as bug:
        log.exception("a verb of the command line failed")
        fault(bug)
        return BUG
    return code
