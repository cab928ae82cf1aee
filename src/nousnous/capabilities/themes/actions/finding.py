"""Finding themes in open answers and in conversations, by a run that follows what lands."""

from collections.abc import Sequence
from typing import Any

import ibis
import numpy as np
from django.db import transaction

from nousnous.base import clock
from nousnous.capabilities.themes.measures.finding import FEWEST_ANSWERS, Rule, find_themes
from nousnous.capabilities.themes.measures.grouping import Floats
from nousnous.capabilities.themes.measures.texts import ENGLISH, languages_of, sentiments_of
from nousnous.capabilities.themes.models import WORDS, Finding, Theme
from nousnous.facts.columns import Table
from nousnous.facts.messages import MESSAGES
from nousnous.facts.scores import SCORES
from nousnous.facts.themes import ANSWER_THEMES, TALK_THEMES
from nousnous.runs.locks import exclusive
from nousnous.runs.registry import Advance, Work
from nousnous.texts import embeddings
from nousnous.texts.network import WIDTH
from nousnous.warehouse.lake import Lake, Snapshot, lake_of, rows_of
from nousnous.warehouse.maintenance import vacuum
from nousnous.workspaces.models import Workspace

THEMES_RUN = "themes.find"
MOST_ANSWERS = 20_000
LIKE = 0.5
"""A theme that is found anew under words as near as this to those of one that stood is the same."""


def perform_find(work: Work) -> Advance:
    """Of one workspace, or by the calendar of all."""
    chosen = Workspace.objects.filter(pk=work.workspace_id) if work.workspace_id else Workspace.objects.all()
    for workspace in chosen:
        find_of(workspace)
    return Advance()


def find_of(workspace: Workspace, *, anew: bool = False) -> int:
    """Find the themes of a workspace if what was said changed, or `anew`; how many answers and conversations were read.

    Themes that a member arranged stay, with the answers that have their words or their meaning; all others are found
    again, under their old ids where the words are about the same. Where the extra `semantic` is installed, English
    texts are grouped by what they mean; what was found by words before is sorted anew as a whole.
    """
    lake, method = lake_of(workspace), method_here()
    with exclusive(f"themes-{workspace.id}"):
        snapshot = lake.snapshot(SCORES, MESSAGES, TALK_THEMES)
        version = sum(snapshot.versions.get(table.name, -1) for table in (SCORES, MESSAGES))
        last = Finding.objects.filter(workspace=workspace).first()
        if last is not None and (last.scores_version, last.method) == (version, method) and not anew:
            return last.answers
        answers = open_answers(snapshot).limit(MOST_ANSWERS).to_pyarrow()
        talks = first_messages(snapshot.table(MESSAGES)).limit(MOST_ANSWERS).to_pyarrow()
        texts = answers.column("comment").to_pylist() + talks.column("text").to_pylist()
        languages = languages_of(texts)
        arranged = list(Theme.objects.of(workspace).arranged())
        few = len(texts) < FEWEST_ANSWERS and not arranged  # the model is not loaded for nothing
        vectors = None if few or method == WORDS else _vectors(texts, languages)
        found = find_themes(texts, [_rule_of(theme, method) for theme in arranged], vectors)
        with transaction.atomic():
            ids = _keep(workspace, arranged, found.rules[len(arranged) :], found.names)
            _note(workspace, last, method, {"scores_version": version, "answers": len(texts)})
        about = _about(texts, languages, np.array([*ids, None])[found.belongs], found.nearness)
        size = answers.num_rows
        _write(lake, ANSWER_THEMES, answers, {name: values[:size] for name, values in about.items()})
        if talks.num_rows or TALK_THEMES.name in snapshot.versions:
            told = {name: values[size:] for name, values in about.items()}
            names = {one.id: (one.parent or one).name for one in Theme.objects.of(workspace).select_related("parent")}
            told["name"] = [names.get(theme) for theme in told["theme"]]
            _write(lake, TALK_THEMES, talks, told)
    return len(texts)


def method_here() -> str:
    """By which method themes are found on this machine."""
    return embeddings.VERSION if embeddings.is_installed() else WORDS


def _vectors(texts: Sequence[str], languages: Sequence[str | None]) -> Floats:
    """What texts mean, a row each; zeros where the language is not the model's. They are kept nowhere."""
    meant = np.array([language in {ENGLISH, None} for language in languages], dtype=bool)
    said, places = np.unique(np.array(texts, dtype=object)[meant].astype(str), return_inverse=True)
    found = np.zeros((len(texts), WIDTH))
    found[meant] = embeddings.embeddings(said.tolist())[places]
    return found


def _rule_of(theme: Theme, method: str) -> Rule:
    """What an arranged theme takes; by its words where its center is of another model."""
    center = tuple(theme.center) if theme.method == method else ()
    return Rule(theme.words, theme.reach, center, theme.closeness)


def _note(workspace: Workspace, last: Finding | None, method: str, made: dict[str, Any]) -> None:
    """Keep what was read by which method, and mark a switch."""
    noted = {**made, "found_at": clock.now(), "method": method}
    if last is not None and last.method != method:
        noted |= {"method_before": last.method, "switched_at": clock.now()}
    Finding.objects.update_or_create(workspace=workspace, defaults=noted)


def open_answers(snapshot: Snapshot) -> Any:
    """What people wrote, newest first."""
    scores = snapshot.resolved(SCORES)
    spoken = scores.filter(scores.comment.notnull() & (scores.comment.strip() != ""))
    return spoken.order_by(ibis.desc("ts_us"), "score_key")


def first_messages(messages: Any) -> Any:
    """What each customer wrote first in a conversation, newest first."""
    asked = messages.filter((messages.side == "customer") & messages.text.notnull())
    first = asked.group_by("conversation_key").agg(
        identity_key=asked.identity_key.argmin(asked.ts_us),
        text=asked.text.argmin(asked.ts_us),
        ts_us=asked.ts_us.min(),
    )
    return first.order_by(ibis.desc("ts_us"), "conversation_key")


def _keep(workspace: Workspace, arranged: list[Theme], rules: Sequence[Rule], names: Sequence[str]) -> list[str]:
    """The ids of all rules in their order; what was found before and is not found now goes."""
    others = {theme.id: theme for theme in Theme.objects.of(workspace).exclude(pk__in=[one.pk for one in arranged])}
    ids = [theme.id for theme in arranged]
    for rule, name in zip(rules, names, strict=True):
        same = max(others.values(), key=lambda theme: _likeness(theme.words, rule.words), default=None)
        if same is None or _likeness(same.words, rule.words) < LIKE:
            same = Theme(workspace=workspace)
        others.pop(same.id, None)
        same.name, same.words, same.reach = name[:80], dict(rule.words), rule.reach
        same.center, same.closeness = list(rule.center), rule.closeness
        same.method = method_here() if rule.center else WORDS
        same.save()
        ids.append(same.id)
    Theme.objects.filter(pk__in=others).delete()
    return ids


def _likeness(one: Any, other: Any) -> float:
    return float(sum(weight * other[word] for word, weight in one.items() if word in other))


def _about(texts: Sequence[str], languages: list[str | None], themes: Any, nearness: Any) -> dict[str, list[Any]]:
    sentiments = [None if np.isnan(one) else one for one in sentiments_of(texts, languages)]
    said = {"language": languages, "sentiment": sentiments}
    return {"theme": themes.tolist(), "nearness": nearness.tolist(), **said}


def _write(lake: Lake, table: Table, texts: Any, told: dict[str, list[Any]]) -> None:
    theirs = {name: texts.column(name).to_pylist() for name in table.names if name not in told}
    rows = rows_of(table, {**theirs, **told})
    with exclusive(f"lake-{lake.workspace_id}"):
        if table.name in lake.snapshot(table).versions:
            lake.replace(table, ibis.memtable(rows))
            vacuum(lake, table.name, hours=1)
        else:
            lake.append(table, rows)
