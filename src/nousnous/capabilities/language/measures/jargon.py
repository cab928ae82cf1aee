"""Words of the company after which customers sound bad, and which customers do not use themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, TypedDict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nousnous.capabilities.language.measures.replies import Answered, Said
from nousnous.capabilities.language.measures.sentiment import NEUTRAL
from nousnous.capabilities.language.measures.terms import distinct, terms_of, whole
from nousnous.stats.clusters import Floats, coded
from nousnous.stats.columns import Integers
from nousnous.stats.estimate import Estimate, EstimateShape
from nousnous.stats.screens import LEAST_SESSIONS, Guilt, guilty_screens

LEAST_PERSONS: Final = 5
MOST_TERMS: Final = 20_000
MOST: Final = 20
TIMES_CUSTOMERS: Final = 2.0
SAME: Final = 0.9
EXAMPLE_LETTERS: Final = 160
BREAK: Final = "xbreakx"
"""Stands where a sentence ends, so that no term goes across."""
_ACRONYM: Final = r"^[A-Z]{2,5}$"
_BETWEEN: Final = r"[^\p{L}\p{N}]+"


class TermShape(TypedDict):
    term: str
    said_to: int
    bad_after: int
    share_of_customers: float
    log_odds: EstimateShape
    adjusted_p: float
    acronym: bool
    example: str


@dataclass(frozen=True, slots=True)
class Term:
    """A term: of how many people it was said to, bad was what followed to how many; its log-odds, an example.

    Acronyms in it are written in capitals; `acronym` says that it holds one.
    """

    term: str
    said_to: int
    bad_after: int
    share_of_customers: float
    log_odds: Estimate
    adjusted: float
    acronym: bool
    example: str
    conversation_key: int

    def as_dict(self) -> TermShape:
        return {
            "term": self.term,
            "said_to": self.said_to,
            "bad_after": self.bad_after,
            "share_of_customers": self.share_of_customers,
            "log_odds": self.log_odds.as_dict(),
            "adjusted_p": self.adjusted,
            "acronym": self.acronym,
            "example": self.example,
        }


class GradesShape(TypedDict):
    company: float | None
    customers: float | None


class JargonShape(TypedDict):
    """How much is known of terms, and how hard it is to read."""

    more_bad: int
    more_other: int
    reading_grade: GradesShape


@dataclass(frozen=True, slots=True)
class Jargon:
    """The terms that are named, worst first; how many more people are wanted on either side before any is."""

    terms: tuple[Term, ...]
    more_bad: int
    more_other: int
    grade: float | None
    grade_of_customers: float | None

    def as_dict(self) -> JargonShape:
        return {
            "more_bad": self.more_bad,
            "more_other": self.more_other,
            "reading_grade": {"company": self.grade, "customers": self.grade_of_customers},
        }


def jargon(said: Said, found: Answered) -> Jargon:
    """Terms of one to three words: of people to whom they were said, are there more among those who then sounded bad?

    People, not messages, are counted: once among those of whom some message was followed by a bad one (below -0.125),
    and once among those of whom some was not. Log-odds with an informative Dirichlet prior and its interval, p by the
    hypergeometric, Benjamini and Hochberg at 5 %: `stats.screens`. A term that customers use half as often themselves
    is no jargon; of terms that mostly stand within another one that is named, the longer is shown.
    """
    grades = [reading_grade(said.texts.filter(pa.array(mask))) for mask in (said.of_company, ~said.of_company)]
    counts = _counted(said, found)
    if counts is None:  # no word is said to five people
        return Jargon((), LEAST_SESSIONS, LEAST_SESSIONS, grades[0], grades[1])
    enough = counts.people >= LEAST_PERSONS
    sides = ((some * enough, size) for some, size in (counts.low, counts.high))
    (low, low_size), (high, high_size) = sides
    guilt = guilty_screens(low, high, low_size, high_size)
    special = counts.of_customers * TIMES_CUSTOMERS < counts.people / max(1, counts.size)
    named = [place for place in guilt.ranked if enough[place] and special[place] and _is_term(counts.terms[place])]
    shown = _longest(named, counts.terms, counts.people)[:MOST]
    acronyms = _acronyms(said.texts.filter(pa.array(said.of_company))) if shown else frozenset()
    terms = tuple(_term(place, said, counts, guilt, acronyms) for place in shown)
    return Jargon(terms, guilt.more_low, guilt.more_high, grades[0], grades[1])


def _term(place: int, said: Said, counts: "_Counts", guilt: Guilt, acronyms: frozenset[str]) -> Term:
    message = counts.example(place)
    name = counts.terms[place]
    short = acronyms & set(name.split(" "))
    return Term(
        " ".join(word.upper() if word in short else word for word in name.split(" ")),
        int(counts.people[place]),
        int(counts.low[0][place]),
        float(counts.of_customers[place]),
        guilt.log_odds[place],
        float(guilt.adjusted[place]),
        bool(short),
        _around(said.texts[message].as_py(), name),
        int(said.conversations[message]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """For each term: people it was said to; those who then sounded bad (`low`), or not (`high`), of how many."""

    terms: list[str]
    people: Integers
    size: int
    low: tuple[Integers, int]
    high: tuple[Integers, int]
    of_customers: Floats
    bad_messages: Any  # by column
    bad_places: Integers

    def example(self, place: int) -> int:
        """The first message with a term after which something bad was said."""
        begin, end = self.bad_messages.indptr[place : place + 2]
        return int(self.bad_places[self.bad_messages.indices[begin:end].min()])


def _counted(said: Said, found: Answered) -> _Counts | None:
    bad = found.after < -NEUTRAL
    written = whole(said.texts).dictionary_encode()
    once = pc.replace_substring_regex(pc.utf8_lower(written.dictionary), r"[.!?;:\n]+", f" {BREAK} ")
    lower = once.take(written.indices)
    everybody, customers = coded(said.persons), ~said.of_company
    persons = everybody[found.places]
    own_texts = lower.filter(pa.array(customers))
    terms = terms_of(lower.take(pa.array(found.places)), own_texts, LEAST_PERSONS, MOST_TERMS)
    if not terms.names:
        return None
    seen, width = terms.first, len(terms.names)
    bad_messages = seen[bad]
    sides = [_pairs(bad_messages, persons[bad]), _pairs(seen[~bad], persons[~bad])]
    people, low, high = (_people(one, width) for one in (distinct(np.concatenate(sides)), *sides))
    (low_size, high_size), size = (_size(persons[mask]) for mask in (bad, ~bad)), _size(persons)
    own = _people(_pairs(terms.second, everybody[customers]), width) / max(1, _size(everybody[customers]))
    return _Counts(
        terms.names, people, size, (low, low_size), (high, high_size), own, bad_messages.tocsc(), found.places[bad]
    )


def reading_grade(texts: Any) -> float | None:
    """Years of school that English texts (Arrow) ask for: Kincaid (1975); None under 100 words.

    0.39 words/sentences + 11.8 syllables/words - 15.59, where a group of vowels is a syllable; at least 0, for words
    and sentences that are short enough take the formula below it.

    >>> easy, hard = "The cat sat on the mat. It was a good day.", "We regret the provisioning delay of the itinerary."
    >>> reading_grade(pa.array([easy] * 10)), round(reading_grade(pa.array([hard] * 20)), 1)
    (0.0, 12.6)
    """
    tally = pc.value_counts(texts)  # what is said again and again is looked at once
    once, times = tally.field("values"), tally.field("counts")
    lower = pc.utf8_lower(once)
    words, syllables = (_all(pc.count_substring_regex(lower, look), times) for look in (r"[^\W\d]+", r"[aeiouy]+"))
    if words < 100:
        return None
    ends = _all(pc.max_element_wise(pc.count_substring_regex(once, r"[.!?]+(\s|$)"), 1), times)
    return max(0.0, float(0.39 * words / ends + 11.8 * max(syllables, words) / words - 15.59))


def _all(counts: Any, times: Any) -> int:
    return int(pc.sum(pc.multiply(counts, times)).as_py() or 0)


def _pairs(seen: Any, persons: Integers) -> Integers:
    """Who was told which term, once each: the person times the number of terms, and the term."""
    return distinct(np.repeat(persons, np.diff(seen.indptr)) * seen.shape[1] + seen.indices)


def _people(pairs: Integers, terms: int) -> Integers:
    """For each term, how many people it stands for."""
    return np.bincount(pairs % terms, minlength=terms)


def _size(persons: Integers) -> int:
    return int(np.count_nonzero(np.bincount(persons)))


def _longest(places: Iterable[int], terms: list[str], people: Any) -> list[int]:
    """Without terms that nearly always stand within a longer one that is named."""
    chosen = list(places)
    longer = {
        place: [one for one in chosen if one != place and f" {terms[place]} " in f" {terms[one]} "] for place in chosen
    }
    return [place for place in chosen if not any(people[one] >= SAME * people[place] for one in longer[place])]


def _is_term(term: str) -> bool:
    """Whether a term lies within a sentence and neither begins nor ends with a little word.

    >>> _is_term("provisioning delay"), _is_term("delay on"), _is_term("you")
    (True, False, False)
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    parts = term.split(" ")
    return BREAK not in parts and not {parts[0], parts[-1]} & ENGLISH_STOP_WORDS


def _acronyms(texts: Any) -> frozenset[str]:
    """The words in capitals, in small letters; not those of texts that are shouted as a whole.

    >>> sorted(_acronyms(pa.array(["Your PNR and SLA", "WE ARE SORRY", "OK"])))
    ['ok', 'pnr', 'sla']
    """
    once = pc.unique(texts)
    written = once.filter(pc.or_(pc.match_substring_regex(once, r"\p{Ll}"), pc.less(pc.utf8_length(once), 6)))
    words = pc.unique(pc.list_flatten(pc.split_pattern_regex(written, _BETWEEN)))
    return frozenset(one.lower() for one in words.filter(pc.match_substring_regex(words, _ACRONYM)).to_pylist())


def _around(text: str, term: str) -> str:
    """The sentence of a text in which a term stands."""
    for sentence in text.replace("\n", ". ").split(". "):
        if term in sentence.lower():
            return str(sentence.strip()[:EXAMPLE_LETTERS])
    return text.strip()[:EXAMPLE_LETTERS]
