"""How well the packaged scorers agree with people, and how fast they are, beside VADER alone on the same texts.

Usage: python -m bench.sentiment [--train]. With `--train` both heads are fitted anew to films and editorials and put
into the package. The one setting of each was chosen by fitting to one of these two and asking the other; the tweets, on
which figures are printed, take no part in either. Below them: heads of a workspace's own, learned from some of the
tweets as if people here had labelled them, and asked of 1,000 others.
"""

import csv
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from bench.parts import note
from tests.places import SHARED_DATA

from nousnous.capabilities.language.measures import learning, semantic, sentiment
from nousnous.capabilities.language.measures.qualities import SENTIMENT

DATA = SHARED_DATA / "support"
FOLDER = Path(sentiment.__file__).parent
RIDGE = {"default": 10.0, "semantic": 30.0}
LEAST_A_SECOND = {"default": 7_000, "semantic": 500}
Floats = npt.NDArray[np.float64]


def rated(name: str) -> tuple[list[str], Floats]:
    """Texts, and what people felt of them in [-1, 1]."""
    with (DATA / f"sentiment_{name}.csv").open() as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], np.array([float(row["valence"]) for row in rows]) / 4


def columns_of(base: str, texts: list[str]) -> Any:
    from scipy import sparse

    figures = sentiment.figures(texts)
    if base == "semantic":
        return np.hstack([semantic.vectors(texts), figures])
    return sparse.hstack([sentiment.words(texts), sparse.csr_matrix(figures)]).tocsr()


def fitted(names: tuple[str, ...], base: str) -> tuple[Floats, float]:
    """Weights of the columns, and the intercept."""
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import cross_val_predict

    parts = [rated(name) for name in names]
    columns = columns_of(base, [text for some, _ in parts for text in some])
    felt = np.concatenate([one for _, one in parts])
    ridge = Ridge(alpha=RIDGE[base], **({"solver": "sparse_cg", "tol": 1e-8} if base == "default" else {}))
    unseen = cross_val_predict(ridge, columns, felt, cv=5)
    ridge.fit(columns, felt)
    spread = float(felt.std() / unseen.std())  # a regression answers nearer to the middle than people do
    middle = float(felt.mean() - spread * unseen.mean())
    return ridge.coef_ * spread, float(ridge.intercept_) * spread + middle


def train() -> None:
    for base, module, first in (("default", sentiment, "words"), ("semantic", semantic, "vectors")):
        weights, intercept = fitted(("movies", "editorials"), base)
        parts = {first: weights[:-5].astype(np.float16), "figures": weights[-5:].astype(np.float32)}
        np.savez_compressed(FOLDER / f"{module.VERSION}.npz", intercept=np.float64(intercept), **parts)
        module.packaged_head.cache_clear()


def classes(values: Floats, neutral: float) -> npt.NDArray[np.int64]:
    return np.digitize(values, [-neutral, neutral])


def agreement(told: Floats, felt: Floats, neutral: float) -> tuple[float, float]:
    """Rank correlation, and macro-F1 of negative, neutral and positive."""
    from scipy.stats import spearmanr
    from sklearn.metrics import f1_score

    f1 = f1_score(classes(felt, sentiment.NEUTRAL), classes(told, neutral), average="macro")
    return float(spearmanr(told, felt)[0]), float(f1)


def local(base: str, many: int) -> tuple[float, float]:
    """Rank correlation of the packaged scorer and of a head learned from so many labels, on 1,000 other tweets."""
    texts, felt = rated("tweets")
    some = np.random.default_rng(1).permutation(len(texts))[: many + 1000]
    seen = learning.columns(base, SENTIMENT, [texts[place] for place in some.tolist()])
    levels = np.round(felt[some] * 2) / 2  # as a page asks for them
    parts = [learning.Columns(*(None if one is None else one[rows] for one in seen)) for rows in
             (slice(None, many), slice(many, None))]  # fmt: skip
    head = learning.learn(parts[0], levels[:many])
    own = parts[1].told + learning.predicted(head, parts[1])
    return tuple(agreement(one, felt[some][many:], sentiment.NEUTRAL)[0] for one in (parts[1].told, own))  # type: ignore[return-value]  # two


def main() -> int:
    if "--train" in sys.argv:
        train()
    texts, felt = rated("tweets")
    languages = ["en"] * len(texts)
    print(f"{len(texts)} tweets              rank correlation   macro-F1   texts a processor second")
    times = []
    for name, neutral, ask in (
        ("VADER alone", 0.05, lambda some: sentiment.figures(some)[:, 0]),
        ("default", sentiment.NEUTRAL, lambda some: sentiment.sentiments(some, languages[: len(some)])),
        ("semantic", sentiment.NEUTRAL, lambda some: semantic.sentiments(some, languages[: len(some)])),
    ):
        ask(texts[:10])
        start_s = time.process_time()
        told = ask(texts)
        speed = len(texts) / (time.process_time() - start_s)
        ranks, f1 = agreement(told, felt, neutral)
        print(f"{name:24}{ranks:16.3f}{f1:11.3f}{speed:20,.0f}")
        if name in LEAST_A_SECOND:
            times.append(
                (f"texts a second that are asked / told how they sound, {name}", LEAST_A_SECOND[name] / speed, 1)
            )
    print("\nlabels of one's own          rank correlation before    after")
    for base, many in ((base, many) for base in RIDGE for many in (60, 300)):
        before, after = local(base, many)
        print(f"{base:12}{many:6}{before:34.3f}{after:9.3f}")
    return note(times)


if __name__ == "__main__":
    sys.exit(main())
