"""Who fades, and from when on something is a sign, in the API."""

from typing import TypedDict

from ninja import Field, Router, Schema

from nousnous.base.errors import Missing
from nousnous.base.shapes import Items
from nousnous.capabilities.attrition.actions import forecasting, reading, risks, signals
from nousnous.workspaces.access import WorkspaceRequest, permission

router = Router(tags=["attrition"])


class Thresholds(Schema):
    """What is not given stays."""

    log_ins: int | None = Field(None, ge=2, le=1_000, description="Log-ins without a transaction.")
    log_in_days: int | None = Field(None, ge=1, le=365, description="In so many days.")
    wishes: int | None = Field(None, ge=2, le=1_000, description="Wishes without one in the cart.")
    wish_days: int | None = Field(None, ge=1, le=365, description="In so many days.")
    articles: int | None = Field(None, ge=2, le=1_000, description="Help articles.")
    article_days: int | None = Field(None, ge=1, le=365, description="In so many days.")
    article_chance: float | None = Field(
        None, ge=0.000001, le=0.5, description="Chance of so many articles; a sign is rarer."
    )
    pause_factor: float | None = Field(None, ge=1.5, le=50, description="A pause so many times as long as usual.")
    silence_days: int | None = Field(
        None, ge=0, le=365, description="Gone after so many days without a purchase; 0: the p90 of gaps."
    )
    risk_chance: float | None = Field(None, ge=0.01, le=0.99, description="Likely to leave from this chance on.")


class FoundSignsShape(TypedDict):
    signals: int
    told: int


class AskedShape(TypedDict):
    asked: bool


@router.get("/attrition")
@permission("attrition:read")
def counts(request: WorkspaceRequest) -> reading.FadingCountsShape:
    """How many people show signs of fading from the last 30 days."""
    return reading.count_signals(request.workspace).as_dict()


@router.get("/attrition/people")
@permission("people:read")
def people(request: WorkspaceRequest) -> Items[reading.FadingShape]:
    """Who they are, with the evidence of each sign; looking is noted in the audit log."""
    request.access.require("attrition:read")
    return {"items": [one.as_dict() for one in reading.list_fading(request.workspace, request.access.actor)]}


@router.post("/attrition/find")
@permission("attrition:write")
def find(request: WorkspaceRequest) -> FoundSignsShape:
    """Find signs again now; a run does it by itself after events came in, and daily."""
    found, told = signals.find_signals(request.workspace)
    return {"signals": found, "told": told}


@router.get("/attrition/thresholds")
@permission("attrition:read")
def thresholds(request: WorkspaceRequest) -> signals.LimitsShape:
    """From when on something is a sign."""
    return signals.limits_as_dict(request.workspace)


@router.put("/attrition/thresholds")
@permission("attrition:write")
def change(request: WorkspaceRequest, wanted: Thresholds) -> signals.LimitsShape:
    """Change some; all signs are found anew by them."""
    given = wanted.dict(exclude_none=True)
    if given.get("silence_days") == 0:
        given["silence_days"] = None
    signals.change_thresholds(request.workspace, given, request.access.actor)
    return signals.limits_as_dict(request.workspace)


@router.get("/attrition/forecast")
@permission("attrition:read")
def forecast(request: WorkspaceRequest) -> risks.OutlookShape:
    """How many may leave within 30 days, are expected to, and are likely to, by the newest forecast."""
    outlook = risks.read_outlook(request.workspace)
    if outlook is None:
        raise Missing(risks.NOTHING_LEARNED)
    return outlook.as_dict()


@router.get("/attrition/risks")
@permission("people:read")
def likely(request: WorkspaceRequest) -> Items[risks.LeavingRiskShape]:
    """The likeliest to leave, with what moves the odds of each; looking is noted in the audit log."""
    request.access.require("attrition:read")
    return {"items": [one.as_dict() for one in risks.list_risks(request.workspace, request.access.actor)]}


@router.get("/attrition/backtest")
@permission("attrition:read")
def backtest(request: WorkspaceRequest) -> risks.TriedForecastShape:
    """How good the forecast was on months that it had not seen; null where too few left to try it."""
    return risks.read_backtest(request.workspace)


@router.post("/attrition/train")
@permission("attrition:write")
def train(request: WorkspaceRequest) -> AskedShape:
    """Have a worker learn the forecast anew now; it does so every Monday by itself."""
    forecasting.ask_to_train(request.workspace, request.access.actor)
    return {"asked": True}
