"""Bytes kept below ``settings.DOCUMENT_ROOT`` by their SHA-256: one file per content, whole or not there at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


class Damaged(Exception):
    """A kept file is missing or no longer what it was. The text names the digest only."""


def keep(data: bytes) -> str:
    """Keep the bytes and return their SHA-256 (hex). They are on the disk before this returns.

    Written beside and renamed, so that a crash leaves no half file; a file nobody's row names is harmless.
    """
    digest = hashlib.sha256(data).hexdigest()
    place = _place(digest)
    if place.exists() and place.stat().st_size == len(data):
        return digest
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(place.parent)
    return digest


def load(digest: str) -> bytes:
    """The bytes of that digest. Raises ``Damaged`` when they are missing or have changed."""
    try:
        data = _place(digest).read_bytes()
    except FileNotFoundError:
        raise Damaged(f"The content {digest} is not in the store.") from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise Damaged(f"The content {digest} has changed on the disk.")
    return data


def _place(digest: str) -> Path:
    return Path(settings.DOCUMENT_ROOT) / digest[:2] / digest[2:4] / digest


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
