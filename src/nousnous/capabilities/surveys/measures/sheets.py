"""A question as it is shown in a language: texts with their fallback, marks of a scale, the way the text runs."""

from collections.abc import Mapping
from typing import Any

from nousnous.capabilities.surveys.measures.definition import RIGHT_TO_LEFT, Question, Survey, said
from nousnous.capabilities.surveys.measures.words import words_of


def language_of(survey: Survey, wanted: str) -> str:
    """The language of a survey that is nearest to a wanted one.

    >>> from nousnous.capabilities.surveys.measures.definition import parse_survey
    >>> text = '{"id": "a", "name": "A", "questions": [{"id": "q", "kind": "nps", "text": {"en": "x", "de": "y"}}]}'
    >>> language_of(parse_survey(text), "de-AT"), language_of(parse_survey(text), "fr")
    ('de', 'en')
    """
    known = survey.languages
    return next((one for one in (wanted, wanted.split("-", maxsplit=1)[0]) if one in known), survey.language)


def shown(
    survey: Survey, question: Question | None, wanted: str, told: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What stands on a page or in a widget, as plain texts; without a question the thanks.

    `told` names words to say instead of or beside it (`over`, `note`), and the day (`on`) that they tell.
    """
    told = told or {}
    language = language_of(survey, wanted)
    words = words_of(language)
    found: dict[str, Any] = {
        "language": language,
        "direction": "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr",
        "words": dict(words),
        **{name: _told(words, told, name) for name in ("over", "note")},
        "thanks": said(survey.thanks, language, survey.language) or words["thanks"],
    }
    return found | ({"question": _question(survey, question, language)} if question else {"question": None})


def _told(words: Mapping[str, str], told: Mapping[str, str], name: str) -> str:
    return words[told[name]].format(on=told.get("on", "")) if told.get(name) else ""


def _question(survey: Survey, question: Question, language: str) -> dict[str, Any]:
    def text(texts: Any) -> str:
        return said(texts, language, survey.language)

    words, (low, high) = words_of(language), question.scale or (0, -1)
    choices = [{"id": one.id, "text": text(one.text)} for one in question.choices]
    if question.kind == "consent":
        choices = [{"id": "yes", "text": words["yes"]}, {"id": "no", "text": words["no"]}]
    return {
        "id": question.id,
        "kind": question.kind,
        "text": text(question.text),
        "help": text(question.help),
        "low": text(question.low),
        "high": text(question.high),
        "marks": [str(mark) for mark in range(low, high + 1)],
        "choices": choices,
        "many": question.kind == "multiple",
        "required": question.required,
        "last": len(survey.questions) == 1,
    }
