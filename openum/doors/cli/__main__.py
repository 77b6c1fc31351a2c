"""``python -m openum.doors.cli VERB …``: the same as ``openum VERB …``."""

from __future__ import annotations

import sys

from openum.doors.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
