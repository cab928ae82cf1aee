"""The page on which somebody answers by a link: one question at a time, in their language, without a script."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from nousnous.base.errors import Refused
from nousnous.capabilities.surveys.actions.answering import OPEN, Sheet, open_sheet, take_answer
from nousnous.capabilities.surveys.measures.sheets import shown
from nousnous.capabilities.surveys.measures.themes import style_of
from nousnous.workspaces.access import public

COOKIE = "nous_survey"
COOKIE_S = 180 * 24 * 3600


@public
@never_cache
@csrf_exempt  # the state of the form is signed, and nobody is signed in
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, link: str) -> HttpResponse:
    """GET shows and never answers: programs that follow links in mails must not vote. POST answers."""
    language = request.GET.get("language") or _spoken(request)
    browser = request.COOKIES.get(COOKIE, "")
    if request.method != "POST":
        sheet = open_sheet(link, browser)
        chosen = request.GET.getlist("answer")
        return _page(request, sheet, {"language": language, "chosen": chosen, "link": link})
    given, words = request.POST.getlist("answer"), request.POST.get("words", "")
    way = "qr" if "qr" in request.GET else "open"
    try:
        sheet = take_answer(link, request.POST.get("state", ""), given, words, way)
    except Refused as refusal:
        if not request.POST.get("state"):
            raise
        again = {"trouble": refusal.sentence, "chosen": given, "written": words, "state": request.POST["state"]}
        sheet = open_sheet(link, browser)
        return _page(request, sheet, {"language": language, "link": link, **again}, status=422)
    response = _page(request, sheet, {"language": language, "link": link})
    if link.startswith(OPEN) and sheet.browser:
        secure = request.is_secure()
        response.set_cookie(COOKIE, sheet.browser, COOKIE_S, path="/s/", httponly=True, samesite="Lax", secure=secure)
    return response


@public
@require_safe
def style(_request: HttpRequest, link: str) -> HttpResponse:
    """The tokens of a survey's theme as a style sheet."""
    theme = open_sheet(link).definition.theme
    return HttpResponse(style_of(theme), content_type="text/css; charset=utf-8")


def _page(request: HttpRequest, sheet: Sheet, given: dict[str, Any], status: int = 200) -> HttpResponse:
    spoken = shown(sheet.definition, sheet.question, given.pop("language"), sheet.told)
    context = {"sheet": sheet, **spoken, "state": sheet.state, "open": given["link"].startswith(OPEN), **given}
    return render(request, "surveys/answer.html", context, status=status)


def _spoken(request: HttpRequest) -> str:
    """The first language that the browser asks for."""
    return request.headers.get("Accept-Language", "").partition(",")[0].partition(";")[0].strip().lower()
