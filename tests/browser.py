"""Where the browser is that the tests of screens drive: Debian's Chromium, or Chrome.

    python -m tests.browser     print its path; exit code 1 when there is none

Nothing is downloaded: playwright gets this path as ``executable_path``.
"""

from __future__ import annotations

import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def executable() -> str | None:
    """The path of the first browser on ``PATH``, or ``None``."""
    return next(filter(None, map(shutil.which, NAMES)), None)


if __name__ == "__main__":
    sys.exit(print(executable()) if executable() else 1)
