"""Arguments as a person types them."""

from __future__ import annotations

import argparse
from datetime import date


def day(text: str) -> date:
    """A day; anything else is told how to be written."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day: write it as 2026-06-01") from None
