"""The screen where it turned: guilty screens of one question, and the low answers behind them one by one."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nousnous.base.shapes import Window
from nousnous.capabilities.spreads.actions.reading import (
    Opened,
    open_scores,
    question_among,
    read_answered,
    read_happenings,
    recorded_sessions,
    standing,
)
from nousnous.capabilities.spreads.actions.spreads import names_of
from nousnous.capabilities.spreads.measures.guilt import Screens, ScreensShape, screens_behind
from nousnous.capabilities.spreads.measures.moments import LowAnswers, Moment, best_moments
from nousnous.capabilities.spreads.measures.sessions import NONE, sessions_before
from nousnous.capabilities.spreads.measures.spreads import Answered, Names, StepSpread, StepSpreadShape, step_spread
from nousnous.journeys.actions.segments import basis_of
from nousnous.journeys.periods import Period
from nousnous.journeys.windows import Asked, written
from nousnous.stats.scores import low_answers_to
from nousnous.warehouse.memory import remembered
from nousnous.workspaces.models import Workspace

MOST_MOMENTS = 10


class ScreensReportShape(ScreensShape):
    workspace: str
    window: Window
    by: str | None
    segment: str | None
    spread: StepSpreadShape


@dataclass(frozen=True, slots=True)
class ScreensReport:
    """One question about one step: its spread, the screens behind its low answers, the moments worth looking at.

    `moments` are by guilty screen; `latest` are of all low answers with a session.
    """

    workspace: str
    from_at: str
    to_at: str
    spread: StepSpread
    screens: Screens
    moments: dict[str, tuple[Moment, ...]]
    latest: tuple[Moment, ...]
    by: str | None = None
    segment: str | None = None

    def as_dict(self) -> ScreensReportShape:
        return {
            "workspace": self.workspace,
            "window": {"from": self.from_at, "to": self.to_at},
            "by": self.by,
            "segment": self.segment,
            "spread": self.spread.as_dict(),
            **self.screens.as_dict(),
        }

    @property
    def low_answers(self) -> Iterator[tuple[str | None, Moment]]:
        """The moments of each guilty screen, and those of no screen in particular."""
        yield from ((screen, one) for screen, found in self.moments.items() for one in found)
        yield from ((None, one) for one in self.latest)


def screens_of(workspace: Workspace, question: Asked, step: str, metric: str) -> ScreensReport:
    """Which screens stand behind the low answers to one question about one step."""
    asked = ("screens", step, metric, workspace.slug, basis_of(workspace, question))
    return remembered(standing(workspace), asked, lambda: _screens(workspace, question, step, metric))


def _screens(workspace: Workspace, question: Asked, step: str, metric: str) -> ScreensReport:
    opened = open_scores(workspace, question)
    period = opened.period
    answered, codes = read_answered(opened, 2 * period.from_us - period.to_us)
    one = question_among(answered, step, metric)
    if not period.holds(one.answers.moment_us).any():
        question_among([], step, metric)
    names = names_of(opened).get(step, Names(step, step, None))
    spread = step_spread(one, names, period, codes if question.by else {})
    low, screens = guilt_of(opened, one.during(period))
    return ScreensReport(
        workspace.slug,
        written(period.from_us, opened.timezone),
        written(period.to_us, opened.timezone),
        spread,
        screens,
        {screen.screen: best_moments(low, screen.screen) for screen in screens.guilty},
        best_moments(low, None, MOST_MOMENTS),
        question.by,
        question.segment,
    )


def guilt_of(opened: Opened, answered: Answered) -> tuple[LowAnswers, Screens]:
    """The sessions before some answers, and the screens behind the low ones."""
    answers = answered.answers
    about_us = np.where(answered.about_us >= 0, answered.about_us, answers.moment_us)
    happenings = read_happenings(opened, answers.persons, about_us)
    sessions = sessions_before(happenings, answers.persons, about_us)
    is_low = answers.values <= low_answers_to(*answers.scale)
    named = sessions.named
    having = recorded_sessions(opened, [happenings.sessions[code] for code in np.unique(named[named != NONE])])
    known = np.array([name in having for name in happenings.sessions] + [False], dtype=bool)
    low = LowAnswers(
        happenings, sessions, answers.persons, answers.values, about_us, answers.moment_us, is_low, known[named]
    )
    return low, screens_behind(happenings, sessions, answers.persons, is_low)


def all_guilt(opened: Opened, period: Period) -> list[tuple[Answered, Screens]]:
    """Every question about a step of the journey that is asked for, with the screens behind its low answers."""
    answered, _ = read_answered(opened, period.from_us)
    return [(one, guilt_of(opened, one)[1]) for one in answered if one.step and one.answers.values.size]
