"""A verb run inside an installation, in a process of its own.

    python -m bench.inside fill --requests N --out FILE       migrate, set the world up, write N requests to be approved
    python -m bench.inside count --from FILE --requests N     send N of them without a socket: SQL statements of each
    python -m bench.inside profile --from FILE --requests N   the same under cProfile: the costliest functions
    python -m bench.inside kept                               how many cases, determinations, letters, events there are

``DATABASE_URL`` names the installation. Each verb answers with one JSON object on standard output.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from importlib import import_module
from pathlib import Path

import django


def main(arguments: list[str]) -> int:
    """Run one verb."""
    parser = argparse.ArgumentParser(prog="python -m bench.inside")
    parser.add_argument("verb", choices=("fill", "count", "profile", "kept"))
    parser.add_argument("--requests", type=int, default=20)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--from", dest="source", type=Path)
    asked = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openum.site.settings")
    django.setup()
    run = import_module("bench.installed")  # it imports tables, which wants Django to be set up
    given = {"fill": (asked.requests, asked.out), "kept": ()}.get(asked.verb, (asked.source, asked.requests))
    print(json.dumps(getattr(run, asked.verb)(*given)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
