"""What ``openum library`` does."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from rich.text import Text

from openum.core.refusal import Refusal
from openum.doors.cli import speech
from openum.librarian.book.binding import bind
from openum.librarian.book.named import page_named
from openum.librarian.book.writing import write_book
from openum.librarian.faults import Fault
from openum.librarian.freeze import adopt
from openum.librarian.page import as_html, as_text
from openum.librarian.print import print_policy
from openum.librarian.read import library
from openum.librarian.scaffold import scaffold_policy
from openum.librarian.stale import stale
from openum.librarian.whole import check_whole


def run(asked: argparse.Namespace) -> int:
    """Do the one thing asked for."""
    return DOES[asked.do](asked)


def check(asked: argparse.Namespace) -> int:
    """Facts, policies, requirements, letters, clocks and every other shelf of law, with their examples."""
    return tell(check_whole(*shelves(asked)), "No faults.")


def new(asked: argparse.Namespace) -> int:
    """Write the three files and name them."""
    written = scaffold_policy(shelves(asked)[-1], asked.id, asked.start or today())
    for path in written:
        speech.output().print(nearby(str(path)))
    speech.error().print("Fill them in; `openum library check` names what is still empty.")
    return 0


def print_one(asked: argparse.Namespace) -> int:
    """Print the page of a policy, or of anything else that goes by the name."""
    known = library(*shelves(asked))
    policy = known.policy(asked.id)
    if policy is None:
        page = page_named(asked.id, *shelves(asked))
        text = as_html(page) if asked.html else as_text(page)
    else:
        text = print_policy(policy, known, "html" if asked.html else "text")
    speech.output().print(text, end="")
    return 0


def book(asked: argparse.Namespace) -> int:
    """Write the law book into a folder."""
    with speech.progress() as bar:
        task = bar.add_task("Reading the shelves", total=None)
        bound = bind(*shelves(asked))

        def told(done: int, total: int) -> None:
            bar.update(task, description="Writing pages", completed=done, total=total)

        files = write_book(bound, asked.folder, told=told)
    speech.output().print(str(asked.folder / "index.html"))
    speech.error().print(f"{files} files written.")
    return 0


def adopt_files(asked: argparse.Namespace) -> int:
    """Adopt and name what was written into the lock."""
    lines = adopt(
        asked.paths, by=asked.by, on=asked.on or today(), roots=shelves(asked), approved_by_committee=asked.committee
    )
    for one in lines:
        speech.output().print(f"{one.path} {one.sha256}")
    speech.error().print(f"{len(lines)} files adopted." if lines else "Nothing new: these files are adopted already.")
    return 0


def list_stale(asked: argparse.Namespace) -> int:
    """List sources and approvals that are older than a year."""
    return tell(stale(*shelves(asked), on=asked.on or today()), "Nothing is stale.")


def tell(faults: Iterable[Fault], none: str) -> int:
    """Print faults, one to a line, then how many there are; 1 when there is one."""
    found = tuple(faults)
    out = speech.output()
    for fault in found:
        out.print(Text.assemble((f"{nearby(fault.file)}:{fault.line}:", "bold"), f" {fault.fault} {fault.mend}"))
    speech.error().print(f"Faults: {len(found)}" if found else none)
    return 1 if found else 0


def shelves(asked: argparse.Namespace) -> tuple[Path, ...]:
    """The shelves to work on, first to last. Raises ``Refusal`` ``no-such-shelf``."""
    for shelf in asked.shelf:
        if not shelf.is_dir():
            raise Refusal(
                "no-such-shelf", f"There is no folder {shelf}.", "Name the folder that holds policies and facts."
            )
    return tuple(shelf.resolve() for shelf in asked.shelf) or tuple(settings.OPENUM_LIBRARY)


def nearby(file: str) -> str:
    """The path from here, where the file lies below."""
    path, here = Path(file), Path.cwd()
    return str(path.relative_to(here)) if path.is_absolute() and path.is_relative_to(here) else file


def today() -> date:
    """The day on the wall."""
    return datetime.now().astimezone().date()


DOES: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "check": check,
    "new": new,
    "print": print_one,
    "book": book,
    "adopt": adopt_files,
    "stale": list_stale,
}
