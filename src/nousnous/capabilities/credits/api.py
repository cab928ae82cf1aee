"""Credits in the API; amounts are whole cents."""

from datetime import datetime

from ninja import Field, Query, Router, Schema

from nousnous.base import clock
from nousnous.base.shapes import Page
from nousnous.capabilities.credits import actions
from nousnous.capabilities.credits.models import CreditShape
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.paging import Paging, page_of

router = Router(tags=["credits"])


class BudgetBody(Schema):
    cents: int = Field(..., ge=0, le=actions.MOST_CENTS, description="What may be given in all, in cents.")
    period_days: int = Field(90, ge=1, le=3_650, description="One credit a person in so many days.")


class GrantBody(Schema):
    person: str = Field(..., min_length=1, max_length=500, description="An id of theirs, as it was sent.")
    key: str = Field("", max_length=200, description="The same key answers the same credit; empty for a new one.")
    cents: int | None = Field(
        None, ge=1, le=actions.MOST_CENTS, description="At most a month of their subscription; without it, a month."
    )
    month_cents: int | None = Field(
        None, ge=1, le=actions.MOST_CENTS, description="What a month costs them, where no event tells it."
    )
    signalled_at: datetime | None = Field(None, description="The moment for which it makes up; now if not said.")


class ReversalBody(Schema):
    reason: str = Field(..., min_length=1, max_length=500, description="Why it is taken back.")


@router.get("/credits")
@permission("credits:read")
def credits(request: WorkspaceRequest, paging: Query[Paging]) -> Page[CreditShape]:  # noqa: A001  # the endpoint's name
    """What was given to whom, by whom, until when, and what was reversed and why."""
    return page_of(actions.list_credits(request.workspace), paging, lambda one: one.as_dict())


@router.post("/credits")
@permission("credits:write")
def grant(request: WorkspaceRequest, body: GrantBody) -> CreditShape:
    """Give somebody at most a month of their own subscription, once in a period, from the budget."""
    moment_us = clock.to_us(request.workspace.instant(body.signalled_at)) if body.signalled_at else clock.now_us()
    wish = actions.Wish(body.key, moment_us, body.cents, body.month_cents)
    return actions.grant_to(request.workspace, body.person, wish, request.access.actor).as_dict()


@router.get("/credits/budget")
@permission("credits:read")
def budget(request: WorkspaceRequest) -> actions.BudgetShape:
    """The budget: put in, granted and left, in cents."""
    return actions.standing_of(request.workspace).as_dict()


@router.put("/credits/budget")
@permission("credits:write")
def set_budget(request: WorkspaceRequest, body: BudgetBody) -> actions.BudgetShape:
    """Set how much may be given in all, and how often to one person."""
    return actions.set_budget(request.workspace, body.cents, body.period_days, request.access.actor).as_dict()


@router.post("/credits/{credit}/reverse")
@permission("credits:write")
def reverse(request: WorkspaceRequest, credit: str, body: ReversalBody) -> CreditShape:
    """Take a credit back with a reason; its sum returns to the budget."""
    return actions.reverse_credit(request.workspace, credit, body.reason, request.access.actor).as_dict()
