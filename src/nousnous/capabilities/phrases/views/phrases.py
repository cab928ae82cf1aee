"""Pages of the phrase book: all phrases, one with its versions, proposing and deciding."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nousnous.base.errors import NousError
from nousnous.capabilities.phrases.actions import serving, writing
from nousnous.capabilities.phrases.forms import ReasonForm, WordingForm
from nousnous.charts.words import capital, counted
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

form_page = require_http_methods(["GET", "HEAD", "POST"])
ROWS = 100


@permission("phrases:read")
@require_GET
def phrase_list(request: WorkspaceRequest) -> HttpResponse:
    search = request.GET.get("q", "").strip().replace("\0", "")[:200]
    found = serving.list_phrases(request.workspace, search)
    if not search and not found.exists():
        return render(request, "phrases/none.html")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    waiting = serving.count_waiting(request.workspace)
    context = {"title": _title(page.paginator.count, waiting, search), "page": page, "search": search}
    return render(request, "phrases/list.html", context)


@permission("phrases:read")
@require_GET
def phrase(request: WorkspaceRequest, phrase: str) -> HttpResponse:
    return _phrase_page(request, phrase)


@permission("phrases:read")
@require_GET
def bundle(request: WorkspaceRequest) -> HttpResponse:
    """The file that an edge serves."""
    answer, tag = serving.serve_bundle(request.workspace)
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False}, headers={"ETag": tag})


@permission("phrases:write")
@form_page
def propose(request: WorkspaceRequest) -> HttpResponse:
    known = {name: request.GET[name] for name in ("key", "jargon", "tone", "locale") if name in request.GET}
    form = WordingForm(request.POST or None, initial=known, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            made = writing.propose_wording(
                request.workspace, writing.Proposal(**form.cleaned_data), request.access.actor
            )
        except NousError as error:
            named = error.place.field if error.place else None
            form.add_error(named if named in form.fields else None, error.sentence)
        else:
            messages.success(request, "It waits for approval.")
            return redirect(page_address(request, "phrases:phrase", phrase=made.phrase.key))
    return render(request, "phrases/form.html", {"form": form}, status=422 if form.errors else 200)


@permission("phrases:approve")
@require_POST
def approve(request: WorkspaceRequest, phrase: str, number: int) -> HttpResponse:
    def decide() -> str:
        writing.approve_wording(request.workspace, phrase, number, request.access.actor)
        return "It is served from now on."

    return _decided(request, phrase, decide)


@permission("phrases:approve")
@require_POST
def decline(request: WorkspaceRequest, phrase: str, number: int) -> HttpResponse:
    def decide() -> str:
        reason = request.POST.get("reason", "")
        writing.decline_wording(request.workspace, phrase, number, reason, request.access.actor)
        return "It is declined."

    return _decided(request, phrase, decide)


@permission("phrases:approve")
@require_POST
def withdraw(request: WorkspaceRequest, phrase: str, number: int) -> HttpResponse:
    def decide() -> str:
        reason = request.POST.get("reason", "")
        writing.withdraw_wording(request.workspace, phrase, number, reason, request.access.actor)
        return "It is served no more."

    return _decided(request, phrase, decide)


def _decided(request: WorkspaceRequest, key: str, decide: Callable[[], str]) -> HttpResponse:
    serving.phrase_named(request.workspace, key)
    try:
        messages.success(request, decide())
    except NousError as error:
        return _phrase_page(request, key, error.sentence)
    return redirect(page_address(request, "phrases:phrase", phrase=key))


def _phrase_page(request: WorkspaceRequest, key: str, trouble: str = "") -> HttpResponse:
    found = serving.phrase_named(request.workspace, key)
    wordings = list(found.wordings.all())
    served = [one for one in wordings if one.status == one.PUBLISHED]
    best = found.own
    context: dict[str, Any] = {
        "phrase": found,
        "title": f"Customers read “{_short(best.plain)}”" if best else f"Customers read nothing for {key} yet",
        "waiting": [one for one in wordings if one.status == one.PROPOSED],
        "served": served,
        "past": [one for one in wordings if one.status not in {one.PROPOSED, one.PUBLISHED}],
        "form": ReasonForm(label_suffix=""),
        "trouble": trouble,
    }
    return render(request, "phrases/phrase.html", context, status=422 if trouble else 200)


def _title(count: int, waiting: int, search: str) -> str:
    if search:
        return f"{capital(counted(count, 'phrase'))} with “{search}”"
    if waiting:
        return f"{capital(counted(waiting, 'wording'))} {'waits' if waiting == 1 else 'wait'} for approval"
    return f"{capital(counted(count, 'phrase'))}, and nothing waits for approval"


def _short(text: str, letters: int = 70) -> str:
    line = " ".join(text.split())
    return line if len(line) <= letters else f"{line[:letters].rsplit(' ', 1)[0]} …"
