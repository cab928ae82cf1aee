"""The gap report as a frozen result; `as_dict` is its JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from nousnous.capabilities.gaps.measures.beliefs import Finding, Stated
from nousnous.capabilities.gaps.measures.consequence import Consequence
from nousnous.capabilities.gaps.measures.debt import Debt
from nousnous.capabilities.gaps.measures.outcomes import Counts
from nousnous.capabilities.gaps.measures.passage import Passage
from nousnous.capabilities.gaps.measures.shapes import (
    ContactCostsShape,
    DebtShape,
    GapReportShape,
    JourneyRowShape,
    JudgedBeliefShape,
    PlayOfStepShape,
    ProofOfStepShape,
    SegmentRowShape,
    StepRowShape,
    StepSpreadsShape,
    TrendShape,
    YearlyFactorsShape,
)
from nousnous.facts.evidence import EvidenceShape
from nousnous.facts.journeys import Step
from nousnous.journeys.scores import Score
from nousnous.stats.estimate import Estimate
from nousnous.stats.gaps import Scale


@dataclass(frozen=True, slots=True)
class ContactCosts:
    """Contacts and what they cost: the customers' hours and money, the company's hours and money."""

    n: int = 0
    customer_hours: float = 0.0
    customer_cost: float = 0.0
    handling_hours: float = 0.0
    handling_cost: float = 0.0

    def as_dict(self) -> ContactCostsShape:
        return {
            "contacts": self.n,
            "contact_hours": self.customer_hours,
            "contact_cost": self.customer_cost,
            "handling_hours": self.handling_hours,
            "handling_cost": self.handling_cost,
        }


@dataclass(frozen=True, slots=True)
class DebtRow:
    """A debt with what it rests on; principal and interest are money, None without a sealed belief."""

    debt: Debt
    reference_s: float | None
    currency: str
    factors: YearlyFactorsShape
    principal: float | None
    interest: float | None
    contacts: ContactCosts

    def as_dict(self) -> DebtShape:
        yearly = self.debt.per_year
        return {
            "hours": self.debt.hours.as_dict(),
            "reference_s": self.reference_s,
            "per_year": yearly.as_dict() if yearly else None,
            "currency": self.currency,
            "factors": self.factors,
            "causes": [cause.as_dict() for cause in self.debt.causes],
            "principal": self.principal,
            "interest": self.interest,
            **self.contacts.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class BeliefRow:
    """A belief beside its finding, and the scale of its gap.

    `judged_on` is the Monday of the stored verdict, None when judged on this window.
    """

    id: str
    author: str
    segment: str
    stated: Stated
    sealed: bool
    sealed_in_time: bool
    finding: Finding
    judged_on: str | None
    scale: Scale | None = None

    def as_dict(self) -> JudgedBeliefShape:
        judgement = self.finding.judgement
        return {
            "id": self.id,
            "author": self.author,
            "segment": self.segment or None,
            "metric": self.stated.metric,
            "believed": self.stated.value,
            "tolerance": self.stated.tolerance,
            "range": list(self.stated.range) if self.stated.range else None,
            "expected_gap": self.stated.expected_gap,
            "sealed": self.sealed,
            "sealed_in_time": self.sealed_in_time,
            "experienced": self.finding.experienced.as_dict(),
            "gap": None if self.finding.gap.value is None else self.finding.gap.as_dict(),
            "times": self.finding.gap.times,
            "verdict": judgement.verdict,
            "judged_on": self.judged_on,
            "lean": judgement.lean,
            "needed_n": judgement.needed_n,
            "needed_reason": judgement.reason,
            "blind_spot": self.finding.blind_spot_as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Trend:
    """A metric week by week, oldest first; each week ends where the next begins, the last with the window."""

    metric: str
    unit: str
    weeks: tuple[Estimate, ...]

    @property
    def change(self) -> float | None:
        """Last week that has a value less the first one, in the metric's unit."""
        values = [week.value for week in self.weeks if week.value is not None]
        return values[-1] - values[0] if len(values) > 1 else None

    def as_dict(self) -> TrendShape:
        return {
            "metric": self.metric,
            "unit": self.unit,
            "weeks": [week.as_dict() for week in self.weeks],
            "change": self.change,
        }


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step; `weeks` are the spreads of its durations and scores in the weeks of the trend.

    `consequence` says what became of people who lost time there, None where that was not asked. `play` and `proof`
    name what is done about it and what is proven of it, where there is such a thing.
    """

    step: Step
    visits: Counts
    outcomes: Mapping[str, Estimate]
    elapsed: Mapping[str, Estimate]
    scores: tuple[Score, ...]
    beliefs: tuple[BeliefRow, ...]
    debt: DebtRow
    trend: Trend | None
    evidence: tuple[EvidenceShape, ...]
    consequence: Consequence | None = None
    weeks: Mapping[str, tuple[Mapping[str, Estimate], ...]] = field(default_factory=dict)
    play: PlayOfStepShape | None = None
    proof: ProofOfStepShape | None = None

    def as_dict(self) -> StepRowShape:
        spread: dict[str, Any] = {"elapsed": {name: one.as_dict() for name, one in self.elapsed.items()}}
        spread.update({one.metric: one.as_dict() for one in self.scores})
        return {
            "step": self.step.id,
            "name": self.step.name,
            "stage": self.step.stage,
            "channel": self.step.channel,
            "owner": self.step.owner,
            "service": self.step.service,
            "visits": self.visits.as_dict(),
            "outcomes": {name: one.as_dict() for name, one in self.outcomes.items()},
            "spread": cast("StepSpreadsShape", spread),
            "spread_by_week": {
                name: [{key: one.as_dict() for key, one in week.items()} for week in weeks]
                for name, weeks in self.weeks.items()
            },
            "beliefs": [belief.as_dict() for belief in self.beliefs],
            "debt": self.debt.as_dict(),
            "consequence": self.consequence.as_dict() if self.consequence else None,
            "trend": self.trend.as_dict() if self.trend else None,
            "evidence": list(self.evidence),
            "play": self.play,
            "proof": self.proof,
        }


@dataclass(frozen=True, slots=True)
class JourneyRow:
    """The journey as a whole; steps stand in the file's order in `steps`, `scores` are of the whole relationship.

    `frictions` says what goes with two frictions, beside the sum of single ones; None where that was not asked.
    """

    id: str
    name: str
    steps: tuple[Step, ...]
    passage: Passage
    debt: DebtRow
    no_step: ContactCosts
    scores: tuple[Score, ...] = ()
    frictions: Consequence | None = None

    def as_dict(self) -> JourneyRowShape:
        return {
            "id": self.id,
            "name": self.name,
            "entered": self.passage.entered,
            "finished": self.passage.finished.as_dict(),
            "elapsed": {"p50": self.passage.elapsed["p50"].as_dict(), "p90": self.passage.elapsed["p90"].as_dict()},
            "transitions": [
                {
                    "from": self.steps[one.origin].id,
                    "to": self.steps[one.target].id,
                    "n": one.n,
                    "share": one.share,
                    "p50_s": one.p50_s,
                }
                for one in self.passage.transitions
            ],
            "debt": self.debt.as_dict(),
            "frictions": self.frictions.as_dict() if self.frictions else None,
            "no_step": self.no_step.as_dict(),
            "scores": {one.metric: one.as_dict() for one in self.scores},
        }


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """The same for one value of the property that splits the report."""

    segment: str
    journey: JourneyRow
    steps: tuple[StepRow, ...]

    def as_dict(self) -> SegmentRowShape:
        steps = [step.as_dict() for step in self.steps]
        return {"segment": self.segment, "journey": self.journey.as_dict(), "steps": steps}


@dataclass(frozen=True, slots=True)
class GapReport:
    """The loop's middle: what teams believe, what customers went through, what the difference costs.

    Steps and the steps of each segment stand dearest first. With `segment` only that part of the visits is in it.
    `empty` says what is missing where nothing can be measured. `as_of` is when the newest of its data came in.
    """

    workspace: str
    from_at: str
    to_at: str
    engine: str
    snapshot: str
    journey: JourneyRow
    steps: tuple[StepRow, ...]
    by: str | None = None
    segment: str | None = None
    segments: tuple[SegmentRow, ...] = ()
    empty: str | None = None
    as_of: str | None = None

    def as_dict(self) -> GapReportShape:
        found: GapReportShape = {
            "workspace": self.workspace,
            "window": {"from": self.from_at, "to": self.to_at},
            "engine": self.engine,
            "snapshot": self.snapshot,
            "as_of": self.as_of,
            "journey": self.journey.as_dict(),
            "steps": [step.as_dict() for step in self.steps],
        }
        if self.by is not None:
            found["by"] = self.by
            found["segments"] = [one.as_dict() for one in self.segments]
        if self.segment is not None:
            found["segment"] = self.segment
        if self.empty is not None:
            found["empty"] = self.empty
        return found
