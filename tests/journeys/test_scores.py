"""Scores: weights beside none, and beliefs about single persons."""

import numpy as np

from nousnous.journeys.scores import Answers, score


def answers(values: list[float], believed: list[float] | None = None, weights: list[float] | None = None) -> Answers:
    persons = np.arange(len(values))
    moments = np.zeros(len(values), dtype=np.int64)
    told = (None if column is None else np.array(column) for column in (weights, believed))
    return Answers("rating", (0, 5), np.array(values), persons, moments, moments, *told)


def test_a_weighted_estimate_stands_beside_the_unweighted() -> None:
    found = score(answers([1, 2, 3, 4, 5], weights=[1, 1, 1, 1, 6]))
    assert (found.estimate.value, found.unweighted and found.unweighted.value) == (4.0, 3.0)
    assert score(answers([1, 2, 3, 4, 5])).unweighted is None


def test_the_paired_difference_is_of_persons_with_both() -> None:
    found = score(answers([3.0] * 8, [4.0] * 6 + [float("nan")] * 2)).paired
    assert found is not None
    assert (found.difference.value, found.difference.n, found.gap.value) == (1.0, 6, 20.0)
    assert (found.gap.unit, found.judgement.verdict) == ("percent of scale", "gap")


def test_few_pairs_have_no_difference() -> None:
    found = score(answers([3.0] * 8, [4.0] * 3 + [float("nan")] * 5)).paired
    assert found is not None
    assert (found.difference.value, found.difference.n, found.judgement.verdict) == (None, 3, "unproven")


def test_without_beliefs_about_persons_there_is_nothing_paired() -> None:
    assert score(answers([3.0] * 8)).paired is None
