"""Reports that stand: a page asks again and again what has not changed since.

A report repeats exactly until data, journeys, beliefs, verdicts, segment or the day change; until then the one that was
measured is shown again. Evidence may tell of a person, so it is never kept here but read anew each time; so are plays
and proofs, which change on their own.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Count, Max

from nousnous.capabilities.gaps.actions.opening import open_journey
from nousnous.capabilities.gaps.actions.reports import shown_report, whole_report
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
    """The report of `shown_report`, measured only if something changed since it was asked last."""
    return _standing(
        "gap report", workspace, asked, lambda one: shown_report(open_journey(workspace, one.journey), one)
    )


def standing_followed(workspace: Workspace, asked: Asked) -> GapReport:
    """The same with what became of people; only that is measured where the report itself stands."""
    return _standing("followed gap report", workspace, asked, lambda one: _followed(workspace, one))


def _followed(workspace: Workspace, asked: Asked) -> GapReport:
    report, opened = standing_report(workspace, asked), open_journey(workspace, asked.journey)
    if opened.sources.name != report.snapshot:
        report = shown_report(opened, asked)
    return whole_report(report, opened, asked)


def _standing(name: str, workspace: Workspace, asked: Asked, measure: Callable[[Asked], GapReport]) -> GapReport:
    asked = replace(asked, journey=journey_of(workspace, asked.journey).journey_id)
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS, SCORES)
    definition = name, *_definition(workspace, asked)
    kept = recall(snapshot, (*definition, *_judged_of(workspace, asked)))
    if kept is not None:
        return with_tried(_with_evidence(kept, evidence_of(workspace, kept.journey.id)), workspace)
    report = measure(asked)
    keep(snapshot, (*definition, *_judged_of(workspace, asked)), _with_evidence(report, {}))
    return report


def _definition(workspace: Workspace, asked: Asked) -> tuple[Hashable, ...]:
    beliefs = Belief.objects.of_journey(workspace, asked.journey or "").current().values_list("id", "sealed_at")
    return workspace.slug, basis_of(workspace, asked), tuple(beliefs)


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
