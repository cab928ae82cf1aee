"""Pages of articles for members: all of them, writing one, one as customers see it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nousnous.base.errors import NousError
from nousnous.capabilities.phrases.actions import articles as actions
from nousnous.capabilities.phrases.forms import ArticleForm
from nousnous.capabilities.phrases.measures import as_html, helpful_share
from nousnous.capabilities.phrases.models import Article
from nousnous.charts.words import capital, counted, interval, percent
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

form_page = require_http_methods(["GET", "HEAD", "POST"])
ROWS = 100


@permission("phrases:read")
@require_GET
def article_list(request: WorkspaceRequest) -> HttpResponse:
    page = Paginator(actions.list_articles(request.workspace), ROWS).get_page(request.GET.get("page"))
    rows = [{"article": one, "helpful": _helpful(one)} for one in page]
    public = len(actions.find_articles(request.workspace, ""))
    title = f"Customers can read {counted(public, 'article')}" if public else "Customers can read no article yet"
    context = {"rows": rows, "page": page, "title": title, "public": _address(request) if public else ""}
    return render(request, "phrases/articles.html", context)


@permission("phrases:write")
@form_page
def new(request: WorkspaceRequest) -> HttpResponse:
    return _form_page(request, None)


@permission("phrases:write")
@form_page
def edit(request: WorkspaceRequest, article: str) -> HttpResponse:
    return _form_page(request, actions.article_named(request.workspace, article))


@permission("phrases:read")
@require_GET
def article(request: WorkspaceRequest, article: str) -> HttpResponse:
    found = actions.article_named(request.workspace, article)
    newest = found.newest
    context = {
        "article": found,
        "newest": newest,
        "html": as_html(newest.text),
        "helpful": _helpful(found),
        "public": f"{_address(request)}{found.slug}/" if found.public_title else "",
        "versions": found.versions.all(),
    }
    return render(request, "phrases/article.html", context)


@permission("phrases:approve")
@require_POST
def publish(request: WorkspaceRequest, article: str) -> HttpResponse:
    return _done(request, article, actions.publish_article, "Customers can read it now.")


@permission("phrases:approve")
@require_POST
def take_down(request: WorkspaceRequest, article: str) -> HttpResponse:
    return _done(request, article, actions.take_down_article, "Customers can read it no more.")


def _done(request: WorkspaceRequest, slug: str, act: Callable[..., Any], said: str) -> HttpResponse:
    try:
        act(request.workspace, slug, request.access.actor)
        messages.success(request, said)
    except NousError as error:
        actions.article_named(request.workspace, slug)
        messages.error(request, error.sentence)
    return redirect(page_address(request, "phrases:article", article=slug))


def _form_page(request: WorkspaceRequest, found: Article | None) -> HttpResponse:
    known = None
    if found is not None:
        known = {"slug": found.slug, "locale": found.locale, "title": found.newest.title, "text": found.newest.text}
    form = ArticleForm(request.POST or None, initial=known, label_suffix="")
    if found is not None:
        form.fields["slug"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.write_article(request.workspace, actions.Draft(**form.cleaned_data), request.access.actor)
        except NousError as error:
            named = error.place.field if error.place else None
            form.add_error(named if named in form.fields else None, error.sentence)
        else:
            return redirect(page_address(request, "phrases:article", article=made.slug))
    context = {"form": form, "article": found}
    return render(request, "phrases/write.html", context, status=422 if form.errors else 200)


def _helpful(found: Article) -> str:
    """How many found it helpful, in words."""
    helpful, answered = found.judged()
    if not answered:
        return "nobody said yet"
    share = helpful_share(helpful, answered)
    if share.value is None:
        return f"{capital(counted(answered, 'answer'))}, too few"
    return f"{percent(share.value)} ({interval(share.low, share.high, 'share')}), n {answered}"


def _address(request: WorkspaceRequest) -> str:
    return reverse("phrases:help", kwargs={"workspace": request.workspace.slug})
