"""Pages of channels: the list, connecting one, trying and removing it; and where Slack tells of pressed buttons."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nousnous.base.errors import Forbidden, Missing, NousError, Refused
from nousnous.plays.channels import actions, in_page, interactions, push
from nousnous.plays.channels.forms import ChannelForm
from nousnous.plays.channels.kinds import Kind, kind_named, kinds
from nousnous.plays.channels.models import Channel
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission, public

form_page = require_http_methods(["GET", "HEAD", "POST"])


@permission("plays:read")
@require_GET
def channels(request: WorkspaceRequest) -> HttpResponse:
    found = sorted(actions.list_channels(request.workspace), key=lambda one: not one.trouble)
    rows = [(one, kind_named(one.kind).title, kind_named(one.kind).where(one.told)) for one in found]
    context = {"rows": rows, "title": _title(found), "kinds": kinds()}
    return render(request, "channels/list.html", context)


@permission("plays:write")
@form_page
def new(request: WorkspaceRequest, kind: str) -> HttpResponse:
    found = kind_named(kind)
    return _form_page(request, found, None)


@permission("plays:write")
@form_page
def show(request: WorkspaceRequest, channel: str) -> HttpResponse:
    found = actions.channel_named(request.workspace, channel)
    return _form_page(request, kind_named(found.kind), found)


@permission("plays:write")
@require_POST
def test(request: WorkspaceRequest, channel: str) -> HttpResponse:
    try:
        messages.success(request, actions.test_channel(request.workspace, channel, request.access.actor))
    except NousError as error:
        if actions.channel_named(request.workspace, channel):
            messages.error(request, error.sentence)
    return _back(request)


@permission("plays:write")
@require_POST
def remove(request: WorkspaceRequest, channel: str) -> HttpResponse:
    gone = actions.remove_channel(request.workspace, channel, request.access.actor)
    messages.success(request, f"{gone.name} is removed, and its secrets are forgotten.")
    return _back(request)


@public
@csrf_exempt  # Slack signs what it sends; nobody is signed in
@require_POST
def press(request: HttpRequest, connection: str) -> HttpResponse:
    """Answered at once, as Slack waits three seconds; the button is replaced by the run that follows."""
    try:
        interactions.receive(connection, request.body, request.headers)
    except Forbidden as error:
        return HttpResponse(error.sentence, status=401, content_type="text/plain")
    except Refused as error:
        return HttpResponse(error.sentence, status=400, content_type="text/plain")
    return HttpResponse(status=200)


@public
@never_cache
@csrf_exempt  # pages of any origin may ask, as they may send events; no cookie plays a part
@require_POST
def ask_message(request: HttpRequest) -> HttpResponse:
    """The message that waits for a browser, or nothing (204)."""
    try:
        given = json.loads(request.body)
        key, browser = str(given["key"]), str(given["anonymousId"])
    except (ValueError, RecursionError, KeyError, TypeError):
        return _to_pages(HttpResponse("Say key and anonymousId as JSON.", status=422, content_type="text/plain"))
    try:
        found = in_page.next_message(key.replace("\x00", ""), browser)
    except Missing as error:
        return _to_pages(HttpResponse(error.sentence, status=404, content_type="text/plain"))
    return _to_pages(JsonResponse(found) if found else HttpResponse(status=204))


@public
@csrf_exempt  # as above: what a browser sends is its own, and no cookie plays a part
@require_POST
def take_push(request: HttpRequest) -> HttpResponse:
    """Keep that a browser takes push messages (204)."""
    try:
        given = json.loads(request.body)
        key, browser, subscription = str(given["key"]), str(given["anonymousId"]), dict(given["subscription"])
    except (ValueError, RecursionError, KeyError, TypeError):
        said = "Say key, anonymousId and subscription as JSON."
        return _to_pages(HttpResponse(said, status=422, content_type="text/plain"))
    try:
        push.subscribe(key.replace("\x00", ""), browser, subscription)
    except NousError as error:
        status = {Missing: 404, Forbidden: 403}.get(type(error), 422)
        return _to_pages(HttpResponse(error.sentence, status=status, content_type="text/plain"))
    return _to_pages(HttpResponse(status=204))


def _to_pages(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _form_page(request: WorkspaceRequest, kind: Kind, channel: Channel | None) -> HttpResponse:
    standing = actions.as_dict(channel) if channel else None
    form = ChannelForm(kind, request.POST or None, standing)
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.connect(request.workspace, form.connection(), request.access.actor)
        except NousError as error:
            named = error.place.field if error.place else None
            form.add_error(named if named in form.fields else None, error.sentence)
        else:
            messages.success(request, f"{kept.name} is kept. Try it to see that it works.")
            return _back(request)
    context: dict[str, Any] = {"form": form, "kind": kind, "channel": channel}
    if channel is not None and kind.name == "slack":
        context["press"] = f"{settings.NOUS.address.rstrip('/')}/slack/{channel.id}/"
    return render(request, "channels/channel.html", context, status=422 if form.errors else 200)


def _title(found: list[Channel]) -> str:
    broken = [one.name for one in found if one.trouble]
    if not found:
        return "Plays reach nobody outside but by e-mail"
    if broken:
        return f"{broken[0] if len(broken) == 1 else f'{len(broken)} channels'} can send nothing any more"
    return f"Plays go out by {len(found)} channel{'' if len(found) == 1 else 's'}"


def _back(request: WorkspaceRequest) -> HttpResponse:
    return redirect(page_address(request, "channels:list"))
