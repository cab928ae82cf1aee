"""How well the packaged sentiment agrees with people, and how fast it is, beside VADER alone on the same texts.

Usage: python -m bench.sentiment [--train]. With `--train` the head is fitted anew to films and editorials and written
into the package. Its one setting was chosen by fitting to one of these two and asking the other; the tweets, on which
figures are printed, take no part in anything. Beside them: what a head fitted to one of the two says of the other.
"""

import csv
import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
from bench.parts import note
from tests.places import SHARED_DATA

from nousnous.capabilities.language.measures import sentiment

DATA = SHARED_DATA / "support"
TARGET = Path(sentiment.__file__).parent / f"{sentiment.VERSION}.npz"
RIDGE = 10.0
LEAST_A_SECOND = 7_000
Floats = npt.NDArray[np.float64]


def rated(name: str) -> tuple[list[str], Floats]:
    """Texts, and what people felt of them in [-1, 1]."""
    with (DATA / f"sentiment_{name}.csv").open() as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], np.array([float(row["valence"]) for row in rows]) / 4


def fitted(names: tuple[str, ...]) -> sentiment.Head:
    from scipy import sparse
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import cross_val_predict

    parts = [rated(name) for name in names]
    texts = [text for some, _ in parts for text in some]
    columns = sparse.hstack([sentiment.words(texts), sparse.csr_matrix(sentiment.figures(texts))]).tocsr()
    felt = np.concatenate([one for _, one in parts])
    ridge = Ridge(alpha=RIDGE, solver="sparse_cg", tol=1e-8)
    unseen = cross_val_predict(ridge, columns, felt, cv=5)
    ridge.fit(columns, felt)
    spread = float(felt.std() / unseen.std())  # a regression answers nearer to the middle than people do
    middle = float(felt.mean() - spread * unseen.mean())
    told = ridge.coef_ * spread
    return sentiment.Head(
        told[: sentiment.BUCKETS], told[sentiment.BUCKETS :], float(ridge.intercept_) * spread + middle
    )


def classes(values: Floats, neutral: float) -> npt.NDArray[np.int64]:
    return np.digitize(values, [-neutral, neutral])


def agreement(told: Floats, felt: Floats, neutral: float) -> tuple[float, float]:
    """Rank correlation, and macro-F1 of negative, neutral and positive."""
    from scipy.stats import spearmanr
    from sklearn.metrics import f1_score

    f1 = f1_score(classes(felt, sentiment.NEUTRAL), classes(told, neutral), average="macro")
    return float(spearmanr(told, felt)[0]), float(f1)


def main() -> int:
    if "--train" in sys.argv:
        head = fitted(("movies", "editorials"))
        np.savez_compressed(
            TARGET,
            words=head.words.astype(np.float16),
            figures=head.figures.astype(np.float32),
            intercept=np.float64(head.intercept),
        )
        sentiment.packaged_head.cache_clear()
    texts, felt = rated("tweets")
    sentiment.sentiments(texts[:10], ["en"] * 10)
    start_s = time.process_time()
    vader = sentiment.figures(texts)[:, 0]
    vader_s = time.process_time() - start_s
    start_s = time.process_time()
    ours = sentiment.sentiments(texts, ["en"] * len(texts))
    ours_s = time.process_time() - start_s
    print(f"{len(texts)} tweets              rank correlation   macro-F1   texts a processor second")
    for name, told, neutral, seconds in (
        ("VADER alone", vader, 0.05, vader_s),
        (sentiment.VERSION, ours, sentiment.NEUTRAL, ours_s),
    ):
        ranks, f1 = agreement(told, felt, neutral)
        print(f"{name:24}{ranks:16.3f}{f1:11.3f}{len(texts) / seconds:20,.0f}")
    return note([("texts a second that are asked / told how they sound", LEAST_A_SECOND * ours_s / len(texts), 1)])


if __name__ == "__main__":
    sys.exit(main())
