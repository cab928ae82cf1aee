"""Phrases by their keys with the wordings of each in versions, and articles that customers look up."""

from datetime import datetime
from typing import Any, Final, Self, TypedDict

from django.db import connection, models
from django.db.models import Q

from nousnous.base import clock
from nousnous.base.errors import Missing
from nousnous.base.ids import random_id
from nousnous.base.shapes import Moment
from nousnous.workspaces.models import Workspace


def new_phrase_id() -> str:
    return random_id("phrase")


class Phrases(models.QuerySet["Phrase"]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def holding(self, workspace: Workspace, text: str) -> Self:
        """Those that hold a text in their key, their jargon or a wording; all of them for none."""
        within = Q(key__icontains=text) | Q(jargon__icontains=text) | Q(wordings__plain__icontains=text)
        return self.of(workspace).filter(within).distinct() if text else self.of(workspace)

    def named(self, workspace: Workspace, key: str) -> "Phrase":
        found = self.of(workspace).filter(key=key).first()
        if found is None:
            raise Missing(f"There is no phrase “{key}” in this workspace.")
        return found


class WordingShape(TypedDict):
    version: int
    plain: str
    tone: str
    locale: str
    status: str
    evidence: str
    proposed_at: Moment
    proposed_by: str
    due_at: Moment
    decided_at: Moment | None
    decided_by: str
    reason: str


class PhraseShape(TypedDict):
    key: str
    jargon: str
    used_in: str
    tone: str
    locale: str
    wordings: list[WordingShape]


class Phrase(models.Model):
    """One thing that is said, under the key by which programs ask for it.

    `tone` and `locale` are those that are served where a program asks for none, or for one that is not there.
    """

    id = models.CharField(primary_key=True, max_length=40, default=new_phrase_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="phrases")
    key = models.CharField(max_length=100)
    jargon = models.TextField(blank=True, help_text="How we say it among ourselves.")
    used_in = models.TextField(blank=True, help_text="Where it stands.")
    tone = models.CharField(max_length=40, blank=True)
    locale = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = Phrases.as_manager()

    class Meta:
        ordering = ("key",)
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="a_phrase_has_its_own_key")]

    def __str__(self) -> str:
        return self.key

    @property
    def own(self) -> "Wording | None":
        """What is served where no tone is asked for."""
        served = [one for one in self.wordings.all() if one.status == Wording.PUBLISHED]
        return next((one for one in served if (one.tone, one.locale) == (self.tone, self.locale)), None)

    @property
    def tones(self) -> list[str]:
        return sorted({one.tone for one in self.wordings.all() if one.status == Wording.PUBLISHED})

    @property
    def waiting(self) -> int:
        return sum(one.status == Wording.PROPOSED for one in self.wordings.all())

    def as_dict(self) -> PhraseShape:
        wordings = [one.as_dict() for one in self.wordings.all()]
        return {
            "key": self.key,
            "jargon": self.jargon,
            "used_in": self.used_in,
            "tone": self.tone,
            "locale": self.locale,
            "wordings": wordings,
        }


class Wordings(models.QuerySet["Wording"]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(phrase__workspace=workspace)

    def numbered(self, workspace: Workspace, key: str, number: int) -> "Wording":
        rows = self.of(workspace).select_related("phrase__workspace")
        found = rows.filter(phrase__key=key, number=number).first()
        if found is None:
            raise Missing(f"There is no version {number} of the phrase “{key}” in this workspace.")
        return found

    def waiting(self, workspace: Workspace) -> Self:
        return self.of(workspace).filter(status=Wording.PROPOSED)

    def served(self, workspace: Workspace) -> Any:
        """What is approved and stands, with what its phrase says beside."""
        names = ("number", "plain", "tone", "locale", "decided_at")
        rows = self.of(workspace).filter(status=Wording.PUBLISHED).order_by("phrase__key", "locale", "tone")
        return rows.values(*names, "phrase__key", "phrase__tone", "phrase__locale")


class Wording(models.Model):
    """One version of a phrase: a text in a tone and a language, proposed by somebody and decided by somebody."""

    PROPOSED, PUBLISHED, REPLACED = "proposed", "published", "replaced"
    DECLINED, WITHDRAWN = "declined", "withdrawn"

    phrase = models.ForeignKey(Phrase, on_delete=models.CASCADE, related_name="wordings")
    number = models.PositiveIntegerField()
    plain = models.TextField()
    tone = models.CharField(max_length=40)
    locale = models.CharField(max_length=20)
    status = models.CharField(max_length=10, default=PROPOSED)
    evidence = models.TextField(blank=True, help_text="What says that customers understand it.")
    source = models.CharField(max_length=200, blank=True, help_text="The vote that proposed it, once.")
    proposed_at = models.DateTimeField(default=clock.now)
    proposed_by = models.CharField(max_length=200)
    due_at = models.DateTimeField(help_text="Until when somebody should have decided.")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    objects = Wordings.as_manager()

    class Meta:
        ordering = ("phrase", "-number")
        constraints = [
            models.UniqueConstraint(fields=["phrase", "number"], name="a_wording_has_its_own_number"),
            models.UniqueConstraint(
                fields=["phrase", "locale", "tone"], condition=Q(status="published"), name="one_wording_is_served"
            ),
            models.UniqueConstraint(
                fields=["phrase", "source"], condition=~Q(source=""), name="a_vote_proposes_one_wording"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phrase.key}, version {self.number}"

    @property
    def is_late(self) -> bool:
        return self.status == self.PROPOSED and self.due_at < clock.now()

    def as_dict(self) -> WordingShape:
        return {
            "version": self.number,
            "plain": self.plain,
            "tone": self.tone,
            "locale": self.locale,
            "status": self.status,
            "evidence": self.evidence,
            "proposed_at": self.proposed_at.isoformat(),
            "proposed_by": self.proposed_by,
            "due_at": self.due_at.isoformat(),
            "decided_at": _text(self.decided_at),
            "decided_by": self.decided_by,
            "reason": self.reason,
        }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def new_article_id() -> str:
    return random_id("article")


class Articles(models.QuerySet["Article"]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def named(self, workspace: Workspace, slug: str) -> "Article":
        found = self.of(workspace).filter(slug=slug).first()
        if found is None:
            raise Missing(f"There is no article “{slug}” in this workspace.")
        return found

    def public(self, workspace: Workspace) -> Self:
        """What customers can read: published in some version, and not taken down."""
        return self.of(workspace).exclude(public_title="").order_by("public_title", "slug")

    def about(self, workspace: Workspace, words: str) -> list["Article"]:
        """Public articles with all of the words, or beginnings of them, best first; by the database's own search."""
        wanted = words.replace('"', " ").split()[:MOST_WORDS]
        if not wanted:
            return []
        if connection.vendor == "postgresql":
            query = " & ".join(
                f"'{one.replace(chr(39), ' ').replace(chr(92), ' ').strip() or 'x'}':*" for one in wanted
            )
            return list(self.public(workspace).raw(_FOUND_IN_POSTGRES, [workspace.pk, query, query]))
        query = " ".join(f'"{one}"*' for one in wanted)
        return list(self.raw(_FOUND_IN_SQLITE, [query, workspace.pk]))


MOST_WORDS: Final = 12
_TEXT = "to_tsvector('simple', public_title || ' ' || public_text)"
_FOUND_IN_POSTGRES: Final = (
    f"SELECT * FROM phrases_article WHERE workspace_id = %s AND public_title <> '' "  # noqa: S608  # our own text
    f"AND {_TEXT} @@ to_tsquery('simple', %s) ORDER BY ts_rank({_TEXT}, to_tsquery('simple', %s)) DESC, slug"
)
_FOUND_IN_SQLITE: Final = (
    "SELECT a.* FROM phrases_words JOIN phrases_article a ON a.id = phrases_words.article_id "
    "WHERE phrases_words MATCH %s AND a.workspace_id = %s AND a.public_title <> '' "
    "ORDER BY bm25(phrases_words, 0, 5, 1), a.slug"
)


class ArticleShape(TypedDict):
    slug: str
    locale: str
    state: str
    title: str
    text: str
    version: int
    public_version: int | None
    helpful: int
    answered: int


class Article(models.Model):
    """Something that customers can look up. What they read is copied here from the version that was published."""

    id = models.CharField(primary_key=True, max_length=40, default=new_article_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="articles")
    slug = models.CharField(max_length=100)
    locale = models.CharField(max_length=20)
    public_title = models.CharField(max_length=200, blank=True)
    public_text = models.TextField(blank=True)
    public_number = models.PositiveIntegerField(null=True, blank=True)

    objects = Articles.as_manager()

    class Meta:
        ordering = ("slug",)
        constraints = [models.UniqueConstraint(fields=["workspace", "slug"], name="an_article_has_its_own_slug")]

    def __str__(self) -> str:
        return self.slug

    def make_findable(self) -> None:
        """Tell the search of what customers read now; PostgreSQL reads the row itself."""
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM phrases_words WHERE article_id = %s", [self.pk])
                row = [self.pk, self.public_title, self.public_text]
                if self.public_title:
                    cursor.execute("INSERT INTO phrases_words (article_id, title, text) VALUES (%s, %s, %s)", row)

    @property
    def newest(self) -> "ArticleVersion":
        return self.versions.all()[0]

    @property
    def state(self) -> str:
        if not self.public_title:
            return "draft"
        return "public" if self.newest.number == self.public_number else "public, with a draft"

    def judged(self) -> tuple[int, int]:
        """How many browsers found it helpful, and how many answered."""
        answers = list(self.judgements.values_list("helpful", flat=True))
        return sum(answers), len(answers)

    def as_dict(self) -> ArticleShape:
        helpful, answered = self.judged()
        newest = self.newest
        return {
            "slug": self.slug,
            "locale": self.locale,
            "state": self.state,
            "title": newest.title,
            "text": newest.text,
            "version": newest.number,
            "public_version": self.public_number,
            "helpful": helpful,
            "answered": answered,
        }


class ArticleVersion(models.Model):
    """The text of an article from one moment on."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField(help_text="Markdown.")
    written_at = models.DateTimeField(default=clock.now)
    written_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("article", "-number")
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="an_article_version_has_one_number")]

    def __str__(self) -> str:
        return f"{self.article_id}, version {self.number}"


class Judgement(models.Model):
    """That some browser found an article helpful, or not; told apart by a hash for this article alone."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="judgements")
    reader = models.BigIntegerField()
    helpful = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "reader"], name="a_reader_judges_once")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.helpful}"
