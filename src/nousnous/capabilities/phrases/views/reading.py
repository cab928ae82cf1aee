"""The help that customers read and search: without a script, in a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from nousnous.base.errors import Refused
from nousnous.capabilities.phrases.actions import articles as actions
from nousnous.capabilities.phrases.measures import as_html
from nousnous.workspaces.access import public

COOKIE = "nous_reader"


@public
@require_safe
def help_page(request: HttpRequest, workspace: str) -> HttpResponse:
    company, words = actions.help_of(workspace), request.GET.get("q", "")
    found = actions.find_articles(company, words)
    return render(request, "phrases/help.html", {"company": company, "articles": found, "words": words[:200]})


@public
@never_cache
@csrf_exempt  # the token travels in a cookie that no other site can send
@require_http_methods(["GET", "HEAD", "POST"])
def article(request: HttpRequest, workspace: str, article: str) -> HttpResponse:
    """GET shows it, and tells that it was read; POST says whether it helped."""
    company = actions.help_of(workspace)
    found = actions.public_article(company, article)
    reader = request.COOKIES.get(COOKIE, "")[:100]
    token, trouble = reader or actions.new_reader(), ""
    if request.method == "POST":
        try:
            actions.judge_article(found, reader, helpful=request.POST.get("helpful") == "yes")
            return redirect(f"{request.path}?thanks")
        except Refused as refusal:
            trouble = refusal.sentence
    elif request.method == "GET" and "thanks" not in request.GET and "prefetch" not in _purpose(request):
        actions.note_view(found, token)
    context = {
        "company": company,
        "article": found,
        "html": as_html(found.public_text),
        "trouble": trouble,
        "thanks": "thanks" in request.GET,
    }
    response = render(request, "phrases/read.html", context, status=422 if trouble else 200)
    if not reader:  # for as long as the browser is open
        response.set_cookie(COOKIE, token, path="/help/", httponly=True, samesite="Lax", secure=request.is_secure())
    return response


def _purpose(request: HttpRequest) -> str:
    """What a browser says of a page that it fetches before anybody asked for it."""
    return request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
