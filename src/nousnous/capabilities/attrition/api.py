"""Who fades, and from when on something is a sign, in the API."""

from typing import Any

from ninja import Field, Router, Schema

from nousnous.capabilities.attrition.actions import reading, signals
from nousnous.workspaces.access import WorkspaceRequest, permission

router = Router(tags=["attrition"])


class Thresholds(Schema):
    """What is not given stays."""

    log_ins: int | None = Field(None, description="Log-ins without a transaction.")
    log_in_days: int | None = Field(None, description="In so many days.")
    wishes: int | None = Field(None, description="Wishes without one in the cart.")
    wish_days: int | None = Field(None, description="In so many days.")
    articles: int | None = Field(None, description="Help articles.")
    article_days: int | None = Field(None, description="In so many days.")
    article_chance: float | None = Field(None, description="Chance of so many articles; a sign is rarer.")
    pause_factor: float | None = Field(None, description="A pause so many times as long as usual.")


@router.get("/attrition")
@permission("attrition:read")
def counts(request: WorkspaceRequest) -> dict[str, Any]:
    """How many people show signs of fading from the last 30 days."""
    return reading.count_signals(request.workspace).as_dict()


@router.get("/attrition/people")
@permission("people:read")
def people(request: WorkspaceRequest) -> dict[str, Any]:
    """Who they are, with the evidence of each sign; looking is noted in the audit log."""
    request.access.require("attrition:read")
    return {"items": [one.as_dict() for one in reading.list_fading(request.workspace, request.access.actor)]}


@router.post("/attrition/find")
@permission("attrition:write")
def find(request: WorkspaceRequest) -> dict[str, Any]:
    """Find signs again now; a run does it by itself after events came in, and daily."""
    found, told = signals.find_signals(request.workspace)
    return {"signals": found, "told": told}


@router.get("/attrition/thresholds")
@permission("attrition:read")
def thresholds(request: WorkspaceRequest) -> dict[str, Any]:
    """From when on something is a sign."""
    return signals.limits_as_dict(request.workspace)


@router.put("/attrition/thresholds")
@permission("attrition:write")
def change(request: WorkspaceRequest, wanted: Thresholds) -> dict[str, Any]:
    """Change some; all signs are found anew by them."""
    given = wanted.dict(exclude_none=True)
    signals.change_thresholds(request.workspace, given, request.access.actor)
    return signals.limits_as_dict(request.workspace)
