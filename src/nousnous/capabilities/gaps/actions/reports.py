"""The gap report."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from nousnous.capabilities.gaps.actions.cases import Question, report_of
from nousnous.capabilities.gaps.actions.following import follow_up
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
    """What teams believe of a journey, what its customers went through, what the difference costs, and what became of
    them.
    """
    opened = open_journey(workspace, asked.journey, progress)
    return whole_report(_report_in(opened, asked, segments_by_week=True), opened, asked)


def shown_report(opened: OpenJourney, asked: Asked) -> GapReport:
    """What pages show at once: nothing of what became of people, and of segments no single weeks. Both take long."""
    return _report_in(opened, asked, segments_by_week=False)


def _report_in(opened: OpenJourney, asked: Asked, *, segments_by_week: bool) -> GapReport:
    window = window_of(asked.from_text, asked.to_text, opened.timezone)
    part = part_of(opened.workspace, opened.sources, asked.by, asked.segment)
    question = replace(question_of(opened, window), split=part.split, segments_by_week=segments_by_week)
    report = report_of(opened.workspace.slug, opened.sources, question, opened.extent, part)
    return with_tried(replace(report, empty=opened.emptiness or _nothing_in(report)), opened.workspace)


def whole_report(report: GapReport, opened: OpenJourney, asked: Asked) -> GapReport:
    """A report that was shown, with what became of the people in it."""
    window = window_of(asked.from_text, asked.to_text, opened.timezone)
    part = part_of(opened.workspace, opened.sources, asked.by, asked.segment)
    period = period_of(window, opened.extent.last_day_us, opened.timezone)
    question = Question(opened.journey, period, opened.timezone, split=part.split)
    return follow_up(report, opened.sources, question, opened.extent, part)


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
