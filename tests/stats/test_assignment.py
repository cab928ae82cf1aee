"""Assignment: the same for ever, uniform, independent between experiments."""

import numpy as np
import pytest
from scipy import stats

from nousnous.base.errors import Refused
from nousnous.stats.assignment import arm_of, share_of

PEOPLE = [f"person-{number}" for number in range(20_000)]
FIXED = {
    ("checkout", "anna"): 0.5158170687031566,
    ("checkout", "bernd"): 0.17318949087028945,
    ("play/rescue", "anna"): 0.2656018332613108,
    ("ä", "ü"): 0.31878665413877805,
    ("", ""): 0.30670447259107914,
}


def test_nobody_ever_changes_place() -> None:
    assert {pair: share_of(*pair) for pair in FIXED} == FIXED
    assert share_of("ab", "c") != share_of("a", "bc")


def test_people_spread_evenly() -> None:
    shares = np.array([share_of("checkout", person) for person in PEOPLE])
    assert 0 <= shares.min() < shares.max() < 1
    assert stats.chisquare(np.histogram(shares, bins=100, range=(0, 1))[0]).pvalue > 0.001


@pytest.mark.parametrize("other", ["checkout2", "checkou", "", "play/checkout"])
def test_one_experiment_says_nothing_of_another(other: str) -> None:
    pairs = np.array([(share_of("checkout", person), share_of(other, person)) for person in PEOPLE])
    table = np.histogram2d(pairs[:, 0], pairs[:, 1], bins=10, range=((0, 1), (0, 1)))[0]
    assert stats.chi2_contingency(table).pvalue > 0.001


def test_arms_are_as_wide_as_their_weights() -> None:
    weights = {"control": 1.0, "off": 0.0, "short": 2.0, "long": 1.0}
    seen = [arm_of("checkout", person, weights) for person in PEOPLE]
    counted = [seen.count(arm) for arm in weights]
    assert counted[1] == 0
    assert stats.chisquare([counted[0], *counted[2:]], [5_000, 10_000, 5_000]).pvalue > 0.001


def test_a_growing_last_arm_moves_nobody_out_of_it() -> None:
    before = {person for person in PEOPLE if arm_of("checkout", person, {"off": 90, "on": 10}) == "on"}
    after = {person for person in PEOPLE if arm_of("checkout", person, {"off": 50, "on": 50}) == "on"}
    assert before < after


@pytest.mark.parametrize("weights", [{}, {"a": 0.0}, {"a": -1.0, "b": 2.0}, {"a": float("nan")}])
def test_weights_that_decide_nothing_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(Refused, match="weight"):
        arm_of("checkout", "anna", weights)
