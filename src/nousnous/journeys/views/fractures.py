"""Fractures of a step: what we meant beside what the customer felt."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from nousnous.base import clock
from nousnous.base.errors import NousError
from nousnous.facts.evidence import EvidenceFound
from nousnous.journeys.actions import evidence as fracture_actions
from nousnous.journeys.actions import versions
from nousnous.journeys.actions.answers import fractures_title
from nousnous.journeys.forms import FractureForm
from nousnous.journeys.views.journeys import form_page
from nousnous.journeys.views.steps import step_of
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission


@permission("journeys:read")
@form_page
def fractures(request: WorkspaceRequest, journey: str, step: str) -> HttpResponse:
    found = versions.journey_of(request.workspace, journey)
    standing = step_of(found, step)
    form = FractureForm(request.POST or None, initial={"meant": standing.designed})
    if request.method == "POST":
        request.access.require("journeys:write")
        if form.is_valid() and _noted(request, form, EvidenceFound(journey, step, "note")):
            return redirect(page_address(request, "journeys:fractures", journey=journey, step=step))
    rows = fracture_actions.list_evidence(request.workspace, journey, step)
    noted = [(one, clock.from_us(one.moment_us) if one.moment_us is not None else None) for one in rows]
    title = fractures_title(standing, len(noted))
    context = {"version": found, "step": standing, "form": form, "fractures": noted, "title": title}
    return render(request, "journeys/fractures.html", context)


@permission("journeys:write")
@require_POST
def remove(request: WorkspaceRequest, evidence: str) -> HttpResponse:
    gone = fracture_actions.remove_evidence(request.workspace, evidence, request.access.actor)
    messages.success(request, "The fracture is removed.")
    return redirect(page_address(request, "journeys:fractures", journey=gone.journey, step=gone.step))


def _noted(request: WorkspaceRequest, form: FractureForm, bare: EvidenceFound) -> bool:
    given = form.cleaned_data
    found = EvidenceFound(
        bare.journey,
        bare.step,
        given["kind"],
        given["reference"],
        None,
        float(given["weight"]),
        given["meant"],
        given["felt"],
    )
    try:
        fracture_actions.record_evidence(request.workspace, found, request.access.actor)
    except NousError as error:
        field = error.place.field if error.place else None
        form.add_error(field if field in form.fields else "reference", error.sentence)
        return False
    messages.success(request, "The fracture is kept.")
    return True
