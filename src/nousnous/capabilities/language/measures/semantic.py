"""The scorer `semantic`: vectors of MiniLM and VADER's figures behind one head, fitted as that of `default` was.

It needs the extra `semantic`. Languages, signs and sarcasm are treated as `default` does.
"""

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

import numpy as np

from nousnous.capabilities.language.measures import sentiment
from nousnous.stats.clusters import Floats
from nousnous.texts.embeddings import embeddings

NAME: Final = "semantic"
VERSION: Final = "semantic-1"


class Head(NamedTuple):
    """Weights of the vectors and of VADER's figures, and the intercept."""

    vectors: Floats
    figures: Floats
    intercept: float


def sentiments(texts: Sequence[str], languages: Sequence[str | None]) -> Floats:
    """The sentiment of each text, NaN where the scorer cannot tell; raises `Refused` where the extra is missing."""
    return sentiment.by_language(texts, languages, lambda some: judged(vectors(some), sentiment.figures(some)))


def vectors(texts: Sequence[str]) -> Floats:
    """What texts mean, a row of 384 a text."""
    return embeddings(texts).astype(np.float64)


def judged(found: Floats, figures: Floats) -> Floats:
    """English texts by their vectors and figures."""
    head = packaged_head()
    told: Floats = np.clip(found @ head.vectors + figures @ head.figures + head.intercept, -1.0, 1.0)
    return told


@cache
def packaged_head() -> Head:
    """The head that comes with the package."""
    with resources.files(__package__).joinpath(f"{VERSION}.npz").open("rb") as file, np.load(file) as kept:
        return Head(kept["vectors"].astype(np.float64), kept["figures"].astype(np.float64), float(kept["intercept"]))
