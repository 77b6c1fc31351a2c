"""Cases made: a member, a policy, what is asked for, a situation, its chart, and the truth that follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from openum.core.chart import Value
from openum.core.codes import CodeSet
from openum.core.facts import FactDefinition
from openum.core.policy import Policy
from openum.librarian.library import Library
from openum.world.asking import (
    QUANTITY,
    QUANTITY_FACT,
    Asker,
    Asking,
    amount,
    last_day,
    lead,
    quantity_is_open,
    question,
    service,
)
from openum.world.case import Case
from openum.world.cells import Puzzle, records, too_old
from openum.world.charting import Piece, Scene, implied, stated
from openum.world.codes import single
from openum.world.content import content
from openum.world.dice import Dice
from openum.world.noise import beside, other_unit, shadows, stale
from openum.world.notes import Note, note
from openum.world.situations import ASKED, Situation, Situations
from openum.world.truth import JUDGED, Kind, Outcome, Truth
from openum.world.values import Clinician, Member, Organization, Payer, Plan

TRIES = 5
NOTE_SHARE = 0.6
STALE_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """For whom and when a case is made; ``number`` counts the requests of one stream."""

    number: int
    sent_at: datetime
    plan: Plan
    member: Member

    def age(self, on: date) -> int:
        """The member's age in years on a day."""
        born = self.member.birth_date
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


class Maker:
    """Makes the cases of one payer."""

    def __init__(
        self, seed: int, as_of: date, library: Library, payer: Payer, organizations: Sequence[Organization]
    ) -> None:  # fmt: skip
        self._seed, self._as_of, self._library, self._payer = seed, as_of, library, payer
        self._organizations = tuple(one for one in organizations if payer.slug in one.known_to)
        self.asker = Asker(library)

    # ---- what a policy judges --------------------------------------------------------------------------------

    def judged(self, kind: Kind, policy: Policy, at: Occasion, dice: Dice) -> Case | None:
        """A case that the policy's criteria judge (or, ``limit_exceeded``, would); ``None`` when none was found."""
        for turn in range(TRIES):
            found = self._judged(kind, policy, at, dice.named(turn))
            if found is not None:
                return found
        return None

    def _judged(self, kind: Kind, policy: Policy, at: Occasion, dice: Dice) -> Case | None:
        on = self._service_day(policy, at, dice)
        asking = self.asker.draw(policy, at.plan, on, dice.named("asking"))
        if asking is None or _excluded(at.plan, asking) or self._use_is_unknown(at.plan, asking):
            return None
        definitions = self._library.questionnaire_facts(policy)
        by_diagnosis = implied(definitions, asking.diagnoses)
        if by_diagnosis is None:
            return None
        opened = quantity_is_open(policy)
        asking = asking if opened else _asking_for(asking, *amount(policy, dice))
        on_record = {one.id: dice.named("record", one.id).chance(0.5) for one in records(definitions)}
        puzzle = self._puzzle(policy, at, asking, {**by_diagnosis, **on_record}, opened=opened)
        situation = _situation(kind, puzzle, definitions, dice.named("situation"))
        if situation is None:
            return None
        if opened:
            quantity = situation.facts.get(QUANTITY, 1)
            asking = _asking_for(asking, int(str(quantity)), amount(policy, dice)[1])
        if (kind == "limit_exceeded") != _beyond_a_limit(at, asking):
            return None
        asking = self._for_an_illness(policy, at, asking, situation, by_diagnosis, dice.named("illness"))
        urgent = kind in JUDGED and at.sent_at.date() <= on and dice.chance(content("shares")["expedited"])
        asking = replace(asking, urgent=urgent)
        return self._with_chart(kind, policy, at, asking, puzzle, situation, dice)

    def _service_day(self, policy: Policy, at: Occasion, dice: Dice) -> date:
        sent = at.sent_at.date()
        if dice.chance(content("shares")["retrospective"]):
            before = sent - timedelta(days=dice.between(3, 40))
            if before in policy.in_force and before >= at.member.coverage_start:
                return before
        ahead = sent + timedelta(days=lead(policy, self._library.questionnaire_facts(policy), dice))
        return ahead if ahead in policy.in_force else sent

    def _use_is_unknown(self, plan: Plan, asking: Asking) -> bool:
        """Whether a limit counts the service in another year than the one whose use the members' records tell."""
        limited = any(asking.code in one.set for one in plan.limits)
        return limited and asking.first.year != self._as_of.year

    def _for_an_illness(
        self, policy: Policy, at: Occasion, asking: Asking, situation: Situation, before: Mapping[str, bool], dice: Dice
    ) -> Asking:  # fmt: skip
        """The request with an illness of the member as its diagnosis, where that says no less and nothing else."""
        definitions = self._library.questionnaire_facts(policy)
        ill = [one for one in definitions if situation.facts.get(one.id) is True]
        codes = [code for one in ill for r in one.readers if r.kind == "condition" for code in single(r.codes)]
        for code in dice.some([one.value for one in codes if one.system == "icd10cm"], 0, 3):
            changed = replace(asking, diagnoses=(code,))
            found = implied(definitions, changed.diagnoses)
            if found is not None and set(before) <= set(found) <= {*before, *(one.id for one in ill)}:
                same = self._library.select(question(changed, at.plan)) is policy
                if same and self.asker.needs(changed, at.plan) == asking.needs:
                    return changed
        return asking

    def _puzzle(
        self, policy: Policy, at: Occasion, asking: Asking, settled: Mapping[str, bool], *, opened: bool
    ) -> Puzzle:  # fmt: skip
        said = {name: value for name, value in asking.facts().items() if not (opened and name == QUANTITY)}
        fixed: dict[str, Value] = {"age": at.age(asking.first), "sex": at.member.sex, **settled, **said}
        return Puzzle(
            policy.criteria, {**self._library.facts, QUANTITY: QUANTITY_FACT}, asking.first, at.sent_at.date(), fixed
        )

    def _with_chart(
        self, kind: Kind, policy: Policy, at: Occasion, asking: Asking, puzzle: Puzzle, situation: Situation, dice: Dice
    ) -> Case:  # fmt: skip
        definitions = self._library.questionnaire_facts(policy)
        facts = {**puzzle.fixed, **situation.facts}
        known = {name: value for name, value in facts.items() if not name.startswith(ASKED)}
        scene = Scene(definitions, known, puzzle.on, puzzle.latest, too_old(puzzle, known))
        told = {one.id for one in records(definitions) if known[one.id] is True}
        names = [name for name in known if name not in puzzle.fixed or name in told]
        pieces = _chart(scene, names, situation, dice.named("chart"))
        organization, clinician = self._practice(policy, dice.named("practice"))
        truth = _truth(kind, policy, at, asking, situation, facts, organization)
        case = self._case(at, asking, organization, clinician, pieces, truth)
        return replace(case, note=_note(kind, case, known, situation, self._library.facts, dice.named("note")))

    # ---- what no criteria judge ------------------------------------------------------------------------------

    def unjudged(self, kind: Kind, at: Occasion, dice: Dice) -> Case | None:
        """A request for something that needs nothing, that the plan excludes, or that is an emergency."""
        on = at.sent_at.date()
        asking = self._unjudged_asking(kind, at, on, dice)
        if asking is None:
            return None
        expected: Outcome = "pended" if kind in ("excluded", "post_stabilization") else "not_required"
        organization, clinician = self._practice(None, dice)
        truth = Truth(
            number=at.number, submission=self._submission(at, organization), kind=kind, expected=expected,
            plan=at.plan.code, member=at.member.number, organization=organization.slug, code=asking.code.value,
            service_date=asking.first, needs=asking.needs, expedited=asking.emergency, facts=asking.facts(),
        )  # fmt: skip
        return self._case(at, asking, organization, clinician, (), truth)

    def _unjudged_asking(self, kind: Kind, at: Occasion, on: date, dice: Dice) -> Asking | None:
        if kind == "not_required":
            return self.asker.unneeded(at.plan, on, dice)
        if kind == "excluded":
            return self._excluded_asking(at.plan, on, dice)
        return self._emergency(kind, at.plan, on, dice)

    def _excluded_asking(self, plan: Plan, on: date, dice: Dice) -> Asking | None:
        how = service("", "")
        for exclusion in dice.shuffled(plan.exclusions):
            asking = Asking(
                code=dice.pick(single(CodeSet(exclusion.codes))), place=how["places"][0], category=how["category"],
                request_type=how["request_type"], claim_type=how["claim"], first=on + timedelta(days=7), quantity=1,
                unit="unit", diagnoses=(str(dice.pick(how["diagnoses"])),),
            )  # fmt: skip
            if self.asker.needs(asking, plan) == "authorization":
                return asking
        return None

    def _emergency(self, kind: Kind, plan: Plan, on: date, dice: Dice) -> Asking | None:
        held, how = content("services")["emergencies"][kind], service("", "inpatient")
        asking = Asking(
            code=dice.pick(single(CodeSet(held["codes"]))), place=held["place"], category=how["category"],
            request_type=held["request_type"], claim_type=how["claim"], first=on, quantity=1, unit="unit",
            diagnoses=(dice.pick(content("services")["emergency_diagnoses"]),), emergency=True,
        )  # fmt: skip
        wanted = {"emergency": "never", "notified": "notification", "post_stabilization": "post_stabilization"}[kind]
        needs = self.asker.needs(asking, plan)
        return replace(asking, needs=needs) if needs == wanted else None

    def twin(self, kind: Kind, original: Case, number: int, sent_at: datetime) -> Case | None:
        """The same request again, while the first is pending or approved; ``None`` when it came too late."""
        if original.asking.first < sent_at.date():
            return None
        outcome: Outcome = "pended" if kind == "duplicate" else "not_required"
        submission = f"{original.organization.slug}-{self._seed}-{number:06d}"
        truth = replace(
            original.truth, number=number, submission=submission, kind=kind, expected=outcome,
            twin_of=original.truth.number,
        )  # fmt: skip
        return replace(original, submission=submission, sent_at=sent_at, truth=truth)

    # ---- who asks --------------------------------------------------------------------------------------------

    def _practice(self, policy: Policy | None, dice: Dice) -> tuple[Organization, Clinician]:
        how = service(policy.id, policy.family) if policy is not None else service("", "")
        fit = [one for one in self._organizations if one.slug in how["by"]] or list(self._organizations)
        pairs = [(one, who) for one in fit for who in one.clinicians]
        special = [(one, who) for one, who in pairs if who.specialty in how["specialties"]]
        return dice.pick(special or pairs)

    def _submission(self, at: Occasion, organization: Organization) -> str:
        return f"{organization.slug}-{self._seed}-{at.number:06d}"

    def _case(
        self, at: Occasion, asking: Asking, organization: Organization, clinician: Clinician,
        pieces: tuple[Piece, ...], truth: Truth,
    ) -> Case:  # fmt: skip
        submission = self._submission(at, organization)
        return Case(
            world=self._seed, submission=submission, payer=self._payer, plan=at.plan, member=at.member,
            organization=organization, clinician=clinician, sent_at=at.sent_at, asking=asking, pieces=pieces, note=None,
            truth=replace(truth, submission=submission),
        )  # fmt: skip


def _situation(
    kind: Kind, puzzle: Puzzle, definitions: Iterable[FactDefinition], dice: Dice
) -> Situation | None:  # fmt: skip
    made = Situations(puzzle, dice)
    if kind in ("yes", "limit_exceeded"):
        return made.yes()
    if kind == "no":
        return made.no()
    # In a note, a datum has to be called something; on a form, old readings may tempt.
    prefer = [d.id for d in definitions if (d.words if kind == "notes_only" else d.window is not None)]
    return made.unknown(prefer if kind == "notes_only" or dice.chance(STALE_SHARE) else ())


def _asking_for(asking: Asking, quantity: int, unit: str) -> Asking:
    return replace(asking, quantity=quantity, unit=unit, last=last_day(asking.first, quantity, unit))


def _excluded(plan: Plan, asking: Asking) -> bool:
    return any(asking.code in CodeSet(one.codes) for one in plan.exclusions)


def _beyond_a_limit(at: Occasion, asking: Asking) -> bool:
    return any(
        asking.code in one.set and (asking.quantity or 0) > one.amount - at.member.used.get(one.title, 0)
        for one in at.plan.limits
    )


def _chart(scene: Scene, names: Sequence[str], situation: Situation, dice: Dice) -> tuple[Piece, ...]:
    held = {definition.id: definition for definition in scene.definitions}
    share = content("shares")["in_chart"]
    said = tuple(
        piece
        for name in names
        if name in held
        for piece in stated(scene, held[name], scene.known[name], dice.named(name), in_chart=share)
    )
    around = [*beside(scene, dice.named("beside")), *shadows(scene, scene.definitions, said, dice.named("shadows"))]
    old = _old_reading(scene, held, situation, dice.named("old"))
    said = tuple(other_unit(piece, dice.named("unit", piece.fact)) for piece in said)
    return tuple(dice.shuffled([*said, *around, *old]))


def _old_reading(
    scene: Scene, held: Mapping[str, FactDefinition], situation: Situation, dice: Dice
) -> list[Piece]:  # fmt: skip
    """For a datum that is missing: sometimes there is one, but too old to count."""
    hinge = situation.hinge
    definition = held.get(hinge.fact) if hinge is not None and hinge.given is None else None
    if hinge is None or definition is None or not dice.chance(STALE_SHARE):
        return []
    pieces = stated(scene, definition, hinge.needed, dice, in_chart=1.0)
    found = [stale(scene, definition, piece, dice) for piece in pieces if piece.fact == definition.id]
    return [piece for piece in found if piece is not None]


def _note(
    kind: Kind, case: Case, known: Mapping[str, Value], situation: Situation, facts: Mapping[str, FactDefinition],
    dice: Dice,
) -> Note | None:  # fmt: skip
    day = min(case.sent_at.date(), case.asking.first)
    told = {name: value for name, value in known.items() if name not in ("age", "sex")}
    if kind == "notes_only" and situation.hinge is not None:
        told = {**told, situation.hinge.fact: situation.hinge.needed}
        return note(facts, told, day, case.clinician.name, dice, always=[situation.hinge.fact])
    return note(facts, told, day, case.clinician.name, dice) if dice.chance(NOTE_SHARE) else None


def _truth(
    kind: Kind, policy: Policy, at: Occasion, asking: Asking, situation: Situation, facts: Mapping[str, Value],
    organization: Organization,
) -> Truth:  # fmt: skip
    return Truth(
        number=at.number, submission="", kind=kind, expected=_expected(kind, policy, asking), plan=at.plan.code,
        member=at.member.number, organization=organization.slug, code=asking.code.value, service_date=asking.first,
        policy=policy.key, answer="yes" if kind == "notes_only" else situation.answer, structured=situation.answer,
        needs=asking.needs, to_person=bool(policy.to_person), expedited=asking.urgent,
        retrospective=(asking.last or asking.first) < at.sent_at.date(), facts={**facts, **asking.facts()},
        hinge=situation.hinge,
    )  # fmt: skip


def _expected(kind: Kind, policy: Policy, asking: Asking) -> Outcome:
    if asking.needs in ("never", "notification"):
        return "not_required"
    return "approved" if kind == "yes" and not policy.to_person and asking.needs == "authorization" else "pended"
