"""What follows the company's words: how the customer sounded before and after each message of the company."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nousnous.stats.clusters import Floats, Integers


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """Messages in the order of conversation and time: sentiment NaN where it is not judged; `texts` are Arrow texts."""

    conversations: Integers
    persons: Integers
    of_company: npt.NDArray[np.bool_]
    sentiment: Floats
    texts: Any


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """The company's messages that the customer answered: `places` in `Said`, the customer's sentiment before and after.

    Before the customer's first judged message there is none: NaN.
    """

    places: Integers
    before: Floats
    after: Floats


def answered(said: Said) -> Answered:
    """Each message of the company with the customer's last judged one before and the first judged one after it.

    >>> import pyarrow as pa
    >>> flags = np.array([False, True, False, True])
    >>> made = Said(np.zeros(4, int), np.zeros(4, int), flags, np.array([0.2, 0.9, -0.5, 0.9]), pa.array(["a"] * 4))
    >>> found = answered(made)
    >>> found.places.tolist(), found.before.tolist(), found.after.tolist()
    ([1], [0.2], [-0.5])
    """
    size = said.sentiment.size
    places = np.arange(size)
    judged = ~said.of_company & ~np.isnan(said.sentiment)
    before = np.maximum.accumulate(np.where(judged, places, -1)) if size else places
    after = np.minimum.accumulate(np.where(judged, places, size)[::-1])[::-1] if size else places
    padded = np.append(said.sentiment, np.nan)
    talks = np.append(said.conversations, -1)
    before = np.where((before >= 0) & (talks[before] == said.conversations), before, size)
    after = np.where(talks[after] == said.conversations, after, size)
    chosen = np.flatnonzero(said.of_company & (after < size))
    return Answered(chosen, padded[before[chosen]], padded[after[chosen]])
