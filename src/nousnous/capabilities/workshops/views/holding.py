"""Pages of members: all workshops, a new one, and one with its count, its code and what came of it."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nousnous.base.errors import NousError
from nousnous.capabilities.workshops.actions import holding
from nousnous.capabilities.workshops.actions import letters as by_mail
from nousnous.capabilities.workshops.forms import LettersForm, WorkshopForm
from nousnous.capabilities.workshops.models import Workshop
from nousnous.capabilities.workshops.views.outcomes import empathy_sentence, outcome_card, outcome_title, rounds_of
from nousnous.capabilities.workshops.views.voting import stream_of
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

form_page = require_http_methods(["GET", "HEAD", "POST"])
ROWS = 100


@permission("workshops:read")
@require_GET
def workshop_list(request: WorkspaceRequest) -> HttpResponse:
    found = holding.list_workshops(request.workspace)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    rows = [{"workshop": one, "told": outcome_title(one)} for one in page]
    return render(request, "workshops/list.html", {"rows": rows, "page": page})


@permission("workshops:write")
@form_page
def new(request: WorkspaceRequest) -> HttpResponse:
    form = WorkshopForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            made = holding.create_workshop(request.workspace, form.document(), request.access.actor)
        except NousError as error:
            named = error.place.field if error.place else None
            form.add_error(named if named in form.fields else None, error.sentence)
        else:
            return redirect(page_address(request, "workshops:workshop", workshop=made.id))
    return render(request, "workshops/new.html", {"form": form}, status=422 if form.errors else 200)


@permission("workshops:read")
@require_GET
def workshop(request: WorkspaceRequest, workshop: str) -> HttpResponse:
    return _page(request, holding.workshop_named(request.workspace, workshop))


@permission("workshops:read")
@require_GET
async def live(request: WorkspaceRequest, workshop: str) -> StreamingHttpResponse:
    """The count as it comes."""
    found = await sync_to_async(holding.workshop_named)(request.workspace, workshop)
    return await stream_of(found.id)


@permission("workshops:write")
@require_POST
def open_round(request: WorkspaceRequest, workshop: str) -> HttpResponse:
    return _done(request, workshop, lambda: holding.open_round(request.workspace, workshop, request.access.actor))


@permission("workshops:write")
@require_POST
def open_slot(request: WorkspaceRequest, workshop: str) -> HttpResponse:
    return _done(request, workshop, lambda: holding.open_slot(request.workspace, workshop, request.access.actor))


@permission("workshops:write")
@require_POST
def stop(request: WorkspaceRequest, workshop: str) -> HttpResponse:
    return _done(request, workshop, lambda: holding.stop_repeating(request.workspace, workshop, request.access.actor))


@permission("workshops:write")
@require_POST
def letters(request: WorkspaceRequest, workshop: str) -> HttpResponse:
    found = holding.workshop_named(request.workspace, workshop)
    form = LettersForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _page(request, found, form=form)

    def send() -> None:
        to = by_mail.recipients_in(form.cleaned_data["recipients"])
        sent = by_mail.send_letters(request.workspace, workshop, to, request.access.actor)
        messages.success(request, f"{sent['sent']} mails are out.")
        for one in sent["left_out"]:
            messages.error(request, f"{one['email'][:100]} was left out: {one['why']}")

    return _done(request, workshop, send)


@permission("workshops:read")
@require_GET
def code(request: WorkspaceRequest, workshop: str, form: str) -> HttpResponse:
    found = holding.workshop_named(request.workspace, workshop)
    if form not in by_mail.FORMS:
        raise Http404("A code is svg or png.")
    return HttpResponse(by_mail.code_of(found, form), content_type=by_mail.FORMS[form])


def _done(request: WorkspaceRequest, workshop: str, act: Callable[[], Any]) -> HttpResponse:
    found = holding.workshop_named(request.workspace, workshop)
    try:
        act()
    except NousError as error:
        return _page(request, found, error.sentence)
    return redirect(page_address(request, "workshops:workshop", workshop=workshop))


def _page(
    request: WorkspaceRequest, found: Workshop, trouble: str = "", form: LettersForm | None = None
) -> HttpResponse:
    newest = found.current
    votes = newest.votes.count() if newest and not newest.outcome else 0
    state = "counting" if newest and newest.is_over and not newest.outcome else found.state
    context: dict[str, Any] = {
        "workshop": found,
        "definition": found.definition,
        "newest": newest,
        "state": state,
        "votes": votes,
        "slots_left": newest is not None and newest.slots < len(found.definition.versions),
        "title": outcome_title(found),
        "address": by_mail.address_of(found.link),
        "card": outcome_card(found, newest) if newest and newest.outcome else None,
        "empathy": empathy_sentence(newest.outcome) if newest and newest.outcome else "",
        "rounds": rounds_of(found),
        "form": form or LettersForm(label_suffix=""),
        "trouble": trouble,
    }
    failed = bool(trouble or (form and form.errors))
    return render(request, "workshops/workshop.html", context, status=422 if failed else 200)
