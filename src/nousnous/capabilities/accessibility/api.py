"""Red zones in the API."""

from typing import Any

from ninja import Field, Query, Router, Schema

from nousnous.capabilities.accessibility.actions import read_zones
from nousnous.workspaces.access import WorkspaceRequest, permission

router = Router(tags=["accessibility"])


class Days(Schema):
    """Take it as `days: Query[Days]`."""

    from_: str | None = Field(None, alias="from", description="First day or instant; by default 90 days before `to`.")
    to: str | None = Field(None, description="Day or instant outside of it; by default after the newest look.")


@router.get("/accessibility")
@permission("accessibility:read")
def zones(request: WorkspaceRequest, days: Query[Days]) -> dict[str, Any]:
    """What stands in the way on screens: rule, level, impact, elements, and who saw it; the most at risk first."""
    return read_zones(request.workspace, days.from_, days.to).as_dict()
