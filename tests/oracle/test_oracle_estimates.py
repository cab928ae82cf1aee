"""The oracle's reading of estimates, scores, gaps and verdicts, pinned by figures counted by hand."""

from fractions import Fraction

import pytest
from tests.oracle import estimates as e
from tests.oracle import gaps
from tests.oracle.worlds import survey_rows


def each(values):
    """One observation a person."""
    return list(enumerate(values))


def near(figure):
    return pytest.approx(figure, abs=1e-6)


def seen(value, low, high, n=100):
    return e.estimate(value, low, high, n, "given")


def test_observations_of_one_person_count_as_one_where_they_all_agree():
    assert e.effective([("a", 1), ("a", 1), ("b", 0), ("b", 0)], bool) == 1  # 2 · 2 · 16 · 1 / (2 · 32)
    assert e.effective([("a", 1), ("a", 0), ("b", 1), ("b", 0), ("c", 1), ("c", 0)], bool) == 3  # S = 0: persons
    assert e.effective(each([1, 1, 1, 1, 1, 0, 0, 0, 0, 0]), bool) == 9  # one each: N − 1
    three = [("a", 1), ("a", 1), ("b", 1), ("b", 0), ("c", 0), ("c", 0)]
    assert e.effective(three, bool) == 3  # S = 36 + 0 + 36: 3 · 3 · 36 · 2 / (3 · 72)


def test_effective_observations_are_never_more_than_observations():
    pairs = [("a", 1), ("a", 0), ("a", 0), ("b", 1), ("b", 0), ("b", 0), ("c", 1), ("c", 0)]
    assert e.effective(pairs, bool) == 8  # S = 1 + 1 + 4: 3 · 5 · 64 · 2 / (3 · 6) = 106.7


def test_a_share_has_the_interval_of_wilson_with_effective_observations():
    found = e.share(each([1] * 5 + [0] * 5))
    assert (found["value"], found["low"], found["high"]) == (0.5, near(0.2265292), near(0.7734708))


def test_none_of_all_gives_a_low_of_zero_and_all_a_high_of_one():
    assert e.share(each([0] * 6))["low"] == 0.0
    found = e.share(each([1] * 6))
    assert (found["low"], found["high"]) == (near(6 / 9.841458820694124), 1.0)


def test_fewer_than_five_persons_are_too_few():
    four = [("a", 1)] * 10 + [("b", 1), ("c", 0), ("d", 1)]
    for found in (e.share(four), e.quantile(four, 50), e.mean(four), e.nps(four)):
        assert found == {"value": None, "low": None, "high": None, "n": 13, "method": "too few"}


def test_a_quantile_is_the_smallest_value_whose_rank_reaches_the_share():
    assert [e.inverse_cdf(range(1, 11), percent) for percent in (5, 10, 50, 90, 95)] == [1, 1, 5, 9, 10]
    assert e.inverse_cdf(range(1, 12), 50) == 6
    assert e.inverse_cdf(range(1, 8), 25) == 2


@pytest.mark.parametrize(("percent", "least"), [(50, 6), (25, 13), (75, 13), (10, 36), (90, 36), (5, 72), (95, 72)])
def test_an_interval_of_ranks_needs_enough_effective_observations(percent, least):
    assert None in e.binomial_ranks(least - 1, percent)
    assert None not in e.binomial_ranks(least, percent)


def test_the_ranks_are_scaled_low_down_and_high_up():
    found = e.quantile(each([7, 6, 5, 4, 3, 2, 1]), 50)  # m = 6: ranks 1 and 6, of 7: ⌊7/6⌋ and ⌈42/6⌉
    assert (found["value"], found["low"], found["high"], found["n"]) == (4, 1, 7, 7)
    six = e.quantile(each([1, 2, 3, 4, 5, 6]), 50)  # m = 5
    assert (six["value"], six["low"], six["high"]) == (3, None, None)


def test_a_mean_has_a_t_interval_over_persons():
    found = e.mean(each([1, 2, 3, 4, 5]))  # V = 5/4 · 10/25
    assert (found["value"], found["high"]) == (3, near(3 + 2.7764451 * 0.5**0.5))
    twice = e.mean(each([1, 2, 3, 4, 5]) * 2)
    assert (twice["high"], twice["n"]) == (near(found["high"]), 10)


def test_weights_move_the_estimate_and_kish_the_interval():
    pairs = [(0, 1, 2.0), (1, 0, 1.0), (2, 0, 1.0), (3, 1, 1.0), (4, 0, 1.0)]
    assert e.kish(pairs) == Fraction(36, 8)
    found = e.share(pairs)
    assert (found["value"], found["n"]) == (0.5, 5)
    assert (found["low"], found["high"]) == tuple(near(end) for end in e.wilson(0.5, 4.5))


def test_equal_weights_give_the_quantile_of_no_weights():
    values = [5, 3, 9, 1, 7, 2, 8, 6, 4, 10]
    found = e.quantile([(person, value, 0.7) for person, value in each(values)], 50)
    assert (found["value"], found["low"], found["high"]) == (5, 2, 9)  # m = 10: ranks 2 and 9


def test_the_net_promoter_score_has_an_adjusted_wald_interval():
    found = e.nps(each([10] * 8 + [7] + [3]))  # n_eff = 9: p' = 7.95/12, d' = 1.65/12
    assert found["value"] == near(70)
    half = 1.959963984540054 * (0.524375 / 12) ** 0.5 * 100
    assert (found["low"], found["high"]) == (near(52.5 - half), near(52.5 + half))
    assert e.nps(each([10] * 20))["high"] <= 100


def test_the_whole_staff_leaves_no_uncertainty():
    found = e.enps([10, 9, 8, 3, 9, 10], 6)
    assert (found["low"], found["value"], found["high"]) == (near(50), 50, near(50))
    assert e.enps([10, 9, 8, 3, 9], 8)["method"] == "too few"


def test_scores_are_shares_of_the_top_or_means_beside_their_low_tail():
    assert e.csat(each([5, 4, 3, 2, 1, 5]))["value"] == 0.5
    assert e.csat(each([3, 2, 3, 1, 1]), (1, 3))["value"] == 0.4
    assert e.csat(each([10, 8, 7, 7, 7]), (1, 10))["value"] == 0.4
    assert e.low_tail(each([5, 4, 3, 2, 1]), (1, 5))["value"] == 0.4
    assert e.low_tail(each([0, 6, 7, 8, 9]), (0, 10))["value"] == 0.4
    assert e.histogram(each([5, 4, 5])) == {"4": 1, "5": 2}


def test_the_airport_survey_scores_39_8_and_with_weights_40_4():
    answered = {str(answer) for answer in range(11)}
    rows = [row for row in survey_rows("airport_survey_2017.csv") if row["NETPRO"].strip() in answered]
    answers = [(row["RESPNUM"], int(row["NETPRO"]), float(row["WEIGHT"])) for row in rows]
    assert len(answers) == 2746
    assert round(e.nps([answer[:2] for answer in answers])["value"], 1) == 39.8
    assert round(e.nps(answers)["value"], 1) == 40.4
    assert round(e.kish(answers)) == 2267


def test_fandango_shows_0_244_stars_more_than_its_users_gave():
    rows = survey_rows("fandango_scores.csv")
    pairs = [(row["FILM"], float(row["Fandango_Stars"]) - float(row["Fandango_Ratingvalue"])) for row in rows]
    found = e.mean(pairs)
    assert (round(found["value"], 3), found["n"]) == (0.244, 146)
    assert round(e.mean_variance(pairs)[1] ** 0.5, 3) == 0.013


def test_a_gap_is_bad_news_when_positive_and_maps_the_ends():
    found = gaps.gap("completion", 0.7, seen(0.6, 0.5, 0.65))
    assert [found["value"], found["low"], found["high"]] == [near(10), near(5), near(20)]
    found = gaps.gap("failure_rate", 0.1, seen(0.3, 0.2, 0.4))
    assert [found["value"], found["low"], found["high"]] == [near(20), near(10), near(30)]
    found = gaps.gap("rating", 4.5, seen(4.0, 3.5, 4.25), (1, 5))
    assert [found["value"], found["low"], found["high"]] == [12.5, 6.25, 25]


def test_a_gap_without_bounds_is_a_part_of_the_larger():
    found = gaps.gap("duration_p50", 60, seen(80, 48, None))
    assert [found["value"], found["low"], found["high"]] == [25, -20, None]
    assert gaps.gap("duration_p50", 0, seen(0, 0, 0))["value"] == 0


def test_the_verdict_asks_the_whole_interval():
    def word(low, high):
        return gaps.verdict({"low": low, "high": high}, 2)

    assert [word(2.1, 9), word(-9, -2.1), word(-2, 2), word(2, 3), word(-3, 1)] == [
        "gap",
        "delight",
        "confirmed",
        "unproven",
        "unproven",
    ]
    assert [word(2.1, None), word(None, -2.1), word(1, None)] == ["gap", "delight", "unproven"]
    assert gaps.verdict(None, 2) == "unproven"


def test_an_unproven_gap_says_how_many_observations_it_needs():
    assert gaps.needed_n({"value": 5, "low": -1, "high": 11}, 2, 100) == (400, None)  # h = 6, d = 3
    assert gaps.needed_n({"value": 2, "low": -1, "high": 5}, 2, 100) == (None, "too close to call")
    assert gaps.needed_n({"value": 2.2, "low": -1, "high": 5.4}, 2, 100) == (None, "too close to call")
    ten = each(range(1, 11))  # m = 9 for the p90: ⌈10 · 36 / 9⌉
    assert gaps.needed_n({"value": 9, "low": None, "high": 1}, 5, 10, "duration_p90", ten) == (40, None)
    assert [gaps.lean({"value": value}) for value in (3, -3, 0)] == ["gap", "delight", None]


def test_a_blind_spot_is_the_gap_that_was_not_expected():
    found = gaps.blind_spot({"value": 12, "low": 4, "high": 20}, 4, 50)
    assert (found["difference"]["value"], found["difference"]["low"], found["ratio"]) == (8, 0, 3)
    assert gaps.blind_spot({"value": 12, "low": 4, "high": 20}, 1.9, 50)["ratio"] is None
    assert gaps.blind_spot({"value": 12, "low": -1, "high": 20}, 4, 50)["ratio"] is None
    assert gaps.blind_spot({"value": -12, "low": -20, "high": -4}, -4, 50)["ratio"] == 3
    assert gaps.team_blind_spot([(12, 4), (-6, 2)]) == 3
    assert gaps.interval_score(0.6, 0.8, 0.5) == near(0.2 + 10 * 0.1)


def test_a_belief_sealed_before_the_first_observation_is_sealed_in_time():
    belief = {"metric": "completion", "value": 0.7, "sealed_us": 10}
    found = e.share(each([1] * 7 + [0] * 3))
    assert gaps.judged(belief, found, [], None, 11)["sealed_in_time"]
    assert not gaps.judged(belief, found, [], None, 10)["sealed_in_time"]
    assert not gaps.judged({**belief, "sealed_us": None}, found, [], None, 11)["sealed_in_time"]


def test_too_few_persons_leave_a_belief_unproven_without_a_gap():
    row = gaps.judged({"metric": "nps", "value": 40, "expected_gap": 5}, e.too_few(3), [], (0, 10), 1)
    assert (row["gap"], row["verdict"], row["lean"], row["needed_n"]) == (None, "unproven", None, None)
    assert row["blind_spot"]["difference"]["method"] == "too few"
