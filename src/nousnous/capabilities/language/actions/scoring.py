"""Scoring messages that have no score yet by each scorer that is wanted, and letting go of what is gone."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pyarrow as pa
from django.db import transaction

from nousnous.base import clock
from nousnous.capabilities.language.actions.judging import judge_of
from nousnous.capabilities.language.measures.qualities import QUALITIES
from nousnous.capabilities.language.models import Label, Scorer, Switch, scorers_wanted
from nousnous.facts.messages import MESSAGES
from nousnous.facts.sentiments import SENTIMENTS
from nousnous.runs.locks import exclusive
from nousnous.runs.registry import Advance, Work
from nousnous.warehouse.lake import Lake, Snapshot, lake_of
from nousnous.warehouse.maintenance import delete_keys, vacuum
from nousnous.workspaces.models import Workspace

SCORE_RUN: Final = "language.score"
MESSAGES_A_TURN: Final = 20_000
TURNS_A_STAGE: Final = 10
COPIED: Final = ("message_key", "conversation_key", "identity_key", "ts_us")


def perform_score(work: Work) -> Advance:
    """So many messages of one workspace, or by the calendar of all; then the next stage goes on."""
    chosen = Workspace.objects.filter(pk=work.workspace_id) if work.workspace_id else Workspace.objects.all()
    turns = (score_some(workspace) for workspace in chosen for _ in range(TURNS_A_STAGE))
    return Advance("more") if all([*turns]) and chosen else Advance()


def score_messages(workspace: Workspace) -> int:
    """Score all that have no score; answers how many."""
    total = 0
    while some := score_some(workspace):
        total += some
    return total


def score_some(workspace: Workspace) -> int:
    """Score the next messages that have none by a scorer that is wanted; answers how many, 0 when all have one.

    When all have one by a scorer that was decided for, it takes the place of the one before.
    """
    lake = lake_of(workspace)
    snapshot = lake.snapshot(MESSAGES, SENTIMENTS)
    wanted = scorers_wanted(workspace)
    for version, quality in wanted.items() if snapshot.count(MESSAGES) else ():
        rows = unscored(snapshot, version, quality).limit(MESSAGES_A_TURN).to_pyarrow()
        if rows.num_rows:
            _score(workspace, rows, version, quality)
            return int(rows.num_rows)
    _finish_switches(workspace, wanted)
    if snapshot.count(SENTIMENTS):
        _forget_others(workspace, lake, scorers_wanted(workspace))
    return 0


def unscored(snapshot: Snapshot, version: str, quality: str) -> Any:
    """Messages that a scorer is to judge and has not."""
    messages, scored = snapshot.table(MESSAGES), snapshot.table(SENTIMENTS)
    if QUALITIES[quality].sides == "company":
        messages = messages.filter(messages.side != "customer")
    by_it = scored.filter(scored.scorer == version)
    return messages.anti_join(by_it, "message_key").select(*COPIED, "text", "language")


def _score(workspace: Workspace, wanted: Any, version: str, quality: str) -> None:
    lake = lake_of(workspace)
    found = judge_of(workspace, version)(wanted["text"].to_pylist(), wanted["language"].to_pylist())
    rows = wanted.select(COPIED)
    rows = rows.append_column("scorer", pa.repeat(version, rows.num_rows))
    rows = rows.append_column("sentiment", pa.array(found, from_pandas=True))
    with exclusive(f"lake-{workspace.id}"):
        now = lake.snapshot(MESSAGES, SENTIMENTS)  # another run, or an erasure, may have passed
        still = unscored(now, version, quality).select("message_key").to_pyarrow()
        lake.append(SENTIMENTS, rows.join(still, "message_key", join_type="left semi"))


@transaction.atomic
def _finish_switches(workspace: Workspace, scored: Mapping[str, str]) -> None:
    """Let those that were decided for take their place, once everything is scored by them: the trend turns there."""
    coming = Switch.objects.filter(workspace=workspace, finished_at=None, replaced=False, version__in=list(scored))
    for switch in coming:
        now = clock.now()
        Scorer.objects.update_or_create(
            workspace=workspace, quality=switch.quality, defaults={"version": switch.version, "since": now}
        )
        Switch.objects.filter(pk=switch.pk).update(finished_at=now)


def _forget_others(workspace: Workspace, lake: Lake, wanted: Iterable[str]) -> None:
    """Scores by scorers that are not wanted, and scores and labels of messages that stand no more."""
    with exclusive(f"lake-{workspace.id}"):
        snapshot = lake.snapshot(MESSAGES, SENTIMENTS)
        messages, scored = snapshot.table(MESSAGES), snapshot.table(SENTIMENTS)
        gone = scored.anti_join(messages, "message_key").select("message_key").distinct().to_pyarrow()
        versions = scored.select("scorer").distinct().to_pyarrow()["scorer"].to_pylist()
        deleted = delete_keys(lake, SENTIMENTS, "message_key", gone["message_key"].to_pylist()) if gone.num_rows else 0
        if set(versions) - set(wanted):
            kept = ", ".join(f"'{version}'" for version in wanted)
            deleted += lake.delete(SENTIMENTS, f"scorer NOT IN ({kept})")
        if deleted:
            vacuum(lake, SENTIMENTS.name, hours=1)
        labels = Label.objects.filter(workspace=workspace)
        labelled = pa.array(labels.values_list("message_key", flat=True), pa.int64())
        standing = snapshot.matching(MESSAGES, "message_key", labelled).select("message_key").to_pyarrow()
        labels.exclude(message_key__in=standing["message_key"].to_pylist()).delete()


def tell_sentiments(workspace: Workspace, _: int, identity_keys: Any) -> dict[str, list[dict[str, Any]]]:
    """How the messages of a person were judged, for their export."""
    scored = lake_of(workspace).snapshot(SENTIMENTS).table(SENTIMENTS)
    theirs = scored.filter(scored.identity_key.isin(list(identity_keys))).order_by("ts_us", "message_key", "scorer")
    return {"sentiments": theirs.drop("identity_key").to_pyarrow().to_pylist()}
