"""The spreads of all questions of a workspace."""

from dataclasses import replace

from nousnous.base.errors import Missing
from nousnous.capabilities.spreads.actions.reading import RELATIONSHIP, Opened, open_scores, read_answered, standing
from nousnous.capabilities.spreads.measures.spreads import Names, SpreadReport, ordered, step_spread
from nousnous.journeys.actions.segments import basis_of
from nousnous.journeys.actions.versions import list_journeys
from nousnous.journeys.scores import SCORE_METRICS
from nousnous.journeys.windows import Asked, written
from nousnous.warehouse.memory import remembered
from nousnous.workspaces.models import Workspace

WHOLE = "The relationship as a whole"


def spreads_of(workspace: Workspace, question: Asked, survey: str = "") -> SpreadReport:
    """How the answers to each question about each step are spread in a period; to one survey, where it is named."""
    asked = ("spreads", survey, workspace.slug, basis_of(workspace, question))
    return remembered(standing(workspace), asked, lambda: _spread(workspace, question, survey))


def _spread(workspace: Workspace, question: Asked, survey: str) -> SpreadReport:
    opened = open_scores(workspace, question)
    if survey:
        opened = replace(opened, scores=opened.scores.filter(opened.scores.source == f"survey:{survey}"))
    period, names = opened.period, names_of(opened)
    answered, codes = read_answered(opened, 2 * period.from_us - period.to_us)
    segments = codes if question.by else {}
    rows = [
        step_spread(one, names.get(one.step, Names(one.step, one.step, None)), period, segments)
        for one in answered
        if period.holds(one.answers.moment_us).any()
    ]
    return SpreadReport(
        workspace.slug,
        written(period.from_us, opened.timezone),
        written(period.to_us, opened.timezone),
        ordered(rows),
        question.by,
        question.segment,
        sum(row.n for row in rows),
    )


def names_of(opened: Opened) -> dict[str, Names]:
    """What steps are called, by their id; of a step of several journeys the first by name counts."""
    found = {RELATIONSHIP: Names(RELATIONSHIP, WHOLE, None)}
    journeys = [opened.journey] if opened.journey else [one.journey for one in list_journeys(opened.workspace)]
    for journey in journeys:
        for step in journey.steps:
            found.setdefault(step.id, Names(step.id, step.name, journey.id))
    return found


def metrics_of(workspace: Workspace, question: Asked, step: str) -> tuple[str, list[str]]:
    """What a step is called, and what was asked about it in a period, in the order of the catalogue."""
    basis = ("questions", step, basis_of(workspace, question))
    return remembered(standing(workspace), basis, lambda: _asked_about(workspace, question, step))


def _asked_about(workspace: Workspace, question: Asked, step: str) -> tuple[str, list[str]]:
    opened = open_scores(workspace, question)
    answered, _ = read_answered(opened, opened.period.from_us)
    asked = {one.answers.metric for one in answered if one.step == step}
    names = names_of(opened)
    if not asked and step not in names:
        raise Missing(f"There is no step “{step}”, and nobody answered about one of that name in this period.")
    named = names[step].name if step in names else step
    return named, [metric for metric in SCORE_METRICS if metric in asked]
