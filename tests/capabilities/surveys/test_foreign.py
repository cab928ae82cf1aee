"""Surveys of other tools come along: what has a counterpart is taken over, the rest is named."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nousnous.base.errors import Refused
from nousnous.capabilities.surveys.actions.building import take_in
from nousnous.capabilities.surveys.actions.versions import survey_of
from nousnous.capabilities.surveys.measures.definition import Survey, parse_survey
from nousnous.capabilities.surveys.measures.foreign import Foreign, read_foreign
from nousnous.workspaces.models import Workspace


def jump(asked: str, operator: str, value: Any, target: str, objective: str = "jumpToQuestion") -> dict[str, Any]:
    condition = {
        "leftOperand": {"type": "question", "value": asked},
        "operator": operator,
        "rightOperand": {"type": "static", "value": value},
    }
    return {
        "conditions": {"connector": "and", "conditions": [condition]},
        "actions": [{"objective": objective, "target": target}],
    }


NPS = {
    "id": "npsAsked",
    "type": "nps",
    "headline": {"default": "<p>Würden Sie uns <b>empfehlen</b>?</p>", "en": "Would you recommend us?"},
    "lowerLabel": {"default": "Nein"},
    "required": True,
}
WHY = {"id": "why", "type": "openText", "headline": {"default": "Warum #recall:npsAsked/fallback:so#?"}}
USED = {
    "id": "used",
    "type": "multipleChoiceMulti",
    "headline": {"default": "Was nutzen Sie?"},
    "choices": [{"id": "c1", "label": {"default": "App"}}, {"id": "other", "label": {"default": "Anderes"}}],
}
RATED = {"id": "rated", "type": "rating", "scale": "star", "range": 7, "headline": {"default": "Wie war es?"}}
STAR6 = {**RATED, "id": "six", "range": 6}
FILE = {"id": "picture", "type": "fileUpload", "headline": {"default": "Ein Bild?"}}
GRID = {
    "id": "grid",
    "type": "matrix",
    "headline": {"default": "Wie war"},
    "rows": [{"id": "r1", "label": {"default": "die App"}}, {"id": "r2", "label": {"default": "der Laden"}}],
    "columns": [{"id": "k1", "label": {"default": "gut"}}, {"id": "k2", "label": {"default": "schlecht"}}],
}
FORMBRICKS: dict[str, Any] = {
    "name": "Nach dem Kauf",
    "languages": [{"default": True, "language": {"code": "de"}}, {"default": False, "language": {"code": "en"}}],
    "endings": [{"id": "thanks", "type": "endScreen", "headline": {"default": "Danke!"}}],
}
QUESTIONS = [
    {
        **NPS,
        "logic": [
            jump("npsAsked", "isLessThan", 7, "why"),
            jump("npsAsked", "isGreaterThanOrEqual", 9, "thanks"),
            jump("other", "equals", 3, "why"),
        ],
    },
    {**USED, "logic": [jump("used", "includesOneOf", ["c1"], "npsAsked"), jump("used", "equals", "c1", "grid")]},
    WHY, RATED, STAR6, FILE, GRID,
]  # fmt: skip


def document_of(foreign: Foreign | None) -> Survey:
    assert foreign is not None
    return parse_survey(json.dumps(foreign.document))


def test_a_survey_of_formbricks_keeps_its_questions_languages_and_jumps() -> None:
    foreign = read_foreign(json.dumps({"data": {**FORMBRICKS, "questions": QUESTIONS}}))
    survey = document_of(foreign)
    assert (survey.id, survey.language, survey.languages, survey.thanks) == (
        "nach-dem-kauf", "de", ("de", "en"), {"de": "Danke!"},
    )  # fmt: skip
    assert [(one.kind, one.text["de"]) for one in survey.questions] == [
        ("nps", "Würden Sie uns empfehlen?"),
        ("multiple", "Was nutzen Sie?"),
        ("open", "Warum so?"),
        ("rating", "Wie war es?"),
        ("single", "die App – Wie war"),
        ("single", "der Laden – Wie war"),
    ]
    first, used = survey.questions[0], survey.questions[1]
    assert [(one.at_least, one.at_most, one.to) for one in first.go] == [(None, 6, "why"), (9, None, "end")]
    assert (first.required, first.low, survey.questions[3].scale) == (True, {"de": "Nein"}, (1, 7))
    assert [one.id for one in used.choices] == ["c1", "other"]
    assert not used.go
    assert foreign is not None
    told = "; ".join(foreign.left_out)
    assert ("from 1 to 6" in told, "fileUpload" in told, told.count("a jump after “used”")) == (True, True, 2)
    assert foreign.sentence.startswith("6 questions of Formbricks came along; left out: ")


def test_blocks_of_formbricks_are_read_like_questions() -> None:
    block = {"id": "b1", "elements": [NPS], "logic": [jump("npsAsked", "isLessThan", 7, "b3", "jumpToBlock")]}
    blocks = [block, {"id": "b2", "elements": [USED]}, {"id": "b3", "elements": [WHY]}]
    survey = document_of(read_foreign(json.dumps({**FORMBRICKS, "questions": [], "blocks": blocks})))
    assert [one.kind for one in survey.questions] == ["nps", "multiple", "open"]
    assert [(one.at_most, one.to) for one in survey.questions[0].go] == [(6, "why")]


def rows(table: str, *entries: dict[str, str]) -> str:
    told = "".join(
        "<row>" + "".join(f"<{name}><![CDATA[{text}]]></{name}>" for name, text in one.items()) + "</row>"
        for one in entries
    )
    return f"<{table}><rows>{told}</rows></{table}>"


def question(qid: int, kind: str, text: str, **more: str) -> dict[str, str]:
    fields = {"qid": str(qid), "parent_qid": "0", "gid": "1", "type": kind, "title": f"Q{qid}"}
    return {**fields, "question_order": str(qid), "question": text, "language": "en", **more}


def limesurvey(*tables: str) -> str:
    head = "<LimeSurveyDocType>Survey</LimeSurveyDocType>"
    settings = {"surveyls_language": "en", "surveyls_title": "After a stay", "surveyls_endtext": "<p>Thanks</p>"}
    own = rows("surveys", {"sid": "1", "language": "en", "anonymized": "Y"}) + rows(
        "surveys_languagesettings", settings
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<document>{head}{"".join(tables)}{own}</document>'


OLD = limesurvey(
    rows("groups", {"gid": "2", "group_order": "0"}, {"gid": "1", "group_order": "1"}),
    rows(
        "questions",
        question(3, "L", "Would you recommend us?", mandatory="Y"),
        question(4, "A", "How was"),
        question(5, "R", "Rank them"),
        question(6, "T", "Why?", relevance="Q3.NAOK < 7"),
        question(1, "X", "Welcome", gid="2"),
        question(3, "L", "Würden Sie uns empfehlen?", language="de"),
    ),
    rows(
        "subquestions",
        question(41, "T", "the room", parent_qid="4", title="SQ1"),
        question(42, "T", "the bed", parent_qid="4", title="SQ2"),
    ),
    rows(
        "answers",
        *(
            {"qid": "3", "code": f"A{at}", "answer": str(at), "sortorder": str(at), "language": "en"}
            for at in range(11)
        ),
    ),
)
NEW = limesurvey(
    rows("groups", {"gid": "1", "group_order": "1"}),
    rows("questions", {"qid": "3", "parent_qid": "0", "gid": "1", "type": "!", "title": "Q3", "question_order": "1"}),
    rows("question_l10ns", {"qid": "3", "question": "Which room?", "language": "en"}),
    rows("answers", *({"aid": str(at), "qid": "3", "code": f"A{at}", "sortorder": str(at)} for at in (1, 2))),
    rows("answer_l10ns", *({"aid": str(at), "answer": f"Room {at}", "language": "en"} for at in (1, 2))),
)


def test_a_survey_of_limesurvey_keeps_its_questions_in_the_order_of_its_groups() -> None:
    foreign = read_foreign(OLD)
    survey = document_of(foreign)
    assert (survey.name, survey.anonymous, survey.thanks) == ("After a stay", True, {"en": "Thanks"})
    assert [(one.kind, one.text["en"]) for one in survey.questions] == [
        ("statement", "Welcome"),
        ("nps", "Would you recommend us?"),
        ("rating", "How was the room"),
        ("rating", "How was the bed"),
        ("open", "Why?"),
    ]
    assert survey.questions[1].text["de"] == "Würden Sie uns empfehlen?"
    assert foreign is not None
    assert foreign.left_out == (
        "“Q5”: there is no question of the kind “ranking” here",
        "the condition of “Q6”: everybody is asked it",
    )


def test_texts_of_newer_versions_stand_in_tables_of_their_own() -> None:
    only = document_of(read_foreign(NEW)).questions[0]
    assert (only.kind, only.text["en"], [one.text["en"] for one in only.choices]) == (
        "single", "Which room?", ["Room 1", "Room 2"],
    )  # fmt: skip


def test_a_broken_export_and_one_with_entities_are_refused() -> None:
    bomb = OLD.replace("<document>", '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><document>', 1)
    for text in (OLD[:-30], bomb):
        with pytest.raises(Refused, match="cannot be read"):
            read_foreign(text)
    assert read_foreign('{"id": "a"}') is None


def test_an_export_is_taken_in_on_the_page_under_an_id_that_is_free(client: Client, workspace: Workspace) -> None:
    text = json.dumps({**FORMBRICKS, "questions": [NPS, WHY]})
    take_in(workspace, text, "test")
    made = client.post("/w/north/new-survey/", {"file": SimpleUploadedFile("export.json", text.encode())}, follow=True)
    assert "2 questions of Formbricks came along" in made.content.decode()
    assert survey_of(workspace, "nach-dem-kauf-2").definition.language == "de"
    foreign = client.post("/w/north/new-survey/", {"file": SimpleUploadedFile("a.lss", b"\xff\xfe<")})
    assert (foreign.status_code, "is no text in UTF-8" in foreign.content.decode()) == (422, True)
