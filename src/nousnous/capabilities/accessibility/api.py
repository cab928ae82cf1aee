"""Red zones in the API."""

from typing import TypedDict

from ninja import Field, Query, Router, Schema

from nousnous.capabilities.accessibility.actions import RedZonesShape, hand_over_zone, read_zones
from nousnous.workspaces.access import WorkspaceRequest, permission

router = Router(tags=["accessibility"])


class Days(Schema):
    """Take it as `days: Query[Days]`."""

    from_: str | None = Field(None, alias="from", description="First day or instant; by default 90 days before `to`.")
    to: str | None = Field(None, description="Day or instant outside of it; by default after the newest look.")


@router.get("/accessibility")
@permission("accessibility:read")
def zones(request: WorkspaceRequest, days: Query[Days]) -> RedZonesShape:
    """What stands in the way on screens: rule, level, impact, elements, and who saw it; the most at risk first."""
    return read_zones(request.workspace, days.from_, days.to).as_dict()


class BarrierBody(Schema):
    route: str = Field(description="The screen, as the list of barriers names it.")
    rule: str = Field(description="The rule that it breaks.")
    channel: str = Field(description="Name of a channel to GitHub, Jira or Linear.")


class HandedOver(TypedDict):
    """What the tracker calls it, mostly its address."""

    issue: str


@router.post("/accessibility/issues")
@permission("accessibility:write")
def hand_over(request: WorkspaceRequest, barrier: BarrierBody) -> HandedOver:
    """Hand a barrier over to a tracker, once: asked again, it answers the issue that there is."""
    named = (barrier.route, barrier.rule)
    return {"issue": hand_over_zone(request.workspace, named, barrier.channel, request.access.actor)}
