"""Articles: written as drafts, published and taken down, searched, shown to customers, judged by them."""

import re
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, Place, Refused, Unavailable
from nousnous.base.ids import keyed_hash, random_id
from nousnous.capabilities.phrases.models import Article, ArticleVersion, Judgement
from nousnous.collector.accepting import accept_events
from nousnous.facts.phrases import LOCALE
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")
MOST_LETTERS: Final = 100_000
ONE_VIEW_US: Final = 30 * clock.MINUTE_US
"""What a browser reads again within so long is one view."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as somebody writes it."""

    slug: str
    title: str
    text: str
    locale: str = "en"


def list_articles(workspace: Workspace) -> Any:
    return Article.objects.of(workspace).prefetch_related("versions")


def article_named(workspace: Workspace, slug: str) -> Article:
    return Article.objects.named(workspace, slug)


def find_articles(workspace: Workspace, words: str) -> list[Article]:
    """What customers can read: all of it, or what has the words, best first."""
    words = words.replace("\0", "").strip()[:200]
    return Article.objects.about(workspace, words) if words else list(Article.objects.public(workspace))


@transaction.atomic
def write_article(workspace: Workspace, draft: Draft, actor: str) -> Article:
    """Keep a version; customers go on reading the one that is published. The same text again is the same version."""
    said = _checked(draft)
    article, _ = Article.objects.get_or_create(workspace=workspace, slug=said.slug, defaults={"locale": said.locale})
    article = Article.objects.select_for_update().get(pk=article.pk)
    if article.locale != said.locale:
        article.locale = said.locale
        article.save(update_fields=["locale"])
    newest = article.versions.first()
    if newest is None or (newest.title, newest.text) != (said.title, said.text):
        number = newest.number + 1 if newest else 1
        ArticleVersion.objects.create(
            article=article, number=number, title=said.title, text=said.text, written_by=actor[:200]
        )
        audit(workspace, actor, "write article", f"{said.slug}, version {number}")
    return article


@transaction.atomic
def publish_article(workspace: Workspace, slug: str, actor: str) -> Article:
    """Let customers read the newest version."""
    article = _held(workspace, slug)
    newest = article.newest
    article.public_title, article.public_text, article.public_number = newest.title, newest.text, newest.number
    _keep(article)
    audit(workspace, actor, "publish article", f"{slug}, version {newest.number}")
    return article


@transaction.atomic
def take_down_article(workspace: Workspace, slug: str, actor: str) -> Article:
    """Let customers read it no more; its versions stay."""
    article = _held(workspace, slug)
    if not article.public_title:
        raise Conflict("Customers cannot read it anyway.")
    article.public_title, article.public_text, article.public_number = "", "", None
    _keep(article)
    audit(workspace, actor, "take down article", slug)
    return article


def help_of(company: str) -> Workspace:
    """The workspace whose help is public; Missing where nothing is, as where there is no such workspace."""
    workspace = Workspace.objects.filter(slug=company).first()
    if workspace is None or not Article.objects.public(workspace).exists():
        raise Missing("There is no such page.")
    return workspace


def public_article(workspace: Workspace, slug: str) -> Article:
    article = Article.objects.public(workspace).filter(slug=slug).first()
    if article is None:
        raise Missing("There is no such article.")
    return article


def note_view(article: Article, reader: str) -> None:
    """Tell that a browser read it, as an event; a log that cannot take it now keeps nobody from reading."""
    now_us = clock.now_us()
    event = {
        "type": "track",
        "event": "Article Viewed",
        "anonymousId": reader,
        "messageId": f"{article.pk}-{reader}-{now_us // ONE_VIEW_US}",
        "timestamp": clock.from_us(now_us).isoformat(),
        "properties": {
            "article": article.slug,
            "title": article.public_title,
            "locale": article.locale,
            "version": article.public_number,
        },
    }
    try:
        accept_events(article.workspace, [event], f"article:{article.slug}")
    except Unavailable:
        return


def judge_article(article: Article, reader: str, *, helpful: bool) -> None:
    """Keep what a browser thinks of it; the last word counts."""
    if not reader:
        raise Refused("Your browser sent no token, without which somebody could answer twice; send it again.")
    hashed = keyed_hash(settings.SECRET_KEY.encode(), "phrases.reader", article.pk, reader)
    Judgement.objects.update_or_create(article=article, reader=hashed, defaults={"helpful": helpful})


def new_reader() -> str:
    return random_id("reader")


def _held(workspace: Workspace, slug: str) -> Article:
    found = Article.objects.named(workspace, slug)
    return Article.objects.select_for_update().get(pk=found.pk)


def _keep(article: Article) -> None:
    article.save(update_fields=["public_title", "public_text", "public_number"])
    article.make_findable()


def _checked(draft: Draft) -> Draft:
    said = Draft(
        draft.slug.strip().lower(),
        " ".join(draft.title.split()),
        draft.text.replace("\r\n", "\n").strip(),
        draft.locale.strip().lower().replace("_", "-"),
    )
    if not SLUG.fullmatch(said.slug):
        raise Refused("An address is small letters, digits and dashes, at most 100: late-orders.", Place(field="slug"))
    if not LOCALE.fullmatch(said.locale):
        raise Refused("A language is written en, de or pt-br.", Place(field="locale"))
    if not said.title or len(said.title) > 200 or "\0" in said.title:
        raise Refused("Write a title, in at most 200 letters.", Place(field="title"))
    if not said.text or len(said.text) > MOST_LETTERS or "\0" in said.text:
        raise Refused(f"Write a text, in at most {MOST_LETTERS} letters.", Place(field="text"))
    return said
