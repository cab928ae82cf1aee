"""Fixes: the list, one proven as far as it can be, its text."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from nousnous.base import clock
from nousnous.base.errors import NousError
from nousnous.charts import words
from nousnous.experiments import telling
from nousnous.experiments.actions import proving
from nousnous.experiments.fixes import study_fix
from nousnous.experiments.models import Fix
from nousnous.journeys.actions.versions import list_journeys
from nousnous.journeys.views.journeys import form_page, placed
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

FIRST = """\
[fix]
id = "one-page"
name = "One page instead of three"
journey = "{journey}"
step = "{step}"
metric = "completion"               # or failure_rate, frustration_rate
chosen = {chosen}                 # the baseline starts here: what made you choose it is not in it
shipped = {shipped}
weeks = 6                           # read out so long after it shipped
# country = ["DE", "AT"]            # shipped there alone: compared with the other countries
"""


@permission("experiments:read")
@require_GET
def fixes(request: WorkspaceRequest) -> HttpResponse:
    found = proving.list_fixes(request.workspace)
    title = f"{words.capital(words.counted(len(found), 'fix', 'fixes'))} to prove"
    return render(request, "experiments/fixes.html", {"fixes": found, "title": title})


@permission("experiments:read")
@require_GET
def show(request: WorkspaceRequest, fix: str) -> HttpResponse:
    found = proving.prove_fix(request.workspace, fix)
    context = {
        "title": found.sentence.removesuffix("."),
        "proven": found,
        "fix": found.fix,
        "definition": found.definition,
        **telling.proof_rows(found),
    }
    return render(request, "experiments/fix.html", context)


@permission("experiments:write")
@form_page
def new(request: WorkspaceRequest) -> HttpResponse:
    if request.method == "POST":
        return _edited(request, None)
    journey = next((one.journey for one in list_journeys(request.workspace) if one.journey.steps), None)
    days = [clock.from_us(clock.now_us() + days * clock.DAY_US).date().isoformat() for days in (0, 28)]
    named = (journey.id, journey.steps[0].id) if journey else ("shop", "checkout")
    text = FIRST.format(journey=named[0], step=named[1], chosen=days[0], shipped=days[1])
    return _editor(request, None, {"text": text})


@permission("experiments:read")
@form_page
def edit(request: WorkspaceRequest, fix: str) -> HttpResponse:
    found = proving.fix_of(request.workspace, fix)
    if request.method == "POST":
        request.access.require("experiments:write")
        return _edited(request, found)
    return _editor(request, found, {"text": found.text})


def _edited(request: WorkspaceRequest, standing: Fix | None) -> HttpResponse:
    text = request.POST.get("text", "").replace("\r\n", "\n")
    study = study_fix(text)
    if study.definition is None:
        return _editor(request, standing, {"text": text, "troubles": placed(text, study.troubles)}, status=422)
    try:
        kept = proving.apply_fix(request.workspace, text, None, request.access.actor)
    except NousError as error:
        return _editor(request, standing, {"text": text, "troubles": [(None, str(error), "")]}, status=422)
    messages.success(request, f"{kept.name} is kept.")
    return redirect(page_address(request, "experiments:fix", fix=kept.fix_id))


def _editor(
    request: WorkspaceRequest, standing: Fix | None, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    told = {"fix": standing, "rows": max(12, context["text"].count("\n") + 2), **context}
    return render(request, "experiments/fix_editor.html", told, status=status)
