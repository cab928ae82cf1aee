"""The company's sentences after which customers sound worse, dearest first."""

from dataclasses import dataclass
from typing import Final, TypedDict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nousnous.capabilities.language.measures.replies import Answered, Said
from nousnous.capabilities.language.measures.terms import whole
from nousnous.stats.estimate import MINIMUM_PERSONS, Estimate, EstimateShape
from nousnous.stats.means import mean

SHORTEST, LONGEST = 12, 240  # letters of a sentence
MOST: Final = 10
TRIED: Final = 400
"""Sentences whose interval is computed: those with the largest sums."""


class SentenceShape(TypedDict):
    text: str
    worse: EstimateShape
    cost: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it was first said, how much worse customers sound after it, and a conversation in which it stands.

    `cost` is the sum over its conversations; `worse` has its interval over persons.
    """

    text: str
    worse: Estimate
    cost: float
    conversation_key: int

    def as_dict(self) -> SentenceShape:
        return {"text": self.text, "worse": self.worse.as_dict(), "cost": self.cost}


def dearest_sentences(said: Said, found: Answered) -> tuple[Sentence, ...]:
    """At most ten sentences after which customers sound worse than before, surely (the interval is above 0) ones first.

    A sentence is the same in any case and with any numbers in it; it counts once in a conversation, by the mean of
    what followed it there; under 5 persons it is left out.
    """
    known = ~np.isnan(found.before)
    places, worse = found.places[known], (found.before - found.after)[known]
    sentences = pc.split_pattern_regex(said.texts.take(pa.array(places)), r"[.!?\n]+(\s+|$)|\n+")
    parents, texts = pc.list_parent_indices(sentences).to_numpy(), pc.list_flatten(sentences)
    plain = pc.utf8_trim_whitespace(pc.replace_substring_regex(pc.utf8_lower(texts), r"\d+", "#"))
    length = pc.utf8_length(plain).to_numpy(zero_copy_only=False)
    fitting = np.flatnonzero((length >= SHORTEST) & (length <= LONGEST))
    coded = whole(plain.take(pa.array(fitting))).dictionary_encode()
    codes, parents = coded.indices.to_numpy().astype(np.int64), parents[fitting]
    talk = np.cumsum(np.diff(said.conversations, prepend=-1) != 0)  # messages of one conversation stand together
    together = codes * (said.conversations.size + 1) + talk[places[parents]]
    _, first, inverse, counts = np.unique(together, return_index=True, return_inverse=True, return_counts=True)
    if not first.size:
        return ()
    sentence, message = codes[first], places[parents[first]]
    drops, persons = np.bincount(inverse, worse[parents]) / counts, said.persons[message]
    sums = np.bincount(sentence, drops)
    made = []
    for code in np.argsort(-sums)[:TRIED].tolist():
        own = sentence == code
        if sums[code] <= 0 or np.unique(persons[own]).size < MINIMUM_PERSONS:
            continue
        best = np.flatnonzero(own)[np.argmax(drops[own])]
        text = texts[int(fitting[first[best]])].as_py().strip()
        made.append(
            Sentence(text, mean(drops[own], persons[own]), float(sums[code]), int(said.conversations[message[best]]))
        )
    made.sort(key=lambda one: ((one.worse.low or -1.0) <= 0, -one.cost))
    return tuple(made[:MOST])
