"""A survey's document changed by the fields of a form, without losing what the form does not show."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from nousnous.capabilities.surveys.measures.definition import SCALES

Fields = Mapping[str, str]
Document = dict[str, Any]
BRANCH_FIELDS = ("at_least", "at_most", "any", "to")


def changed_document(document: Document, fields: Fields, language: str) -> Document:
    """The document with what the form says in a language; empty fields leave things out."""
    own = str(document.get("language", "en"))
    found = dict(document)
    for name in ("name", "step", "segment", "closes_on"):
        _put(found, name, fields.get(name, "").strip())
    for name in ("relationship", "anonymous"):
        _put(found, name, bool(fields.get(name)))
    _put(found, "quota", _whole(fields.get("quota", "")))
    put_text(found, "thanks", fields.get("thanks", ""), (language, own))
    _put(found, "theme", _theme(fields, document.get("theme")))
    _put(found, "page", _in_page(fields) if fields.get("in_page") else None)
    questions = [one for one in document.get("questions", []) if isinstance(one, dict)]
    found["questions"] = [_question(one, fields, f"q{at}-", (language, own)) for at, one in enumerate(questions)]
    return found


def acted(document: Document, act: str, kind: str) -> Document:
    """The document after a question was added, moved or removed (`add`, `up:2`, `down:2`, `remove:2`)."""
    verb, _, place = act.partition(":")
    questions: list[Document] = list(document.get("questions", []))
    at = int(place) if place.isdigit() else -1
    if verb == "add":
        questions.append(new_question(kind, [str(one.get("id")) for one in questions]))
    elif 0 <= at < len(questions):
        moved = questions.pop(at)
        if verb in {"up", "down"}:
            questions.insert(max(0, at + (-1 if verb == "up" else 1)), moved)
        elif verb != "remove":
            questions.insert(at, moved)
    return {**document, "questions": questions}


def new_question(kind: str, taken: Sequence[str]) -> Document:
    """A question of a kind that can be asked as it is."""
    made: Document = {"id": free_id(kind, taken), "kind": kind, "text": "Write your question here."}
    if kind in {"single", "multiple"}:
        made["choices"] = [{"id": "first", "text": "First choice"}, {"id": "second", "text": "Second choice"}]
    if kind in SCALES:
        made |= {"low": "Not at all", "high": "Completely"}
    return made


def free_id(name: str, taken: Sequence[str]) -> str:
    """An id made of a name, that is not taken yet.

    >>> free_id("What was good?", ["what-was-good"])
    'what-was-good-2'
    """
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50] or "survey"
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found


def text_in(value: Any, language: str, own: str) -> str:
    """What a document says in a language; nothing where it is not said in it."""
    by_language = {own: value} if isinstance(value, str) else value
    found = by_language.get(language, "") if isinstance(by_language, dict) else ""
    return found if isinstance(found, str) else ""


def put_text(target: Document, name: str, text: str, languages: tuple[str, str]) -> None:
    """Say something in a language (the first of the two), beside what is said in others."""
    language, own = languages
    value = target.get(name)
    said = {own: value} if isinstance(value, str) else dict(value or {})
    said[language] = text.strip()
    kept = {key: one for key, one in said.items() if one}
    _put(target, name, kept[own] if list(kept) == [own] else kept)


def _question(question: Document, fields: Fields, before: str, languages: tuple[str, str]) -> Document:
    if f"{before}text" not in fields:
        return question
    found = dict(question)
    for name in ("text", "help", "low", "high"):
        put_text(found, name, fields.get(before + name, ""), languages)
    found["required"] = bool(fields.get(f"{before}required"))
    if found.get("kind") in {"single", "multiple"}:
        lines = [line.strip() for line in fields.get(f"{before}choices", "").splitlines() if line.strip()]
        found["choices"] = _choices(list(question.get("choices") or []), lines, languages)
    rows = [{name: fields.get(f"{before}go{at}-{name}", "").strip() for name in BRANCH_FIELDS} for at in range(20)]
    _put(found, "go", [_branch(row) for row in rows if row["to"] and any(row[name] for name in BRANCH_FIELDS[:3])])
    return found


def _choices(standing: list[Document], lines: list[str], languages: tuple[str, str]) -> list[Document]:
    """Choices keep their ids by their place, so that a text may be mended or translated."""
    made: list[Document] = []
    for at, line in enumerate(lines):
        one = dict(standing[at]) if at < len(standing) else {"id": free_id(line, [str(old["id"]) for old in made])}
        put_text(one, "text", line, languages)
        made.append(one)
    return made if languages[0] == languages[1] else [*made, *standing[len(made) :]]


def _branch(row: Fields) -> Document:
    found: Document = {"to": row["to"]}
    for name in ("at_least", "at_most"):
        _put(found, name, _whole(row[name]))
    _put(found, "any", [row["any"]] if row["any"] else [])
    return found


def _theme(fields: Fields, standing: Any) -> Document:
    found = dict(standing) if isinstance(standing, dict) else {}
    for name in ("accent", "background", "ink", "corner"):
        _put(found, name, fields.get(name, "").strip())
    _put(found, "radius", _whole(fields.get("radius", "")))
    return found


def _in_page(fields: Fields) -> Document:
    found: Document = {}
    for name in ("after", "steps", "paths", "languages"):
        _put(found, name, [one.strip() for one in fields.get(name, "").split(",") if one.strip()])
    _put(found, "share", _whole(fields.get("share", "")))
    return found or {"share": 100}


def _whole(text: str) -> int | str | None:
    """A number where it is one; what is none stays, to be refused with its place."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else plain or None


def _put(target: Document, name: str, value: Any) -> None:
    if value in (None, "", [], {}, False):
        target.pop(name, None)
    else:
        target[name] = value
