"""Rank correlations cover what they estimate, and say when there is too little."""

import numpy as np
from scipy.stats import spearmanr

from nousnous.stats.ranks import rank_correlation


def test_it_is_the_correlation_of_scipy_and_its_interval_covers_it_in_nineteen_of_twenty_samples() -> None:
    random = np.random.default_rng(1)
    covered = 0
    for _ in range(400):
        first = random.normal(size=60)
        second = 0.6 * first + 0.8 * random.normal(size=60)
        found = rank_correlation(first, second, np.arange(60))
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= 6 / np.pi * np.arcsin(0.3) <= found.high  # of a normal pair with r = 0.6
    assert abs((found.value or 0) - spearmanr(first, second)[0]) < 1e-6
    assert 365 <= covered <= 395


def test_few_persons_and_a_flat_series_are_too_few() -> None:
    assert rank_correlation([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [1, 1, 2, 3, 4]).too_few
    assert rank_correlation([1, 1, 1, 1, 1], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5]).too_few
    more = rank_correlation([1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 7, 6], [1, 2, 3, 4, 5, 6, 7])
    assert more.value is not None
    assert (more.low or 0) < more.value < (more.high or 0)
