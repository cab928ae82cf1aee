"""What single answers say: their language, and how pleased they are."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

SHORTEST = 12
SURE = 0.9
ENGLISH = "en"
LIKELY = "ar bg cs da de el en es et fi fr he hi hr hu id it ja ko lt lv nl no pl pt ro ru sk sl sv th tr uk vi zh"
"""Of 97 languages these are taken for likely: a short text resembles some rare one too easily."""

Floats = npt.NDArray[np.float64]


def languages_of(texts: Sequence[str]) -> list[str | None]:
    """The language of each text by its letters (Lui and Baldwin 2012), None where it is too short or unsure.

    >>> languages_of(["The button did nothing at all, ten times", "Der Knopf tut einfach nichts, zehnmal", "ok"])
    ['en', 'de', None]
    """
    return [_language(text) for text in texts]


def sentiments_of(texts: Sequence[str], languages: Sequence[str | None]) -> Floats:
    """How pleased each text is, −1 to 1, by VADER's lexicon of English (Hutto and Gilbert 2014); NaN for others.

    What is too short for a language is taken as English if VADER knows a word of it: "great!" is an answer.

    >>> sentiments_of(["I love it", "Furchtbar", "awful"], ["en", "de", None]).round(1).tolist()
    [0.6, nan, -0.5]
    """
    analyse = _analyser().polarity_scores
    found = np.full(len(texts), np.nan)
    for place, (text, language) in enumerate(zip(texts, languages, strict=True)):
        if language in {ENGLISH, None}:
            pleased = analyse(text)["compound"]
            found[place] = pleased if language or pleased else np.nan
    return found


def _language(text: str) -> str | None:
    if len(text.strip()) < SHORTEST:
        return None
    language, sure = _identifier().classify(text)
    return str(language) if sure >= SURE else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LIKELY.split())
    return identifier


@cache
def _analyser() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
