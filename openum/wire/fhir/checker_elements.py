"""Profiles compiled to functions: one function per element, made on first use and kept.

Two threads may compile the same element at once; both make equal functions and the later one stays, so no lock is
needed. A function receives the value, its place and the run, and reports; it never stops at the first fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from openum.wire.fhir import profiles
from openum.wire.fhir.checker_guide import guide_check
from openum.wire.fhir.checker_members import Member, Slices, accept, beside_alone, forbidden, many, one, unknown
from openum.wire.fhir.checker_references import reference_check
from openum.wire.fhir.checker_resources import any_profile, inner_resource, no_check
from openum.wire.fhir.checker_run import At, Check, Run
from openum.wire.fhir.checker_slices import sorter
from openum.wire.fhir.checker_values import PRIMITIVES, bound_check, exact_check, primitive_check
from openum.wire.fhir.invariants import rule_check
from openum.wire.fhir.profiles import Constraint, Element, Kind, Profile


@cache
def profile_check(canonical: str) -> Check | None:
    """The check of a whole resource, datatype or extension against a stored profile; None when it is not stored."""
    found = profiles.profile(canonical)
    return sound(Compiler(found).object(found.root), guide_check(canonical)) if found else None


def core_check(type_name: str) -> Check:
    """The check of an R4 type or resource. Raises ``KeyError`` for a name R4 does not define."""
    found = profile_check(f"{profiles.R4}{type_name}|4.0.1")
    if found is None:
        raise KeyError(type_name)
    return found


def both(checks: Iterable[Check | None]) -> Check:
    """One check that runs several."""
    held = tuple(check for check in checks if check is not None)
    if len(held) == 1:
        return held[0]

    def run_all(value: Any, at: At, run: Run) -> None:
        for check in held:
            check(value, at, run)

    return run_all


def sound(body: Check, rules: Check | None) -> Check:
    """A check, and then invariants, which are only asked of a value whose shape is right."""
    if rules is None:
        return body

    def run_both(value: Any, at: At, run: Run) -> None:
        mark = len(run.issues)
        body(value, at, run)
        if run.invariants and not run.misshapen_since(mark):
            rules(value, at, run)

    return run_both


def later(make: Callable[[], Check]) -> Check:
    """A check that is compiled when it is first needed: elements may contain themselves."""
    made: list[Check] = []

    def run_it(value: Any, at: At, run: Run) -> None:
        if not made:
            made.append(make())
        made[0](value, at, run)

    return run_it


class Compiler:
    """Compiles the elements of one profile."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.root = profile.root
        # Inside an extension nobody knows, relative sub-extensions are free.
        self.open = profile.canonical == f"{profiles.R4}Extension|4.0.1"
        self.whole_resource = profile.kind == "resource"
        self.objects: dict[int, Check] = {}

    # ---- objects -----------------------------------------------------------------------------------------------

    def object(self, element: Element, children: dict[str, Element] | None = None) -> Check:
        """The check of a JSON object whose members are the element's children."""
        if id(element) not in self.objects:
            self.objects[id(element)] = self._object(element, children or element.children)
        return self.objects[id(element)]

    def _object(self, element: Element, children: dict[str, Element]) -> Check:
        members, needed, exclusive = self._members(children)
        if element is self.root and self.whole_resource:
            members["resourceType"] = accept
        members["fhir_comments"] = accept

        def check(value: Any, at: At, run: Run) -> None:
            if not isinstance(value, dict):
                run.error("wrong-json", at, "An object is expected here.")
                return
            if not value or (len(value) == 1 and "id" in value):
                run.error("empty", at, "An element must have a value or children (ele-1).")
            for key, held in value.items():
                member = members.get(key)
                if member is None:
                    unknown(key, at, run)
                else:
                    member(value, held, at, run)
            for keys, name, least in needed:
                if not any(key in value for key in keys):
                    run.error("missing", (at, name, -1), f"At least {least} expected, none found.")
            for keys, name in exclusive:
                if sum(key in value for key in keys) > 1:
                    run.error("too-many", (at, name, -1), "Only one type of this element may be present.")

        return sound(check, rule_check(self._constraints(element), element.path))

    def _constraints(self, element: Element) -> tuple[Constraint, ...]:
        """The element's own invariants and those of its datatype, each once."""
        found = {c.expression: c for c in element.constraints}
        for kind in element.kinds:
            core = profiles.core(kind.code) if kind.code[:1].isupper() else None
            found.update({c.expression: c for c in core.root.constraints} if core else {})
        return tuple(found.values())

    def _members(
        self, children: dict[str, Element]
    ) -> tuple[dict[str, Member], list[tuple[tuple[str, ...], str, int]], list[tuple[tuple[str, ...], str]]]:
        members: dict[str, Member] = {}
        needed: list[tuple[tuple[str, ...], str, int]] = []
        exclusive: list[tuple[tuple[str, ...], str]] = []
        for name, child in children.items():
            plain = name.removesuffix("[x]")
            keys = self._keys(child, name, members)
            least = max(child.least, sum(piece.least for piece in child.slices.values()))
            if least and keys:
                needed.append(((*keys, *(f"_{k}" for k in keys)), plain, least))
            if len(keys) > 1:
                exclusive.append((keys, plain))
        return members, needed, exclusive

    def _keys(self, child: Element, name: str, members: dict[str, Member]) -> tuple[str, ...]:
        """Register the JSON names of one element: ``value[x]`` has one name for each type."""
        if not name.endswith("[x]"):
            member = self._member(child, name, child.kinds[0] if child.kinds else None)
            members[name] = member
            members[f"_{name}"] = beside_alone(name, member)
            return (name,)
        keys = []
        for kind in child.kinds:
            key = name[:-3] + kind.code[0].upper() + kind.code[1:]
            if key not in members:
                member = self._member(_typed(child, kind), name[:-3], kind, key)
                members[key] = member
                members[f"_{key}"] = beside_alone(key, member)
                keys.append(key)
        return tuple(keys)

    # ---- members -----------------------------------------------------------------------------------------------

    def _member(self, child: Element, name: str, kind: Kind | None, key: str = "") -> Member:
        if child.most == 0:
            return forbidden(name)
        check = self._value(child, kind)
        beside = self._beside_check(child, kind)
        under = f"_{key or name}"
        if child.repeats:
            return many(name, under, child, check, beside, self._slices(child, kind))
        return one(name, under, check, beside)

    def _slices(self, child: Element, kind: Kind | None) -> Slices | None:
        if not child.slices or child.slicing is None:
            return None
        pieces = {
            name: (piece, self._value(_filled(piece, child), piece.kinds[0] if piece.kinds else kind))
            for name, piece in child.slices.items()
        }
        return sorter(child), pieces, child.slicing.closed

    def _beside_check(self, child: Element, kind: Kind | None) -> Check | None:
        """The check of ``_name``: the id and extensions of a primitive value."""
        if kind is None or kind.code not in PRIMITIVES:
            return None
        own = {n: c for n, c in child.children.items() if n in {"id", "extension"}}
        return (
            later(lambda: self._object(Element(child.path, child.name), own))
            if own
            else later(lambda: core_check("Element"))
        )

    # ---- values ------------------------------------------------------------------------------------------------

    def _value(self, element: Element, kind: Kind | None) -> Check:
        if element.same_as is not None:
            return later(lambda: self.object(self._at(element.same_as or "")))
        if kind is None:
            return self.object(element) if element.children else no_check
        return both((exact_check(element), self._typed_value(element, kind)))

    def _typed_value(self, element: Element, kind: Kind) -> Check:
        code = kind.code
        if code in PRIMITIVES:
            return sound(primitive_check(element, code), rule_check(element.constraints, element.path))
        if code == "Extension":
            return self._extension(element, kind)
        if profiles.is_resource(code):
            return inner_resource(kind)
        bound = bound_check(element) if element.required and code in {"CodeableConcept", "Coding", "Quantity"} else None
        refers = reference_check(kind) if code == "Reference" and kind.targets else None
        return both((bound, refers, self._body(element, kind)))

    def _body(self, element: Element, kind: Kind) -> Check:
        """The members of a complex value: as written out here, or by its profile, or by its datatype."""
        named = [p for p in kind.profiles if profiles.stored(p)]
        if element.children:
            inline = later(lambda: self.object(element))
            return both((inline, any_profile(named))) if named else inline
        own = {c.expression for c in self._type_root(kind)}
        extra = tuple(c for c in element.constraints if c.expression not in own)
        body = any_profile(named) if named else later(lambda: core_check(kind.code))
        return sound(body, rule_check(extra, element.path))

    def _type_root(self, kind: Kind) -> tuple[Constraint, ...]:
        core = profiles.core(kind.code)
        return core.root.constraints if core else ()

    def _extension(self, element: Element, kind: Kind) -> Check:
        if element.children:
            return later(lambda: self.object(element))
        named = [p for p in kind.profiles if profiles.stored(p)]
        if named:
            extra = tuple(c for c in element.constraints if c.key != "ext-1")
            return sound(any_profile(named), rule_check(extra, element.path))
        if kind.profiles:
            return later(lambda: core_check("Extension"))  # one of the definitions no package carries: open
        return _extension_by_url(element.name == "modifierExtension", self.open)

    def _at(self, path: str) -> Element:
        """The element a contentReference names; it stands in the same snapshot."""
        node = self.root
        for segment in path.split(".")[1:]:
            name, _, slice_name = segment.partition(":")
            node = node.children[name]
            node = node.slices[slice_name] if slice_name else node
        return node


# ---- small pieces ----------------------------------------------------------------------------------------------


def _typed(child: Element, kind: Kind) -> Element:
    """The slice of a choice element for one type, where the profile has one."""
    for piece in child.slices.values():
        if any(k.code == kind.code for k in piece.kinds):
            return piece
    return child


def _filled(piece: Element, base: Element) -> Element:
    """A slice whose members the snapshot does not write out has those of the sliced element."""
    if not piece.children and base.children:
        piece.children = base.children
    return piece


def _extension_by_url(modifier: bool, free: bool) -> Check:
    """An extension outside every slice: by its own definition if stored; open if it is not; relative names are not."""

    def check(value: Any, at: At, run: Run) -> None:
        url = value.get("url") if isinstance(value, dict) else None
        known = profiles.profile(url) if isinstance(url, str) and ":" in url else None
        if known is not None and known.type == "Extension":
            (profile_check(known.canonical) or no_check)(value, at, run)
            return
        if modifier:
            run.error("unknown-modifier", at, "A modifier extension that is not known cannot be ignored.")
        elif isinstance(url, str) and ":" not in url and not free:
            run.error("unknown-extension", at, "The extension around this one does not define a part of this name.")
        core_check("Extension")(value, at, run)

    return check
