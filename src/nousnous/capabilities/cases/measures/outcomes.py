"""What became of those who were called."""

from collections.abc import Sequence
from typing import Any

import ibis
import numpy as np

from nousnous.journeys.scores import SCORE_METRICS
from nousnous.stats.estimate import Estimate
from nousnous.stats.scores import low_answers_to
from nousnous.stats.shares import share_of


def recovery_rate(scores: Any, asked: Sequence[tuple[int, str, int]]) -> Estimate:
    """Of those who answered the recovery survey, the share whose first answer has left the low tail, 0 to 1.

    `scores` have `person_key`; `asked` are persons, the source of the survey's answers, and when their case was closed
    (microseconds). Source: `definitions.md`, Case.

    >>> row = {"person_key": 1, "ts_us": 5, "score_key": 1, "metric": "csat", "value": 4.0, "source": "survey:s"}
    >>> rows = ibis.memtable([row | {"scale_low": 1.0, "scale_high": 5.0}])
    >>> recovery_rate(rows, [(1, "survey:s", 4), (2, "survey:s", 4)]).n
    1
    """
    columns = {name: [one[place] for one in asked] for place, name in enumerate(("asked_key", "asked_of", "closed_us"))}
    wanted = ibis.memtable(columns, schema={"asked_key": "int64", "asked_of": "string", "closed_us": "int64"})
    theirs = scores.filter(scores.metric.isin(SCORE_METRICS))
    conditions = [theirs.person_key == wanted.asked_key, theirs.source == wanted.asked_of]
    after = theirs.join(wanted, [*conditions, theirs.ts_us >= wanted.closed_us])
    rows = after.order_by("asked_key", "closed_us", "ts_us", "score_key").to_pyarrow().to_pylist()
    firsts = {(row["asked_key"], row["closed_us"]): row for row in reversed(rows)}
    flags = [row["value"] > low_answers_to(row["scale_low"], row["scale_high"]) for row in firsts.values()]
    return share_of(np.array(flags, dtype=bool), np.array([key for key, _ in firsts], dtype=np.int64))


def cost_of_one(spent: float, persons: int, difference: Estimate) -> Estimate:
    """What was given for each person who came back because of it: spent over persons times the difference of shares.

    In the unit of `spent`. The ends are those of the difference, what was spent is known; without an effect that is
    proven above 0 nobody came back because of it, and there is no figure.

    >>> found = cost_of_one(1_000.0, 200, Estimate(0.1, 0.05, 0.15, 400, "delta"))
    >>> round(found.low or 0), round(found.value or 0), round(found.high or 0)
    (33, 50, 100)
    """
    if not spent:
        return Estimate(None, None, None, persons, "nothing was given")
    low, value, high = difference.low, difference.value, difference.high
    if low is None or value is None or high is None or low <= 0 or not persons:
        return Estimate(None, None, None, persons, "not proven")
    each = spent / persons
    return Estimate(each / value, each / high, each / low, persons, difference.method)
