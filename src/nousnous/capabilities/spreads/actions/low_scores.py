"""Keeping each low score once, and telling it: the fact `LowScoreGiven`."""

from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction

from nousnous.base import clock
from nousnous.base.mentions import Mentions
from nousnous.capabilities.spreads.measures.low_scores import low_scores
from nousnous.capabilities.spreads.models import LowScore
from nousnous.facts.scores import SCORES, LowScoreGiven
from nousnous.runs import outbox
from nousnous.runs.locks import exclusive
from nousnous.runs.registry import Advance, Work
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

LOW_SCORES_RUN: Final = "spreads.low_scores"
FRESH_US: Final = 7 * clock.DAY_US
"""An answer that comes in later than this is history: it is kept, and nobody is told to act upon it."""
ROWS_AT_ONCE: Final = 1_000


def keep_low_scores(workspace: Workspace) -> tuple[int, int]:
    """Keep the low answers that came in and let go of those that are gone; answers how many of each.

    Whatever happened in between, an undone import, an erasure, a run that was killed, the lake says what stands.
    """
    with exclusive(f"lake-{workspace.id}"):
        standing = lake_of(workspace).snapshot(SCORES).table(SCORES)
        columns = ("score_key", "identity_key", "step", "metric", "value", "ts_us")
        rows = low_scores(standing).select(*columns).to_pyarrow().to_pylist()
        kept = LowScore.objects.filter(workspace=workspace)
        known = dict(kept.values_list("score_key", "id"))
        fresh = [_kept(workspace, row) for row in rows if row["score_key"] not in known]
        gone = known.keys() - {row["score_key"] for row in rows}
        with transaction.atomic():
            for start in range(0, len(fresh), ROWS_AT_ONCE):
                LowScore.objects.bulk_create(fresh[start : start + ROWS_AT_ONCE])
            for one in fresh:
                if one.given_us >= clock.now_us() - FRESH_US:
                    outbox.record(LowScoreGiven(workspace.id, one.id, one.step, one.metric))
            for key in gone:
                kept.filter(id=known[key]).delete()
    return len(fresh), len(gone)


def perform_low_scores(work: Work) -> Advance:
    """The run that follows whatever brings answers in or takes them away."""
    workspace = Workspace.objects.filter(pk=work.workspace_id).first()
    if workspace is not None:
        keep_low_scores(workspace)
    return Advance()


def erase_low_scores(workspace: Workspace, identity_keys: Iterable[int], _: Mentions) -> int:
    """Erase those of a person."""
    return LowScore.objects.filter(workspace=workspace, identity_key__in=list(identity_keys)).delete()[0]


def tell_low_scores(workspace: Workspace, _: int, identity_keys: Iterable[int]) -> dict[str, list[dict[str, Any]]]:
    """The low scores of a person, for their export."""
    theirs = LowScore.objects.filter(workspace=workspace, identity_key__in=list(identity_keys))
    return {"low_scores": [one.as_dict() for one in theirs]}


def _kept(workspace: Workspace, row: dict[str, Any]) -> LowScore:
    return LowScore(
        workspace=workspace,
        score_key=row["score_key"],
        identity_key=row["identity_key"],
        step=(row["step"] or "")[:200],
        metric=row["metric"],
        value=row["value"],
        given_us=row["ts_us"],
    )
