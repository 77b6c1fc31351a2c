"""The library as values: facts, policies and requirements, and which of them holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from openum.core.codes import Code
from openum.core.criteria import fact_names
from openum.core.facts import FactDefinition
from openum.core.policy import Policy, Question, select
from openum.core.request import LineOfBusiness
from openum.core.requirement import Requirements
from openum.librarian.definitions import with_inputs
from openum.librarian.overlap import family, plain


class _Index:
    """Policies by the codes they cover, so that choosing one among thousands looks at a handful."""

    __slots__ = ("_exact", "_wide")

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._exact: dict[tuple[str, str], list[Policy]] = {}
        self._wide: dict[tuple[str, str], list[Policy]] = {}
        for policy in policies:
            for system, values in policy.covers.by_system.items():
                for value in values:
                    self._put(policy, family(system), plain(value))

    def _put(self, policy: Policy, system: str, value: str) -> None:
        low, dots, high = value.partition("..")
        if not dots and not value.endswith("*"):
            self._exact.setdefault((system, value), []).append(policy)
            return
        last = high[0] if dots else low[0]
        for letter in range(ord(low[0]), ord(last) + 1):
            self._wide.setdefault((system, chr(letter)), []).append(policy)

    def candidates(self, code: Code) -> Iterable[Policy]:
        """The policies that may cover a code, each once: those that name it, and patterns that begin as it does."""
        system, value = family(code.system), plain(code.value)
        exact, wide = self._exact.get((system, value), ()), self._wide.get((system, value[:1]), ())
        return {policy.key: policy for policy in (*exact, *wide)}.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Everything on the shelves, read once. ``digest`` is the SHA-256 (hex) of every file of every shelf.

    ``policies`` holds every version; an open version is closed on the eve of the next. ``requirements`` holds the
    newest version of each line of business, ``requirement_versions`` all of them, what takes precedence first.
    ``files`` says in which file each policy version (by key) is written; its examples stand beside it.
    """

    facts: Mapping[str, FactDefinition]
    policies: tuple[Policy, ...]
    requirements: Mapping[LineOfBusiness, Requirements]
    requirement_versions: tuple[Requirements, ...]
    digest: str
    files: Mapping[str, Path] = field(default_factory=dict)
    _index: _Index = field(init=False, repr=False, compare=False)
    _by_key: Mapping[str, Policy] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", _Index(self.policies))
        object.__setattr__(self, "_by_key", {policy.key: policy for policy in self.policies})

    def select(self, question: Question) -> Policy | None:
        """The policy that governs (``openum.core.policy.select``); ``None`` when none does or two tie."""
        return select(self._index.candidates(question.code), question)

    def covering(self, code: Code) -> tuple[Policy, ...]:
        """Every policy version that covers a code, for whomever and whenever."""
        return tuple(policy for policy in self._index.candidates(code) if code in policy.covers)

    def policy(self, key: str) -> Policy | None:
        """The version with this key (``id@version``), or the newest version of a bare id."""
        if "@" in key:
            return self._by_key.get(key)
        return max((one for one in self.policies if one.id == key), key=lambda one: one.in_force.start, default=None)

    def policy_on(self, id: str, day: date) -> Policy | None:
        """The version of a policy in force on a day of service."""
        return next((one for one in self.policies if one.id == id and day in one.in_force), None)

    def requirements_on(self, line_of_business: LineOfBusiness, day: date) -> Requirements | None:
        """The rules of a line of business in force on a day of service."""
        own = (one for one in self.requirement_versions if one.line_of_business == line_of_business)
        return next((one for one in own if day in one.in_force), None)

    def questionnaire_facts(self, policy: Policy) -> tuple[FactDefinition, ...]:
        """The facts a policy needs, in order of first mention; the inputs of a derived fact follow it."""
        derived = {name: fact.derived for name, fact in self.facts.items()}
        names = with_inputs(fact_names(policy.criteria), derived)
        return tuple(self.facts[name] for name in names if name in self.facts)
