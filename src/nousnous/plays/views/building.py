"""The page on which a play is built from fields: it writes the same text, tries it and keeps it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from nousnous.base.errors import NousError
from nousnous.journeys.actions.seen import seen_names
from nousnous.journeys.actions.segments import list_segments
from nousnous.journeys.actions.versions import list_journeys
from nousnous.journeys.views.journeys import form_page
from nousnous.plays.actions import versions
from nousnous.plays.actions.dry_run import dry_run
from nousnous.plays.building import fits, text_of, values_of
from nousnous.plays.definition import study_play
from nousnous.plays.forms import Choices, PlayForm
from nousnous.plays.models import Play
from nousnous.plays.registry import actions, triggers
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission
from nousnous.workspaces.models import Workspace

EMPTY = '[play]\nid = ""\n[limits]\nevery = "7d"\nquiet = "21:00-08:00"\n'


@permission("plays:write")
@form_page
def build(request: WorkspaceRequest) -> HttpResponse:
    return _page(request, None)


@permission("plays:write")
@form_page
def rebuild(request: WorkspaceRequest, play: str) -> HttpResponse:
    return _page(request, versions.play_of(request.workspace, play))


def _page(request: WorkspaceRequest, standing: Play | None) -> HttpResponse:
    choices, text = _choices(request.workspace), standing.current.text if standing else ""
    if standing and not fits(text, choices.asks):
        messages.info(request, f"{standing.name} says more than fields can hold; change it as a text.")
        return redirect(page_address(request, "plays:edit", play=standing.play_id))
    form = PlayForm(choices, request.POST or None, initial=values_of(text or EMPTY, choices.asks))
    if request.method != "POST" or not form.is_valid():
        return _shown(request, standing, form)
    try:
        written = text_of(form.cleaned_data, choices.asks, text)
        definition, troubles = study_play(written)
        if definition is None:
            raise troubles[0]
        if "apply" in request.POST:
            if standing is None:
                versions.refuse_taken(request.workspace, definition)
            kept = versions.apply_play(request.workspace, written, None, request.access.actor)
            messages.success(request, f"{kept.name} is kept.")
            return redirect(page_address(request, "plays:play", play=kept.play_id))
        versions.check_play(request.workspace, definition)
    except NousError as error:
        named = error.place.field.replace("do ", "do.") if error.place and error.place.field else None
        form.add_error(named if named in form.fields else None, error.sentence)
        return _shown(request, standing, form)
    told = {"tried": dry_run(request.workspace, definition), "definition": definition, "written": written}
    return _shown(request, standing, form, told)


def _choices(workspace: Workspace) -> Choices:
    places = [
        (f"{version.journey_id}/{step.id}", f"{step.name} ({version.name})")
        for version in list_journeys(workspace)
        for step in version.journey.steps
    ]
    return Choices([one.name for one in list_segments(workspace)], places, sorted(triggers()), actions())


def _shown(
    request: WorkspaceRequest, standing: Play | None, form: PlayForm, told: dict[str, Any] | None = None
) -> HttpResponse:
    names = list(seen_names(request.workspace))[:200]
    context = {"play": standing, "form": form, "names": names, **(told or {})}
    return render(request, "plays/build.html", context, status=422 if form.errors else 200)
