"""Wide survey tables become scores: real surveys to the published figures, codes, weights, comments, beliefs."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.collector.imports.conftest import Write
from tests.places import ROOT, SHARED_DATA

from nousnous.base.errors import Refused
from nousnous.collector.imports.actions import Upload, import_file, undo_import
from nousnous.collector.imports.questions import SurveyMapping, survey_mapping
from nousnous.collector.imports.rejects import read_rejects
from nousnous.collector.imports.telling import how_read
from nousnous.collector.models import Import
from nousnous.facts.scores import SCORES
from nousnous.stats.means import mean
from nousnous.stats.scores import nps
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

SURVEY = """
    [survey]
    person = "id"
    time = "day"
    weight = "w"
    [properties]
    plan = "plan"
    [[score]]
    column = "q1"
    metric = "nps"
    missing = [11, "Blank"]
    comment = "why"
    [[score]]
    column = "q2"
    metric = "csat"
    step = "checkout"
    scale = [1, 5]
    [[comment]]
    column = "wish"
"""
HEADER = "id,day,w,plan,q1,why,q2,wish\n"


def answer(workspace: Workspace, path: Path, mapping: str) -> Import:
    return import_file(workspace, Upload(path, survey_mapping(mapping, "m.toml")))


def scores_of(workspace: Workspace) -> list[dict[str, Any]]:
    rows = lake_of(workspace).snapshot(SCORES).table(SCORES)
    stored: list[dict[str, Any]] = rows.order_by("score_id").to_pyarrow().to_pylist()
    return stored


def real(workspace: Workspace, name: str) -> Import:
    mapping = (ROOT / "docs" / "guides" / "mappings" / f"{name}.toml").read_text()
    return answer(workspace, SHARED_DATA / f"{name}.csv", mapping)


def test_the_airport_survey_gives_its_known_scores(workspace: Workspace) -> None:
    assert real(workspace, "airport_survey_2017").rejected == 0
    rows = [row for row in scores_of(workspace) if row["metric"] == "nps"]
    values, persons = (
        [row["value"] for row in rows],
        np.unique([row["user_id"] for row in rows], return_inverse=True)[1],
    )
    plain, weighted = nps(values, persons), nps(values, persons, [row["weight"] for row in rows])
    assert (len(rows), round(plain.value or 0, 1), round(weighted.value or 0, 1)) == (2746, 39.8, 40.4)
    first = next(row for row in rows if row["user_id"] == "1")
    assert (first["ts_us"], first["weight"], first["country"]) == (1_494_676_800_000_000, 0.2847177143, "CANADA")
    assert real(workspace, "airport_survey_2017").added == 0


def test_a_film_is_believed_better_than_it_is(workspace: Workspace) -> None:
    real(workspace, "fandango_scores")
    rows = scores_of(workspace)
    differences = [row["believed"] - row["value"] for row in rows]
    paired = mean(differences, np.arange(len(rows)))
    error = np.std(differences, ddof=1) / np.sqrt(len(rows))
    assert (paired.n, round(paired.value or 0, 3), round(error, 3)) == (146, 0.244, 0.013)


def test_each_answer_is_a_score_and_what_means_missing_is_none(workspace: Workspace, write: Write) -> None:
    lines = "7.0,2024-01-01,1.5,pro,9,fast,4,more\n8,2024-01-02,1,,11,,,\n9,2024-01-03,1,,Blank,,1.0,\n"
    record = answer(workspace, write("s.csv", HEADER + lines), SURVEY)
    rows = {(row["user_id"], row["metric"]): row for row in scores_of(workspace)}
    assert (record.added, record.rejected) == (4, 0)
    assert sorted(rows) == [("7", "comment"), ("7", "csat"), ("7", "nps"), ("9", "csat")]
    score = rows["7", "nps"]
    assert (score["value"], score["weight"], score["comment"], score["step"]) == (9.0, 1.5, "fast", None)
    assert json.loads(score["properties"]) == {"plan": "pro", "question": "q1"}
    assert rows["7", "csat"]["step"] == "checkout"
    assert (rows["7", "comment"]["value"], rows["7", "comment"]["comment"]) == (None, "more")


def test_shuffled_rows_and_columns_add_nothing_and_an_undo_takes_all(workspace: Workspace, write: Write) -> None:
    lines = [f"{n % 3},2024-01-01,1,pro,{n % 3},,5,\n".split(",") for n in range(9)]
    path = write("s.csv", HEADER + "".join(",".join(line) for line in lines))
    record = answer(workspace, path, SURVEY)
    names, chance = HEADER.strip().split(","), random.Random(3)
    order = chance.sample(range(len(names)), len(names))
    chance.shuffle(lines)
    turned = [[line[at].strip() for at in order] for line in (names, *lines)]
    again = answer(workspace, write("t.csv", "\n".join(",".join(line) for line in turned)), SURVEY)
    assert (record.added, again.added, again.repeated) == (18, 0, 18)
    undo_import(workspace, record.id)
    assert scores_of(workspace) == []


def test_an_answer_off_its_scale_is_rejected_and_the_rest_lands(workspace: Workspace, write: Write) -> None:
    lines = "1,2024-01-01,1,,12,,4,\n2,never,1,,9,,4,\n3,2024-01-01,heavy,,9,,4,\n4,2024-01-01,1,,good,,4,\n"
    record = answer(workspace, write("s.csv", HEADER + lines), SURVEY)
    assert record.added == 2
    assert [(reject["line"], reject["field"], reject["reason"]) for reject in read_rejects(record.id, 9)] == [
        (2, "q1", "lies off the scale"),
        (3, "time", "is no time that can be read"),
        (4, "weight", "is no weight"),
        (5, "q1", "is no number, and no code that means missing"),
    ]


def test_decimal_commas_and_another_encoding_are_read_in_surveys_too(workspace: Workspace, write: Write) -> None:
    rows = "id;day;w;plan;q1;why;q2;wish\n1;31.01.2024;0,85;Größe;9;schön;4,5;\n;;;;;;;\n2;31.01.2024;1;;8;;3;\n"
    record = answer(workspace, write("s.csv", rows.encode("cp1252")), SURVEY)
    assert (record.added, record.rejected, record.blank) == (4, 0, 1)
    first = next(row for row in scores_of(workspace) if row["user_id"] == "1" and row["metric"] == "csat")
    assert (first["value"], first["weight"], json.loads(first["properties"])["plan"]) == (4.5, 0.85, "Größe")
    assert how_read(record.mapping).startswith("Read as Windows (cp1252) text, with semicolons")


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ('person = "id"', ""),
        ('time = "day"', ""),
        ('metric = "nps"', 'metric = "joy"'),
        ("scale = [1, 5]", "scale = [5, 1]"),
        ('metric = "nps"', 'metric = "nps"\nscale = [1, 5]'),
        ('column = "q2"', 'column = "q9"'),
        ('weight = "w"', 'weight = "(select 1)"'),
        ("[[comment]]", "[[remark]]"),
    ],
)
def test_a_survey_mapping_that_cannot_be_meant_is_refused(
    workspace: Workspace, write: Write, part: str, instead: str
) -> None:
    with pytest.raises(Refused, match=r"m\.toml"):
        answer(workspace, write("s.csv", HEADER + "1,2024-01-01,1,,9,,4,\n"), SURVEY.replace(part, instead))


def test_a_survey_mapping_is_kept_as_it_was_meant() -> None:
    mapping = survey_mapping(SURVEY, "")
    assert SurveyMapping.from_dict(json.loads(json.dumps(mapping.as_dict()))) == mapping
