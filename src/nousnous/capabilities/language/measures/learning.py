"""A head of a workspace's own: what a few hundred labels add to a scorer, or teach where there is no scorer yet.

Ridge regression on the texts' words (or vectors) and VADER's figures. For sentiment it learns only by how much people
here feel otherwise than the packaged scorer says, so with few labels it stays near it. How strongly it is held back is
chosen by what it says of labels that were left out one by one (closed form, Golub, Heath and Wahba 1979).
"""

import io
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from nousnous.capabilities.language.measures import semantic, sentiment
from nousnous.capabilities.language.measures.qualities import SENTIMENT, Quality
from nousnous.stats.clusters import Floats

BASES: Final = {"default": sentiment.VERSION, "semantic": semantic.VERSION}
LEAST_LEARNED: Final = 60
LEAST_HELD_OUT: Final = 20
EVERY: Final = 4
"""Of so many customers one is held out: nothing is learned from labels of their messages."""
MOST_LEARNED: Final = 3_000
"""The newest labels that are learned from."""
HOLDS: Final = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
STEADY: Final = 10.0
"""The column that stands for the intercept: so large that nothing holds it back."""


def is_held_out(identity_key: int) -> bool:
    """Whether a customer's labels only try what was learned from others'."""
    return identity_key % EVERY == 0


class Learned(NamedTuple):
    """Weights of the dense columns, and of hashed words where the base has them (else empty)."""

    dense: Floats
    words: Floats

    def as_bytes(self) -> bytes:
        file = io.BytesIO()
        np.savez_compressed(file, dense=self.dense.astype(np.float32), words=self.words.astype(np.float32))
        return file.getvalue()


def learned_of(document: bytes) -> Learned:
    """A head as it was kept."""
    with np.load(io.BytesIO(document)) as kept:
        return Learned(kept["dense"].astype(np.float64), kept["words"].astype(np.float64))


class Columns(NamedTuple):
    """What is seen of texts: dense columns, hashed words (None beside vectors), and what the base says (0: nothing)."""

    dense: Floats
    words: Any
    told: Floats


def columns(base: str, quality: Quality, texts: Sequence[str]) -> Columns:
    """Columns of texts, a row a text."""
    figures = sentiment.figures(texts)
    shape = np.array([("?" in text, min(len(text), 1000) / 1000) for text in texts], dtype=np.float64).reshape(-1, 2)
    steady = np.full((len(texts), 1), STEADY)
    if base == "semantic":
        vectors = semantic.vectors(texts)
        told = semantic.judged(vectors, figures) if quality is SENTIMENT else np.zeros(len(texts))
        return Columns(np.hstack([steady, figures, shape, vectors, told[:, None]]), None, told)
    words = sentiment.words(texts)
    told = sentiment.judged(words, figures) if quality is SENTIMENT else np.zeros(len(texts))
    return Columns(np.hstack([steady, figures, shape, told[:, None]]), words, told)


def learn(seen: Columns, labels: Floats) -> Learned:
    """The head that says what `labels` say beyond what the base told.

    >>> texts = ["it is late again", "thank you so much", "where is it", "all fine now"] * 5
    >>> seen = columns("default", SENTIMENT, texts)
    >>> found = seen.told + predicted(learn(seen, np.array([-1.0, 1.0, -0.5, 0.5] * 5)), seen)
    >>> [bool(one > 0) for one in found[:4]]
    [False, True, False, True]
    """
    wanted = labels - seen.told
    alike = seen.dense @ seen.dense.T
    if seen.words is not None:
        alike = alike + (seen.words @ seen.words.T).toarray()
    values, vectors = np.linalg.eigh(alike)
    turned = vectors.T @ wanted
    best = min(HOLDS, key=lambda hold: _left_out(values, vectors, turned, hold, wanted))
    shares = vectors @ (turned / (np.maximum(values, 0.0) + best))
    words = np.zeros(0) if seen.words is None else np.asarray(seen.words.T @ shares)
    return Learned(seen.dense.T @ shares, words)


def predicted(head: Learned, seen: Columns) -> Floats:
    """What a head adds to what the base told."""
    found: Floats = seen.dense @ head.dense
    return found if seen.words is None else found + seen.words @ head.words


def judge(head: Learned, base: str, quality: Quality, texts: Sequence[str], languages: Sequence[str | None]) -> Floats:
    """Each text by a head; NaN where it cannot tell. Sentiment treats signs, sarcasm and languages as its base does."""

    def english(some: Sequence[str]) -> Floats:
        seen = columns(base, quality, some)
        return quality.within(seen.told + predicted(head, seen))

    return sentiment.by_language(texts, languages, english, signs=quality is SENTIMENT)


def _left_out(values: Floats, vectors: Floats, turned: Floats, hold: float, wanted: Floats) -> float:
    """Mean squared error on labels left out one by one."""
    kept = np.maximum(values, 0.0) / (np.maximum(values, 0.0) + hold)
    lever = np.einsum("ij,j,ij->i", vectors, kept, vectors)
    errors = (wanted - vectors @ (kept * turned)) / np.maximum(1 - lever, 1e-9)
    return float(np.mean(errors**2))
