"""Pages of plays: the list, one play with what it did, its text with a dry run, and the way out for customers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from nousnous.base.errors import Conflict, NousError, Refused
from nousnous.journeys.actions.seen import seen_names
from nousnous.journeys.views.journeys import form_page, placed
from nousnous.plays.actions import firing as firing_actions
from nousnous.plays.actions import versions
from nousnous.plays.actions.budgets import Budget, budget_of
from nousnous.plays.actions.dry_run import dry_run
from nousnous.plays.actions.results import Result, newest_firings, results_of
from nousnous.plays.channels import email, seeing
from nousnous.plays.definition import study_play
from nousnous.plays.models import Play, Watch
from nousnous.workspaces.access import WorkspaceRequest, address_if_any, page_address, permission, public

FIRST = """\
[play]
id = "second-login"
name = "Bring back who came once"

[trigger]
event = "Signed Up"
without = "Signed In"               # leave both lines out to act at once
within = "48h"

[limits]
every = "7d"                        # nobody whom any play reached in the last 7 days
quiet = "21:00-08:00"               # on the person's clock, where it is known

[holdout]
share = 0.1                         # left alone, to prove what the play does

[[do]]
action = "email"
subject = "One step is left"
text = "You are almost there. It takes a minute."
button = "Go on"
address = "https://example.com/go-on"
"""


@permission("plays:read")
@require_GET
def plays(request: WorkspaceRequest) -> HttpResponse:
    rows = list(results_of(request.workspace).values())
    if not rows:
        return render(request, "plays/none.html")
    on, failed = sum(row.play.on for row in rows), sum(row.failed for row in rows)
    one = f"{rows[0].play.name} is {'on' if on else 'off'}"
    title = one if len(rows) == 1 else f"{on} of {len(rows)} plays {'is' if on == 1 else 'are'} on"
    return render(request, "plays/list.html", {"rows": rows, "title": title, "failed": failed})


@permission("plays:read")
@require_GET
def show(request: WorkspaceRequest, play: str) -> HttpResponse:
    found = versions.play_of(request.workspace, play)
    version = found.current
    result = results_of(request.workspace)[found.pk]
    budget = budget_of(found, version.definition)
    context = {
        "play": found,
        "version": version,
        "definition": version.definition,
        "result": result,
        "title": _title(found, result, budget),
        "budget": budget,
        "watch": Watch.objects.filter(play=found).first() if version.definition.trigger.threshold else None,
        "proof": _proof(request, version.definition.experiment) if result.acted and result.held_out else "",
        "firings": newest_firings(found) if request.access.allows("people:read") else [],
    }
    return render(request, "plays/play.html", context)


@permission("plays:write")
@form_page
def new(request: WorkspaceRequest) -> HttpResponse:
    return _edited(request, None) if request.method == "POST" else _editor(request, None, {"text": FIRST})


@permission("plays:write")
@form_page
def edit(request: WorkspaceRequest, play: str) -> HttpResponse:
    found = versions.play_of(request.workspace, play)
    return (
        _edited(request, found) if request.method == "POST" else _editor(request, found, {"text": found.current.text})
    )


@permission("plays:write")
@require_POST
def switch(request: WorkspaceRequest, play: str) -> HttpResponse:
    on = request.POST.get("on") == "1"
    try:
        found = versions.switch_play(request.workspace, play, request.access.actor, on=on)
        messages.success(request, f"{found.name} is {'on: it fires from now on' if on else 'off'}.")
    except (Refused, Conflict) as error:
        messages.error(request, error.sentence)
    return redirect(page_address(request, "plays:play", play=play))


@permission("plays:write")
@require_POST
def retry(request: WorkspaceRequest, firing: str) -> HttpResponse:
    found = firing_actions.retry_firing(request.workspace, firing, request.access.actor)
    messages.success(request, "It is tried again now.")
    return redirect(page_address(request, "plays:play", play=found.play.play_id))


@public
@never_cache
@csrf_exempt  # the address is signed, nobody is signed in, and mail programs post to it by themselves (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, letter: str) -> HttpResponse:
    """GET shows and changes nothing: programs that follow links in mails must not unsubscribe anybody. POST does."""
    if request.method == "POST":
        return render(request, "plays/leave.html", {"from": email.leave(letter), "done": True})
    return render(request, "plays/leave.html", {"from": email.who_leaves(letter)[0]})


def _edited(request: WorkspaceRequest, standing: Play | None) -> HttpResponse:
    text = request.POST.get("text", "").replace("\r\n", "\n")
    definition, troubles = study_play(text)
    if definition is None:
        return _editor(request, standing, {"text": text, "troubles": placed(text, troubles)}, status=422)
    try:
        if "apply" in request.POST:
            kept = versions.apply_play(request.workspace, text, None, request.access.actor)
            messages.success(request, f"{kept.name} is kept.")
            return redirect(page_address(request, "plays:play", play=kept.play_id))
        versions.check_play(request.workspace, definition)
    except NousError as error:
        return _editor(request, standing, {"text": text, "troubles": [(None, error.sentence, "")]}, status=422)
    tried = dry_run(request.workspace, definition)
    return _editor(request, standing, {"text": text, "tried": tried, "definition": definition})


@public
@never_cache
@require_safe
def opened(request: HttpRequest, letter: str) -> HttpResponse:
    """The picture in a mail; a look by HEAD opens nothing."""
    if request.method == "GET":
        seeing.opened(letter)
    return HttpResponse(seeing.PIXEL, content_type="image/gif")


@public
@never_cache
@require_safe
def followed(request: HttpRequest, letter: str) -> HttpResponse:
    """Leads on to where the button of a mail leads, and nowhere else; a look by HEAD follows nothing."""
    return HttpResponseRedirect(seeing.followed(letter, seen=request.method == "GET"))


def _title(play: Play, result: Result, budget: Budget | None) -> str:
    if not play.on:
        return f"{play.name} is off"
    if budget is not None and budget.is_spent:
        return f"{play.name} has spent its budget of this month"
    if play.current.definition.trigger.threshold:
        times = {0: "has not told anything yet", 1: "told once"}
        return f"{play.name} {times.get(result.acted, f'told {result.acted} times')}"
    if not result.acted:
        return f"{play.name} waits for its first person"
    return f"{play.name} reached {result.acted:,} {'person' if result.acted == 1 else 'people'}"


def _proof(request: WorkspaceRequest, experiment: str) -> str:
    """Where its arms are read out; empty where no part of this installation reads experiments."""
    if not request.access.allows("experiments:read"):
        return ""
    return address_if_any(request, "experiments:show", experiment=experiment)


def _editor(
    request: WorkspaceRequest, standing: Play | None, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    names = list(seen_names(request.workspace))[:30]
    rows = max(12, context["text"].count("\n") + 2)
    return render(
        request, "plays/text.html", {"play": standing, "names": names, "rows": rows, **context}, status=status
    )
