"""Finding themes: answers that share words or a meaning, named by the words that tell them from the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nousnous.capabilities.themes.measures.grouping import Floats, Integers, groups_by_meaning, groups_by_words

FEWEST_ANSWERS, FEWEST_ANSWERS_OF_A_WORD = 60, 5
WORDS_KEPT, WORDS_OF_A_NAME = 80, 3
OUTLYING, SLACK = 0.15, 0.5
"""Later answers bring more words, so the same answer is less near: half as near as nearly all members is enough."""
LEAST_NEARNESS = 0.08
WORD = r"(?u)\b[^\W\d_][\w'’-]+\b"
APART, LEAST_CLOSENESS = 0.02, 0.4
"""A meaning is not moved by later answers: near enough is what all but a fiftieth of the first members are."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What makes an answer belong to a theme: the weights of its words (their squares add to 1), and how near is near.

    An answer belongs to the theme whose words it has most of, if its nearness (the cosine) reaches `reach`. A theme
    that was found by meaning has a `center` besides, of length 1: answers with a vector belong to it by their cosine
    with the center, which must reach `closeness`.
    """

    words: Mapping[str, float]
    reach: float
    center: Sequence[float] = ()
    closeness: float = 0.0


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


def find_themes(texts: Sequence[str], kept: Sequence[Rule] = (), vectors: Floats | None = None) -> Found:
    """Themes of answers beside those that are kept: what no kept rule takes is grouped by k-means.

    Words are weighed by TF-IDF, brought to 50 dimensions by a singular value decomposition, and grouped into 3 to 16
    groups: as few as are nearly as well parted as the best (silhouette; Rousseeuw 1987). Where there are `vectors` (a
    row a text, of length 1; zeros for texts whose meaning is not known), those are grouped instead, and texts without
    one by their words. Class-based TF-IDF names all (Grootendorst 2022). Seeded: the same answers give the same themes,
    in whatever order. Fewer than 60 free answers make no new theme, and no word that fewer than five answers hold is
    looked at.

    >>> found = find_themes(["The button is dead", "My refund is late", "A seat was taken"] * 20)
    >>> found.names, np.bincount(found.belongs).tolist()
    (('Seat, taken', 'Late, refund', 'Button, dead'), [20, 20, 20])
    """
    order = np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype=np.int64)
    try:
        corpus = _Corpus.of([texts[place] for place in order])
    except ValueError:  # no word is said often enough
        return Found(tuple(kept), (), np.full(len(texts), -1), np.zeros(len(texts)))
    seen = None if vectors is None else vectors[order]
    taken, nearness = _belonging(_nearness(corpus, kept, seen))
    free = np.flatnonzero((taken < 0) & (corpus.matrix.getnnz(axis=1) > 0))
    rules, names = _new(corpus, free, seen)
    new, near = _belonging(_nearness(corpus, rules, seen))
    belongs = np.where(taken >= 0, taken, np.where(new >= 0, new + len(kept), -1))
    places = np.argsort(order)
    return Found((*kept, *rules), names, belongs[places], np.where(taken >= 0, nearness, near)[places])


def _new(corpus: _Corpus, free: Integers, vectors: Floats | None) -> tuple[list[Rule], tuple[str, ...]]:
    """The rules of what is not taken, and their names."""
    meant = free[vectors[free].any(axis=1)] if vectors is not None else free[:0]
    others = np.setdiff1d(free, meant)
    groups = [others[members] for members in groups_by_words(corpus.matrix[others])] if _enough(others) else []
    rules = [_rule(corpus, members) for members in groups]
    if vectors is not None and _enough(meant):
        mine = [meant[members] for members in groups_by_meaning(vectors[meant])]
        rules = [*(_meaning(_rule(corpus, members), vectors[members]) for members in mine), *rules]
        groups = [*mine, *groups]
    return rules, tuple(_name(corpus, members, free) for members in groups)


def _enough(answers: Integers) -> bool:
    return answers.size >= FEWEST_ANSWERS


def _nearness(corpus: _Corpus, rules: Sequence[Rule], vectors: Floats | None) -> Floats:
    """Answers × rules: how near each answer is to each rule, 0 where it does not belong."""
    near = corpus.nearness(rules)
    found = np.where(near >= np.array([rule.reach for rule in rules]), near, 0.0)
    if vectors is not None and any(rule.center for rule in rules):
        meant = np.flatnonzero(vectors.any(axis=1))
        central = np.array([number for number, rule in enumerate(rules) if rule.center], dtype=np.int64)
        close = vectors[meant] @ np.array([rule.center for rule in rules if rule.center]).T
        enough = close >= np.array([rule.closeness for rule in rules if rule.center])
        found[np.ix_(meant, central)] = np.where(enough, close, 0.0)
    return found


def _belonging(near: Floats) -> tuple[Integers, Floats]:
    """Of each answer the nearest rule, −1 for none, and how near it is."""
    if not near.shape[1]:
        return np.full(near.shape[0], -1), np.zeros(near.shape[0])
    nearest = near.max(axis=1)
    return np.where(nearest > 0, near.argmax(axis=1), -1), nearest


def _rule(corpus: _Corpus, members: Integers) -> Rule:
    """The words that members share most, and the nearness that is enough."""
    center = np.asarray(corpus.matrix[members].mean(axis=0)).ravel()
    best = np.argsort(-center, kind="stable")[:WORDS_KEPT]
    best = best[center[best] > 0]
    weights = center[best] / np.linalg.norm(center[best])
    rule = Rule({str(corpus.words[one]): round(float(weight), 6) for one, weight in zip(best, weights, strict=True)}, 0)
    near = corpus.nearness([rule])[members, 0]
    return Rule(rule.words, max(LEAST_NEARNESS, round(SLACK * float(np.quantile(near, OUTLYING)), 6)))


def _meaning(rule: Rule, vectors: Floats) -> Rule:
    """The same rule with the middle of its members, and the closeness that is enough."""
    center = vectors.mean(axis=0)
    center = (center / np.linalg.norm(center)).round(4)
    close = float(np.quantile(vectors @ center, APART))
    return replace(rule, center=tuple(center.tolist()), closeness=max(LEAST_CLOSENESS, round(close, 6)))


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
