"""Learning heads from a workspace's labels, and saying how well they agree with labels that they have not seen."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
from django.db import transaction
from django.db.models import Q

from nousnous.base import clock
from nousnous.capabilities.language.actions.judging import judge_of
from nousnous.capabilities.language.measures.agreement import AgreementShape, agreements, commonest
from nousnous.capabilities.language.measures.learning import (
    BASES,
    LEAST_HELD_OUT,
    LEAST_LEARNED,
    MOST_LEARNED,
    Learned,
    columns,
    is_held_out,
    judge,
    learn,
)
from nousnous.capabilities.language.measures.qualities import QUALITIES, SENTIMENT, Quality
from nousnous.capabilities.language.measures.sentiment import VERSION, figures
from nousnous.capabilities.language.models import Head, Label, Scorer, Switch, pinned_scorer
from nousnous.facts.messages import MESSAGES
from nousnous.runs.actions import start_run
from nousnous.runs.registry import Advance, Work
from nousnous.texts.embeddings import is_installed
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

TRAIN_RUN: Final = "language.train"
NEW: Final = "learned now"


def ask_to_train(workspace: Workspace) -> None:
    """Have a worker learn from the labels; asked again within a minute, it learns once more in the next."""
    start_run(TRAIN_RUN, workspace_id=workspace.id, key=f"{workspace.id}-{clock.now_us() // clock.MINUTE_US}")


def perform_train(work: Work) -> Advance:
    """Learn anew from the labels of one workspace."""
    workspace = Workspace.objects.filter(pk=work.workspace_id).first()
    if workspace is not None:
        train_heads(workspace)
    return Advance()


def train_heads(workspace: Workspace) -> list[Head]:
    """Learn a head for each quality that has labels enough, on each base that is installed; answers the new ones.

    From a quarter of the customers nothing is learned: their labels say how good a head is. What was learned before
    and never decided for goes.
    """
    pinned_scorer(workspace)
    bases = [base for base in BASES if base == "default" or is_installed()]
    made = []
    for quality in QUALITIES.values():
        rows = _labels(workspace, quality)
        own = np.array([is_held_out(row["identity_key"]) for row in rows], dtype=bool)
        if (~own).sum() < LEAST_LEARNED or own.sum() < LEAST_HELD_OUT:
            continue
        made += [head for base in bases if (head := _train(workspace, quality, base, (rows, own)))]
    return made


def _labels(workspace: Workspace, quality: Quality) -> list[dict[str, Any]]:
    """The newest labels, each with the text of its message as it stands."""
    kept = Label.objects.filter(workspace=workspace, quality=quality.name, value__isnull=False)
    newest = kept.order_by("-labelled_at", "message_key")[:MOST_LEARNED]
    values = dict(newest.values_list("message_key", "value"))
    keys = pa.array(sorted(values), pa.int64())
    rows = lake_of(workspace).snapshot(MESSAGES).matching(MESSAGES, "message_key", keys)
    found = rows.select("message_key", "identity_key", "text").order_by("message_key").to_pyarrow().to_pylist()
    return [{**row, "value": values[row["message_key"]]} for row in found]


def _train(workspace: Workspace, quality: Quality, base: str, labels: tuple[list[dict[str, Any]], Any]) -> Head | None:
    rows, own = labels
    felt = np.array([row["value"] for row in rows])
    texts = [row["text"] for row in rows]
    learned = learn(columns(base, quality, [text for text, one in zip(texts, own, strict=True) if not one]), felt[~own])
    document = learned.as_bytes()
    kept = Head.objects.filter(workspace=workspace, quality=quality.name, base=base)
    newest = kept.first()
    if newest is not None and bytes(newest.weights) == document:
        return None
    report = _report(workspace, quality, learned, (base, rows, own))
    with transaction.atomic():
        number = 1 + max((int(one.version.rpartition("+")[2]) for one in kept), default=0)
        start = BASES[base] if quality is SENTIMENT else f"{quality.name}-{base}"
        head = Head.objects.create(
            workspace=workspace,
            quality=quality.name,
            base=base,
            version=f"{start}+{number}",
            weights=document,
            learned_from=int((~own).sum()),
            learned_at=clock.now(),
            report=report,
        )
        decided = Switch.objects.filter(workspace=workspace).values("version")
        pinned = Scorer.objects.filter(workspace=workspace).values("version")
        kept.exclude(Q(pk=head.pk) | Q(version__in=decided) | Q(version__in=pinned)).delete()
    return head


def _report(workspace: Workspace, quality: Quality, learned: Learned, known: Any) -> list[AgreementShape]:
    """The head, the scorer that is pinned, and what is plainest, on the labels held out."""
    base, rows, own = known
    held_out = [row for row, one in zip(rows, own, strict=True) if one]
    texts, languages = [row["text"] for row in held_out], ["en"] * len(held_out)
    felt = np.array([row["value"] for row in held_out])
    persons = np.array([row["identity_key"] for row in held_out], dtype=np.int64)
    told = {NEW: judge(learned, base, quality, texts, languages)}
    pinned = Scorer.objects.filter(workspace=workspace, quality=quality.name).first()
    if pinned is not None:
        told[pinned.version] = judge_of(workspace, pinned.version)(texts, languages)
    if quality is SENTIMENT:
        told["VADER alone"] = figures(texts)[:, 0]
        if pinned is not None and pinned.version != VERSION:
            told[VERSION] = judge_of(workspace, VERSION)(texts, languages)
    else:
        common = commonest(quality, np.array([row["value"] for row, one in zip(rows, own, strict=True) if not one]))
        told[f"always “{dict(quality.levels)[common]}”"] = np.full(len(held_out), common)
    against = next(name for name in told if name != NEW)
    return [one.as_dict() for one in agreements(quality, felt, persons, told, against)]
