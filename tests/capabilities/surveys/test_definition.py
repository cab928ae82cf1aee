"""Documents of surveys: read, or refused with the place and what to do."""

import json
from typing import Any

import pytest
from tests.capabilities.surveys.documents import AFTER_PURCHASE, document

from nousnous.base.errors import Refused
from nousnous.capabilities.surveys.measures.answers import Answer, answer_of, next_of
from nousnous.capabilities.surveys.measures.asking import DAY_US, Asked, rest_until
from nousnous.capabilities.surveys.measures.definition import parse_survey
from nousnous.capabilities.surveys.measures.sheets import shown


def changed(at: int, **changes: Any) -> str:
    questions = [dict(one) for one in AFTER_PURCHASE["questions"]]
    questions[at] |= changes
    return document(questions=questions)


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ("{", "line 1", "no JSON"),
        ("[]", "", "object"),
        (document(id="After Purchase"), "id", "small letters"),
        (document(nmae="x"), "nmae", "no such field"),
        (document(questions=[]), "questions", "at least one"),
        (document(relationship=True), "step", "no step"),
        (document(closes_on="31.1.2027"), "closes_on", "2027-01-31"),
        (document(theme={"ink": "#bbbbbb"}), "theme.ink", "contrast"),
        (document(theme={"accent": "red"}), "theme.accent", "#0a5ea8"),
        (changed(0, kind="stars"), "questions[1].kind", "nps"),
        (changed(0, scale=[1, 5]), "questions[1].scale", "never mix"),
        (changed(0, go=[{"to": "why"}]), "questions[1].go[1]", "which answers"),
        (changed(0, go=[{"at_most": 6, "to": "reason"}]), "questions[1]", "no question"),
        (changed(0, go=[], next="end"), "questions[2]", "No answer leads"),
        (changed(1, go=[{"any": ["taste"], "to": "why"}]), "questions[2].go", "no answer"),
        (changed(1, choices=[{"id": "price", "text": "x"}]), "questions[2].choices", "two choices"),
        (changed(2, next="again"), "questions[1]", "back to itself"),
        (changed(2, text={"de": "Warum?"}), "questions[3].text", "one in “en”"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, place: str, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_survey(text)
    assert sentence in refusal.value.sentence
    assert str(refusal.value.place or "") == place


def test_the_first_branch_that_holds_leads() -> None:
    survey = parse_survey(document())
    first = survey.questions[0]
    led = [next_of(survey, first, Answer(value)) for value in (0, 6, 7, 8, 9, 10)]
    assert led == ["why", "why", "how", "how", "end", "end"]


def test_an_answer_off_the_scale_or_none_where_one_is_needed_is_refused() -> None:
    first = parse_survey(document()).questions[0]
    for given in (["11"], ["-1"], ["٣"], ["7", "8"], []):
        with pytest.raises(Refused):
            answer_of(first, given)


def test_texts_fall_back_to_the_language_of_the_survey_and_arabic_runs_from_the_right() -> None:
    survey = parse_survey(document())
    arabic, french = (shown(survey, survey.questions[0], language) for language in ("ar-EG", "fr"))
    assert (arabic["direction"], arabic["question"]["text"]) == ("rtl", "هل توصي بنا؟")
    assert arabic["question"]["low"] == "Not at all"
    assert (french["language"], french["direction"]) == ("en", "ltr")


@pytest.mark.parametrize(
    ("before", "relationship", "days"),
    [
        ([], False, None),
        ([Asked(0, relationship=False)], False, 14),
        ([Asked(0, relationship=False)], True, 7),
        ([Asked(0, relationship=True)], True, 90),
        ([Asked(0, relationship=True)], False, 7),
        ([Asked(0, relationship=True), Asked(3 * DAY_US, relationship=False)], True, 90),
        ([Asked(0, relationship=False), Asked(-80 * DAY_US, relationship=True)], True, 10),
    ],
)
def test_somebody_is_left_alone_as_long_as_defined(before: list[Asked], relationship: bool, days: int | None) -> None:
    until = rest_until(before, 1, relationship=relationship)
    assert until == (None if days is None else days * DAY_US)
    if until is not None:
        assert rest_until(before, until, relationship=relationship) is None


def test_an_export_is_an_import() -> None:
    survey = parse_survey(document())
    assert parse_survey(json.dumps(json.loads(document()), indent=2)) == survey
