"""``python -m openum.librarian [SHELF…]``: check shelves without Django; exit code 1 when there is a fault."""

from __future__ import annotations

import sys
from pathlib import Path

from openum.librarian.check import check_library
from openum.librarian.read import SHIPPED


def main(arguments: list[str]) -> int:
    """Print each fault on a line of its own, then how many there are."""
    roots = [Path(argument) for argument in arguments] or [SHIPPED]
    faults = check_library(*roots)
    lines = [*map(str, faults), f"Faults: {len(faults)}" if faults else "No faults."]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
