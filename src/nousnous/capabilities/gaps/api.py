"""Gaps, debt, beliefs, calibration and readiness in the API."""

from datetime import datetime
from typing import Any

from ninja import Field, Query, Router, Schema
from ninja.responses import Status

from nousnous.base.shapes import Items, Page
from nousnous.capabilities.gaps.actions.beliefs import belief_of, seal_belief, withdraw_belief, write_belief
from nousnous.capabilities.gaps.actions.calibration import calibrations
from nousnous.capabilities.gaps.actions.examples import example_visits
from nousnous.capabilities.gaps.actions.histories import HistoryShape, beliefs_in, history_of
from nousnous.capabilities.gaps.actions.readiness import readiness_of
from nousnous.capabilities.gaps.actions.reports import gap_report
from nousnous.capabilities.gaps.actions.simulator import simulate
from nousnous.capabilities.gaps.measures.calibration import TeamCalibrationShape
from nousnous.capabilities.gaps.measures.examples import ExampleVisitShape, position_of
from nousnous.capabilities.gaps.measures.readiness import ReadinessShape
from nousnous.capabilities.gaps.measures.shapes import GapReportShape, HeadShape, StepRowShape
from nousnous.capabilities.gaps.measures.simulator import SimulationShape
from nousnous.capabilities.gaps.models import BeliefShape
from nousnous.facts.beliefs import Statement
from nousnous.journeys.actions.versions import journey_of
from nousnous.journeys.windows import Asked
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.actions import audit
from nousnous.workspaces.paging import Paging, page_of

router = Router(tags=["gaps"])


class Period(Schema):
    from_: str = Field("", alias="from", description="First day or instant, in the workspace's zone if it names none.")
    to: str = Field("", description="Day or instant before which it ends; one in the past is judged by itself.")


class Part(Period):
    by: str = Field("", description="Split by country, channel or platform.")
    segment: str = Field("", description="Only a part: country=DE, or the name of a saved segment.")

    def asked(self, journey: str | None) -> Asked:
        return Asked(journey or None, self.from_ or None, self.to or None, self.by or None, self.segment or None)


class Which(Part):
    journey: str = Field("", description="Id of the journey; not needed where there is one.")


class Caps(Part):
    caps_s: dict[str, float] = Field(..., description="Longest active time in seconds, by step.")


class Past(Schema):
    journey: str = Field("", description="Only those about this journey.")
    history: bool = Field(False, description="Those that were replaced, too.")  # noqa: FBT003  # Pydantic takes it so


class NewBelief(Schema):
    journey: str = Field("", description="Id of the journey; not needed where there is one.")
    step: str
    metric: str = Field(..., description="Id of a metric of the catalogue, such as completion.")
    value: float = Field(..., description="In the metric's unit; shares from 0 to 1, durations in seconds.")
    author: str = Field(..., description="The team that believes it.")
    tolerance: float | None = Field(None, description="0.02 is 2 points; at most 0.1.")
    range: tuple[float, float] | None = Field(None, description="80 % range around the value.")
    expected_gap: float | None = Field(None, description="In points, or per cent for durations.")
    segment: str = Field("", description="As in country=DE; everybody if none.")
    stated_at: datetime | None = Field(None, description="When it was stated; only the seal proves it.")


class OneStepShape(HeadShape, StepRowShape):
    """One step of the gap report."""

    journey: str


@router.get("/gaps")
@permission("gaps:read")
def gaps(request: WorkspaceRequest, which: Query[Which]) -> GapReportShape:
    """The gap report: the journey, its steps by debt with beliefs, verdicts, intervals, trend and evidence."""
    return gap_report(request.workspace, which.asked(which.journey)).as_dict()


@router.get("/gaps/{journey}/steps/{step}")
@permission("gaps:read")
def gap_of_step(request: WorkspaceRequest, journey: str, step: str, part: Query[Part]) -> OneStepShape:
    """One step of the report."""
    version = journey_of(request.workspace, journey)
    position_of(tuple(one.id for one in version.journey.steps), step)
    report = gap_report(request.workspace, part.asked(journey)).as_dict()
    head: HeadShape = {
        "workspace": report["workspace"],
        "window": report["window"],
        "engine": report["engine"],
        "snapshot": report["snapshot"],
    }
    row = next(row for row in report["steps"] if row["step"] == step)
    return {**head, "journey": journey, **row}


@router.get("/gaps/{journey}/steps/{step}/visits")
@permission("people:read")
def visits_of_step(
    request: WorkspaceRequest, journey: str, step: str, period: Query[Period]
) -> Items[ExampleVisitShape]:
    """A few real visits of a step, those that wasted most, each with its events; they show single people."""
    found = example_visits(request.workspace, Asked(journey, period.from_ or None, period.to or None), step)
    audit(request.workspace, request.access.actor, "read visits", f"{journey}/{step}")
    return {"items": [one.as_dict() for one in found]}


@router.post("/gaps/{journey}/simulate")
@permission("gaps:read")
def simulated(request: WorkspaceRequest, journey: str, caps: Caps) -> SimulationShape:
    """What the debt would be if no active time of some steps were longer; nothing else changes, and nothing is kept."""
    return simulate(request.workspace, caps.asked(journey), caps.caps_s).as_dict()


@router.get("/beliefs")
@permission("beliefs:read")
def beliefs(request: WorkspaceRequest, paging: Query[Paging], past: Query[Past]) -> Page[BeliefShape]:
    """The beliefs that stand; with `history` those that were replaced, too."""
    rows = beliefs_in(request.workspace, past.journey or None, history=past.history)
    return page_of(rows, paging, lambda one: one.as_dict())


@router.post("/beliefs", response={201: dict[str, Any]})
@permission("beliefs:write")
def create_belief(request: WorkspaceRequest, new: NewBelief) -> Status[BeliefShape]:
    """Write a belief down; the same team's belief of that metric, step and segment is replaced."""
    journey = journey_of(request.workspace, new.journey or None).journey
    position_of(tuple(step.id for step in journey.steps), new.step)
    belief = write_belief(request.workspace, Statement(**{**new.dict(), "journey": journey.id}))
    audit(request.workspace, request.access.actor, "write belief", belief.id)
    return Status(201, belief.as_dict())


@router.get("/beliefs/{belief}")
@permission("beliefs:read")
def show_belief(request: WorkspaceRequest, belief: str) -> BeliefShape:
    """One belief."""
    return belief_of(request.workspace, belief).as_dict()


@router.get("/beliefs/{belief}/history")
@permission("beliefs:read")
def belief_history(request: WorkspaceRequest, belief: str) -> HistoryShape:
    """What a team believed before and after, and what was judged of each week by week."""
    return history_of(request.workspace, belief)


@router.post("/beliefs/{belief}/seal")
@permission("beliefs:seal")
def create_seal(request: WorkspaceRequest, belief: str) -> BeliefShape:
    """Seal a belief, once and for good: from now on it is proven to have stood."""
    sealed = seal_belief(request.workspace, belief)
    audit(request.workspace, request.access.actor, "seal belief", sealed.id)
    return sealed.as_dict()


@router.delete("/beliefs/{belief}", response={204: None})
@permission("beliefs:write")
def delete_belief(request: WorkspaceRequest, belief: str) -> Status[None]:
    """Withdraw a belief that was never sealed."""
    withdraw_belief(request.workspace, belief)
    audit(request.workspace, request.access.actor, "withdraw belief", belief)
    return Status(204, None)


@router.get("/calibration")
@permission("beliefs:read")
def calibration(request: WorkspaceRequest, journey: str = "") -> Items[TeamCalibrationShape]:
    """How often the 80 % ranges of sealed beliefs held the truth, and blind spots: everybody first, then by team."""
    return {"items": [one.as_dict() for one in calibrations(request.workspace, journey or None)]}


@router.get("/readiness")
@permission("gaps:read")
def readiness(request: WorkspaceRequest) -> Items[ReadinessShape]:
    """People, process, platform, participation of each journey: what is missing, and what to do next."""
    return {"items": [one.as_dict() for one in readiness_of(request.workspace)]}
