"""The page on which a customer chooses: three versions in random order without labels, with or without a script."""

from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from nousnous.base.errors import Refused
from nousnous.capabilities.workshops.actions.voting import OPEN, Sheet, new_voter, sheet_of, take_vote
from nousnous.capabilities.workshops.actions.watching import leave_records, watch
from nousnous.capabilities.workshops.measures import RATINGS
from nousnous.workspaces.access import public

COOKIE = "nous_voter"
COOKIE_S = 400 * 24 * 3600


@public
@never_cache
@csrf_exempt  # the token travels in a cookie that no other site can send
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, vote: str) -> HttpResponse:
    """GET shows and never votes: programs that follow links in mails must not. POST votes."""
    browser = request.COOKIES.get(COOKIE, "")[:100]
    token = browser or new_voter()
    context: dict[str, Any] = {"link": vote, "by_token": vote.startswith(OPEN), "taken": False}
    status = 200
    if request.method == "POST":
        chosen, group = request.POST.get("choice", ""), request.POST.get("group", "")
        try:
            ratings = request.POST.get("today", ""), request.POST.get("version", "")
            sheet = take_vote(vote, browser, chosen, group, ratings)
            context["taken"] = sheet.chosen is not None
        except Refused as refusal:
            sheet, status = sheet_of(vote, token), 422
            context |= {"trouble": refusal.sentence, "marked": chosen, "group": group}
    else:
        sheet = sheet_of(vote, token)
    response = render(request, "workshops/vote.html", context | _shown(sheet, context), status=status)
    if context["by_token"] and not browser:
        secure = request.is_secure()
        response.set_cookie(COOKIE, token, COOKIE_S, path="/vote/", httponly=True, samesite="Lax", secure=secure)
    return response


@public
@never_cache
@require_safe
async def live(_request: HttpRequest, vote: str) -> StreamingHttpResponse:
    """How many voted, which slots are open, whether it is over: for pages that stay open."""
    sheet = await sync_to_async(sheet_of)(vote, "")
    return await stream_of(sheet.workshop.id)


async def stream_of(workshop_id: str) -> StreamingHttpResponse:
    """A stream of a workshop; proxies are asked not to hold it back, and it is not compressed, which would."""
    await leave_records()
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Encoding": "identity"}
    return StreamingHttpResponse(watch(workshop_id), content_type="text/event-stream", headers=headers)


def _shown(sheet: Sheet, context: dict[str, Any]) -> dict[str, Any]:
    marked = context.get("marked", "" if sheet.chosen is None else str(sheet.chosen))
    return {
        "sheet": sheet,
        "definition": sheet.definition,
        "workspace": sheet.workshop.workspace,
        "choices": [{"place": str(place), "version": version} for place, version in sheet.versions],
        "marked": marked,
        "group": context.get("group") or sheet.group,
        "ratings": [str(one) for one in RATINGS],
        "slots": sheet.round.slots if sheet.round else 0,
        "round": sheet.round.number if sheet.round else 0,
        "live": "over"
        if sheet.round and sheet.round.outcome
        else "counting"
        if sheet.state == "over"
        else "open"
        if sheet.round
        else "waiting",
    }
