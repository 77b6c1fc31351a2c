"""Profiles compiled to functions: one function per element, made on first use and kept.

Two threads may compile the same element at once; both make equal functions and the later one stays, so no lock is
needed. A function receives the value, its place and the run, and reports; it never stops at the first fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from openum.wire.fhir import profiles
from openum.wire.fhir.checker_references import reference_check
from openum.wire.fhir.checker_run import At, Check, Json, Run
from openum.wire.fhir.checker_slices import Sort, sorter
from openum.wire.fhir.checker_values import PRIMITIVES, fits, same
from openum.wire.fhir.invariants import rule_check
from openum.wire.fhir.profiles import Constraint, Element, Kind, Profile
from openum.wire.fhir.terminology import any_in, value_set

# owner, value under the key, place of the owner, run
Member = Callable[[Json, Any, At, Run], None]

ANY_RESOURCE = frozenset({"Resource", "DomainResource"})
PLAIN_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,40}")


@cache
def profile_check(canonical: str) -> Check | None:
    """The check of a whole resource, datatype or extension against a stored profile; None when it is not stored."""
    found = profiles.profile(canonical)
    return Compiler(found).object(found.root) if found else None


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
            members["resourceType"] = _accept
        members["fhir_comments"] = _accept

        def check(value: Any, at: At, run: Run) -> None:
            if not isinstance(value, dict):
                run.error("wrong-json", at, "An object is expected here.")
                return
            if not value or (len(value) == 1 and "id" in value):
                run.error("empty", at, "An element must have a value or children (ele-1).")
            for key, held in value.items():
                member = members.get(key)
                if member is None:
                    _unknown(key, at, run)
                else:
                    member(value, held, at, run)
            for keys, name, least in needed:
                if not any(key in value for key in keys):
                    run.error("missing", (at, name, -1), f"At least {least} expected, none found.")
            for keys, name in exclusive:
                if sum(key in value for key in keys) > 1:
                    run.error("too-many", (at, name, -1), "Only one type of this element may be present.")

        return sound(check, rule_check(self._constraints(element)))

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
            members[f"_{name}"] = _beside(name, member)
            return (name,)
        keys = []
        for kind in child.kinds:
            key = name[:-3] + kind.code[0].upper() + kind.code[1:]
            if key not in members:
                member = self._member(_typed(child, kind), name[:-3], kind, key)
                members[key] = member
                members[f"_{key}"] = _beside(key, member)
                keys.append(key)
        return tuple(keys)

    # ---- members -----------------------------------------------------------------------------------------------

    def _member(self, child: Element, name: str, kind: Kind | None, key: str = "") -> Member:
        if child.most == 0:
            return _forbidden(name)
        check = self._value(child, kind)
        beside = self._beside_check(child, kind)
        under = f"_{key or name}"
        if child.repeats:
            return _many(name, under, child, check, beside, self._slices(child, kind))
        return _one(name, under, check, beside)

    def _slices(self, child: Element, kind: Kind | None) -> tuple[Sort, dict[str, tuple[Element, Check]], bool] | None:
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
            return self.object(element) if element.children else _nothing
        return both((self._exact(element), self._typed_value(element, kind)))

    def _exact(self, element: Element) -> Check | None:
        fixed, pattern = element.fixed, element.pattern
        if fixed is None and pattern is None:
            return None

        def check(value: Any, at: At, run: Run) -> None:
            if fixed is not None and not same(value, fixed):
                run.error("wrong-fixed", at, f"The value must be exactly {_show(fixed)}.")
            if pattern is not None and not fits(value, pattern):
                run.error("wrong-pattern", at, f"The value must contain {_show(pattern)}.")

        return check

    def _typed_value(self, element: Element, kind: Kind) -> Check:
        code = kind.code
        if code in PRIMITIVES:
            return sound(_primitive(element, code), rule_check(element.constraints))
        if code == "Extension":
            return self._extension(element, kind)
        if profiles.is_resource(code):
            return _resource(kind)
        bound = _bound(element) if element.required and code in {"CodeableConcept", "Coding", "Quantity"} else None
        refers = reference_check(kind) if code == "Reference" and kind.targets else None
        return both((bound, refers, self._body(element, kind)))

    def _body(self, element: Element, kind: Kind) -> Check:
        """The members of a complex value: as written out here, or by its profile, or by its datatype."""
        named = [p for p in kind.profiles if profiles.stored(p)]
        if element.children:
            inline = later(lambda: self.object(element))
            return both((inline, _any_profile(named))) if named else inline
        own = {c.expression for c in self._type_root(kind)}
        extra = tuple(c for c in element.constraints if c.expression not in own)
        body = _any_profile(named) if named else later(lambda: core_check(kind.code))
        return sound(body, rule_check(extra))

    def _type_root(self, kind: Kind) -> tuple[Constraint, ...]:
        core = profiles.core(kind.code)
        return core.root.constraints if core else ()

    def _extension(self, element: Element, kind: Kind) -> Check:
        if element.children:
            return later(lambda: self.object(element))
        named = [p for p in kind.profiles if profiles.stored(p)]
        if named:
            extra = tuple(c for c in element.constraints if c.key != "ext-1")
            return sound(_any_profile(named), rule_check(extra))
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


def _accept(_owner: Json, _value: Any, _at: At, _run: Run) -> None:
    """A member that JSON FHIR allows everywhere it stands."""


def _nothing(_value: Any, _at: At, _run: Run) -> None:
    """An element whose snapshot says nothing about its value."""


def _unknown(key: str, at: At, run: Run) -> None:
    name = key if PLAIN_NAME.fullmatch(key) else "(a name that is no FHIR name)"
    run.error("unknown-element", (at, name, -1), "This element is not part of its type.")


def _show(value: Any) -> str:
    """A demanded value in a message: published by the profile, never from the resource."""
    text = str(value)
    return text if len(text) <= 160 else f"{text[:160]}…"


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


def _forbidden(name: str) -> Member:
    def member(_owner: Json, _value: Any, at: At, run: Run) -> None:
        run.error("forbidden", (at, name, -1), "The profile does not allow this element.")

    return member


def _beside(key: str, member: Member) -> Member:
    """``_name`` is read together with ``name``; alone it stands for a value that is absent."""

    def beside(owner: Json, _value: Any, at: At, run: Run) -> None:
        if key not in owner:
            member(owner, None, at, run)

    return beside


def _one(name: str, under: str, check: Check, beside: Check | None) -> Member:
    def member(owner: Json, value: Any, at: At, run: Run) -> None:
        here = (at, name, -1)
        if isinstance(value, list):
            run.error("wrong-json", here, "A single value is expected, not a list.")
        elif value is not None:
            check(value, here, run)
        elif under[1:] in owner:
            run.error("wrong-json", here, "null is not a value.")
        if under in owner:
            _run_beside(beside, owner[under], here, run)

    return member


def _run_beside(beside: Check | None, value: Any, here: At, run: Run) -> None:
    if beside is None:
        run.error("unknown-element", here, "Only a primitive value has a part that begins with an underscore.")
    elif value is not None:
        beside(value, here, run)


def _many(
    name: str,
    under: str,
    child: Element,
    check: Check,
    beside: Check | None,
    slices: tuple[Sort, dict[str, tuple[Element, Check]], bool] | None,
) -> Member:
    least, most = child.least, child.most

    def member(owner: Json, value: Any, at: At, run: Run) -> None:
        extras = owner.get(under)
        held = value if value is not None else [None] * len(extras) if isinstance(extras, list) else value
        if not isinstance(held, list) or not held:
            run.error("wrong-json", (at, name, -1), "A list with at least one value is expected.")
            return
        if len(held) < least:
            run.error("missing", (at, name, -1), f"At least {least} expected, {len(held)} found.")
        if most is not None and len(held) > most:
            run.error("too-many", (at, name, -1), f"At most {most} allowed, {len(held)} found.")
        _each(held, extras, name, at, run)

    def _each(held: list[Any], extras: Any, name: str, at: At, run: Run) -> None:
        counts: dict[str, int] = {}
        for index, item in enumerate(held):
            here = (at, name, index)
            extra = extras[index] if isinstance(extras, list) and index < len(extras) else None
            if extra is not None:
                _run_beside(beside, extra, here, run)
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


def _sorted_item(
    item: Any,
    here: At,
    run: Run,
    check: Check,
    slices: tuple[Sort, dict[str, tuple[Element, Check]], bool],
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


def _primitive(element: Element, code: str) -> Check:
    good = PRIMITIVES[code]
    longest, bound = element.longest, value_set(element.required) if element.required else None

    def check(value: Any, at: At, run: Run) -> None:
        if not good(value):
            run.error("wrong-type", at, f"A value of type {code} is expected.")
            return
        if longest is not None and len(value) > longest:
            run.error("too-long", at, f"At most {longest} characters are allowed.")
        if bound is not None and isinstance(value, str) and bound.holds_bare(value) is False:
            run.error("wrong-code", at, f"The code is not in the required value set {element.required}.")

    return check


def _bound(element: Element) -> Check:
    name = element.required or ""

    def check(value: Any, at: At, run: Run) -> None:
        if any_in(name, value) is False and not _excused(value):
            run.error("wrong-code", at, f"No coding is in the required value set {name}.")

    return check


def _excused(value: Any) -> bool:
    """A value that says by extension why it is absent, or a Quantity without a unit code, binds nothing."""
    return isinstance(value, dict) and ("extension" in value or "value" in value) and "coding" not in value


def _any_profile(canonicals: list[str]) -> Check:
    """The value must meet at least one of the profiles; the faults of the nearest one are reported."""
    if len(canonicals) == 1:
        only = canonicals[0]
        return later(lambda: profile_check(only) or _nothing)

    def check(value: Any, at: At, run: Run) -> None:
        run.issues += nearest(value, at, run, canonicals)[1]

    return check


def nearest(value: Any, at: At, run: Run, canonicals: Iterable[str]) -> tuple[str, list[Any]]:
    """The profile a value comes nearest to, and what is still wrong with it."""
    kept, best = run.issues, None
    for canonical in canonicals:
        run.issues = []
        (profile_check(canonical) or _nothing)(value, at, run)
        wrong = run.errors_since(0)
        if best is None or wrong < best[0]:
            best = (wrong, canonical, run.issues)
        if not wrong:
            break
    run.issues = kept
    return (best[1], best[2]) if best else ("", [])


def _extension_by_url(modifier: bool, free: bool) -> Check:
    """An extension outside every slice: by its own definition if stored; open if it is not; relative names are not."""

    def check(value: Any, at: At, run: Run) -> None:
        url = value.get("url") if isinstance(value, dict) else None
        known = profiles.profile(url) if isinstance(url, str) and ":" in url else None
        if known is not None and known.type == "Extension":
            (profile_check(known.canonical) or _nothing)(value, at, run)
            return
        if modifier:
            run.error("unknown-modifier", at, "A modifier extension that is not known cannot be ignored.")
        elif isinstance(url, str) and ":" not in url and not free:
            run.error("unknown-extension", at, "The extension around this one does not define a part of this name.")
        core_check("Extension")(value, at, run)

    return check


def _resource(kind: Kind) -> Check:
    """A resource inside another: contained, in a Bundle entry, in a parameter."""

    def check(value: Any, at: At, run: Run) -> None:
        if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
            run.error("wrong-json", at, "A resource with a resourceType is expected.")
            return
        if kind.code not in ANY_RESOURCE and value["resourceType"] != kind.code:
            run.error("wrong-type", at, f"A {kind.code} is expected.")
            return
        resource_check(value, at, run, kind.profiles)

    return check


def resource_check(value: Json, at: At, run: Run, demanded: tuple[str, ...] = ()) -> None:
    """Check a resource against every profile it claims and at least one of those demanded here."""
    type_name = str(value.get("resourceType"))
    if not profiles.is_resource(type_name):
        run.error("unknown-resource", at, "This resourceType is not one the checker holds a definition of.")
        return
    outer = run.enter(value)
    for group in _groups(value, type_name, at, run, demanded):
        mark = len(run.issues)
        met, found = nearest(value, at, run, group)
        run.issues += found
        run.verdicts[id(value), met] = run.errors_since(mark) == 0
    run.scope = outer


def _groups(value: Json, type_name: str, at: At, run: Run, demanded: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Alternatives to meet: each claimed profile (any version where none is named), one of those demanded."""
    groups = [g for canonical in _claimed(value) if (g := _alternatives(canonical, type_name, at, run))]
    must = tuple(dict.fromkeys(key for canonical in demanded if (key := profiles.stored(canonical))))
    if must and not any(set(group) & set(must) for group in groups):
        groups.append(must)
    return groups or [(f"{profiles.R4}{type_name}|4.0.1",)]


def _claimed(value: Json) -> list[str]:
    meta = value.get("meta")
    named = meta.get("profile") if isinstance(meta, dict) else None
    return list(dict.fromkeys(n for n in named if isinstance(n, str))) if isinstance(named, list) else []


def _alternatives(canonical: str, type_name: str, at: At, run: Run) -> tuple[str, ...]:
    found = profiles.profile(canonical)
    if found is None:
        run.note("profile-not-held", at, "A claimed profile is not held here and was not checked.")
        return ()
    if found.type != type_name:
        run.error("wrong-profile", at, f"A claimed profile is about {found.type}, not about this resource.")
        return ()
    if "|" in canonical:
        return (found.canonical,)
    return tuple(f"{canonical}|{version}" for version in profiles.versions(canonical))
