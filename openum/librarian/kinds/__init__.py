"""The kinds of law beside policies, clocks and letters: one module for each shelf, each with its ``KIND``."""

from __future__ import annotations

from openum.librarian.law import Kind

KINDS: tuple[Kind, ...] = ()
"""Every shelf of this form, in the order of the law book."""
