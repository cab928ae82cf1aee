"""What a play has spent of its budget in a month, where the workspace is, and whether there is enough for one more."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Sum

from nousnous.base import clock
from nousnous.charts.words import to_the_cent
from nousnous.plays.definition import Play as Definition
from nousnous.plays.models import Firing, Play
from nousnous.plays.registry import action_named

TAKING = (Firing.ACTING, Firing.ACTED, Firing.FAILED)
"""A firing that failed may be tried again, and may have done a part of what it costs."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a play may spend in this month and what it has, in cents; `one` is the most that one firing costs."""

    most: int
    spent: int
    one: int
    currency: str
    until: datetime

    @property
    def is_spent(self) -> bool:
        return self.spent + self.one > self.most

    @property
    def sentence(self) -> str:
        spent, most = (to_the_cent(cents, self.currency) for cents in (self.spent, self.most))
        if self.is_spent:
            return f"Its budget is spent ({spent} of {most}): nobody enters any arm before {self.until:%-d %B}."
        return f"It has spent {spent} of {most} this month."


def budget_of(play: Play, definition: Definition) -> Budget | None:
    """The budget of a play in the month that it is now where the workspace is; None without one."""
    most = definition.limits.budget_cents
    if most is None:
        return None
    first, until = _month(play.workspace.timezone)
    taking = play.firings.filter(state__in=TAKING, decided_at__gte=first)
    spent = int(taking.aggregate(sum=Sum("cost_cents"))["sum"] or 0)
    return Budget(most, spent, largest_cost(definition), play.workspace.currency, until)


def cost_of(definition: Definition, arm: str) -> int:
    """What one firing of an arm costs at most, in cents; whoever is held out costs nothing."""
    places = definition.places(arm)
    if places and definition.limits.cost_cents is not None:
        return definition.limits.cost_cents
    steps = [definition.steps[at] for at in places]
    return sum(action_named(step.action).cost(step.parameters) for step in steps)


def largest_cost(definition: Definition) -> int:
    return max(cost_of(definition, arm) for arm in definition.arms)


def _month(timezone: str) -> tuple[datetime, datetime]:
    """When the month that it is now began, and when the next one does."""
    now = clock.now().astimezone(ZoneInfo(timezone))
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first, first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
