"""Reports that stand: a page asks again and again what has not changed since.

A report repeats exactly until data, journeys, beliefs, verdicts, segment or the day change; until then the one that was
measured is shown again. Evidence may tell of a person, so it is never kept here but read anew each time; so are plays
and proofs, which change on their own.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Count, Max

from nousnous.capabilities.gaps.actions.reports import gap_report
from nousnous.capabilities.gaps.actions.tried import with_tried
from nousnous.capabilities.gaps.measures.report import GapReport, SegmentRow, StepRow
from nousnous.capabilities.gaps.models import Belief, StoredVerdict
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.evidence import EvidenceShape
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions.evidence import evidence_of
from nousnous.journeys.actions.segments import basis_of
from nousnous.journeys.actions.versions import journey_of
from nousnous.journeys.windows import Asked
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.memory import keep, recall
from nousnous.workspaces.models import Workspace


def standing_report(workspace: Workspace, asked: Asked) -> GapReport:
    """The report of `gap_report`, measured only if something changed since it was asked last."""
    asked = replace(asked, journey=journey_of(workspace, asked.journey).journey_id)
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS, SCORES)
    definition = _definition(workspace, asked)
    kept = recall(snapshot, (*definition, *_judged_of(workspace, asked)))
    if kept is not None:
        return with_tried(_with_evidence(kept, evidence_of(workspace, kept.journey.id)), workspace)
    report = gap_report(workspace, asked)
    keep(snapshot, (*definition, *_judged_of(workspace, asked)), _with_evidence(report, {}))
    return report


def _definition(workspace: Workspace, asked: Asked) -> tuple[Hashable, ...]:
    beliefs = Belief.objects.of_journey(workspace, asked.journey or "").current().values_list("id", "sealed_at")
    return "gap report", workspace.slug, basis_of(workspace, asked), tuple(beliefs)


def _judged_of(workspace: Workspace, asked: Asked) -> tuple[Any, ...]:
    """The stored verdicts, which measuring a report may add to."""
    verdicts = StoredVerdict.objects.filter(belief__workspace=workspace, belief__journey=asked.journey)
    found = verdicts.aggregate(count=Count("pk"), last=Max("judged_at"))
    return found["count"], found["last"]


def _with_evidence(report: GapReport, evidence: Mapping[str, Sequence[EvidenceShape]]) -> GapReport:
    segments = tuple(
        SegmentRow(one.segment, one.journey, tuple(_row(row, evidence) for row in one.steps)) for one in report.segments
    )
    return replace(report, steps=tuple(_row(row, evidence) for row in report.steps), segments=segments)


def _row(row: StepRow, evidence: Mapping[str, Sequence[EvidenceShape]]) -> StepRow:
    return replace(row, evidence=tuple(evidence.get(row.step.id, ())))
