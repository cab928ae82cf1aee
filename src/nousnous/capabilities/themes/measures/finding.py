"""Finding themes: answers that share words, named by the words that tell them from the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

FEWEST_ANSWERS, FEWEST_OF_A_THEME, FEWEST_ANSWERS_OF_A_WORD = 60, 12, 5
COUNTS, WIDTH = (3, 4, 5, 6, 8, 10, 12, 16), 50
NEARLY = 0.9
WORDS_KEPT, WORDS_OF_A_NAME = 80, 3
OUTLYING, SLACK = 0.15, 0.5
"""Later answers bring more words, so the same answer is less near: half as near as nearly all members is enough."""
LEAST_NEARNESS = 0.08
WORD = r"(?u)\b[^\W\d_][\w'’-]+\b"
SEED = 0

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rule:
    """What makes an answer belong to a theme: the weights of its words (their squares add to 1), and how near is near.

    An answer belongs to the theme whose words it has most of, if its nearness (the cosine) reaches `reach`.
    """

    words: Mapping[str, float]
    reach: float


@dataclass(frozen=True, slots=True)
class Found:
    """The rules, kept ones first and new ones with their names after; which rule each answer falls under, −1 for none.

    `nearness` is 0 to 1.
    """

    rules: tuple[Rule, ...]
    names: tuple[str, ...]
    belongs: Integers
    nearness: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Corpus:
    """Answers by words: a sparse matrix of unit rows, the words of its columns, and how often each was said."""

    matrix: Any
    words: Any
    counts: Any

    @classmethod
    def of(cls, texts: Sequence[str]) -> "_Corpus":
        from sklearn.feature_extraction.text import TfidfVectorizer  # loading it takes seconds that readers are spared

        reader = TfidfVectorizer(
            min_df=FEWEST_ANSWERS_OF_A_WORD,
            max_df=0.6,
            ngram_range=(1, 2),
            stop_words="english",
            sublinear_tf=True,
            token_pattern=WORD,
        )
        matrix = reader.fit_transform(texts)
        return cls(matrix, reader.get_feature_names_out(), (matrix > 0).astype(np.float64))

    def nearness(self, rules: Sequence[Rule]) -> Floats:
        """Answers × rules: the cosine between the words of both."""
        place = {word: number for number, word in enumerate(self.words)}
        weights = np.zeros((len(self.words), len(rules)))
        for number, rule in enumerate(rules):
            for word, weight in rule.words.items():
                if word in place:
                    weights[place[word], number] = weight
        return np.asarray(self.matrix @ weights)


def find_themes(texts: Sequence[str], kept: Sequence[Rule] = ()) -> Found:
    """Themes of answers beside those that are kept: what no kept rule takes is grouped by k-means.

    Words are weighed by TF-IDF, brought to 50 dimensions by a singular value decomposition, and grouped into 3 to 16
    groups: as few as are nearly as well parted as the best (silhouette; Rousseeuw 1987). Class-based TF-IDF names them
    (Grootendorst 2022). Seeded: the same answers give the same themes, in whatever order. Fewer than 60 free answers
    make no new theme, and no word that fewer than five answers hold is looked at.

    >>> found = find_themes(["The button is dead", "My refund is late", "A seat was taken"] * 20)
    >>> found.names, np.bincount(found.belongs).tolist()
    (('Seat, taken', 'Late, refund', 'Button, dead'), [20, 20, 20])
    """
    order = np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype=np.int64)
    try:
        corpus = _Corpus.of([texts[place] for place in order])
    except ValueError:  # no word is said often enough
        return Found(tuple(kept), (), np.full(len(texts), -1), np.zeros(len(texts)))
    taken, nearness = _belonging(corpus, kept)
    free = np.flatnonzero((taken < 0) & (corpus.matrix.getnnz(axis=1) > 0))
    groups = [free[members] for members in _groups(corpus.matrix[free])] if free.size >= FEWEST_ANSWERS else []
    rules = [_rule(corpus, members) for members in groups]
    new, near = _belonging(corpus, rules)
    belongs = np.where(taken >= 0, taken, np.where(new >= 0, new + len(kept), -1))
    places = np.argsort(order)
    names = tuple(_name(corpus, members, free) for members in groups)
    return Found((*kept, *rules), names, belongs[places], np.where(taken >= 0, nearness, near)[places])


def _belonging(corpus: _Corpus, rules: Sequence[Rule]) -> tuple[Integers, Floats]:
    if not rules:
        return np.full(corpus.matrix.shape[0], -1), np.zeros(corpus.matrix.shape[0])
    near = corpus.nearness(rules)
    reached = np.where(near >= np.array([rule.reach for rule in rules]), near, -1.0)
    best = reached.argmax(axis=1)
    nearest = reached[np.arange(best.size), best]
    return np.where(nearest >= 0, best, -1), np.maximum(nearest, 0.0)


def _groups(matrix: Any) -> list[Integers]:
    """The members of each group that is large enough, the largest first."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.metrics import silhouette_score
    from sklearn.preprocessing import normalize

    width = min(WIDTH, matrix.shape[1] - 1)
    dense = normalize(TruncatedSVD(width, random_state=SEED).fit_transform(matrix)) if width > 1 else matrix.toarray()
    most = min(matrix.shape[0] // FEWEST_OF_A_THEME, len(np.unique(dense.round(6), axis=0)))
    counts = [count for count in COUNTS if count <= most]
    tries = [KMeans(count, n_init=3, random_state=SEED).fit_predict(dense) for count in counts]
    tries = [labels for labels in tries if len(np.unique(labels)) > 1]
    if not tries:
        return []
    sample = min(1_000, dense.shape[0])
    parted = [silhouette_score(dense, labels, sample_size=sample, random_state=SEED) for labels in tries]
    labels = tries[int(np.argmax(np.array(parted) >= NEARLY * max(parted)))]
    groups = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    return sorted((one for one in groups if one.size >= FEWEST_OF_A_THEME), key=lambda one: (-one.size, one[0]))


def _rule(corpus: _Corpus, members: Integers) -> Rule:
    """The words that members share most, and the nearness that is enough."""
    center = np.asarray(corpus.matrix[members].mean(axis=0)).ravel()
    best = np.argsort(-center, kind="stable")[:WORDS_KEPT]
    best = best[center[best] > 0]
    weights = center[best] / np.linalg.norm(center[best])
    rule = Rule({str(corpus.words[one]): round(float(weight), 6) for one, weight in zip(best, weights, strict=True)}, 0)
    near = corpus.nearness([rule])[members, 0]
    return Rule(rule.words, max(LEAST_NEARNESS, round(SLACK * float(np.quantile(near, OUTLYING)), 6)))


def _name(corpus: _Corpus, members: Integers, everybody: Integers) -> str:
    """The words that are said here and not elsewhere: their count here × log(1 + all answers / their count at all)."""
    here = np.asarray(corpus.counts[members].sum(axis=0)).ravel()
    anywhere = np.asarray(corpus.counts[everybody].sum(axis=0)).ravel()
    telling = here * np.log1p(everybody.size / np.maximum(anywhere, 1))
    chosen: list[str] = []
    for place in np.argsort(-telling, kind="stable"):
        word = str(corpus.words[place])
        if len(chosen) == WORDS_OF_A_NAME or telling[place] <= 0:
            break
        if not any(set(word.split()) & set(other.split()) for other in chosen):
            chosen.append(word)
    name = ", ".join(chosen)
    return name[:1].upper() + name[1:]
