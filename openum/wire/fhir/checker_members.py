"""Members of JSON objects: single values, lists, slices of lists, and the parts beside primitive values.

A member function gets the owner, the value under its name, the owner's place and the run. In JSON the id and the
extensions of a primitive stand in a second member whose name begins with an underscore (FHIR R4 §2.6.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from openum.wire.fhir.checker_run import At, Check, Json, Run
from openum.wire.fhir.checker_slices import Sort
from openum.wire.fhir.profiles import Element

# owner, value under the key, place of the owner, run
Member = Callable[[Json, Any, At, Run], None]

# how to sort, the slices with their checks, whether no other value is allowed
Slices = tuple[Sort, dict[str, tuple[Element, Check]], bool]

PLAIN_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,40}")


def accept(_owner: Json, _value: Any, _at: At, _run: Run) -> None:
    """A member that JSON FHIR allows everywhere it stands."""


def unknown(key: str, at: At, run: Run) -> None:
    """Report (``unknown-element``) a member that its type does not have.

    The key is the sender's text: the issue names it only when it looks like the name of an element.
    """
    place = (at, key, -1) if PLAIN_NAME.fullmatch(key) else at
    run.error("unknown-element", place, "This element is not part of its type.")


def forbidden(name: str) -> Member:
    """The member of an element that a profile takes away (max 0): whatever it holds is ``forbidden``."""

    def member(_owner: Json, _value: Any, at: At, run: Run) -> None:
        run.error("forbidden", (at, name, -1), "The profile does not allow this element.")

    return member


def beside_alone(key: str, member: Member) -> Member:
    """``_name`` is read together with ``name``; alone it stands for a value that is absent."""

    def beside(owner: Json, _value: Any, at: At, run: Run) -> None:
        if key not in owner:
            member(owner, None, at, run)

    return beside


def one(name: str, under: str, check: Check, beside: Check | None) -> Member:
    """The member of an element that does not repeat: ``check`` sees its one value, a list is ``wrong-json``.

    ``under`` is the name with its underscore. ``beside`` checks the part there; None where the element is no primitive
    and may have none. null is ``wrong-json`` unless that part stands for it.
    """

    def member(owner: Json, value: Any, at: At, run: Run) -> None:
        here = (at, name, -1)
        if isinstance(value, list):
            run.error("wrong-json", here, "A single value is expected, not a list.")
        elif value is not None:
            check(value, here, run)
        elif under[1:] in owner:
            run.error("wrong-json", here, "null is not a value.")
        if under in owner:
            _run_beside(beside, owner[under], here, run, value is not None)

    return member


def _run_beside(beside: Check | None, value: Any, here: At, run: Run, present: bool) -> None:
    """The part beside a primitive; an id alone is enough beside a value, and says nothing without one."""
    if beside is None:
        run.error("unknown-element", here, "Only a primitive value has a part that begins with an underscore.")
    elif value is not None and not (present and isinstance(value, dict) and value.keys() == {"id"}):
        beside(value, here, run)


def many(
    name: str,
    under: str,
    child: Element,
    check: Check,
    beside: Check | None,
    slices: Slices | None,
) -> Member:
    """The member of an element that repeats: a list within ``child``'s bounds, each item checked by its slice.

    ``check`` sees the items that no slice claims, or all of them where ``slices`` is None; ``under`` and ``beside`` as
    for ``one``. Reports ``wrong-json`` (no list, an empty one, null without a part beside it, parts beside the values
    in another number), ``missing`` and ``too-many`` (the list, each slice), ``no-slice`` (slicing is closed).
    """

    def member(owner: Json, value: Any, at: At, run: Run) -> None:
        extras = owner.get(under)
        held = value if value is not None else [None] * len(extras) if isinstance(extras, list) else value
        if not isinstance(held, list) or not held:
            run.error("wrong-json", (at, name, -1), "A list with at least one value is expected.")
            return
        _count(held, extras, child, (at, name, -1), run)
        _each(held, extras, name, at, run)

    def _each(held: list[Any], extras: Any, name: str, at: At, run: Run) -> None:
        counts: dict[str, int] = {}
        for index, item in enumerate(held):
            here = (at, name, index)
            extra = extras[index] if isinstance(extras, list) and index < len(extras) else None
            if extra is not None:
                _run_beside(beside, extra, here, run, item is not None)
            if item is None:
                if extra is None:
                    run.error("wrong-json", here, "null is not a value.")
            elif slices is None:
                check(item, here, run)
            else:
                _sorted_item(item, here, run, check, slices, counts)
        if slices is not None:
            _count_slices(slices[1], counts, (at, name, -1), run)

    return member


def _count(held: list[Any], extras: Any, child: Element, at: At, run: Run) -> None:
    if len(held) < child.least:
        run.error("missing", at, f"At least {child.least} expected, {len(held)} found.")
    if child.most is not None and len(held) > child.most:
        run.error("too-many", at, f"At most {child.most} allowed, {len(held)} found.")
    if extras is not None and (not isinstance(extras, list) or len(extras) != len(held)):
        run.error("wrong-json", at, "The parts beside the values are a list of the same length.")


def _sorted_item(
    item: Any,
    here: At,
    run: Run,
    check: Check,
    slices: Slices,
    counts: dict[str, int],
) -> None:
    sort, pieces, closed = slices
    name = sort(item)
    if name is None:
        if closed:
            run.error("no-slice", here, f"Only these are allowed here: {', '.join(pieces)}.")
        check(item, here, run)
        return
    counts[name] = counts.get(name, 0) + 1
    pieces[name][1](item, here, run)


def _count_slices(pieces: dict[str, tuple[Element, Check]], counts: dict[str, int], at: At, run: Run) -> None:
    for name, (piece, _) in pieces.items():
        count = counts.get(name, 0)
        if count < piece.least:
            run.error("missing", at, f"At least {piece.least} of the slice {name} expected, {count} found.")
        if piece.most is not None and count > piece.most:
            run.error("too-many", at, f"At most {piece.most} of the slice {name} allowed, {count} found.")
