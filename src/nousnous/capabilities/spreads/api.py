"""Spreads of scores, guilty screens, and low answers one by one, in the API."""

from typing import Annotated, Any

from ninja import Field, Query, Router, Schema

from nousnous.capabilities.spreads.actions.people import people_of
from nousnous.capabilities.spreads.actions.screens import screens_of
from nousnous.capabilities.spreads.actions.spreads import spreads_of
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


@router.get("/spreads")
@permission("spreads:read")
def spreads(request: WorkspaceRequest, which: Query[Which], survey: Survey = "") -> dict[str, Any]:
    """The spread of each question about each step, the largest low tail first."""
    return spreads_of(request.workspace, which.asked(), survey).as_dict()


@router.get("/spreads/screens")
@permission("spreads:read")
def screens(request: WorkspaceRequest, about: Query[About]) -> dict[str, Any]:
    """Which screens stand behind the low answers to one question about one step."""
    return screens_of(request.workspace, about.asked(), about.step, about.metric).as_dict()


@router.get("/spreads/moments")
@permission("people:read")
def moments(request: WorkspaceRequest, about: Query[About]) -> dict[str, Any]:
    """Low answers one by one, with the session before each and the second to look at; they show single people."""
    report = screens_of(request.workspace, about.asked(), about.step, about.metric)
    found = report.moments_as_dicts()
    people = people_of(request.workspace, [one["person_key"] for one in found])
    audit(request.workspace, request.access.actor, "read low answers", about.step or "relationship")
    for one in found:
        one["person"] = people.get(one.pop("person_key"))
        session = one["session"]
        watchable = session["recorded"] and request.access.allows("replays:read")
        one["replay"] = address_of(request.workspace.slug, session["id"], one["at_us"]) if watchable else None
    return {"items": found}
