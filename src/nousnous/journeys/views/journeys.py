"""Journeys: the list, the map, the text with a preview of what it changes, the history."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nousnous.base.errors import Conflict, NousError
from nousnous.journeys.actions import answers, versions
from nousnous.journeys.actions.evidence import evidence_of
from nousnous.journeys.actions.seen import seen_names
from nousnous.journeys.actions.suggest import suggest_journey
from nousnous.journeys.actions.templates import list_templates, template_of
from nousnous.journeys.definition import study_journey
from nousnous.journeys.models import JourneyVersion
from nousnous.workspaces.access import WorkspaceRequest, address_if_any, page_address, permission

form_page = require_http_methods(["GET", "HEAD", "POST"])

SUGGESTED = "suggested"


@permission("journeys:read")
@require_GET
def journeys(request: WorkspaceRequest) -> HttpResponse:
    found = versions.list_journeys(request.workspace)
    if not found:
        context = {"templates": list_templates(), "names": len(seen_names(request.workspace))}
        return render(request, "journeys/none.html", context)
    context = {
        "title": answers.list_title([one.journey for one in found]),
        "journeys": found,
        "archived": versions.archived_journeys(request.workspace),
    }
    return render(request, "journeys/list.html", context)


@permission("journeys:read")
@require_GET
def show(request: WorkspaceRequest, journey: str) -> HttpResponse:
    found = versions.journey_of(request.workspace, journey)
    noted = {step: len(rows) for step, rows in evidence_of(request.workspace, journey).items()}
    context = {
        "version": found,
        "journey": found.journey,
        "title": answers.map_title(found.journey),
        "stages": answers.map_of(found.journey, noted),
        "covered": answers.stages_of(found.journey),
        "archived": versions.is_archived(request.workspace, journey),
        "gap_address": address_if_any(request, "gaps:gap"),
        "step_addresses": bool(address_if_any(request, "gaps:step", journey=journey, step="step")),
    }
    return render(request, "journeys/map.html", context)


@permission("journeys:write")
@form_page
def new(request: WorkspaceRequest) -> HttpResponse:
    """A new journey: from a suggestion, a template, or a text."""
    if request.method == "POST":
        return _edited(request, None)
    start = request.GET.get("start", "")
    try:
        text = _starting_text(request, start)
    except NousError as error:
        messages.error(request, str(error))
        text = ""
    if not text:
        context = {"templates": list_templates(), "names": len(seen_names(request.workspace))}
        return render(request, "journeys/start.html", context)
    return _editor(request, None, {"text": text, "start": start})


@permission("journeys:write")
@form_page
def edit(request: WorkspaceRequest, journey: str) -> HttpResponse:
    found = versions.journey_of(request.workspace, journey)
    if request.method == "POST":
        return _edited(request, found)
    return _editor(request, found, {"text": found.text})


@permission("journeys:read")
@require_GET
def history(request: WorkspaceRequest, journey: str) -> HttpResponse:
    found = versions.list_versions(request.workspace, journey)
    older = [*found[1:], None]
    rows = [(one, _changes(before, one)) for one, before in zip(found, older, strict=True)]
    return render(request, "journeys/history.html", {"version": found[0], "rows": rows})


@permission("journeys:read")
@require_GET
def version(request: WorkspaceRequest, journey: str, number: int) -> HttpResponse:
    found = versions.version_of(request.workspace, journey, number)
    current = versions.journey_of(request.workspace, journey)
    before = versions.version_of(request.workspace, journey, number - 1) if number > 1 else None
    difference = marked(versions.changed_lines(before.text, found.text)) if before else []
    context = {"version": found, "current": current, "difference": difference}
    return render(request, "journeys/version.html", context)


@permission("journeys:write")
@require_POST
def archive(request: WorkspaceRequest, journey: str) -> HttpResponse:
    versions.archive_journey(request.workspace, journey, request.access.actor)
    messages.success(request, f"{journey} is put away; applying its text again brings it back.")
    return redirect(page_address(request, "journeys:list"))


def marked(lines: list[str]) -> list[tuple[str, str]]:
    """Lines of a difference with the word for their kind."""
    kinds = {"+": "added", "-": "removed", "@": "place"}
    return [(kinds.get(line[:1], "same"), line) for line in lines]


def _edited(request: WorkspaceRequest, standing: JourneyVersion | None) -> HttpResponse:
    """Look at a text, and apply it where that is asked for and it is in order."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    study = study_journey(text)
    if study.definition is None:
        return _editor(request, standing, {"text": text, "troubles": placed(text, study.troubles)}, status=422)
    journey = study.definition.journey
    if standing is not None and journey.id != standing.journey_id:
        sentence = f"This text is of “{journey.id}”; a journey keeps its id “{standing.journey_id}”."
        return _editor(request, standing, {"text": text, "troubles": [(None, sentence, "")]}, status=422)
    if "apply" in request.POST:
        try:
            _refuse_stale(request, standing)
            applied = versions.apply_journey(request.workspace, text, None, request.access.actor)
        except NousError as error:
            return _editor(request, standing, {"text": text, "troubles": [(None, str(error), "")]}, status=409)
        said = "is saved; its visits are being computed." if applied.changed else "is unchanged."
        messages.success(request, f"Version {applied.version.number} {said}")
        return redirect(page_address(request, "journeys:map", journey=journey.id))
    known = standing or _known(request, journey.id)
    context = {
        "text": text,
        "looked_at": True,
        "warnings": versions.warnings_of(request.workspace, study.definition),
        "difference": marked(versions.changed_lines(known.text, text)) if known else [],
        "recomputed": known is None or known.journey.visits_key != journey.visits_key,
        "steps": len(journey.steps),
        "beliefs": len(study.definition.beliefs),
        "taken": known if standing is None else None,
    }
    return _editor(request, standing, context)


def _refuse_stale(request: WorkspaceRequest, standing: JourneyVersion | None) -> None:
    """Somebody else may have applied a version since the page was opened."""
    seen = request.POST.get("number", "")
    if standing is not None and seen and seen != str(standing.number):
        raise Conflict(f"{standing.actor} applied version {standing.number} meanwhile; look at the history first.")


def _editor(
    request: WorkspaceRequest, standing: JourneyVersion | None, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    rows = min(40, max(16, context["text"].count("\n") + 2))
    return render(request, "journeys/editor.html", {"version": standing, "rows": rows, **context}, status=status)


def placed(text: str, troubles: Any) -> list[tuple[int | None, str, str]]:
    """Troubles with their line and what stands there."""
    lines = text.split("\n")
    found = []
    for trouble in troubles:
        line = trouble.place.line if trouble.place else None
        shown = lines[line - 1].strip() if line and line <= len(lines) else ""
        found.append((line, trouble.sentence, shown))
    return found


def _known(request: WorkspaceRequest, journey: str) -> JourneyVersion | None:
    return next((one for one in versions.list_journeys(request.workspace) if one.journey_id == journey), None)


def _starting_text(request: WorkspaceRequest, start: str) -> str:
    if start == SUGGESTED:
        return suggest_journey(request.workspace).text
    return template_of(start).text.replace('"USD"', f'"{request.workspace.currency}"') if start else ""


def _changes(before: JourneyVersion | None, after: JourneyVersion) -> dict[str, int]:
    if before is None:
        return {"added": after.text.count("\n"), "removed": 0}
    kinds = [kind for kind, _ in marked(versions.changed_lines(before.text, after.text))]
    return {"added": kinds.count("added"), "removed": kinds.count("removed")}
