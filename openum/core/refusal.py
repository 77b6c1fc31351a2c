"""Refusals: what we foresee and turn down, in plain words, with what to do next. Everything else is a bug."""

from __future__ import annotations


class Refusal(Exception):
    """A request that cannot be taken as it is.

    ``code`` is stable and machine-readable, ``message`` says what is wrong, ``next`` says what to do. None of the
    three may carry patient data: a refusal is written into logs and answers. Doors translate it (OperationOutcome,
    form error, exit code 2).
    """

    def __init__(self, code: str, message: str, next: str, *, where: str = "") -> None:
        super().__init__(f"{code}: {message} {next}")
        self.code = code
        self.message = message
        self.next = next
        self.where = where
