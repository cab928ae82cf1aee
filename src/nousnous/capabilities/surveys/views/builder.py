"""Building surveys: the list, what to start from, the form with its preview, publishing and closing."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nousnous.base.errors import NousError, Refused
from nousnous.base.sheets import as_csv
from nousnous.capabilities.surveys.actions import answers, building, links, versions
from nousnous.capabilities.surveys.actions.asking import Who
from nousnous.capabilities.surveys.actions.rates import rates_of
from nousnous.capabilities.surveys.measures.editing import acted, changed_document
from nousnous.capabilities.surveys.measures.themes import Theme, style_of
from nousnous.capabilities.surveys.models import Survey
from nousnous.journeys.actions.segments import list_segments
from nousnous.journeys.actions.versions import list_journeys
from nousnous.workspaces.access import WorkspaceRequest, address_if_any, page_address, permission

MOST_FILE = 5 * 1024**2

form_page = require_http_methods(["GET", "HEAD", "POST"])


@permission("surveys:read")
@require_GET
def surveys(request: WorkspaceRequest) -> HttpResponse:
    found = versions.list_surveys(request.workspace)
    rates = rates_of(request.workspace)
    context = {
        "title": answers.list_title(found, rates),
        "rows": [(one, rates[one.survey_id]) for one in found],
        "templates": building.list_templates(),
        "spreads": address_if_any(request, "spreads:spreads"),
    }
    return render(request, "surveys/list.html" if found else "surveys/none.html", context)


@permission("surveys:write")
@form_page
def new(request: WorkspaceRequest) -> HttpResponse:
    """A new survey: from a template, or a document that was exported, here or by another tool."""
    context: dict[str, Any] = {"templates": building.list_templates()}
    if request.method != "POST":
        return render(request, "surveys/new.html", context)
    try:
        if "template" in request.POST:
            made = building.start_survey(request.workspace, request.POST["template"], request.access.actor)
        else:
            made, foreign = building.take_in(request.workspace, _given_text(request), request.access.actor)
            if foreign:
                messages.success(request, foreign.sentence)
    except Refused as refusal:
        context |= {"trouble": str(refusal), "text": request.POST.get("text", "")}
        return render(request, "surveys/new.html", context, status=422)
    return redirect(page_address(request, "surveys:edit", survey=made.survey_id))


@permission("surveys:read")
@require_GET
def show(request: WorkspaceRequest, survey: str) -> HttpResponse:
    found = versions.survey_of(request.workspace, survey)
    return _shown(request, found, {})


@permission("surveys:write")
@form_page
def edit(request: WorkspaceRequest, survey: str) -> HttpResponse:
    """The form: every button sends all of it; only Save keeps anything."""
    found = versions.survey_of(request.workspace, survey)
    language = (request.POST.get("language") or request.GET.get("language") or found.definition.language)[:12]
    if request.method != "POST":
        return _form(request, found, building.draft_of(building.document_in(found.text)), language)
    shown = request.POST.get("shown", language)[:12]
    document = changed_document(building.document_in(request.POST.get("document", "")), request.POST.dict(), shown)
    act = request.POST.get("do", "preview")
    draft = building.draft_of(acted(document, act, request.POST.get("kind", "open")))
    if act != "save":
        return _form(request, found, draft, language)
    if draft.survey is None:
        return _form(request, found, draft, language, status=422)
    try:
        versions.replace_survey(request.workspace, found.survey_id, draft.text, request.access.actor)
    except Refused as refusal:
        return _form(request, found, building.Draft(document, None, str(refusal)), language, status=422)
    messages.success(request, "It is saved. Publish it to ask it.")
    return redirect(page_address(request, "surveys:survey", survey=survey))


@permission("surveys:write")
@require_POST
def publish(request: WorkspaceRequest, survey: str) -> HttpResponse:
    try:
        version = versions.publish_survey(request.workspace, survey, request.access.actor)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"Version {version.number} is asked from now on.")
    return redirect(page_address(request, "surveys:survey", survey=survey))


@permission("surveys:write")
@require_POST
def close(request: WorkspaceRequest, survey: str) -> HttpResponse:
    versions.close_survey(request.workspace, survey, request.access.actor)
    messages.success(request, "Nobody is asked any more; who has begun may finish.")
    return redirect(page_address(request, "surveys:survey", survey=survey))


@permission("surveys:write")
@require_POST
def link(request: WorkspaceRequest, survey: str) -> HttpResponse:
    """An address that takes one answer of one person; or a file with one for each person of the segment."""
    found = versions.survey_of(request.workspace, survey)
    person = request.POST.get("person", "").strip()
    try:
        if "everybody" in request.POST:
            table = as_csv(links.make_links(request.workspace, survey, request.access.actor)["links"])
            head = {"Content-Disposition": f'attachment; filename="{survey}-links.csv"'}
            return HttpResponse(table, content_type="text/csv; charset=utf-8", headers=head)
        if not person:
            raise Refused("Say for whom: the id of a person.")
        made = links.make_link(request.workspace, survey, Who(user_id=person), request.access.actor)
    except NousError as error:
        return _shown(request, found, {"trouble": error.sentence, "person": person}, status=422)
    return _shown(request, found, {"made": made})


@permission("surveys:read")
@require_GET
def code(request: WorkspaceRequest, survey: str, form: str) -> HttpResponse:
    """The open address as a QR code."""
    found = versions.survey_of(request.workspace, survey)
    if form not in links.FORMS:
        raise Refused("A code is drawn as svg or png.")
    return HttpResponse(links.code_of(found, form), content_type=links.FORMS[form])


@permission("surveys:read")
@require_GET
def document(request: WorkspaceRequest, survey: str) -> HttpResponse:
    """The document as a file: what is exported is what can be imported."""
    found = versions.survey_of(request.workspace, survey)
    response = HttpResponse(found.text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.survey_id}.json"'
    return response


@permission("surveys:read")
@require_GET
def theme(request: WorkspaceRequest, survey: str) -> HttpResponse:
    """The tokens of a theme as the form has them now, for its preview."""
    plain = versions.survey_of(request.workspace, survey).definition.theme
    given = {name: request.GET.get(name, getattr(plain, name)) for name in ("accent", "background", "ink")}
    radius = request.GET.get("radius", "")
    tried = building.draft_of(
        {
            "id": "a",
            "name": "a",
            "questions": [{"id": "q", "kind": "nps", "text": "x"}],
            "theme": {**given, "radius": int(radius) if radius.isascii() and radius.isdigit() else plain.radius},
        }
    )
    looks = tried.survey.theme if tried.survey else plain
    return HttpResponse(style_of(looks), content_type="text/css; charset=utf-8")


def _given_text(request: WorkspaceRequest) -> str:
    """The file that was chosen, else what was pasted."""
    chosen = request.FILES.get("file")
    if not isinstance(chosen, UploadedFile):
        return request.POST.get("text", "")
    if (chosen.size or 0) > MOST_FILE:
        raise Refused(f"The export of a survey has at most {MOST_FILE // 1024**2} MiB.")
    try:
        return str(chosen.read(), "utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{chosen.name} is no text in UTF-8; export the survey as JSON or as .lss.") from None


def _form(
    request: WorkspaceRequest, survey: Survey, draft: building.Draft, language: str, status: int = 200
) -> HttpResponse:
    theme = draft.survey.theme if draft.survey else Theme()
    context = {
        "survey": survey,
        "draft": draft,
        "form": building.form_of(draft, language),
        "language": language,
        "preview": building.preview_of(draft, language),
        "segments": [one.name for one in list_segments(request.workspace)],
        "steps": [step.id for version in list_journeys(request.workspace) for step in version.journey.steps],
        "theme": theme,
    }
    return render(request, "surveys/edit.html", context, status=status)


def _shown(request: WorkspaceRequest, survey: Survey, more: dict[str, Any], status: int = 200) -> HttpResponse:
    rate = rates_of(request.workspace)[survey.survey_id]
    context = {
        "survey": survey,
        "facts": survey.as_dict(),
        "title": answers.title_of(survey, rate),
        "rate": rate,
        "figures": answers.figures_of(rate),
        "definition": survey.definition,
        "address": links.open_address(survey) if survey.published else "",
        "spreads": address_if_any(request, "spreads:spreads"),
        **more,
    }
    return render(request, "surveys/survey.html", context, status=status)
