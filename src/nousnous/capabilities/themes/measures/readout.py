"""How much each theme is talked about, how pleased people are there, and what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from nousnous.stats.contrasts import contrast
from nousnous.stats.estimate import Estimate, EstimateShape
from nousnous.stats.means import mean
from nousnous.stats.shares import share_of

DAY_US = 86_400_000_000
WEEK_US, LATELY_US = 7 * DAY_US, 28 * DAY_US
WEEKS = 8

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """Open answers of a period by column: theme (a position, −1 for none), person, when (µs), sentiment (NaN: none)."""

    theme: Integers
    person: Integers
    ts_us: Integers
    sentiment: Floats


class TalkShape(TypedDict):
    answers: int
    share: EstimateShape
    sentiment: EstimateShape
    change: EstimateShape | None
    weeks: list[EstimateShape]


@dataclass(frozen=True, slots=True)
class Talk:
    """What is said about one theme.

    `share` of the open answers (0 to 1), `sentiment` the mean of those that have one (−1 to 1). `change` is the share
    of the last 28 days less that of the days before; `changed` whether its interval excludes 0. `weeks` are the shares
    of the last eight weeks.
    """

    answers: int
    share: Estimate
    sentiment: Estimate
    change: Estimate
    weeks: tuple[Estimate, ...]

    @property
    def changed(self) -> bool:
        low, high = self.change.low, self.change.high
        return low is not None and high is not None and (low > 0 or high < 0)

    def as_dict(self) -> TalkShape:
        return {
            "answers": self.answers,
            "share": self.share.as_dict(),
            "sentiment": self.sentiment.as_dict(),
            "change": self.change.as_dict() if self.changed else None,
            "weeks": [one.as_dict() for one in self.weeks],
        }


def talk_about(said: Said, positions: Sequence[int], to_us: int) -> Talk:
    """What is said about the themes at some positions taken together; persons are the unit.

    >>> several = Said(np.zeros(8, int), np.arange(8), np.zeros(8, int), np.full(8, 0.5))
    >>> talk_about(several, [0], DAY_US).sentiment.value
    0.5
    """
    mine = np.isin(said.theme, np.asarray(positions))
    felt = mine & ~np.isnan(said.sentiment)
    lately = said.ts_us >= to_us - LATELY_US
    then, now = (share_of(mine[part], said.person[part]) for part in (~lately, lately))
    ends = [to_us - week * WEEK_US for week in range(WEEKS - 1, -1, -1)]
    within = [(said.ts_us >= end - WEEK_US) & (said.ts_us < end) for end in ends]
    return Talk(
        int(mine.sum()),
        share_of(mine, said.person),
        mean(said.sentiment[felt], said.person[felt]),
        contrast([(1.0, now), (-1.0, then)]),
        tuple(share_of(mine[week], said.person[week]) for week in within),
    )


def languages_in(languages: Sequence[str | None]) -> Mapping[str, int]:
    """How many answers are in which language, the commonest first.

    >>> languages_in(["en", "de", "en", None])
    {'en': 2, 'de': 1}
    """
    known, counts = np.unique([one for one in languages if one], return_counts=True)
    return {str(known[place]): int(counts[place]) for place in np.argsort(-counts, kind="stable")}
