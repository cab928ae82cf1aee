"""The gap report."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from nousnous.capabilities.gaps.actions.cases import Question, report_of
from nousnous.capabilities.gaps.actions.opening import OpenJourney, open_journey
from nousnous.capabilities.gaps.actions.tried import with_tried
from nousnous.capabilities.gaps.actions.verdicts import Weeks, closed_weeks, held, judge, last_stored
from nousnous.capabilities.gaps.measures.assembly import HeldBelief
from nousnous.capabilities.gaps.measures.report import GapReport
from nousnous.capabilities.gaps.models import Belief
from nousnous.journeys.actions.evidence import evidence_of
from nousnous.journeys.actions.parts import part_of
from nousnous.journeys.windows import Asked, Window, period_of, window_before, window_of
from nousnous.workspaces.models import Workspace


def gap_report(workspace: Workspace, asked: Asked, progress: Callable[[float], None] | None = None) -> GapReport:
    """What teams believe of a journey, what its customers went through, and what the difference costs."""
    opened = open_journey(workspace, asked.journey, progress)
    window = window_of(asked.from_text, asked.to_text, opened.timezone)
    part = part_of(opened.workspace, opened.sources, asked.by, asked.segment)
    question = question_of(opened, window)
    report = report_of(workspace.slug, opened.sources, replace(question, split=part.split), opened.extent, part)
    return with_tried(replace(report, empty=opened.emptiness or _nothing_in(report)), workspace)


def question_of(opened: OpenJourney, window: Window) -> Question:
    """What is asked about a journey in a window; without one the last week that closed is judged first."""
    beliefs = list(Belief.objects.of_journey(opened.workspace, opened.journey.id).current())
    period = period_of(window, opened.extent.last_day_us, opened.timezone)
    mondays = closed_weeks(opened.extent, opened.timezone)[-1:]
    question = Question(
        opened.journey,
        period,
        opened.timezone,
        _held(opened, window, beliefs, mondays),
        found_evidence=evidence_of(opened.workspace, opened.journey.id),
    )
    if window.own_verdict or not mondays:
        return question
    return replace(question, weekly=window_before(mondays[0], opened.timezone), weekly_on=mondays[0].isoformat())


def _held(opened: OpenJourney, window: Window, beliefs: list[Belief], mondays: list[date]) -> list[HeldBelief]:
    """The beliefs; where no period was asked for, each with its last stored verdict."""
    seals = Belief.objects.of_journey(opened.workspace, opened.journey.id).first_seals()
    if window.own_verdict:
        return [held(belief, None, seals.get(belief.about)) for belief in beliefs]
    if mondays and opened.extent.newest_us is not None:
        judge(opened.sources, opened.journey, beliefs, Weeks(mondays, opened.timezone, opened.extent.newest_us))
    stored = last_stored(beliefs)
    return [held(belief, stored[belief.id], seals.get(belief.about)) for belief in beliefs]


def _nothing_in(report: GapReport) -> str | None:
    answered = report.journey.scores or any(step.scores for step in report.steps)
    if report.journey.passage.entered or answered:
        return None
    return "Nobody visited a step of this journey in this period; choose another period or other people."
