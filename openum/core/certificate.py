"""A decision certificate: what a decision rests on, in parts with a hash each, so that anyone can prove it unchanged.

The *head* is what is signed: whose decision it is, the hash of every part, and which parts a copy withholds and why. A
withheld part is left out while its hash stays, so that a copy for one reader proves to be of the same decision as the
whole. Each part carries a salt: without it, the hash of a withheld yes or no could be guessed. How the head is signed
is the librarian's (``openum.librarian.certificate_keys``); this module only knows bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

FORMAT = "openum-certificate/1"
HEAD = frozenset({"format", "for", "key", "of", "parts", "withheld"})

State = Literal["agrees", "differs", "withheld", "not_rerun"]
Salt = Callable[[str, bytes], str]
"""From a part's name and canonical content to its salt: the same content, the same salt."""


class Unreadable(ValueError):
    """The bytes are no certificate as one is written; the text says why, without quoting anything."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at and how it came out; ``words`` hold no patient data.

    ``withheld``: the copy leaves out what it takes. ``not_rerun``: it is shown as it was kept and was not computed
    again.
    """

    name: str
    state: State
    words: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate as read. ``parts`` maps a part's name to ``{"content": …, "salt": …}``."""

    head: Mapping[str, Any]
    parts: Mapping[str, Mapping[str, Any]]
    signature: str

    def content(self, name: str) -> Any:
        """What a part holds; ``None`` when this copy withholds it or the certificate has no such part."""
        part = self.parts.get(name)
        return None if part is None else part["content"]

    def under(self, folder: str) -> dict[str, Any]:
        """The content of every part there is under a folder (``fact/``), by name, in order."""
        return {name: self.parts[name]["content"] for name in sorted(self.parts) if name.startswith(folder)}

    def withholds(self, *wanted: str) -> tuple[str, ...]:
        """Which of these parts, or parts under these folders (``fact/``), the copy withholds."""
        return tuple(
            name
            for name in sorted(self.head["withheld"])
            if any(name == one or (one.endswith("/") and name.startswith(one)) for one in wanted)
        )


def canonical(value: object) -> bytes:
    """The one way a value is written: sorted keys, no spaces, ASCII. Raises ``ValueError`` for NaN and infinity."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def digest(content: bytes) -> str:
    """The SHA-256 (hex)."""
    return sha256(content).hexdigest()


def salted(contents: Mapping[str, Any], salt: Salt) -> dict[str, dict[str, Any]]:
    """The parts with these contents, each with its salt."""
    return {name: {"content": one, "salt": salt(name, canonical(one))} for name, one in contents.items()}


def head_of(
    parts: Mapping[str, Mapping[str, Any]], *, of: Mapping[str, Any], key: Mapping[str, str], reader: str = "",
    withheld: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The head over all parts. ``of`` names the decision, ``key`` is the public key it is signed by.

    ``reader`` is for whom the copy is, empty for the whole; ``withheld`` maps the parts it leaves out to why.

    Raises:
        ValueError: a part to be withheld is none of the parts.
    """
    left_out = dict(withheld or {})
    if left_out.keys() - parts.keys():
        raise ValueError("Only parts of the certificate can be withheld.")
    return {
        "format": FORMAT, "for": reader, "key": dict(key), "of": dict(of),
        "parts": {name: digest(canonical(part)) for name, part in parts.items()}, "withheld": left_out,
    }  # fmt: skip


def as_bytes(head: Mapping[str, Any], parts: Mapping[str, Mapping[str, Any]], signature: str) -> bytes:
    """The file: one line of canonical JSON, without the parts the head withholds."""
    shown = {name: part for name, part in parts.items() if name not in head["withheld"]}
    return canonical({"head": head, "parts": shown, "signature": signature}) + b"\n"


def read(data: bytes) -> Certificate:
    """The certificate in a file.

    Raises:
        Unreadable: it is not JSON, not written the one way, or not of this format.
    """
    try:
        found = json.loads(data)
        again = canonical(found) + b"\n"
    except (ValueError, RecursionError):
        raise Unreadable("It is not JSON, or not as a certificate is written.") from None
    if again != data:
        raise Unreadable("It is JSON, but not byte for byte as a certificate is written: it was changed or re-saved.")
    if not _shaped(found):
        raise Unreadable(f"It is JSON, but no certificate of the format {FORMAT}.")
    return Certificate(found["head"], found["parts"], found["signature"])


def integrity(certificate: Certificate) -> tuple[Check, ...]:
    """Whether every part is there with the hash the head names, or is withheld as the head says."""
    named, withheld = certificate.head["parts"], certificate.head["withheld"]
    wrong = [
        *(f"{name} is not the text that was signed" for name, part in sorted(certificate.parts.items())
          if name in named and digest(canonical(part)) != named[name]),
        *(f"{name} was added" for name in sorted(certificate.parts.keys() - named.keys())),
        *(f"{name} is missing" for name in sorted(named.keys() - certificate.parts.keys() - withheld.keys())),
        *(f"{name} is said to be withheld and is not" for name in sorted(withheld.keys() & certificate.parts.keys())),
        *(f"{name} is said to be withheld and was never there" for name in sorted(withheld.keys() - named.keys())),
    ]  # fmt: skip
    if wrong:
        return (Check("parts", "differs", "; ".join(wrong) + "."),)
    told = f"{len(certificate.parts)} parts have the hash that was signed"
    return (Check("parts", "agrees", f"{told}; {len(withheld)} are withheld." if withheld else f"{told}."),)


def _shaped(found: Any) -> bool:
    """Whether the frame has the right keys and types; what the parts hold is looked at by those who read them."""
    if not isinstance(found, dict) or found.keys() != {"head", "parts", "signature"}:
        return False
    head, parts = found["head"], found["parts"]
    return (
        isinstance(head, dict)
        and head.keys() == HEAD
        and head["format"] == FORMAT
        and isinstance(head["for"], str)
        and isinstance(head["of"], dict)
        and all(_texts(head[name]) for name in ("key", "parts", "withheld"))
        and isinstance(parts, dict)
        and all(isinstance(part, dict) and part.keys() == {"content", "salt"} for part in parts.values())
        and isinstance(found["signature"], str)
    )


def _texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
