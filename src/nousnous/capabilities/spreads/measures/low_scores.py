"""Which answers are low: the low tail of their own scale."""

from typing import Any

import ibis

from nousnous.journeys.scores import SCORE_METRICS


def low_scores(scores: Any) -> Any:
    """The low answers among scores: 0 to 6 of 10, 1 and 2 of 5, on other scales the lowest two fifths, at least one."""
    low, high = scores.scale_low, scores.scale_high
    fifths = ((high - low + 1) * 2 / 5).floor()
    cut = ibis.cases((high == 10, 6.0), (high == 5, 2.0), else_=low - 1 + ibis.greatest(1, fifths))
    return scores.filter(scores.metric.isin(SCORE_METRICS) & (scores.value <= cut))
