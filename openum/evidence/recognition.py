"""Reading a scan, where the machine has tesseract; without it a person reads the page."""

from __future__ import annotations

import shutil
import subprocess

from openum.evidence.pdf import Recognizer

SECONDS = 120
"""Longest time for a page; after that it counts as not read."""


def installed_recognizer(language: str = "eng") -> Recognizer | None:
    """What turns the picture of a page into text on this machine, or ``None`` when tesseract is not installed.

    ``language`` is tesseract's name of one (``eng``, ``spa``). Nothing leaves the machine.
    """
    program = shutil.which("tesseract")
    if program is None:
        return None

    def recognize(picture: bytes) -> str:
        try:
            done = subprocess.run(  # noqa: S603 - the program was looked up, the page goes in as bytes
                [program, "stdin", "stdout", "-l", language], input=picture, capture_output=True, check=False,
                timeout=SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return ""
        return done.stdout.decode("utf-8", errors="replace") if done.returncode == 0 else ""

    return recognize
