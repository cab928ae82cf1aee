"""Whom a play lets in, and into which arm: what other firings allow, decided one after the other in a workspace."""

from datetime import timedelta
from typing import Final

from nousnous.base import clock
from nousnous.plays.actions.budgets import budget_of, cost_of
from nousnous.plays.actions.judging import Case, settle
from nousnous.plays.definition import ACTED, HELD_OUT
from nousnous.plays.models import Firing, Play
from nousnous.stats.assignment import arm_of

REACHED: Final = (Firing.ACTING, Firing.ACTED, Firing.HELD_OUT)
MOST_FOR_ONE: Final = 10
"""More in a day for one person is what plays do that set each other off."""
DAY: Final = timedelta(days=1)


def admit(case: Case) -> None:
    """Within the transaction: refuse whom other firings leave no room for, else assign the arm.

    All plays of the workspace are locked: two workers give one person no two messages, and spend no budget twice.
    """
    list(Play.objects.select_for_update().filter(workspace=case.workspace).order_by("pk"))
    reason = _no_room(case)
    if reason:
        settle(case.firing, Firing.LEFT_OUT, reason)
        return
    definition, firing = case.version.definition, case.firing
    firing.arm = arm_of(definition.experiment, case.person.id, definition.arms) if case.concerns_somebody else ACTED
    firing.cost_cents = cost_of(definition, firing.arm)
    held_out = firing.arm == HELD_OUT
    settle(firing, Firing.HELD_OUT if held_out else Firing.ACTING, "Left alone, to compare." if held_out else "")


def _no_room(case: Case) -> str:
    limits, play, now = case.version.definition.limits, case.firing.play, clock.now()
    mine = play.firings.filter(identity_key__in=case.person.identities, state__in=REACHED)
    if limits.once and mine.exists():
        return "This play reached them before."
    if mine.filter(decided_at__gt=now - DAY).count() >= MOST_FOR_ONE:
        return f"It reached them {MOST_FOR_ONE} times within a day, as plays do that set each other off."
    since = now - timedelta(microseconds=limits.every_us)
    others = Firing.objects.acted_since(case.workspace, since).filter(identity_key__in=case.person.identities)
    if limits.every_us and others.exists():
        return "Another play reached them a short time ago."
    most = limits.most_a_day
    if most is not None and play.firings.filter(state__in=REACHED, decided_at__gt=now - DAY).count() >= most:
        return f"The play reached {most} people within a day, which is its limit."
    budget = budget_of(play, case.version.definition)
    return budget.sentence if budget is not None and budget.is_spent else ""
