"""Beliefs: what stands, writing one down, sealing it, and how well teams know themselves."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from nousnous.base.errors import NousError, Refused
from nousnous.capabilities.gaps.actions.beliefs import (
    belief_of,
    list_beliefs,
    seal_belief,
    withdraw_belief,
    write_belief,
)
from nousnous.capabilities.gaps.actions.calibration import calibrations
from nousnous.capabilities.gaps.forms import BeliefForm
from nousnous.capabilities.gaps.measures.calibration import TeamCalibration
from nousnous.capabilities.gaps.models import Belief, StoredVerdict
from nousnous.capabilities.gaps.views import tables
from nousnous.capabilities.gaps.views.nothing import NO_STEP, without_journey
from nousnous.charts.words import capital, counted, interval, number, percent, reading
from nousnous.journeys.actions.versions import journey_of, list_journeys
from nousnous.journeys.catalogue import metric_of, unit_of
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission
from nousnous.workspaces.actions import audit


@permission("beliefs:read")
@require_safe
def beliefs(request: WorkspaceRequest) -> HttpResponse:
    """All beliefs with their last verdict, and the calibration of each team."""
    journeys = {one.journey_id: one.journey for one in list_journeys(request.workspace)}
    found = [one for one in list_beliefs(request.workspace) if one.journey in journeys]
    names = {(journey.id, step.id): step.name for journey in journeys.values() for step in journey.steps}
    last = StoredVerdict.objects.last_of(found)
    context = {
        "title": _title(found),
        "groups": [
            (journey, [tables.kept(one, last.get(one.id), names) for one in found if one.journey == journey.id])
            for journey in journeys.values()
        ],
        "beliefs": found,
        "journeys": journeys,
        "teams": [_team(one) for one in calibrations(request.workspace) if one.sealed],
    }
    return render(request, "gaps/beliefs.html", context)


def _title(found: list[Belief]) -> str:
    if not found:
        return "Nobody has written down a belief yet"
    open_ones = sum(one.sealed_at is None for one in found)
    said = capital(counted(len(found), "belief stands", "beliefs stand"))
    if not open_ones:
        return f"{said}, every one sealed"
    return f"{said}, {counted(open_ones, 'is', 'are')} not sealed"


def _team(found: TeamCalibration) -> dict[str, Any]:
    held = found.held
    few = held.value is None
    return {
        "name": found.author or "Everybody",
        "sealed": found.sealed,
        "in_time": found.in_time,
        "held": f"n {number(held.n)}, too few" if few else percent(held.value),
        "ends": "" if few else interval(held.low, held.high, "share"),
        "score": number(found.score, 1),
        "blind_spot": f"{found.blind_spot:.1f}×" if found.blind_spot is not None else "–",
    }


@permission("beliefs:write")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: WorkspaceRequest) -> HttpResponse:
    """Write a belief down; the same team's belief of the same thing is replaced and stays readable."""
    given = request.POST if request.method == "POST" else request.GET
    if not list_journeys(request.workspace):
        return without_journey(request, NO_STEP)
    chosen = given.get("journey") or list_journeys(request.workspace)[0].journey_id
    journey = journey_of(request.workspace, chosen).journey
    steps = [(step.id, step.name) for step in journey.steps]
    initial = {
        "step": given.get("step"),
        "metric": given.get("metric", "completion"),
        "author": given.get("author", ""),
    }
    form = BeliefForm(request.POST if request.method == "POST" else None, steps=steps, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            belief = write_belief(request.workspace, form.statement(journey.id))
        except Refused as refusal:
            form.add_error(_field(form, refusal), str(refusal))
        else:
            audit(request.workspace, request.access.actor, "write belief", belief.id)
            messages.success(request, "Written down. Seal it when the team stands by it.")
            return redirect(page_address(request, "gaps:beliefs"))
    return render(
        request, "gaps/write.html", {"form": form, "journey": journey, "journeys": list_journeys(request.workspace)}
    )


def _field(form: BeliefForm, refusal: NousError) -> str | None:
    name = refusal.place.field if refusal.place else None
    return {"range": "low"}.get(name or "", name) if name in {*form.fields, "range"} else None


@permission("beliefs:seal")
@require_http_methods(["GET", "HEAD", "POST"])
def seal(request: WorkspaceRequest, belief: str) -> HttpResponse:
    """Ask once more, then seal for good."""
    found = belief_of(request.workspace, belief)
    if request.method == "POST":
        seal_belief(request.workspace, belief)
        audit(request.workspace, request.access.actor, "seal belief", belief)
        messages.success(request, "Sealed: from now on nobody can say that it was believed otherwise.")
        return redirect(page_address(request, "gaps:beliefs"))
    return render(request, "gaps/seal.html", {"belief": found, "sentence": sentence_of(request, found)})


@permission("beliefs:write")
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: WorkspaceRequest, belief: str) -> HttpResponse:
    """Withdraw a belief that was never sealed."""
    found = belief_of(request.workspace, belief)
    if request.method == "POST":
        withdraw_belief(request.workspace, belief)
        audit(request.workspace, request.access.actor, "withdraw belief", belief)
        messages.success(request, "The belief is withdrawn; it was never sealed.")
        return redirect(page_address(request, "gaps:beliefs"))
    return render(request, "gaps/withdraw.html", {"belief": found, "sentence": sentence_of(request, found)})


def sentence_of(request: WorkspaceRequest, belief: Belief) -> str:
    """A belief in one sentence."""
    journey = journey_of(request.workspace, belief.journey).journey
    step = next((one.name for one in journey.steps if one.id == belief.step), belief.step)
    unit = unit_of(metric_of(belief.metric).unit)
    about = f", {belief.segment.replace('=', ' ')}" if belief.segment else ""
    return f"{belief.author} on {step}{about}: {metric_of(belief.metric).name.lower()} {reading(belief.value, unit)}"
