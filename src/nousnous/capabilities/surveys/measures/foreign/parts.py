"""What exports of other tools have in common: texts with marks in them, ids of their own kind, scales."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from nousnous.capabilities.surveys.measures.definition import FREE_SCALES, MOST_CHOICES, MOST_QUESTIONS
from nousnous.capabilities.surveys.measures.editing import Document, free_id
from nousnous.capabilities.surveys.measures.reading import MOST_TEXT

Said = Mapping[str, str]
"""What is said, by language."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A document of ours, the tool it came from, and in a sentence each what has no counterpart here."""

    document: Document
    tool: str
    left_out: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What came along, and what did not."""
        count = len(self.document["questions"])
        came = f"{count} {'question' if count == 1 else 'questions'} of {self.tool} came along"
        return f"{came}; left out: {'; '.join(self.left_out)}." if self.left_out else f"{came}, nothing was left out."


@dataclass
class Drafting:
    """Questions as they are taken over, under ids that are free, and what is left out."""

    language: str
    questions: list[Document] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, foreign_id: str, text: Said, **more: Any) -> Document | None:
        """Add a question; one without a text in the survey's language takes any that it has."""
        if len(self.questions) >= MOST_QUESTIONS:
            self.left_out.append(f"“{foreign_id}”: a survey here has at most {MOST_QUESTIONS} questions")
            return None
        made: Document = {
            "id": free_id(plain_id(foreign_id) or kind, [str(one["id"]) for one in self.questions]),
            "kind": kind,
            "text": self.texts(text) or {self.language: foreign_id},
            **{name: value for name, value in more.items() if value not in (None, {}, [])},
        }
        self.ids.setdefault(foreign_id, made["id"])
        self.questions.append(made)
        return made

    def texts(self, said: Said) -> Document:
        """What is said without marks, with a text in the survey's own language."""
        plain = {language: plain_text(text)[:MOST_TEXT] for language, text in said.items()}
        found = {language: text for language, text in plain.items() if text}
        if found and self.language not in found:
            found[self.language] = next(iter(found.values()))
        return found

    def choices(self, answers: Iterable[tuple[str, Said]]) -> list[Document]:
        """Choices under ids of ours, in their order."""
        made: list[Document] = []
        for foreign_id, said in list(answers)[:MOST_CHOICES]:
            choice_id = free_id(plain_id(foreign_id) or "choice", [str(one["id"]) for one in made])
            self.ids.setdefault(f"choice {foreign_id}", choice_id)
            made.append({"id": choice_id, "text": self.texts(said) or {self.language: foreign_id}})
        return made

    def leave(self, foreign_id: str, kind: str) -> None:
        self.left_out.append(f"“{foreign_id}”: there is no question of the kind “{kind}” here")


def plain_id(text: str) -> str:
    """An id of small letters, digits, - and _.

    >>> plain_id("Überblick: Q1 (neu)")
    'uberblick-q1-neu'
    """
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", ascii_only).strip("-_")[:50]


def plain_text(text: str) -> str:
    """A text without HTML.

    >>> plain_text("<p>How <b>was</b> it?</p><p>Today &amp; now</p>")
    'How was it? Today & now'
    """
    reader = _Words()
    reader.feed(text)
    reader.close()
    return " ".join("".join(reader.words).split())


def free_scale(highest: int) -> list[int] | None:
    """The scale of a rating from 1 to a number; None for one that is not asked here.

    >>> free_scale(7), free_scale(6)
    ([1, 7], None)
    """
    return [1, highest] if highest in FREE_SCALES["rating"] else None


class _Words(HTMLParser):
    """Collects what is read; styles and scripts are not."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  # the name is the library's
        self._silent += tag in {"script", "style"}
        self.words.append(" " if tag in {"br", "p", "div", "li"} else "")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"} and self._silent > 0
        self.words.append(" " if tag in {"p", "div", "li"} else "")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)
