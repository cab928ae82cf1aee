"""Sentiment of a text in [-1, 1]: the scorer `default`, VADER and a small linear model of words behind one head.

The head answers what 20 people would say on average, from -4 to 4, divided by 4, as widely spread as they are. It was
fitted by `bench/sentiment.py` to sentences of film reviews and newspapers (Hutto and Gilbert 2014, MIT licence); its
weights come with the package.

It reads English. Of a text in another language only emoji and emoticons are judged; without any there is no score.
A text that ends in “/s” says the opposite of what it says. Of mixed languages the conversation's one counts.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

NAME: Final = "default"
VERSION: Final = "default-1"
BUCKETS: Final = 2**15
WORD: Final = r"(?u)\b\w[\w']*\b"
NEUTRAL: Final = 0.125
"""Half a point of the raters' four: nearer to 0 than this a text is neither positive nor negative."""

Floats = npt.NDArray[np.float64]

_emoticon = re.compile(r"[:;=8][-o*']?[)\](\[dDpP/}{|\\]|[)\](\[dDpP/}{|\\][-o*']?[:;=8]|<3")
_sarcasm = re.compile(r"(^|\s)/s\s*$")


class Head(NamedTuple):
    """Weights of hashed words and pairs of words, of VADER's figures, and the intercept."""

    words: Floats
    figures: Floats
    intercept: float


def sentiments(texts: Sequence[str], languages: Sequence[str | None]) -> Floats:
    """The sentiment of each text, NaN where the scorer cannot tell.

    >>> sentiments(["I love it", "This is awful", "Das ist schrecklich", "Hallo :)"], ["en", "en", "de", "de"]).round(1)
    array([ 0.7, -1. ,  nan,  0.2])
    """
    return by_language(texts, languages, lambda some: judged(words(some), figures(some)))


def by_language(
    texts: Sequence[str],
    languages: Sequence[str | None],
    english: Callable[[Sequence[str]], Floats],
    *,
    signs: bool = True,
) -> Floats:
    """English texts by a judge of such, sarcasm turned; of others what their signs say, or NaN where `signs` is off."""
    found = np.full(len(texts), np.nan)
    known = np.array([language in {"en", None} for language in languages], dtype=bool)
    own = [text for text, one in zip(texts, known.tolist(), strict=True) if one]
    if own:
        told = english(own)
        turned = np.array([signs and bool(_sarcasm.search(text)) for text in own])
        found[known] = np.where(turned, -np.abs(told), told)
    for place in np.flatnonzero(~known).tolist() if signs else ():
        found[place] = of_signs(texts[place])
    return found


def figures(texts: Sequence[str]) -> Floats:
    """VADER's compound, positive, negative, their difference, and the size of the compound, a row a text."""
    analyzer = _analyzer()
    scores = [analyzer.polarity_scores(text) for text in texts]
    plain = np.array([(one["compound"], one["pos"], one["neg"]) for one in scores], dtype=np.float64).reshape(-1, 3)
    return np.column_stack([plain, plain[:, 1] - plain[:, 2], np.abs(plain[:, 0])])


def words(texts: Sequence[str]) -> Any:
    """Hashed words and pairs of words of each text, as a sparse matrix of unit rows."""
    return _vectorizer().transform(texts)


def of_signs(text: str) -> float:
    """What emoji and emoticons alone say; NaN where there are none.

    >>> of_signs("na ja")
    nan
    """
    analyzer = _analyzer()
    signs = _emoticon.findall(text) + [sign for sign in text if sign in analyzer.emojis]
    return float(analyzer.polarity_scores(" ".join(signs))["compound"]) / 2 if signs else float("nan")


def judged(found: Any, told: Floats) -> Floats:
    """English texts by their hashed words and figures."""
    head = packaged_head()
    sums: Floats = np.clip(found @ head.words + told @ head.figures + head.intercept, -1.0, 1.0)
    return sums


@cache
def packaged_head() -> Head:
    """The head that comes with the package."""
    with resources.files(__package__).joinpath(f"{VERSION}.npz").open("rb") as file, np.load(file) as kept:
        return Head(kept["words"].astype(np.float64), kept["figures"].astype(np.float64), float(kept["intercept"]))


@cache
def _analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # slow to load

    return SentimentIntensityAnalyzer()


@cache
def _vectorizer() -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer  # slow to load

    return HashingVectorizer(n_features=BUCKETS, ngram_range=(1, 2), alternate_sign=False, token_pattern=WORD)
