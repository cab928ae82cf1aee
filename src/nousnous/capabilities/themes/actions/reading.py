"""Reading themes of a period: how much each is talked about, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

import ibis
import numpy as np

from nousnous.base.shapes import Instant, Window, shaped
from nousnous.capabilities.themes.actions.finding import method_here
from nousnous.capabilities.themes.measures.finding import FEWEST_ANSWERS
from nousnous.capabilities.themes.measures.readout import Said, Talk, TalkShape, languages_in, talk_about
from nousnous.capabilities.themes.models import Finding, Theme
from nousnous.collector.scrubbing import clean_text
from nousnous.facts.events import LINKS
from nousnous.facts.messages import MESSAGES
from nousnous.facts.scores import SCORES
from nousnous.facts.themes import ANSWER_THEMES, TALK_THEMES
from nousnous.journeys.periods import Period
from nousnous.journeys.windows import period_of, window_of, written
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.warehouse.memory import remembered
from nousnous.workspaces.models import Workspace

QUOTES, MOST_QUOTES = 3, 50
LONGEST_QUOTE = 400
CONVERSATION = "conversation"
"""What stands in the place of the metric where a text is none of a survey."""
ABOUT = ("theme", "nearness", "language", "sentiment", "ts_us")
SAID = ("comment", "step", "metric", "value", "someone")


class QuoteShape(TypedDict):
    text: str
    at: str
    step: str | None
    metric: str
    value: float | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody wrote, masked; when, and the score beside it."""

    text: str
    at: str
    step: str | None
    metric: str
    value: float | None
    language: str | None

    def as_dict(self) -> QuoteShape:
        return shaped(QuoteShape, self)


class ThemePartShape(TypedDict):
    id: str
    name: str


class ThemeTalkShape(TalkShape):
    id: str
    name: str
    method: str
    pinned: bool
    parts: list[ThemePartShape]
    languages: dict[str, int]
    quotes: list[QuoteShape]


@dataclass(frozen=True, slots=True)
class ThemeTalk:
    """A theme with its parts, what is said about it, and the answers nearest to it."""

    theme: Theme
    parts: tuple[Theme, ...]
    talk: Talk
    languages: Mapping[str, int]
    quotes: tuple[Quote, ...]

    def as_dict(self) -> ThemeTalkShape:
        one = self.theme
        return {
            "id": one.id,
            "name": one.name,
            "method": one.method,
            "pinned": one.pinned,
            "parts": [{"id": part.id, "name": part.name} for part in self.parts],
            **self.talk.as_dict(),
            "languages": dict(self.languages),
            "quotes": [quote.as_dict() for quote in self.quotes],
        }


class MethodShape(TypedDict):
    name: str
    before: str | None
    since: Instant | None


@dataclass(frozen=True, slots=True)
class Method:
    """How themes are found, “words” or a model of meanings; which came `before` it, and `since` when it took over."""

    name: str
    before: str | None
    since: datetime | None

    def as_dict(self) -> MethodShape:
        return shaped(MethodShape, self)


class ThemesShape(TypedDict):
    window: Window
    method: MethodShape
    answers: int
    unsorted: int
    needed: int
    themes: list[ThemeTalkShape]


@dataclass(frozen=True, slots=True)
class Themes:
    """All themes of a period, the most talked about first; `unsorted` answers are about none of them.

    `needed` more answers make themes, where there are too few.
    """

    from_at: str
    to_at: str
    method: Method
    answers: int
    unsorted: int
    needed: int
    themes: tuple[ThemeTalk, ...]

    def as_dict(self) -> ThemesShape:
        return {
            "window": {"from": self.from_at, "to": self.to_at},
            "method": self.method.as_dict(),
            "answers": self.answers,
            "unsorted": self.unsorted,
            "needed": self.needed,
            "themes": [one.as_dict() for one in self.themes],
        }


def read_themes(
    workspace: Workspace, from_text: str | None = None, to_text: str | None = None, quotes: int = QUOTES
) -> Themes:
    """The themes of a period; by default of the 90 days up to the newest answer."""
    snapshot = lake_of(workspace).snapshot(SCORES, LINKS, MESSAGES, ANSWER_THEMES, TALK_THEMES)
    every = tuple(repr(one) for one in Theme.objects.of(workspace).values_list())
    method = _method(workspace)
    asked = ("themes", from_text, to_text, quotes, workspace.timezone, every, method)
    return remembered(snapshot, asked, lambda: _found(workspace, snapshot, (from_text, to_text), quotes, method))


def _method(workspace: Workspace) -> Method:
    last = Finding.objects.filter(workspace=workspace).first()
    return (
        Method(method_here(), None, None)
        if last is None
        else Method(last.method, last.method_before or None, last.switched_at)
    )


def _found(
    workspace: Workspace, snapshot: Snapshot, days: tuple[str | None, str | None], quotes: int, method: Method
) -> Themes:
    said = _answers(snapshot)
    if TALK_THEMES.name in snapshot.versions:
        said = said.union(_talks(snapshot))
    newest_us = said.ts_us.max().to_pyarrow().as_py()
    period = period_of(window_of(*days, workspace.timezone), newest_us, workspace.timezone)
    spoken = said.filter((said.ts_us >= period.from_us) & (said.ts_us < period.to_us))
    rows = spoken.order_by(ibis.desc("nearness"), ibis.desc("ts_us"), "text_key")
    return _read(workspace, rows.to_pyarrow(), period, quotes, method)


def _answers(snapshot: Snapshot) -> Any:
    kept, scores = snapshot.table(ANSWER_THEMES), snapshot.resolved(SCORES)
    someone = ibis.coalesce(scores.person_key, scores.score_key)  # who is nobody we know is one person an answer
    scores = scores.select("score_key", "comment", "step", "metric", "value", someone=someone)
    return kept.inner_join(scores, "score_key").select(*ABOUT, *SAID, text_key="score_key")


def _talks(snapshot: Snapshot) -> Any:
    """Conversations as answers: what the customer wrote first is the comment, and nobody gave a value."""
    kept, messages = snapshot.table(TALK_THEMES), snapshot.resolved(MESSAGES)
    asked = messages.filter(messages.side == "customer")
    first = asked.group_by(asked_key=asked.conversation_key).agg(
        comment=asked.text.argmin(asked.ts_us), person=asked.person_key.max()
    )
    told = kept.inner_join(first, kept.conversation_key == first.asked_key)
    told = told.mutate(
        someone=ibis.coalesce(told.person, told.conversation_key),
        step=ibis.null("string"),
        metric=ibis.literal(CONVERSATION),
        value=ibis.null("float64"),
    )
    return told.select(*ABOUT, *SAID, text_key="conversation_key")


def read_theme(
    workspace: Workspace, theme_id: str, from_text: str | None = None, to_text: str | None = None
) -> tuple[Themes, ThemeTalk]:
    """One theme with many of its answers, beside the others."""
    theme = Theme.objects.named(workspace, theme_id)
    themes = read_themes(workspace, from_text, to_text, MOST_QUOTES)
    wanted = theme.parent_id or theme.id
    return themes, next(one for one in themes.themes if one.theme.id == wanted)


def _read(workspace: Workspace, rows: Any, period: Period, quotes: int, method: Method) -> Themes:
    every = list(Theme.objects.of(workspace).select_related("parent"))
    place = {theme.id: number for number, theme in enumerate(every)}
    themes = rows.column("theme").to_pylist()
    positions = np.array([place.get(theme, -1) for theme in themes], dtype=np.int64)
    persons = np.unique(rows.column("someone").to_numpy(), return_inverse=True)[1]
    sentiment = rows.column("sentiment").to_numpy().astype(np.float64)
    said = Said(positions, persons, rows.column("ts_us").to_numpy(), sentiment)
    found = []
    for theme in every:
        if theme.parent_id is None:
            parts = tuple(one for one in every if one.parent_id == theme.id)
            mine = [place[one.id] for one in (theme, *parts)]
            at = np.flatnonzero(np.isin(positions, mine))
            languages = languages_in([rows["language"][int(one)].as_py() for one in at])
            talk = talk_about(said, mine, period.to_us)
            found.append(ThemeTalk(theme, parts, talk, languages, _quotes(workspace, rows, at, quotes)))
    ordered = sorted(found, key=lambda one: (-one.talk.answers, one.theme.name, one.theme.id))
    return Themes(
        written(period.from_us, workspace.timezone),
        written(period.to_us, workspace.timezone),
        method,
        rows.num_rows,
        int((positions < 0).sum()),
        0 if every else max(1, FEWEST_ANSWERS - rows.num_rows),
        tuple(ordered),
    )


def _quotes(workspace: Workspace, rows: Any, places: Any, most: int) -> tuple[Quote, ...]:
    """The nearest answers, each wording once."""
    found: dict[str, Quote] = {}
    for place in places.tolist():
        if len(found) == most:
            break
        row = {name: rows[name][place].as_py() for name in ("comment", "ts_us", "step", "metric", "value", "language")}
        text = clean_text(row["comment"].strip())
        shown = text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"
        at = written(row["ts_us"], workspace.timezone)
        quote = Quote(shown, at, row["step"], row["metric"], row["value"], row["language"])
        found.setdefault(shown.lower(), quote)
    return tuple(found.values())
