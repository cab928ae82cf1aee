"""What a report says in its title, for every metric and verdict."""

from dataclasses import replace

import pytest
from tests.capabilities.gaps.northwind import REPORT, STEPS, belief, completion, estimate, step, with_steps

from nousnous.capabilities.gaps.measures.headline import NOT_JUDGED, headline
from nousnous.capabilities.gaps.measures.outcomes import Counts
from nousnous.capabilities.gaps.measures.phrases import PHRASES, claim, phrase_of
from nousnous.capabilities.gaps.measures.report import GapReport, StepRow
from nousnous.capabilities.gaps.metrics import METRICS
from nousnous.journeys.catalogue import unit_of
from nousnous.stats.estimate import too_few
from nousnous.stats.gaps import Judgement

UNITS = {metric.id: unit_of(metric.unit) for metric in METRICS.values()}
WORSE = completion(0.95, 0.02, (0.61, 0.58, 0.64), 1_204)
BETTER = completion(0.70, 0.02, (0.86, 0.80, 0.90), 188)
RIGHT = completion(0.84, 0.03, (0.83, 0.82, 0.835), 9_204)
OPEN = completion(0.72, 0.02, (0.68, 0.64, 0.72), 512)


def title(*rows: StepRow) -> str:
    return headline(with_steps(*rows), UNITS).title


def lead(report: GapReport) -> str:
    return headline(report, UNITS).lead


def test_the_dearest_gap_is_the_title_and_its_hours_the_sentence() -> None:
    assert title(*STEPS) == "Mobile check-in costs most: teams believe 95% finish, 61% do"
    assert lead(REPORT) == (
        "Customers lose 26,100 hours a year at the four steps that are worse than their team believes."
    )


def test_it_costs_most_only_where_nothing_else_costs_more() -> None:
    assert title(step("Search", 9_000, 90, [RIGHT]), step("Refund", 400, 90, [WORSE])).startswith("Refund falls short:")
    assert title(step("Refund", 0, 90, [WORSE])).startswith("Refund falls short:")


def test_of_several_gaps_of_a_step_finishing_comes_first() -> None:
    slow = belief("duration_p50", 60, 0.05, estimate(124, 112, 140, 734))
    assert title(step("Refund", 400, 90, [slow, WORSE])) == "Refund costs most: teams believe 95% finish, 61% do"
    assert (
        title(step("Refund", 400, 90, [slow])) == "Refund costs most: teams believe it takes 1 min, it takes 2 min 4 s"
    )


def test_a_belief_about_a_segment_names_it() -> None:
    german = replace(WORSE, segment="country=DE")
    assert title(step("Refund", 400, 90, [german])) == "Refund (DE) costs most: teams believe 95% finish, 61% do"


def test_without_a_gap_the_best_news_is_the_title() -> None:
    assert title(step("Pick-up", 400, 90, [BETTER]), step("Search", 9, 90, [RIGHT])) == (
        "Pick-up is better than believed: teams believe 70% finish, 86% do"
    )
    assert title(step("Search", 400, 90, [RIGHT]), step("Pay", 9, 90, [RIGHT])) == (
        "Teams are right: both beliefs hold"
    )
    assert title(step("Search", 400, 90, [RIGHT])) == "The team is right: its belief holds"


def test_open_verdicts_are_said_to_be_open() -> None:
    assert title(step("Search", 400, 90, [OPEN])) == "No verdict yet: one belief waits for more evidence"
    assert title(step("Search", 400, 90, [OPEN]), step("Pay", 9, 90, [RIGHT])) == (
        "Nothing is proven worse: one belief holds, one open"
    )
    few = belief("completion", 0.9, 0.02, too_few(3))
    assert title(step("Lounge", 0, 3, [few])) == "No verdict yet: one belief waits for more evidence"


def test_a_belief_that_no_week_judged_says_when() -> None:
    waiting = replace(OPEN, finding=replace(OPEN.finding, judgement=Judgement("unproven", reason=NOT_JUDGED)))
    assert lead(with_steps(step("Search", 400, 90, [waiting]))).endswith("first verdicts come when the week closes.")
    assert lead(with_steps(step("Search", 0, 90, [waiting]))).startswith("Nobody lost time that we know of.")


def test_without_beliefs_or_visits_the_title_says_what_is_missing() -> None:
    nobody = replace(step("Search", 0, 0, []), visits=Counts(0, 0, 0, 0, 0))
    assert title(step("Search", 400, 90, [])) == "No gap yet: nobody has written down a belief"
    assert lead(with_steps(step("Search", 400, 90, []))) == (
        "93 visits seen at one step, waiting for the first belief."
    )
    assert title(nobody) == "Nobody came by in this period"


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_has_its_own_words(metric: str) -> None:
    assert metric in PHRASES
    words = claim(metric, 0.25, 0.5, UNITS[metric])
    assert words.startswith("teams believe")
    assert "{" not in words
    assert phrase_of(metric).caption.endswith(".")


def test_a_metric_of_another_part_is_said_plainly() -> None:
    assert claim("trust", 4.0, 3.0, "score") == "teams believe 4.0, it is 3.0"


def test_a_gap_without_lost_time_does_not_say_that_nought_hours_are_lost() -> None:
    assert lead(with_steps(step("Refund", 0, 0, [WORSE]))).startswith("No time was lost there that we know of:")


def test_a_share_written_as_a_per_cent_is_told_how_to_write_it() -> None:
    assert METRICS["completion"].misfit(95) == (
        "95 is off the scale of completion, which is from 0 to 1; 95% is written 0.95."
    )
    assert METRICS["nps"].misfit(200).endswith(f"which is {METRICS['nps'].ends}.")
