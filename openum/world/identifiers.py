"""Numbers of the world: valid in form, and nobody's.

National provider identifiers begin with 1 or 2 when they are assigned (from knowledge: the CMS description of the
NPI's form; the NPPES file would confirm it). Those made here begin with 99998 and carry the right check digit (Luhn
over ``80840`` and the nine digits, 45 CFR 162.406), so they pass every check and meet no real one.
"""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from openum.core.authorization import check_digit

CARD_ISSUER = "80840"
"""Health applications, United States: put before a national provider identifier when its check digit is computed."""
BLOCK = "99998"


def npi(serial: int) -> str:
    """The national provider identifier of a serial from 0 to 9999."""
    if not 0 <= serial <= 9999:
        raise ValueError("The synthetic block holds the serials 0 to 9999.")
    nine = f"{BLOCK}{serial:04d}"
    return nine + check_digit(CARD_ISSUER + nine)


def uuid(*name: str | int) -> str:
    """A version-4-shaped UUID that depends on its name alone."""
    digest = sha256("\x1f".join(map(str, ("uuid", *name))).encode()).digest()
    return str(UUID(bytes=digest[:16], version=4))


def member_number(prefix: str, serial: int) -> str:
    """A plan's number for a member, with a check digit so that a misread one is caught."""
    digits = f"{serial:06d}"
    return f"{prefix}{digits}{check_digit(digits)}"
