"""Scoring messages that have no sentiment yet, and letting go of those whose message is gone."""

from typing import Any, Final

import pyarrow as pa

from nousnous.capabilities.language.measures.sentiment import sentiments
from nousnous.capabilities.language.models import pinned_scorer
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
    """Score all that have no sentiment; answers how many."""
    total = 0
    while some := score_some(workspace):
        total += some
    return total


def score_some(workspace: Workspace) -> int:
    """Score the next messages that have none; answers how many, 0 when all have one."""
    lake = lake_of(workspace)
    snapshot = lake.snapshot(MESSAGES, SENTIMENTS)
    if snapshot.count(MESSAGES) == snapshot.count(SENTIMENTS) == 0:
        return 0
    scorer = pinned_scorer(workspace)
    wanted = _unscored(snapshot, scorer).limit(MESSAGES_A_TURN).to_pyarrow()
    if not wanted.num_rows:
        _forget_others(workspace, lake, scorer)
        return 0
    found = sentiments(wanted["text"].to_pylist(), wanted["language"].to_pylist())
    rows = wanted.select(COPIED)
    rows = rows.append_column("scorer", pa.repeat(scorer, rows.num_rows))
    rows = rows.append_column("sentiment", pa.array(found, from_pandas=True))
    with exclusive(f"lake-{workspace.id}"):
        now = lake.snapshot(MESSAGES, SENTIMENTS)
        still = _unscored(now, scorer).select("message_key").to_pyarrow()  # another run, or an erasure, may have passed
        lake.append(SENTIMENTS, rows.join(still, "message_key", join_type="left semi"))
    return int(wanted.num_rows)


def _unscored(snapshot: Snapshot, scorer: str) -> Any:
    messages, scored = snapshot.table(MESSAGES), snapshot.table(SENTIMENTS)
    return messages.anti_join(scored.filter(scored.scorer == scorer), "message_key").select(*COPIED, "text", "language")


def _forget_others(workspace: Workspace, lake: Lake, scorer: str) -> None:
    """Sentiments by another scorer, and of messages that stand no more."""
    snapshot = lake.snapshot(MESSAGES, SENTIMENTS)
    if snapshot.count(SENTIMENTS) == snapshot.count(MESSAGES):
        return
    with exclusive(f"lake-{workspace.id}"):
        snapshot = lake.snapshot(MESSAGES, SENTIMENTS)
        scored = snapshot.table(SENTIMENTS)
        gone = scored.anti_join(snapshot.table(MESSAGES), "message_key").select("message_key")
        deleted = lake.delete(SENTIMENTS, f"scorer <> '{scorer}'")
        deleted += delete_keys(lake, SENTIMENTS, "message_key", gone.to_pyarrow()["message_key"].to_pylist())
        if deleted:
            vacuum(lake, SENTIMENTS.name, hours=1)


def tell_sentiments(workspace: Workspace, _: int, identity_keys: Any) -> dict[str, list[dict[str, Any]]]:
    """How the messages of a person were judged, for their export."""
    scored = lake_of(workspace).snapshot(SENTIMENTS).table(SENTIMENTS)
    theirs = scored.filter(scored.identity_key.isin(list(identity_keys))).order_by("ts_us", "message_key")
    return {"sentiments": theirs.drop("identity_key").to_pyarrow().to_pylist()}
