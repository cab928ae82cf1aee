"""Writing beliefs down and sealing them."""

from django.db import transaction

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, Place, Refused
from nousnous.capabilities.gaps.models import Belief
from nousnous.facts.beliefs import Statement
from nousnous.journeys.catalogue import METRICS, Metric, metric_of
from nousnous.journeys.parts import property_and_value
from nousnous.workspaces.models import Workspace

WIDEST_TOLERANCE = 0.10
LETTERS = {"author": 200, "segment": 120}
"""How long the texts of a belief may be."""


def write_belief(workspace: Workspace, statement: Statement) -> Belief:
    """Keep a belief. The same team's belief of that metric, step and segment is replaced and stays readable.

    Stating again what stands already changes nothing and keeps the seal.
    """
    metric = metric_of(statement.metric)
    _check(metric, statement)
    property_and_value(statement.segment)
    with transaction.atomic():
        standing = (
            Belief.objects.of_journey(workspace, statement.journey)
            .current()
            .filter(step=statement.step, metric=metric.id, author=statement.author, segment=statement.segment)
            .first()
        )
        belief = _belief(workspace, metric, statement)
        if standing is not None and _same(standing, belief):
            return standing
        belief.save()
        if standing is not None:
            standing.replaced_by = belief
            standing.save(update_fields=["replaced_by"])
    return belief


def seal_belief(workspace: Workspace, belief_id: str) -> Belief:
    """Set the seal, once and for good: this instant is when the belief is proven to have stood."""
    with transaction.atomic():
        belief = belief_of(workspace, belief_id)
        if belief.replaced_by_id is not None:
            raise Conflict(f"The belief {belief_id} was replaced by {belief.replaced_by_id}; seal that one.")
        if belief.sealed_at is None:
            belief.sealed_at = clock.now()
            belief.save(update_fields=["sealed_at"])
    return belief


def withdraw_belief(workspace: Workspace, belief_id: str) -> None:
    """Withdraw a belief that was never sealed; a sealed one stays, it can only be replaced."""
    belief = belief_of(workspace, belief_id)
    if belief.sealed_at is not None:
        raise Conflict(f"The belief {belief_id} is sealed; write a new one, which replaces it.")
    belief.delete()


def belief_of(workspace: Workspace, belief_id: str) -> Belief:
    found = Belief.objects.filter(workspace=workspace, id=belief_id).first()
    if found is None:
        raise Missing(f"There is no belief “{belief_id}” in this workspace.")
    return found


def list_beliefs(workspace: Workspace, journey: str | None = None, *, history: bool = False) -> list[Belief]:
    """The beliefs of a workspace, with `history` those that were replaced, too.

    Those about one step stand in the order of the catalogue, those about everybody before those about a segment.
    """
    found = Belief.objects.filter(workspace=workspace)
    found = found.filter(journey=journey) if journey else found
    places = {metric: place for place, metric in enumerate(METRICS)}
    beliefs = found if history else found.current()
    return sorted(beliefs, key=lambda one: (one.journey, one.step, places.get(one.metric, len(places)), one.segment))


def _check(metric: Metric, statement: Statement) -> None:
    if not metric.holds(statement.value):
        raise Refused(metric.misfit(statement.value), Place(field="value"))
    tolerance = metric.tolerance if statement.tolerance is None else statement.tolerance
    if not 0 <= tolerance <= WIDEST_TOLERANCE:
        raise Refused(f"A tolerance is from 0 to {WIDEST_TOLERANCE:g}, not {tolerance:g}.", Place(field="tolerance"))
    if statement.range is not None and not statement.range[0] <= statement.value <= statement.range[1]:
        raise Refused("The range does not lie around the value.", Place(field="range"))
    for field, most in LETTERS.items():
        if len(getattr(statement, field)) > most:
            raise Refused(f"The {field} has at most {most} letters.", Place(field=field))
    if not statement.author.strip():
        raise Refused("Name the team that believes it.", Place(field="author"))


def _belief(workspace: Workspace, metric: Metric, statement: Statement) -> Belief:
    low, high = statement.range or (None, None)
    return Belief(
        workspace=workspace,
        journey=statement.journey,
        step=statement.step,
        metric=metric.id,
        value=statement.value,
        tolerance=metric.tolerance if statement.tolerance is None else statement.tolerance,
        range_low=low,
        range_high=high,
        expected_gap=statement.expected_gap,
        author=statement.author,
        segment=statement.segment,
        stated_at=workspace.instant(statement.stated_at or clock.now()),
    )


def _same(one: Belief, other: Belief) -> bool:
    return (one.stated, one.segment) == (other.stated, other.segment)
