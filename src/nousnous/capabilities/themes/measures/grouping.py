"""Answers in groups: by k-means, into as few as are nearly as well parted as the best."""

from typing import Any

import numpy as np
import numpy.typing as npt

FEWEST_OF_A_THEME = 12
COUNTS, NEARLY = (3, 4, 5, 6, 8, 10, 12, 16), 0.9
WIDTH_OF_WORDS, WIDTH_OF_MEANINGS = 50, 10
"""In all their 384 dimensions meanings are so far apart that no number of groups parts them better than another."""
DENSE, FEWEST_NEIGHBOURS, NEIGHBOURS = 0.45, 6, 0.01
"""An answer is about something that others are about, too, if the cosines with the hundredth that is nearest to it are
0.45 on average. Of 2,000 sentences of a newspaper one in fifty is."""
ROWS_AT_ONCE = 1_000
SEED = 0

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def groups_by_words(matrix: Any) -> list[Integers]:
    """The members of each group that is large enough, the largest first; `matrix` is sparse, a unit row an answer."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    width = min(WIDTH_OF_WORDS, matrix.shape[1] - 1)
    return _groups(
        normalize(TruncatedSVD(width, random_state=SEED).fit_transform(matrix)) if width > 1 else matrix.toarray()
    )


def groups_by_meaning(vectors: Floats) -> list[Integers]:
    """The same for vectors of texts, a unit row an answer; answers that few others are near to are left out first.

    >>> several = np.repeat(np.eye(5), 20, axis=0)
    >>> [group.size for group in groups_by_meaning(several)]
    [20, 20, 20, 20, 20]
    """
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import normalize

    crowded = np.flatnonzero(_density(vectors) >= DENSE)
    if crowded.size < FEWEST_OF_A_THEME:
        return []
    width = min(WIDTH_OF_MEANINGS, crowded.size, vectors.shape[1])
    dense = normalize(PCA(width, random_state=SEED).fit_transform(vectors[crowded]))
    return [crowded[members] for members in _groups(dense)]


def _density(vectors: Floats) -> Floats:
    """The mean cosine of each answer with those that are nearest to it."""
    size = vectors.shape[0]
    nearest = min(max(FEWEST_NEIGHBOURS, int(NEIGHBOURS * size)), size - 1)
    found = np.zeros(size)
    for start in range(0, size if nearest > 0 else 0, ROWS_AT_ONCE):  # all at once would be a table of size × size
        near = vectors[start : start + ROWS_AT_ONCE] @ vectors.T
        best = np.partition(near, -nearest - 1, axis=1)[:, -nearest - 1 :]  # itself is among them, with a cosine of 1
        found[start : start + ROWS_AT_ONCE] = (best.sum(axis=1) - 1) / nearest
    return found


def _groups(dense: Floats) -> list[Integers]:
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    most = min(dense.shape[0] // FEWEST_OF_A_THEME, len(np.unique(dense.round(6), axis=0)))
    tries = [KMeans(count, n_init=3, random_state=SEED).fit_predict(dense) for count in COUNTS if count <= most]
    tries = [labels for labels in tries if len(np.unique(labels)) > 1]
    if not tries:
        return []
    sample = min(1_000, dense.shape[0])
    parted = [silhouette_score(dense, labels, sample_size=sample, random_state=SEED) for labels in tries]
    labels = tries[int(np.argmax(np.array(parted) >= NEARLY * max(parted)))]
    groups = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    return sorted((one for one in groups if one.size >= FEWEST_OF_A_THEME), key=lambda one: (-one.size, one[0]))
