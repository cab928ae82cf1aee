"""What customers went through in a period: one place that answers "what is this metric at this step?"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from nousnous.base.errors import Refused
from nousnous.capabilities.gaps.measures.contacts import Contacts, contact_rate
from nousnous.capabilities.gaps.measures.outcomes import Outcomes, duration, outcomes, rate
from nousnous.capabilities.gaps.measures.passage import Finishes
from nousnous.capabilities.gaps.measures.visits import Visits
from nousnous.facts.journeys import Journey
from nousnous.journeys.periods import Period
from nousnous.journeys.scores import SCORE_METRICS, Answers, Score, score
from nousnous.stats.estimate import Estimate, too_few

RATES = {"completion": "completed", "failure_rate": "failed", "frustration_rate": "frustrated"}
DURATIONS = {"duration_p50": "p50", "duration_p90": "p90"}
# Answers about the relationship as a whole stand under this instead of a step's id.
RELATIONSHIP = ""
# Which scores the metric "low_tail" is about, where a step has several.
LOW_TAIL_OF = ("nps", "csat", "rating")


@dataclass(frozen=True, slots=True)
class Experienced:
    """An estimate, the ends of the survey's scale it is on (None: the metric's own), and its first observation."""

    estimate: Estimate
    scale: tuple[float, float] | None
    first_us: int | None


@dataclass(slots=True, eq=False)
class Evidence:
    """Visits (step after step), answers by step id and metric, contacts; answers are computed once each.

    `inside` are the codes of the segments that it was cut down to, None where it was not.
    """

    journey: Journey
    visits: Visits
    answers: Mapping[tuple[str, str], Answers]
    contacts: Contacts
    newest_us: int
    finishes: Finishes
    segments: tuple[str, ...] = ("",)
    inside: tuple[int, ...] | None = None
    _outcomes: dict[int, Outcomes] = field(default_factory=dict)
    _scores: dict[tuple[str, str], Score] = field(default_factory=dict)

    def during(self, period: Period) -> Self:
        """The part of the evidence that belongs to a period."""
        answers = {key: one.only(period.holds(one.moment_us)) for key, one in self.answers.items()}
        visits = self.visits.only(period.holds(self.visits.opened_us))
        return replace(self, visits=visits, answers=answers, _outcomes={}, _scores={})

    def of_step(self, position: int) -> Self:
        """The part of the evidence that is about one step; visits are not copied."""
        step = self.journey.steps[position].id
        answers = {key: one for key, one in self.answers.items() if key[0] == step}
        return replace(self, visits=self.visits.of_step(position), answers=answers, _outcomes={}, _scores={})

    def of_segment(self, segment: str) -> Self:
        """The part of the evidence whose property has a value."""
        return self.of_codes(self.codes_of([segment]))

    def codes_of(self, segments: Iterable[str]) -> tuple[int, ...]:
        """The codes of some values of the splitting property; those that never occur have none."""
        return tuple(self.segments.index(segment) for segment in segments if segment in self.segments)

    def occurring(self) -> list[str]:
        """The values of the splitting property that some visit or answer has."""
        told = [self.visits.segment, *(one.segment for one in self.answers.values())]
        return [name for code, name in enumerate(self.segments) if any(bool((one == code).any()) for one in told)]

    def of_codes(self, codes: tuple[int, ...]) -> Self:
        """The part of the evidence whose property has one of some values."""
        answers = {key: one.only(np.isin(one.segment, codes)) for key, one in self.answers.items()}
        visits, numbers = self.visits.only(np.isin(self.visits.segment, codes)).numbered_closely()
        contacts = self.contacts.numbered(numbers, visits.persons, codes)
        finishes = self.finishes.only(np.isin(self.finishes.segment, codes)).numbered(numbers, visits.persons)
        return replace(
            self,
            visits=visits,
            answers=answers,
            contacts=contacts,
            finishes=finishes,
            inside=codes,
            _outcomes={},
            _scores={},
        )

    def outcomes(self, position: int) -> Outcomes:
        if position not in self._outcomes:
            active_clock = self.journey.steps[position].active_clock
            self._outcomes[position] = outcomes(self.visits.of_step(position), active_clock=active_clock)
        return self._outcomes[position]

    def score(self, step: str, metric: str) -> Score | None:
        """The score of a metric at a step; None where nobody answered."""
        answers = self.answers.get((step, metric))
        if answers is None or not answers.values.size:
            return None
        if (step, metric) not in self._scores:
            self._scores[step, metric] = score(answers)
        return self._scores[step, metric]

    def scores(self, step: str) -> list[Score]:
        found = (self.score(step, metric) for metric in SCORE_METRICS)
        return [one for one in found if one is not None]

    def experienced(self, position: int, metric: str) -> Experienced:
        """What a metric of the catalogue is at a step.

        Raises `Refused` for a metric that visits and scores do not answer.
        """
        step = self.journey.steps[position].id
        if metric in SCORE_METRICS:
            return self._of_score(step, metric, metric)
        if metric == "low_tail":
            scored = next((name for name in LOW_TAIL_OF if self.score(step, name) is not None), LOW_TAIL_OF[0])
            return self._of_score(step, scored, metric)
        visits = self.visits.of_step(position)
        first_us = int(visits.opened_us.min()) if len(visits) else None
        return Experienced(self._of_visits(position, metric), None, first_us)

    def _of_score(self, step: str, scored: str, metric: str) -> Experienced:
        found = self.score(step, scored)
        if found is None:
            return Experienced(too_few(0), None, None)
        estimate = found.low_tail if metric == "low_tail" else found.estimate
        return Experienced(estimate, found.scale, int(self.answers[step, scored].moment_us.min()))

    def _of_visits(self, position: int, metric: str) -> Estimate:
        visits, known = self.visits.of_step(position), self._outcomes.get(position)
        if metric == "contact_rate":
            return contact_rate(visits, self.contacts, self.newest_us)
        if metric in RATES:
            found = known.shares.get(RATES[metric]) if known else None
            return rate(visits, RATES[metric]) if found is None else found
        if metric in DURATIONS:
            active_clock = self.journey.steps[position].active_clock
            spread = known.duration if known else duration(visits, active_clock=active_clock)
            return spread[DURATIONS[metric]]
        raise Refused(f"Visits and scores do not say what “{metric}” is.")
