"""Segments: the list, the text with how many people it finds, forgetting one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from nousnous.base.errors import NousError
from nousnous.journeys.actions import segments as segment_actions
from nousnous.journeys.actions.answers import counted
from nousnous.journeys.actions.seen import seen_names
from nousnous.journeys.models import Segment
from nousnous.journeys.segments import study_segment
from nousnous.journeys.views.journeys import form_page, placed
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

FIRST = """\
[segment]
name = "regulars"
match = "all"                       # or "any"

[[condition]]
event = "Order Completed"
at_least = 2
within = "90d"                      # counted back from the newest event

[[condition]]
property = "country"
is = ["DE", "AT"]
"""

KINDS = """\
[[condition]]                       # what the newest identify says
trait = "plan"
is = "pro"

[[condition]]                       # country, channel or platform of some event
property = "country"
is = ["DE", "AT"]

[[condition]]                       # how often, since when; did = false for never
event = "Order Completed"
at_least = 2
at_most = 9
within = "90d"
where = { currency = "EUR" }

[[condition]]                       # a visit of a step, or of any step of a stage
step = "checkout"
journey = "shop"

[[condition]]                       # quintile among buyers, 5 is best: recency, frequency, monetary
rfm = "monetary"
at_least = 4
"""


@permission("segments:read")
@require_GET
def segments(request: WorkspaceRequest) -> HttpResponse:
    found = segment_actions.list_segments(request.workspace)
    rows = [(one, *segment_actions.size_now(request.workspace, one)) for one in found]
    title = f"{counted(len(found), 'segment').capitalize()} can cut every report"
    return render(request, "journeys/segments.html", {"rows": rows, "title": title})


@permission("segments:write")
@form_page
def new(request: WorkspaceRequest) -> HttpResponse:
    if request.method == "POST":
        return _edited(request, None)
    return _editor(request, None, {"text": FIRST})


@permission("segments:read")
@form_page
def edit(request: WorkspaceRequest, segment: str) -> HttpResponse:
    found = segment_actions.segment_of(request.workspace, segment)
    if request.method == "POST":
        request.access.require("segments:write")
        return _edited(request, found)
    size = segment_actions.size_now(request.workspace, found)
    return _editor(request, found, {"text": found.text, "size": size, "words": found.definition.words})


@permission("segments:write")
@require_POST
def remove(request: WorkspaceRequest, segment: str) -> HttpResponse:
    segment_actions.remove_segment(request.workspace, segment, request.access.actor)
    messages.success(request, f"{segment} is forgotten; its people stay.")
    return redirect(page_address(request, "journeys:segments"))


def _edited(request: WorkspaceRequest, standing: Segment | None) -> HttpResponse:
    text = request.POST.get("text", "").replace("\r\n", "\n")
    study = study_segment(text)
    if study.definition is None:
        return _editor(request, standing, {"text": text, "troubles": placed(text, study.troubles)}, status=422)
    try:
        if "apply" in request.POST:
            kept = segment_actions.apply_segment(request.workspace, text, None, request.access.actor)
            messages.success(request, f"{kept.name} is kept.")
            return redirect(page_address(request, "journeys:segment", segment=kept.name))
        size = segment_actions.size_now(request.workspace, study.definition)
    except NousError as error:
        return _editor(request, standing, {"text": text, "troubles": [(None, str(error), "")]}, status=422)
    return _editor(request, standing, {"text": text, "size": size, "words": study.definition.words, "looked_at": True})


def _editor(
    request: WorkspaceRequest, standing: Segment | None, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    names = list(seen_names(request.workspace))[:30]
    context = {
        "segment": standing,
        "kinds": KINDS,
        "names": names,
        "rows": max(12, context["text"].count("\n") + 2),
        **context,
    }
    return render(request, "journeys/segment.html", context, status=status)
