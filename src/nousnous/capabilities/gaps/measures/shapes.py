"""What the gap report looks like as JSON."""

from typing import Literal, NotRequired, TypedDict

from nousnous.base.shapes import Window
from nousnous.capabilities.gaps.measures.beliefs import BlindSpotShape
from nousnous.capabilities.gaps.measures.consequence import ConsequenceShape
from nousnous.capabilities.gaps.measures.debt import CauseShape
from nousnous.capabilities.gaps.measures.outcomes import CountsShape
from nousnous.facts.evidence import EvidenceShape
from nousnous.facts.journeys import FactorsShape
from nousnous.journeys.scores import QuantilesShape, ScoreShape
from nousnous.stats.estimate import EstimateShape
from nousnous.stats.gaps import GapShape, Lean, Verdict


class ContactCostsShape(TypedDict):
    contacts: int
    contact_hours: float
    contact_cost: float
    handling_hours: float
    handling_cost: float


class YearlyFactorsShape(FactorsShape):
    year_scale: float | None


class DebtShape(ContactCostsShape):
    hours: EstimateShape
    reference_s: float | None
    per_year: EstimateShape | None
    currency: str
    factors: YearlyFactorsShape
    causes: list[CauseShape]
    principal: float | None
    interest: float | None


class JudgedBeliefShape(TypedDict):
    id: str
    author: str
    segment: str | None
    metric: str
    believed: float
    tolerance: float
    range: list[float] | None
    expected_gap: float | None
    sealed: bool
    sealed_in_time: bool
    experienced: EstimateShape
    gap: GapShape | None
    times: float | None
    verdict: Verdict
    judged_on: str | None
    lean: Lean | None
    needed_n: int | None
    needed_reason: str | None
    blind_spot: BlindSpotShape | None


class TrendShape(TypedDict):
    metric: str
    unit: str
    weeks: list[EstimateShape]
    change: float | None


class StepSpreadsShape(TypedDict):
    elapsed: QuantilesShape
    nps: NotRequired[ScoreShape]
    csat: NotRequired[ScoreShape]
    ces: NotRequired[ScoreShape]
    rating: NotRequired[ScoreShape]


class PlayOfStepShape(TypedDict):
    id: str
    name: str
    on: bool


class ProofOfStepShape(TypedDict):
    kind: Literal["fix", "experiment"]
    id: str
    name: str
    status: str


class StepRowShape(TypedDict):
    step: str
    name: str
    stage: str | None
    channel: str | None
    owner: str | None
    service: bool
    visits: CountsShape
    outcomes: dict[str, EstimateShape]
    spread: StepSpreadsShape
    spread_by_week: dict[str, list[dict[str, EstimateShape]]]
    beliefs: list[JudgedBeliefShape]
    debt: DebtShape
    consequence: ConsequenceShape | None
    trend: TrendShape | None
    evidence: list[EvidenceShape]
    play: PlayOfStepShape | None
    proof: ProofOfStepShape | None


EndsShape = TypedDict("EndsShape", {"from": str, "to": str})


class TransitionShape(EndsShape):
    n: int
    share: float
    p50_s: float


class PassageShape(TypedDict):
    p50: EstimateShape
    p90: EstimateShape


class JourneyRowShape(TypedDict):
    id: str
    name: str
    entered: int
    finished: EstimateShape
    elapsed: PassageShape
    transitions: list[TransitionShape]
    debt: DebtShape
    frictions: ConsequenceShape | None
    no_step: ContactCostsShape
    scores: dict[str, ScoreShape]


class SegmentRowShape(TypedDict):
    segment: str
    journey: JourneyRowShape
    steps: list[StepRowShape]


class HeadShape(TypedDict):
    workspace: str
    window: Window
    engine: str
    snapshot: str


class GapReportShape(HeadShape):
    as_of: str | None
    journey: JourneyRowShape
    steps: list[StepRowShape]
    by: NotRequired[str]
    segments: NotRequired[list[SegmentRowShape]]
    segment: NotRequired[str]
    empty: NotRequired[str]
