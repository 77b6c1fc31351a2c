"""What the law promises next to the reader of a letter (``library/notices/terms.yaml``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from openum.core.notice import Language
from openum.core.notice_shelf import LetterKind, Program
from openum.core.notice_terms import Term, Terms
from openum.core.refusal import Refusal
from openum.librarian.faults import Fault
from openum.librarian.letters_check import nearest
from openum.librarian.letters_read import Reading, Vocabulary, in_force


def read_terms(root: Path) -> tuple[Terms, ...]:
    """Every version of a shelf's terms (``terms.yaml``, ``terms.v2.yaml`` …); a shelf without the file has none.

    Refuses ``letters-not-usable`` when a file cannot be read.
    """
    reading = Reading(root)
    documents = [reading.document(path, "notice-terms") for path in sorted(reading.folder.glob("terms*.yaml"))]
    if reading.faults:
        raise Refusal(
            "letters-not-usable", str(reading.faults[0]), "Run `openum library check` and mend what it names."
        )
    return tuple(_terms(document.data) for document in documents if document)


def terms_faults(
    reading: Reading, vocabulary: Vocabulary, kinds: Mapping[str, LetterKind], programs: Mapping[str, Program]
) -> Iterator[Fault]:
    """What a shelf's terms name that no letter can be given: an element, a kind, a jurisdiction that there is not."""
    for path in sorted(reading.folder.glob("terms*.yaml")):
        document = reading.document(path, "notice-terms")
        if document is None:
            continue
        for jurisdiction, terms in document.data["jurisdictions"].items():
            where = ("jurisdictions", jurisdiction)
            if jurisdiction not in programs:
                yield document.fault(where, f"There is no program `{jurisdiction}`.", "Add it to jurisdictions.yaml.")
            for name, term in terms.items():
                if name not in vocabulary.types:
                    yield document.fault((*where, name), f"There is no element `{name}`.", nearest(name, vocabulary))
                for kind in term.get("kinds", ()):
                    if kind not in kinds:
                        yield document.fault((*where, name), f"There is no kind of letter `{kind}`.", "Mend the kind.")


def _terms(raw: Mapping[str, Any]) -> Terms:
    return Terms(
        id=raw["id"],
        version=raw["version"],
        in_force=in_force(raw["since"]),
        by_jurisdiction={
            jurisdiction: tuple(_term(name, one) for name, one in terms.items())
            for jurisdiction, terms in raw["jurisdictions"].items()
        },
    )


def _term(name: str, raw: Mapping[str, Any]) -> Term:
    text: dict[Language, str] = {"en": str(raw["text"])} if "text" in raw else {}
    if "es" in raw:
        text["es"] = str(raw["es"])
    return Term(name=name, text=text, days=raw.get("days"), cite=raw["cite"], kinds=tuple(raw.get("kinds", ())))
