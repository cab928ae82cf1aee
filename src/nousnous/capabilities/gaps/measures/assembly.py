"""From evidence, wasted time and beliefs to the rows of the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from nousnous.capabilities.gaps.measures.beliefs import Stated, finding
from nousnous.capabilities.gaps.measures.contacts import NONE
from nousnous.capabilities.gaps.measures.debt import Reference, Wasted, debt, money_of, year_scale
from nousnous.capabilities.gaps.measures.evidence import RELATIONSHIP, Evidence
from nousnous.capabilities.gaps.measures.passage import passage
from nousnous.capabilities.gaps.measures.report import (
    BeliefRow,
    ContactCosts,
    DebtRow,
    JourneyRow,
    StepRow,
)
from nousnous.capabilities.gaps.measures.shapes import YearlyFactorsShape
from nousnous.capabilities.gaps.measures.visits import SECOND_US
from nousnous.capabilities.gaps.measures.weeks import spreads, trend
from nousnous.facts.evidence import EvidenceShape
from nousnous.facts.journeys import DEFAULT, Journey
from nousnous.journeys.periods import Period, trend_weeks
from nousnous.stats.clusters import steady_sum
from nousnous.stats.gaps import Judgement, Scale

NEVER_JUDGED = Judgement("unproven", reason="no week has been judged yet")


@dataclass(frozen=True, slots=True)
class HeldBelief:
    """A belief as it is kept; where `own_scale`, the ends of the survey's scale are those of the gap's.

    `stored` is the last stored verdict with its Monday; None: judge on this window. `first_sealed_us` is the earliest
    seal among this version and those that it replaced.
    """

    id: str
    step: str
    author: str
    segment: str
    stated: Stated
    sealed_us: int | None
    scale: Scale
    unit: str
    own_scale: bool
    stored: tuple[Judgement, str | None] | None = None
    first_sealed_us: int | None = None

    @property
    def owed_since_us(self) -> int | None:
        """From when on its step's principal counts."""
        return self.sealed_us if self.first_sealed_us is None else self.first_sealed_us


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Everything one report is made of. `wasted` may reach back before the period, to the earliest seal.

    `by_belief` is the evidence of the beliefs about a segment, by their id. `weekly` is that of the last week that
    closed, on the Monday `weekly_on`, read where the report is split.
    """

    journey: Journey
    period: Period
    evidence: Evidence
    references: Sequence[Reference]
    wasted: Wasted
    observed_us: int
    beliefs: Sequence[HeldBelief]
    interest_week: Period | None
    found_evidence: Mapping[str, Sequence[EvidenceShape]]
    by_belief: Mapping[str, Evidence] = field(default_factory=dict)
    weekly: Evidence | None = None
    weekly_on: str | None = None
    timezone: str = "UTC"

    def factors(self) -> YearlyFactorsShape:
        """What turns hours into money a year."""
        return {**self.journey.factors(), "year_scale": year_scale(self.observed_us)}


def belief_row(belief: HeldBelief, evidence: Evidence, position: int) -> BeliefRow:
    """A belief beside what its step's customers went through."""
    metric = belief.stated.metric
    found = evidence.experienced(position, metric)
    scale = belief.scale
    if belief.own_scale and found.scale is not None:
        scale = replace(scale, low=found.scale[0], high=found.scale[1])
    judged, judged_on = finding(belief.stated, found.estimate, scale), None
    if belief.stored is not None:
        judgement, judged_on = belief.stored
        judged = replace(judged, judgement=judgement)
    sealed = belief.sealed_us is not None
    in_time = belief.sealed_us is not None and (found.first_us is None or belief.sealed_us < found.first_us)
    return BeliefRow(belief.id, belief.author, belief.segment, belief.stated, sealed, in_time, judged, judged_on, scale)


def journey_row(case: Case) -> JourneyRow:
    """The journey as a whole; its debt is that of all its rows."""
    visits = case.evidence.visits
    persons_closed = int(np.count_nonzero(visits.by_person(visits.closed)))
    costs = contact_costs(case.evidence, case.journey, case.period)
    owed = [_owed(case, case.wasted.only(case.wasted.step == position), position) for position in _positions(case)]
    principal, interest = (_sum(amounts) for amounts in zip(*owed, strict=True))
    whole = replace(
        _debt_row(case, case.wasted, persons_closed, None), principal=principal, interest=interest, contacts=_all(costs)
    )
    no_step = costs.get(NONE, ContactCosts())
    journey, found = case.journey, passage(visits, case.evidence.finishes)
    scores = tuple(case.evidence.scores(RELATIONSHIP))
    return JourneyRow(journey.id, journey.name, journey.steps, found, whole, no_step, scores)


def step_rows(case: Case, *, by_week: bool = True) -> list[StepRow]:
    """The steps, dearest first, and their last weeks; those that cost the same stand in the file's order."""
    costs = contact_costs(case.evidence, case.journey, case.period)
    rows = [_step_row(case, position, costs, by_week=by_week) for position in _positions(case)]
    return sorted(rows, key=lambda row: -(row.debt.debt.money.value or 0.0))


def of_part(case: Case, values: Sequence[str], name: str) -> Case:
    """The case of some values of the splitting property: after the overlap rule, with the references of all.

    `name` (country=DE) keeps the beliefs about this part beside those about everybody. A belief about everybody has no
    stored verdict of a part: there the last week that closed is judged anew.
    """
    codes = case.evidence.codes_of(values)
    evidence = case.evidence.of_codes(codes)
    weekly = None if case.weekly is None else case.weekly.of_codes(case.weekly.codes_of(values))
    return replace(
        case,
        evidence=evidence,
        wasted=case.wasted.only(np.isin(case.wasted.segment, codes)),
        beliefs=[_in_part(case, belief, weekly, name) for belief in case.beliefs if belief.segment in {"", name}],
        weekly=weekly,
        by_belief={},
    )


def _in_part(case: Case, belief: HeldBelief, weekly: Evidence | None, name: str) -> HeldBelief:
    known = {step.id: position for position, step in enumerate(case.journey.steps)}
    if belief.stored is None or belief.segment == name or belief.step not in known:
        return belief
    if weekly is None:
        return replace(belief, stored=(NEVER_JUDGED, None))
    row = belief_row(replace(belief, stored=None), weekly, known[belief.step])
    return replace(belief, stored=(row.finding.judgement, case.weekly_on))


def contact_costs(evidence: Evidence, journey: Journey, period: Period) -> dict[int, ContactCosts]:
    """Contacts of the period by the step that they belong to; −1 for no step."""
    contacts = evidence.contacts.only(period.holds(evidence.contacts.moment_us))
    if evidence.inside is not None:
        contacts = contacts.only(np.isin(contacts.segment, evidence.inside))
    wage = journey.wages[DEFAULT]
    found = {}
    for step in np.unique(contacts.step).tolist():
        mine = contacts.only(contacts.step == step)
        customer, handling = (steady_sum(minutes) / 60 for minutes in (mine.customer_minutes, mine.handling_minutes))
        found[step] = ContactCosts(mine.person.size, customer, customer * wage, handling, handling * wage)
    return found


def _positions(case: Case) -> range:
    return range(len(case.journey.steps))


def _step_row(case: Case, position: int, costs: Mapping[int, ContactCosts], *, by_week: bool) -> StepRow:
    step, evidence = case.journey.steps[position], case.evidence
    found = evidence.outcomes(position)
    beliefs = [belief for belief in case.beliefs if belief.step == step.id]
    wasted = case.wasted.only(case.wasted.step == position)
    row = _debt_row(case, wasted, found.persons_closed, position)
    weeks = _weeks(case, position) if by_week else []
    return StepRow(
        step,
        found.counts,
        found.shares,
        found.duration,
        tuple(evidence.scores(step.id)),
        tuple(_in_its_segment(case, belief, position) for belief in beliefs),
        replace(row, contacts=costs.get(position, ContactCosts())),
        trend(weeks, position, *_trended(beliefs)),
        tuple(case.found_evidence.get(step.id, ())),
        weeks=spreads(weeks, position),
    )


def _in_its_segment(case: Case, belief: HeldBelief, position: int) -> BeliefRow:
    """A belief about a segment is judged by the evidence of that segment."""
    evidence = case.by_belief.get(belief.id, case.evidence)
    return belief_row(belief, evidence, position)


def _debt_row(case: Case, wasted: Wasted, persons_closed: int, position: int | None) -> DebtRow:
    found = debt(_opened_in(wasted, case.period), persons_closed, case.journey.hour_costs, case.observed_us)
    principal, interest = (None, None) if position is None else _owed(case, wasted, position)
    reference = None if position is None else _reference_s(case.references[position])
    return DebtRow(found, reference, case.journey.currency, case.factors(), principal, interest, ContactCosts())


def _owed(case: Case, wasted: Wasted, position: int) -> tuple[float | None, float | None]:
    """What the wasted time of a step has cost since its first seal, and in the last full week."""
    costs, step = case.journey.hour_costs, case.journey.steps[position].id
    seals = [one.owed_since_us for one in case.beliefs if one.owed_since_us is not None and one.step == step]
    principal = interest = None
    if seals:
        principal = money_of(_opened_in(wasted, Period(min(seals), case.period.to_us)), costs)
    if case.interest_week is not None:
        interest = money_of(_opened_in(wasted, case.interest_week), costs)
    return principal, interest


def _opened_in(wasted: Wasted, period: Period) -> Wasted:
    return wasted.only(period.holds(wasted.opened_us))


def _reference_s(reference: Reference) -> float | None:
    return None if reference.troubled_us is None else reference.troubled_us / SECOND_US


def _weeks(case: Case, position: int) -> list[Evidence]:
    found = case.evidence.of_step(position)
    return [found.during(week) for week in trend_weeks(case.period)]


def _trended(beliefs: Sequence[HeldBelief]) -> tuple[str, str]:
    """Completion, or the metric of the step's first belief where none is about completion; and its unit."""
    if beliefs and all(belief.stated.metric != "completion" for belief in beliefs):
        return beliefs[0].stated.metric, beliefs[0].unit
    return "completion", "share"


def _sum(amounts: Sequence[float | None]) -> float | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _all(costs: Mapping[int, ContactCosts]) -> ContactCosts:
    rows = list(costs.values())
    return ContactCosts(
        sum(row.n for row in rows),
        sum(row.customer_hours for row in rows),
        sum(row.customer_cost for row in rows),
        sum(row.handling_hours for row in rows),
        sum(row.handling_cost for row in rows),
    )
