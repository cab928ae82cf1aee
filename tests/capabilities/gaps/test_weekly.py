"""The charts of a step's last weeks."""

from dataclasses import replace

from tests.capabilities.gaps.northwind import completion, estimate, step

from nousnous.capabilities.gaps.measures.report import StepRow
from nousnous.capabilities.gaps.views.weekly import band_cards, trend_card
from nousnous.stats.estimate import too_few

TO = "2026-10-30T00:00:00+00:00"
QUANTILES = ("p5", "p10", "p25", "p50", "p75", "p90", "p95")


def answered(name: str, *weeks: float | None) -> StepRow:
    """A step whose quantiles are so much, and that many more each, week by week; None where too few came."""
    spreads = [
        {
            key: too_few(3) if first is None else estimate(first + place, first, 9, 40)
            for place, key in enumerate(QUANTILES)
        }
        for first in weeks
    ]
    return replace(step("Refund", 9_000, 90, []), weeks={name: tuple(spreads)})


def test_the_trend_is_beside_what_a_team_believes_of_everybody() -> None:
    abroad = replace(completion(0.50, 0.02, (0.6, 0.5, 0.7), 90), segment="country=DE")
    row = step("Refund", 9_000, 90, [abroad, completion(0.88, 0.02, (0.6, 0.5, 0.7), 90)], (0.60, 0.62))
    card = trend_card(row, TO)
    assert card is not None
    assert ("88% believed" in card.wide, "50% believed" in card.wide) == (True, False)


def test_the_title_of_bands_says_where_the_worst_tenth_began_and_where_it_is() -> None:
    (slow,) = band_cards(answered("elapsed", 10.0, None, 20.0), TO)
    assert slow.title == "The slow tenth took 15\u00a0s or more in the first week, 25\u00a0s or more last week"
    (low,) = band_cards(answered("nps", 1.0, 1.0), TO)
    assert low.title.endswith("the lowest tenth gave up to 2 in the first week and last week")
    (rated,) = band_cards(answered("rating", 1.5, 1.0), TO)
    assert "up to 2.5 in the first week, up to 2.0 last week" in rated.title


def test_a_week_of_too_few_is_said_in_the_sentence_and_in_the_numbers() -> None:
    (card,) = band_cards(answered("elapsed", 10.0, None, 20.0), TO)
    assert 'aria-label="Week from 16 Oct: n 3, too few"' in card.wide
    assert [cell for cell, _ in card.rows[1]] == ["16 Oct", "–", "too few", "–", "too few", "3"]
    assert band_cards(answered("elapsed", 10.0, None, None), TO) == []
