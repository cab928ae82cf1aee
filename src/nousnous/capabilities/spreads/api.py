"""Spreads of scores, guilty screens, and low answers one by one, in the API."""

from typing import Annotated

from ninja import Field, Query, Router, Schema

from nousnous.base.shapes import Items
from nousnous.capabilities.spreads.actions.people import people_of
from nousnous.capabilities.spreads.actions.screens import ScreensReportShape, screens_of
from nousnous.capabilities.spreads.actions.spreads import spreads_of
from nousnous.capabilities.spreads.measures.moments import LowAnswerShape, Moment
from nousnous.capabilities.spreads.measures.spreads import SpreadReportShape
from nousnous.facts.replays import address_of
from nousnous.journeys.windows import Asked
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.actions import audit

router = Router(tags=["spreads"])


Survey = Annotated[str, Query("", description="Id of a survey: only answers to it.")]


class Which(Schema):
    journey: str = Field("", description="Id of a journey; answers about all steps if none.")
    from_: str = Field("", alias="from", description="First day or instant, in the workspace's zone if it names none.")
    to: str = Field("", description="Day or instant before which it ends.")
    by: str = Field("", description="Split by country, channel or platform.")
    segment: str = Field("", description="Only a part: country=DE, or the name of a saved segment.")

    def asked(self) -> Asked:
        return Asked(self.journey or None, self.from_ or None, self.to or None, self.by or None, self.segment or None)


class About(Which):
    step: str = Field("", description="Id of the step; empty for the relationship as a whole.")
    metric: str = Field(..., description="nps, csat, ces or rating.")


class LowMomentShape(LowAnswerShape):
    """A low answer, the screen that stands behind it, and where to watch it."""

    screen: str | None
    person: str | None
    replay: str | None


@router.get("/spreads")
@permission("spreads:read")
def spreads(request: WorkspaceRequest, which: Query[Which], survey: Survey = "") -> SpreadReportShape:
    """The spread of each question about each step, the largest low tail first."""
    return spreads_of(request.workspace, which.asked(), survey).as_dict()


@router.get("/spreads/screens")
@permission("spreads:read")
def screens(request: WorkspaceRequest, about: Query[About]) -> ScreensReportShape:
    """Which screens stand behind the low answers to one question about one step."""
    return screens_of(request.workspace, about.asked(), about.step, about.metric).as_dict()


@router.get("/spreads/moments")
@permission("people:read")
def moments(request: WorkspaceRequest, about: Query[About]) -> Items[LowMomentShape]:
    """Low answers one by one, with the session before each and the second to look at; they show single people."""
    report = screens_of(request.workspace, about.asked(), about.step, about.metric)
    found = list(report.low_answers)
    people = people_of(request.workspace, [one.person_key for _, one in found])
    audit(request.workspace, request.access.actor, "read low answers", about.step or "relationship")
    watches = request.access.allows("replays:read")

    def replay(one: Moment) -> str | None:
        seen = watches and one.recorded
        return address_of(request.workspace.slug, one.session or "", one.at_us) if seen else None

    return {
        "items": [
            {"screen": screen, **one.as_dict(), "person": people.get(one.person_key), "replay": replay(one)}
            for screen, one in found
        ]
    }
