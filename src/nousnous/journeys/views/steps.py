"""Steps without TOML: adding one, changing one, and who stands for a journey."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from nousnous.base.errors import Missing, NousError
from nousnous.facts.journeys import Step
from nousnous.journeys.actions import versions
from nousnous.journeys.actions.seen import seen_names
from nousnous.journeys.forms import CHANNELS, PeopleForm, StepForm
from nousnous.journeys.models import JourneyVersion
from nousnous.journeys.rewriting import with_fields, with_people, with_step
from nousnous.journeys.views.journeys import form_page
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission


@permission("journeys:write")
@form_page
def add(request: WorkspaceRequest, journey: str) -> HttpResponse:
    found = versions.journey_of(request.workspace, journey)
    form = StepForm(found.journey.steps, request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = with_step(found.text, form.values(), form.cleaned_data["after"] or None)
        if _applied(request, form, text):
            return redirect(page_address(request, "journeys:map", journey=journey))
    return _form_page(request, found, form, {"title": f"What else happens in {found.name}?"})


@permission("journeys:write")
@form_page
def edit(request: WorkspaceRequest, journey: str, step: str) -> HttpResponse:
    found = versions.journey_of(request.workspace, journey)
    standing = step_of(found, step)
    form = StepForm(found.journey.steps, request.POST or None, step=standing)
    wanted = request.method == "POST" and form.is_valid()
    if wanted and _applied(request, form, with_fields(found.text, step, form.values())):
        return redirect(page_address(request, "journeys:map", journey=journey))
    return _form_page(request, found, form, {"title": f"What happens at {standing.name}?", "step": standing})


@permission("journeys:write")
@form_page
def people(request: WorkspaceRequest, journey: str) -> HttpResponse:
    found = versions.journey_of(request.workspace, journey)
    standing = found.journey
    initial = {"owner": standing.owner, "champion": standing.champion, "defender": standing.defender}
    form = PeopleForm(request.POST or None, initial=initial)
    wanted = request.method == "POST" and form.is_valid()
    if wanted and _applied(request, form, with_people(found.text, form.cleaned_data)):
        return redirect(page_address(request, "journeys:map", journey=journey))
    return render(request, "journeys/people.html", {"version": found, "form": form})


def step_of(version: JourneyVersion, step: str) -> Step:
    found = next((one for one in version.journey.steps if one.id == step), None)
    if found is None:
        raise Missing(f"There is no step “{step}” in this journey.")
    return found


def _applied(request: WorkspaceRequest, form: Any, text: str) -> bool:
    """Apply a text and say so, or say in the form why not."""
    try:
        applied = versions.apply_journey(request.workspace, text, None, request.access.actor)
    except NousError as error:
        form.add_error(None, error.sentence)
        return False
    said = "is saved." if applied.changed else "is unchanged."
    messages.success(request, f"Version {applied.version.number} {said}")
    return True


def _form_page(request: WorkspaceRequest, found: JourneyVersion, form: StepForm, more: dict[str, Any]) -> HttpResponse:
    context = {"version": found, "form": form, "names": seen_names(request.workspace), "channels": CHANNELS, **more}
    return render(request, "journeys/step_form.html", context)
