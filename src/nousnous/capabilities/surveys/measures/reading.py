"""Reads a JSON document field by field, and says where what is wrong stands and what to write instead."""

from collections.abc import Iterator, Mapping
from typing import Any

from nousnous.base.errors import Place, Refused

MOST_TEXT = 2_000
Texts = Mapping[str, str]
"""What is said, by language."""


class Reader:
    """One object of the document; what was not asked for when it is `done` is refused."""

    def __init__(self, value: Any, path: str, file: str | None, language: str = "en") -> None:
        self.path, self.file, self.language = path, file, language
        if not isinstance(value, dict):
            raise self.refused("", "This is to be an object in braces.")
        self.value: dict[str, Any] = value
        self._asked: set[str] = set()

    def refused(self, name: str, sentence: str) -> Refused:
        path = ".".join(part for part in (self.path, name) if part)
        return Refused(sentence, Place(self.file, field=path or None))

    def has(self, name: str) -> bool:
        return self.value.get(name) is not None

    def get(self, name: str) -> Any:
        self._asked.add(name)
        return self.value.get(name)

    def word(self, name: str, default: str | None = None) -> str:
        """A short text; refused when it is absent and has no default."""
        value = self.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip() or len(value) > 200:
            raise self.refused(name, "Write a text of 1 to 200 characters.")
        return value.strip()

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.get(name)
        if value is None:
            return default
        if value not in allowed:
            raise self.refused(name, f"Write one of {', '.join(allowed)}.")
        return str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.refused(name, "Write true or false.")
        return value

    def whole(self, name: str, low: int, high: int) -> int | None:
        value = self.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.refused(name, f"Write a whole number from {low} to {high}.")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A list of texts; one text stands for a list of it."""
        value = self.get(name)
        listed = [value] if isinstance(value, str) else value or []
        fits = isinstance(listed, list) and len(listed) <= 50
        if not fits or not all(isinstance(one, str) and 0 < len(one) <= 200 for one in listed):
            raise self.refused(name, "Write a list of at most 50 texts.")
        return tuple(listed)

    def texts(self, name: str, *, needed: bool = False) -> Texts:
        """What is said: one text, or texts by language of which one is in the survey's own."""
        value = self.get(name)
        if value is None and not needed:
            return {}
        by_language = {self.language: value} if isinstance(value, str) else value
        if not isinstance(by_language, dict) or not by_language.get(self.language):
            raise self.refused(name, f"Write a text, or texts by language with one in “{self.language}”.")
        for language, text in by_language.items():
            if not isinstance(text, str) or len(text) > MOST_TEXT or not 2 <= len(str(language)) <= 12:
                raise self.refused(f"{name}.{language}", f"Write a text of at most {MOST_TEXT} characters.")
        return {str(language): text.strip() for language, text in by_language.items() if text.strip()}

    def parts(self, name: str, most: int) -> "Iterator[Reader]":
        """The objects of a list."""
        value = self.get(name)
        if not isinstance(value, list | None) or len(value or ()) > most:
            raise self.refused(name, f"Write a list of at most {most}.")
        path = f"{self.path}.{name}" if self.path else name
        for at, one in enumerate(value or (), start=1):
            yield Reader(one, f"{path}[{at}]", self.file, self.language)

    def part(self, name: str) -> "Reader":
        path = f"{self.path}.{name}" if self.path else name
        return Reader(self.get(name), path, self.file, self.language)

    def done(self) -> None:
        if unknown := sorted(set(self.value) - self._asked):
            known = ", ".join(sorted(self._asked))
            raise self.refused(unknown[0], f"There is no such field here; there are {known}.")
