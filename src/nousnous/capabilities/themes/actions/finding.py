"""Finding themes in open answers, by a run that follows what lands."""

from collections.abc import Sequence
from typing import Any

import ibis
import numpy as np
from django.db import transaction

from nousnous.base import clock
from nousnous.capabilities.themes.measures.finding import Rule, find_themes
from nousnous.capabilities.themes.measures.texts import languages_of, sentiments_of
from nousnous.capabilities.themes.models import Finding, Theme
from nousnous.facts.scores import SCORES
from nousnous.facts.themes import ANSWER_THEMES
from nousnous.runs.locks import exclusive
from nousnous.runs.registry import Advance, Work
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
    """Find the themes of a workspace if its answers changed, or `anew`; how many answers were read.

    Themes that a member arranged stay, with the answers that have their words; all others are found again, under
    their old ids where the words are about the same.
    """
    lake = lake_of(workspace)
    with exclusive(f"themes-{workspace.id}"):
        snapshot = lake.snapshot(SCORES)
        version = snapshot.versions.get(SCORES.name, -1)
        last = Finding.objects.filter(workspace=workspace).first()
        if last is not None and last.scores_version == version and not anew:
            return last.answers
        rows = open_answers(snapshot).limit(MOST_ANSWERS).to_pyarrow()
        texts = rows.column("comment").to_pylist()
        arranged = list(Theme.objects.of(workspace).arranged())
        found = find_themes(texts, [Rule(theme.words, theme.reach) for theme in arranged])
        with transaction.atomic():
            ids = _keep(workspace, arranged, found.rules[len(arranged) :], found.names)
            made = {"scores_version": version, "answers": len(texts), "found_at": clock.now()}
            Finding.objects.update_or_create(workspace=workspace, defaults=made)
        _write(lake, rows, np.array([*ids, None])[found.belongs], found.nearness)
    return len(texts)


def open_answers(snapshot: Snapshot) -> Any:
    """What people wrote, newest first."""
    scores = snapshot.resolved(SCORES)
    spoken = scores.filter(scores.comment.notnull() & (scores.comment.strip() != ""))
    return spoken.order_by(ibis.desc("ts_us"), "score_key")


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
        same.save()
        ids.append(same.id)
    Theme.objects.filter(pk__in=others).delete()
    return ids


def _likeness(one: Any, other: Any) -> float:
    return float(sum(weight * other[word] for word, weight in one.items() if word in other))


def _write(lake: Lake, answers: Any, themes: Any, nearness: Any) -> None:
    texts = answers.column("comment").to_pylist()
    languages = languages_of(texts)
    rows = rows_of(
        ANSWER_THEMES,
        {
            **{name: answers.column(name).to_pylist() for name in ("score_key", "identity_key", "ts_us")},
            "theme": themes.tolist(),
            "nearness": nearness.tolist(),
            "language": languages,
            "sentiment": [None if np.isnan(one) else one for one in sentiments_of(texts, languages)],
        },
    )
    with exclusive(f"lake-{lake.folder.rpartition('/')[2]}"):
        if ANSWER_THEMES.name in lake.snapshot(ANSWER_THEMES).versions:
            lake.replace(ANSWER_THEMES, ibis.memtable(rows))
            vacuum(lake, ANSWER_THEMES.name, hours=1)
        else:
            lake.append(ANSWER_THEMES, rows)
