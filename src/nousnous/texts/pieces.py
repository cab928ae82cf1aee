"""Texts cut into the pieces of words that the model knows, as BERT's tokenizer does (Devlin and others 2019)."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

LONGEST_WORD = 100
MOST_PIECES = 128
"""Of a longer text the beginning counts."""
WORDS_KEPT = 50_000


class Pieces:
    """The vocabulary: a piece of a word by its number; pieces that go on a word begin with ##."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._numbers: Mapping[str, int] = {piece: number for number, piece in enumerate(vocabulary)}
        self._first, self._last, self._unknown = (self._numbers[name] for name in ("[CLS]", "[SEP]", "[UNK]"))
        self._of_word = lru_cache(WORDS_KEPT)(self._cut)

    def of(self, text: str) -> list[int]:
        """The numbers of a text's pieces between both marks.

        >>> Pieces(["[CLS]", "[SEP]", "[UNK]", "un", "##paid", "!"]).of("Unpaid! 5")
        [0, 3, 4, 5, 2, 1]
        """
        found: list[int] = []
        for word in words(text):
            found += self._of_word(word)
            if len(found) >= MOST_PIECES - 2:
                break
        return [self._first, *found[: MOST_PIECES - 2], self._last]

    def _cut(self, word: str) -> tuple[int, ...]:
        """The longest known piece first; a word that cannot be cut wholly is unknown."""
        if len(word) > LONGEST_WORD:
            return (self._unknown,)
        found, start = [], 0
        while start < len(word):
            mark = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((one for one in ends if mark + word[start:one] in self._numbers), None)
            if end is None:
                return (self._unknown,)
            found.append(self._numbers[mark + word[start:end]])
            start = end
        return tuple(found)


def words(text: str) -> list[str]:
    """Words without case and accents; each sign and each Chinese character stands alone.

    >>> words("Déjà-vu, 東京!")
    ['deja', '-', 'vu', ',', '東', '京', '!']
    """
    if text.isascii():
        return text.lower().translate(_ASCII).split()
    kept = "".join(" " if sign.isspace() else sign for sign in text if sign.isspace() or not _is_control(sign))
    plain = unicodedata.normalize("NFD", kept.lower())
    return _spread("".join(sign for sign in plain if unicodedata.category(sign) != "Mn")).split()


def _spread(text: str) -> str:
    return "".join(f" {sign} " if _stands_alone(sign) else sign for sign in text)


def _is_control(sign: str) -> bool:
    return sign == "\ufffd" or unicodedata.category(sign)[0] == "C"


@lru_cache(WORDS_KEPT)
def _stands_alone(sign: str) -> bool:
    code = ord(sign)
    if code < 128:
        return sign.isprintable() and not sign.isalnum() and sign != " "
    chinese = 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0x20000 <= code <= 0x2CEAF
    chinese = chinese or 0xF900 <= code <= 0xFAFF or 0x2F800 <= code <= 0x2FA1F
    return chinese or unicodedata.category(sign)[0] == "P"


_ASCII = {
    code: " "
    if chr(code).isspace()
    else None
    if not chr(code).isprintable()
    else f" {chr(code)} "
    if not chr(code).isalnum()
    else chr(code)
    for code in range(128)
}
