"""People: search, one story, merges, consent, export, erasure. Ids travel in the query: they may hold anything."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from nousnous.base import clock
from nousnous.base.errors import NousError, Refused
from nousnous.facts.replays import address_of
from nousnous.people.actions import consents, erasure, exports, merges, searches
from nousnous.people.forms import ConsentForm, EraseForm, MergeForm
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission
from nousnous.workspaces.actions import audit


@permission("people:read")
@require_GET
def search(request: WorkspaceRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()
    audit(request.workspace, request.access.actor, "search people")
    found = searches.search_people(request.workspace, wanted)
    people = [{**one, "seen_at": clock.from_us(one["last_us"])} for one in found]
    waiting = len(searches.waiting_suggestions(request.workspace))
    return render(request, "people/search.html", {"people": people, "wanted": wanted, "waiting": waiting})


@permission("people:read")
@require_GET
def show(request: WorkspaceRequest) -> HttpResponse:
    return _show(request, request.GET.get("id", ""))


@permission("people:export")
@require_GET
def export(request: WorkspaceRequest) -> HttpResponse:
    person_id = request.GET.get("id", "")
    document = exports.export_person(request.workspace, person_id)
    audit(request.workspace, request.access.actor, "export person", person_id)
    return HttpResponse(
        json.dumps(document, indent=2),
        content_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="person.json"'},
    )


@permission("people:write")
@require_POST
def consent(request: WorkspaceRequest) -> HttpResponse:
    person_id, form = request.POST.get("id", ""), ConsentForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        consents.decide_consent(request.workspace, person_id, given["purpose"], given["state"])
        audit(request.workspace, request.access.actor, "change consent", person_id)
        messages.success(request, "Saved: what is not allowed is not kept from now on.")
    return _to(request, "people:show", person_id)


@permission("people:write")
@require_POST
def merge(request: WorkspaceRequest) -> HttpResponse:
    person_id, form = request.POST.get("id", ""), MergeForm(request.POST)
    if not form.is_valid():
        return _show(request, person_id, {"merge_form": form})
    try:
        merges.merge_persons(request.workspace, person_id, form.cleaned_data["known_id"])
    except NousError as error:
        form.add_error("known_id", str(error))
        return _show(request, person_id, {"merge_form": form})
    audit(request.workspace, request.access.actor, "merge people", person_id)
    return _to(request, "people:show", form.cleaned_data["known_id"])


@permission("people:write")
@require_POST
def unmerge(request: WorkspaceRequest) -> HttpResponse:
    person_id = request.POST.get("id", "")
    merges.unmerge_person(request.workspace, person_id)
    audit(request.workspace, request.access.actor, "undo merge", person_id)
    messages.success(request, "This is a person of their own again.")
    return _to(request, "people:show", person_id)


@permission("people:erase")
@require_POST
def erase(request: WorkspaceRequest) -> HttpResponse:
    person_id, form = request.POST.get("id", ""), EraseForm(request.POST)
    if not form.is_valid() or form.cleaned_data["confirmation"] != person_id:
        form.add_error("confirmation", "Write the id exactly as it stands above.")
        return _show(request, person_id, {"erase_form": form})
    receipt = erasure.erase_person(request.workspace, person_id)
    audit(request.workspace, request.access.actor, "erase person", receipt.receipt)
    return redirect(page_address(request, "people:receipt", receipt=receipt.receipt))


@permission("people:erase")
@require_GET
def receipt(request: WorkspaceRequest, receipt: str) -> HttpResponse:
    found = erasure.read_receipt(request.workspace, receipt)
    moment = datetime.fromisoformat(found.erased_at or found.asked_at)
    told = {"receipt": found, "rows": sum(found.rows.values()), "moment": moment}
    return render(request, "people/receipt.html", told)


@permission("people:read")
@require_GET
def suggestions(request: WorkspaceRequest) -> HttpResponse:
    waiting = searches.waiting_suggestions(request.workspace)
    return render(request, "people/suggestions.html", {"suggestions": waiting})


@permission("people:write")
@require_POST
def decide(request: WorkspaceRequest, suggestion: int) -> HttpResponse:
    accepted = request.POST.get("answer") == "merge"
    merges.decide_suggestion(request.workspace, suggestion, accepted=accepted)
    audit(request.workspace, request.access.actor, "decide merge", f"{suggestion} {accepted}")
    return redirect(page_address(request, "people:suggestions"))


def _show(request: WorkspaceRequest, person_id: str, more: dict[str, Any] | None = None) -> HttpResponse:
    before = request.GET.get("before", "")
    if before and not before.lstrip("-").isdigit():
        raise Refused("“before” is a moment in microseconds; follow the link “Older” instead.")
    page = searches.read_person(request.workspace, person_id, int(before) if before else None)
    audit(request.workspace, request.access.actor, "read person", page.person.id)
    context = {
        "person": page.person,
        "merges": page.merges,
        "consents": page.consents,
        "events": [
            {**one, "at": clock.from_us(one["ts_us"]), "replay": _replay(request, page, one)} for one in page.events
        ],
        "recorded": len(page.recorded) if request.access.allows("replays:read") else 0,
        "older_before_us": page.older_before_us,
        "merge_form": MergeForm(),
        "erase_form": EraseForm(),
        "consent_form": ConsentForm(),
        **(more or {}),
    }
    return render(request, "people/show.html", context)


def _replay(request: WorkspaceRequest, page: searches.PersonPage, event: dict[str, Any]) -> str:
    """Where the second of an event can be watched, if it was recorded and may be seen."""
    if event["session_id"] not in page.recorded or not request.access.allows("replays:read"):
        return ""
    return address_of(request.workspace.slug, event["session_id"], event["ts_us"])


def _to(request: WorkspaceRequest, name: str, person_id: str) -> HttpResponse:
    return redirect(f"{page_address(request, name)}?{urlencode({'id': person_id})}")
