"""Deciding for another scorer, and scoring all history by it before it takes its place."""

from dataclasses import dataclass
from typing import Any, Final, TypedDict

from django.db import transaction

from nousnous.base import clock
from nousnous.base.errors import Conflict, Place, Refused
from nousnous.base.shapes import Moment
from nousnous.capabilities.language.actions.judging import check_installed, versions_of
from nousnous.capabilities.language.actions.labelling import Counts, LabelCountsShape, count_labels
from nousnous.capabilities.language.actions.scoring import TURNS_A_STAGE, score_some, unscored
from nousnous.capabilities.language.measures.agreement import AgreementShape
from nousnous.capabilities.language.measures.qualities import QUALITIES, Quality, quality_of
from nousnous.capabilities.language.models import Head, Scorer, Switch, pinned_scorer
from nousnous.facts.messages import MESSAGES
from nousnous.facts.sentiments import SENTIMENTS
from nousnous.runs.actions import start_run
from nousnous.runs.registry import Advance, Work
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

RESCORE_RUN: Final = "language.rescore"


class DecisionShape(TypedDict):
    scorer: str
    before: str
    who: str
    why: str
    decided_at: Moment
    finished_at: Moment | None
    replaced: bool


class LearnedScorerShape(TypedDict):
    scorer: str
    learned_from: int
    learned_at: Moment
    held_out: list[AgreementShape]


class ComingShape(TypedDict):
    scorer: str
    left: int


class QualityShape(LabelCountsShape):
    of: str
    scorer: str
    since: Moment | None
    heads: list[LearnedScorerShape]
    choices: list[str]
    decisions: list[DecisionShape]
    coming: ComingShape | None
    messages: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A quality: what judges it since when, its labels, heads, decisions; `left` messages until the next takes over."""

    quality: Quality
    version: str
    since: Any
    counts: Counts
    heads: tuple[Head, ...]
    choices: tuple[str, ...]
    switches: tuple[Switch, ...]
    coming: Switch | None
    left: int
    messages: int

    def as_dict(self) -> QualityShape:
        return {
            "of": self.quality.name,
            "scorer": self.version,
            "since": self.since.isoformat() if self.since else None,
            **self.counts.as_dict(),
            "heads": [
                {
                    "scorer": one.version,
                    "learned_from": one.learned_from,
                    "learned_at": one.learned_at.isoformat(),
                    "held_out": one.report,
                }
                for one in self.heads
            ],
            "choices": list(self.choices),
            "decisions": [decision_as_dict(one) for one in self.switches],
            "coming": None if self.coming is None else {"scorer": self.coming.version, "left": self.left},
            "messages": self.messages,
        }


def decision_as_dict(switch: Switch) -> DecisionShape:
    return {
        "scorer": switch.version,
        "before": switch.version_before,
        "who": switch.actor,
        "why": switch.reason,
        "decided_at": switch.decided_at.isoformat(),
        "finished_at": switch.finished_at.isoformat() if switch.finished_at else None,
        "replaced": switch.replaced,
    }


def list_scorers(workspace: Workspace) -> tuple[Standing, ...]:
    """Each quality with its scorer, its labels, its heads and the decisions about it."""
    pinned_scorer(workspace)
    return tuple(_standing(workspace, quality) for quality in QUALITIES.values())


def switch_scorer(workspace: Workspace, of: str, version: str, reason: str, actor: str) -> Switch:
    """Decide for another scorer of a quality; a worker scores all history by it, then it takes its place."""
    quality = quality_of(of)
    if not reason.strip():
        raise Refused("Say why: the reason stands with the decision.", Place(field="reason"))
    if version not in (known := versions_of(workspace, quality)):
        told = ", ".join(known) or "none yet, label messages first"
        raise Refused(
            f"There is no scorer “{version}” of {quality.name} here; there is {told}.", Place(field="version")
        )
    check_installed(version)
    pinned_scorer(workspace)
    pinned = Scorer.objects.filter(workspace=workspace, quality=quality.name).first()
    before = pinned.version if pinned else ""
    with transaction.atomic():
        open_ones = Switch.objects.filter(workspace=workspace, quality=quality.name, finished_at=None, replaced=False)
        if version == before and not open_ones.exists():
            raise Conflict(f"{version} judges {quality.name} already.")
        open_ones.update(replaced=True)
        switch = Switch.objects.create(
            workspace=workspace,
            quality=quality.name,
            version_before=before,
            version=version,
            actor=actor,
            reason=reason.strip()[:1_000],
            decided_at=clock.now(),
        )
        audit(workspace, actor, "switch the scorer", f"{quality.name}: {before or 'nothing'} to {version}")
        start_run(RESCORE_RUN, {"scorer": version}, workspace_id=workspace.id, key=f"switch-{switch.pk}")
    return switch


def perform_rescore(work: Work) -> Advance:
    """So many messages by the scorers that are wanted; when all are scored, the one decided for takes its place."""
    workspace = Workspace.objects.filter(pk=work.workspace_id).first()
    if workspace is None:
        return Advance()
    for _ in range(TURNS_A_STAGE):
        if not score_some(workspace):
            return Advance()
    left = sum(one.left for one in list_scorers(workspace))
    return Advance("more", state={**work.state, "left": left})


def _standing(workspace: Workspace, quality: Quality) -> Standing:
    named = {"workspace": workspace, "quality": quality.name}
    pinned = Scorer.objects.filter(**named).first()
    switches = tuple(Switch.objects.filter(**named)[:20])
    coming = next((one for one in switches if one.finished_at is None and not one.replaced), None)
    messages = left = 0
    if coming is not None:
        snapshot = lake_of(workspace).snapshot(MESSAGES, SENTIMENTS)
        messages = int(snapshot.count(MESSAGES))
        left = int(unscored(snapshot, coming.version, quality.name).count().to_pyarrow().as_py()) if messages else 0
    return Standing(
        quality,
        pinned.version if pinned else "",
        pinned.since if pinned else None,
        count_labels(workspace, quality),
        tuple(Head.objects.filter(**named)),
        tuple(one for one in versions_of(workspace, quality) if pinned is None or one != pinned.version),
        switches,
        coming,
        left,
        messages,
    )
