"""Terms of one to three words in many texts at once: no text is looked at by itself."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nousnous.stats.columns import Integers

LONGEST: Final = 3
_BETWEEN: Final = r"[^\p{L}\p{N}_'-]+"
_WORD: Final = r"^\p{L}."


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Terms by the alphabet, and where they stand: sparse matrices of texts by terms, of zeros and ones."""

    names: list[str]
    first: Any
    second: Any


@dataclass(frozen=True, slots=True, eq=False)
class _Grams:
    """What begins at each word: its code, −1 where nothing does; and how each code is written."""

    codes: Integers
    names: Any


def terms_of(first: Any, second: Any, least: int, most: int) -> Terms:
    """The terms of at least so many of the first texts (Arrow, lower case), the commonest; where they stand in both.

    A word begins with a letter and has two signs or more; apostrophes and hyphens may stand within it.

    >>> found = terms_of(pa.array(["late bags", "late bags, again"]), pa.array(["my bags"]), 2, 100)
    >>> found.names, found.second.toarray().tolist()
    (['bags', 'late', 'late bags'], [[1, 0, 0]])
    """
    texts = pa.concat_arrays([whole(first), whole(second)])
    size = len(first)
    text, grams = _words(texts)
    found = []
    words, kept = grams, _kept(text, grams, size, least)
    for length in range(1, LONGEST + 1):
        found.append(kept)
        if length < LONGEST:
            kept = _kept(text, _longer(text, kept, words, length), size, least)
    return _chosen(text, found, (size, len(second)), most)


def whole(texts: Any) -> Any:
    """A column of Arrow in one piece."""
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts


def _words(texts: Any) -> tuple[Integers, _Grams]:
    """The text of each word, and the words; what is said again and again is cut once."""
    coded = texts.dictionary_encode()
    lists = pc.split_pattern_regex(coded.dictionary, _BETWEEN)
    flat = pc.utf8_trim(lists.flatten(), "'-")
    fine = pc.match_substring_regex(flat, _WORD)
    encoded = flat.filter(fine).dictionary_encode()
    codes = np.full(len(flat), -1, dtype=np.int32)  # numbers of words are small, and there are millions of them
    codes[fine.to_numpy(zero_copy_only=False)] = encoded.indices.to_numpy()
    each = pa.ListArray.from_arrays(lists.offsets, pa.array(codes)).take(coded.indices)
    text = np.repeat(np.arange(len(texts), dtype=np.int32), pc.fill_null(pc.list_value_length(each), 0).to_numpy())
    codes = each.flatten().to_numpy()
    return text[codes >= 0], _Grams(codes[codes >= 0], encoded.dictionary)


def _kept(text: Integers, grams: _Grams, size: int, least: int) -> _Grams:
    """Those of at least so many of the first `size` texts: what is longer is no commoner than what it begins with."""
    inside = (grams.codes >= 0) & (text < size)
    pairs = distinct(grams.codes[inside].astype(np.int64) * size + text[inside])
    counts = np.bincount(pairs // max(1, size), minlength=len(grams.names))
    enough = counts >= least
    places = np.where(enough, np.cumsum(enough) - 1, -1).astype(np.int32)
    codes = np.where(grams.codes >= 0, places[grams.codes], -1) if places.size else grams.codes
    return _Grams(codes, grams.names.filter(pa.array(enough)))


def _longer(text: Integers, grams: _Grams, words: _Grams, length: int) -> _Grams:
    """Each term with the word that follows it in the same text."""
    codes = np.full(grams.codes.size, -1, dtype=np.int32)
    here, then = grams.codes[:-length], words.codes[length:]
    both = (here >= 0) & (text[:-length] == text[length:])
    encoded = pa.array(here[both].astype(np.int64) * len(words.names) + then[both]).dictionary_encode()
    codes[:-length][both] = encoded.indices.to_numpy()
    heads, tails = (pa.array(one) for one in np.divmod(encoded.dictionary.to_numpy(), max(1, len(words.names))))
    names = pc.binary_join_element_wise(grams.names.take(heads), words.names.take(tails), " ")
    return _Grams(codes, names)


def distinct(numbers: Integers) -> Integers:
    """Sorted: numpy's own way hashes, which takes ten times as long for numbers that lie as these do."""
    ordered = np.sort(numbers)
    first = np.ones(ordered.size, dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def _chosen(text: Integers, found: list[_Grams], sizes: tuple[int, int], most: int) -> Terms:
    """The commonest terms of all lengths, by the alphabet."""
    from scipy import sparse  # slow to load

    names = pa.concat_arrays([grams.names.cast(pa.string()) for grams in found])
    starts = np.cumsum([0, *(len(grams.names) for grams in found)]).tolist()
    stand = [grams.codes >= 0 for grams in found]
    term = np.concatenate([grams.codes[one] + start for grams, one, start in zip(found, stand, starts, strict=False)])
    texts = np.concatenate([text[one] for one in stand])
    pairs = distinct(texts.astype(np.int64) * max(1, len(names)) + term)
    texts = pairs // max(1, len(names))  # numpy's divmod takes several times as long as both by themselves
    term = pairs - texts * max(1, len(names))
    counts = np.bincount(term[texts < sizes[0]], minlength=len(names))
    commonest = np.sort(np.argsort(-counts, kind="stable")[:most])
    order = commonest[pc.sort_indices(names.take(pa.array(commonest))).to_numpy()] if commonest.size else commonest
    column = np.full(len(names), -1, dtype=np.int64)
    column[order] = np.arange(order.size)
    places = column[term]
    known = places >= 0
    begins = np.concatenate([[0], np.cumsum(np.bincount(texts[known], minlength=sum(sizes)))])
    stands = np.ones(int(begins[-1]), dtype=np.int64)
    both = sparse.csr_matrix((stands, places[known], begins), shape=(sum(sizes), order.size))
    return Terms(names.take(pa.array(order)).to_pylist(), both[: sizes[0]], both[sizes[0] :])
