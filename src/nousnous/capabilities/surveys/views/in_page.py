"""What the widget on customers' pages asks: whether somebody is asked now, what comes next, that it was dismissed.

Pages of any origin may ask, as they may send events: a write key says for which workspace, a signed link for whom.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from nousnous.base.errors import NousError, Refused
from nousnous.capabilities.surveys.actions.answering import Sheet, dismiss, sheet_of_asking, take_answer
from nousnous.capabilities.surveys.actions.asking import Who, ask, asking_of, link_of, survey_in_page
from nousnous.capabilities.surveys.measures.sheets import shown
from nousnous.capabilities.surveys.measures.themes import style_of
from nousnous.workspaces.access import public

MOST_MOMENT_MS = 32_503_680_000_000
View = Callable[..., HttpResponse]


def _from_pages(view: View) -> View:
    """Any origin may ask and read the answer; no cookie plays a part."""

    @public
    @never_cache
    @csrf_exempt
    @require_POST
    @wraps(view)
    def answered(request: HttpRequest, **named: str) -> HttpResponse:
        try:
            response = view(request, **named)
        except Refused as refusal:
            response = JsonResponse({"trouble": refusal.sentence}, status=422)
        except NousError as error:
            response = JsonResponse({"trouble": error.sentence}, status=404)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return answered


@_from_pages
def ask_in_page(request: HttpRequest) -> HttpResponse:
    """The first question, or nothing (204) where somebody is not asked now."""
    given = _body(request)
    survey = survey_in_page(_text(given, "survey"), _text(given, "key"))
    who = Who(
        user_id=_text(given, "userId"),
        anonymous_id=_text(given, "anonymousId"),
        session_id=_text(given, "sessionId"),
        screen=_text(given, "screen"),
        moment_us=_moment_us(given),
    )
    if not who.anonymous_id:
        raise Refused("Say who is asked: an anonymousId.")
    try:
        asking = ask(survey, who, "page")
    except Refused:
        return HttpResponse(status=204)
    link = link_of(asking)
    sheet = sheet_of_asking(asking, link)
    theme = sheet.definition.theme
    return _told(sheet, given, link=link, style=style_of(theme), corner=theme.corner)


@_from_pages
def take(request: HttpRequest, link: str) -> HttpResponse:
    """Keep an answer; answers what comes next."""
    given = _body(request)
    chosen = given.get("answer")
    listed = [one for one in chosen if isinstance(one, str)] if isinstance(chosen, list) else []
    return _told(take_answer(link, _text(given, "state"), listed, _text(given, "words")), given)


@_from_pages
def dismissed(_request: HttpRequest, link: str) -> HttpResponse:
    """Somebody closed it without an answer."""
    dismiss(asking_of(link))
    return HttpResponse(status=204)


def _told(sheet: Sheet, given: dict[str, Any], **more: str) -> JsonResponse:
    spoken = shown(sheet.definition, sheet.question, _text(given, "language").lower(), sheet.told)
    return JsonResponse({**spoken, "state": sheet.state, **more})


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Refused("The body is to be a JSON object.")
    return given


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    return value.replace("\x00", "") if isinstance(value, str) else ""


def _moment_us(given: dict[str, Any]) -> int | None:
    value = given.get("moment")
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 < value < MOST_MOMENT_MS
    return value * 1000 if fits and value else None
