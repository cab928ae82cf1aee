"""Phrases in the API: served with an entity tag, proposed and decided."""

import json
from typing import TypedDict, TypeVar

from ninja import Field, Query, Router, Schema

from nousnous.base.shapes import Items, Page
from nousnous.capabilities.phrases.actions import articles, serving, writing
from nousnous.capabilities.phrases.measures import ServedShape
from nousnous.capabilities.phrases.models import ArticleShape, PhraseShape, WordingShape
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.paging import Paging, page_of
from nousnous.workspaces.written import Written

router = Router(tags=["phrases"])
LATEST = 2**31 - 1
S = TypeVar("S")


class WordingBody(Schema):
    plain: str = Field(..., min_length=1, max_length=writing.MOST_LETTERS, description="What the customer reads.")
    tone: str = Field("plain", max_length=40, description="A word such as plain, empathetic, conversational, legal.")
    locale: str = Field("en", max_length=20, description="Language, such as en, de or pt-br.")
    jargon: str = Field("", max_length=writing.MOST_LETTERS, description="How it is said among ourselves.")
    used_in: str = Field("", max_length=writing.MOST_LETTERS, description="Where it stands.")
    evidence: str = Field("", max_length=writing.MOST_LETTERS, description="What says that customers understand it.")


class DecisionBody(Schema):
    reason: str = Field(..., min_length=1, max_length=500, description="Why it is not served.")


class FoundArticleShape(TypedDict):
    slug: str
    title: str
    text: str


@router.get("/phrases")
@permission("phrases:read")
def phrases(request: WorkspaceRequest, paging: Query[Paging], q: str = "") -> Page[PhraseShape]:
    """Phrases with all their wordings; with `q` those that hold the text."""
    found = serving.list_phrases(request.workspace, q.replace("\0", "")[:200])
    return page_of(found, paging, lambda one: one.as_dict())


@router.get("/phrase-bundle")
@permission("phrases:read")
def phrase_bundle(request: WorkspaceRequest) -> Written[serving.TaggedBundleShape]:
    """Every approved wording as one document, for an edge; with its ETag, so that asking again costs nothing."""
    return tagged(request.headers.get("If-None-Match", ""), *serving.serve_bundle(request.workspace))


@router.get("/phrases/{phrase}")
@permission("phrases:read")
def phrase_served(request: WorkspaceRequest, phrase: str, locale: str = "", tone: str = "") -> Written[ServedShape]:
    """The approved wording: of the language asked for, else of its parent, else of the phrase's own; so is the tone."""
    found = serving.serve_phrase(request.workspace, phrase, locale, tone)
    return tagged(request.headers.get("If-None-Match", ""), *found)


@router.get("/phrases/{phrase}/versions")
@permission("phrases:read")
def versions(request: WorkspaceRequest, phrase: str) -> PhraseShape:
    """A phrase with all its wordings, newest first."""
    return serving.phrase_named(request.workspace, phrase).as_dict()


@router.post("/phrases/{phrase}")
@permission("phrases:write")
def propose(request: WorkspaceRequest, phrase: str, body: WordingBody) -> WordingShape:
    """Put a wording before who approves."""
    proposal = writing.Proposal(key=phrase, **body.dict())
    return writing.propose_wording(request.workspace, proposal, request.access.actor).as_dict()


@router.post("/phrases/{phrase}/versions/{int:number}/approve")
@permission("phrases:approve")
def approve(request: WorkspaceRequest, phrase: str, number: int) -> WordingShape:
    """Serve it from now on, in the place of what was served in its tone and language."""
    return writing.approve_wording(request.workspace, phrase, min(number, LATEST), request.access.actor).as_dict()


@router.post("/phrases/{phrase}/versions/{int:number}/decline")
@permission("phrases:approve")
def decline(request: WorkspaceRequest, phrase: str, number: int, body: DecisionBody) -> WordingShape:
    """Say why it will not be served."""
    given = (min(number, LATEST), body.reason, request.access.actor)
    return writing.decline_wording(request.workspace, phrase, *given).as_dict()


@router.post("/phrases/{phrase}/versions/{int:number}/withdraw")
@permission("phrases:approve")
def withdraw(request: WorkspaceRequest, phrase: str, number: int, body: DecisionBody) -> WordingShape:
    """Serve it no more, without another in its place."""
    given = (min(number, LATEST), body.reason, request.access.actor)
    return writing.withdraw_wording(request.workspace, phrase, *given).as_dict()


class ArticleBody(Schema):
    title: str = Field(..., max_length=200, description="Title.")
    text: str = Field(..., max_length=articles.MOST_LETTERS, description="Markdown; HTML in it is shown as written.")
    locale: str = Field("en", max_length=20, description="Language, such as en, de or pt-br.")


@router.get("/articles")
@permission("phrases:read")
def article_list(request: WorkspaceRequest, paging: Query[Paging]) -> Page[ArticleShape]:
    """Articles with their newest version, and how many browsers found them helpful."""
    return page_of(articles.list_articles(request.workspace), paging, lambda one: one.as_dict())


@router.get("/article-search")
@permission("phrases:read")
def search(request: WorkspaceRequest, q: str = "") -> Items[FoundArticleShape]:
    """Published articles with all of the words, or beginnings of them, best first."""
    found = articles.find_articles(request.workspace, q)
    return {"items": [{"slug": one.slug, "title": one.public_title, "text": one.public_text} for one in found]}


@router.get("/articles/{article}")
@permission("phrases:read")
def article(request: WorkspaceRequest, article: str) -> ArticleShape:
    """One article in its newest version."""
    return articles.article_named(request.workspace, article).as_dict()


@router.put("/articles/{article}")
@permission("phrases:write")
def write(request: WorkspaceRequest, article: str, body: ArticleBody) -> ArticleShape:
    """Keep a version; customers go on reading the published one."""
    draft = articles.Draft(article, body.title, body.text, body.locale)
    return articles.write_article(request.workspace, draft, request.access.actor).as_dict()


@router.post("/articles/{article}/publish")
@permission("phrases:approve")
def publish(request: WorkspaceRequest, article: str) -> ArticleShape:
    """Let customers read the newest version."""
    return articles.publish_article(request.workspace, article, request.access.actor).as_dict()


@router.post("/articles/{article}/take-down")
@permission("phrases:approve")
def take_down(request: WorkspaceRequest, article: str) -> ArticleShape:
    """Let customers read it no more."""
    return articles.take_down_article(request.workspace, article, request.access.actor).as_dict()


def tagged(held: str, answer: S, tag: str) -> Written[S]:
    """An answer with its entity tag, or that whoever asks holds it already, by the tags that they named."""
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = {one.strip().removeprefix("W/") for one in held.split(",")}
    if tag in known:
        return Written(status=304, headers=headers)
    body = json.dumps(answer, ensure_ascii=False).encode()
    return Written(body, content_type="application/json; charset=utf-8", headers=headers)
