"""Spreads of a shop and of a real airport: whole distributions, their change, their delay, and what stands behind."""

import csv
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from tests.capabilities.spreads.house import SURVEY, bring_answers, sessions
from tests.oracle.screens import chance, guilty
from tests.places import ROOT, SHARED_DATA

from nousnous.base.errors import Missing, Refused
from nousnous.capabilities.spreads.actions.screens import screens_of
from nousnous.capabilities.spreads.actions.spreads import spreads_of
from nousnous.capabilities.spreads.measures.guilt import sentence
from nousnous.collector.imports.actions import Upload, import_file
from nousnous.collector.imports.questions import survey_mapping
from nousnous.journeys.windows import Asked
from nousnous.workspaces.models import Workspace

AIRPORT = SHARED_DATA / "airport_survey_2017.csv"
MAPPING = ROOT / "docs" / "guides" / "mappings" / "airport_survey_2017.toml"


def test_every_touchpoint_of_the_airport_has_the_histogram_of_its_file(workspace: Workspace) -> None:
    mapping = survey_mapping(MAPPING.read_text(), MAPPING.name)
    import_file(workspace, Upload(AIRPORT, mapping))
    with AIRPORT.open(newline="") as file:
        rows = list(csv.DictReader(file))
    found = {row.step: row for row in spreads_of(workspace, Asked()).rows if row.metric == "csat"}
    asked = tomllib.loads(MAPPING.read_text())["score"]
    touchpoints = {one["column"]: one.get("step", "") for one in asked if one["column"].startswith("Q7")}
    assert set(touchpoints) == {name for name in rows[0] if name.startswith("Q7")}
    assert len(found) == len(touchpoints) == 15
    for column, step in touchpoints.items():
        told = Counter(row[column].strip() for row in rows)
        counts = {answer: told[answer] for answer in "12345"}
        assert found[step].score.histogram == counts, column
        assert found[step].n == sum(counts.values())


def test_a_step_has_its_low_tail_percentiles_and_delay(shop: Workspace) -> None:
    report = spreads_of(shop, Asked()).as_dict()
    (row,) = report["spreads"]
    assert (row["step"], row["name"], row["journey"], row["metric"]) == ("checkout", "Checkout", "shop", "nps")
    assert (row["low_tail"]["value"], row["low_tail"]["n"]) == (0.4, 100)
    assert sum(row["histogram"].values()) == 100
    assert row["p50"]["low"] <= row["p50"]["value"] <= row["p50"]["high"]
    assert row["delay_s"]["p50"]["value"] == 600
    assert len(row["weeks"]) == 8


def test_a_change_is_shown_only_where_its_interval_excludes_nothing(shop: Workspace) -> None:
    """The low answers were given in the first 24 days, the high ones after."""
    fell = spreads_of(shop, Asked(None, "2024-01-25", "2024-02-18")).rows[0]
    assert (fell.proven_change, fell.change.value) == (fell.change, pytest.approx(-1, abs=0.1))
    same = spreads_of(shop, Asked(None, "2024-02-10", "2024-02-20")).rows[0]
    assert same.as_dict()["change"] is None


def test_a_part_is_measured_alone_and_a_split_side_by_side(shop: Workspace) -> None:
    split = spreads_of(shop, Asked(by="country")).rows[0]
    assert {value: one.low_tail.n for value, one in split.segments.items()} == {"DE": 50, "FR": 50}
    alone = spreads_of(shop, Asked(segment="country=DE")).rows[0]
    assert alone.score.as_dict() == split.segments["DE"].as_dict()
    with pytest.raises(Refused, match="country, channel, platform"):
        spreads_of(shop, Asked(by="shoe_size"))


def test_the_seat_map_stands_behind_the_low_answers(shop: Workspace) -> None:
    found = screens_of(shop, Asked(), "checkout", "nps")
    (first,) = found.screens.guilty
    assert sentence(first, "checkout") == (
        "“/seats” stands behind low checkout answers: 75% of low sessions saw it, 20% of high ones"
    )
    assert (found.screens.low, found.screens.high, first.persons) == (40, 60, 30)
    assert first.p == pytest.approx(float(chance(30, 12, 40, 60)))
    assert guilty({"/seats": (30, 12), "/start": (40, 60), "/pay": (40, 60)}, 40, 60) == {"/seats"}
    moments = found.moments["/seats"]
    assert [one.session for one in moments[:2]] == ["s2", "s1"] or [one.recorded for one in moments] == [
        True,
        True,
        False,
    ]
    assert {one.turn.at_s for one in moments} == {200.0}


def test_too_few_sessions_say_how_many_are_missing(shop: Workspace) -> None:
    few = screens_of(shop, Asked(None, "2024-01-01", "2024-01-10"), "checkout", "nps").screens
    assert (few.guilty, few.more_low, few.more_high) == ((), 5, 20)


def test_a_question_that_nobody_answered_is_missing(shop: Workspace) -> None:
    with pytest.raises(Missing, match="Nobody answered “csat” about the step “checkout”"):
        screens_of(shop, Asked(), "checkout", "csat")
    assert spreads_of(shop, Asked(None, "2020-01-01", "2020-02-01")).rows == ()


def test_answers_without_any_event_have_a_spread_and_need_sessions(workspace: Workspace, tmp_path: Path) -> None:
    assert 'moment = "moment"' in SURVEY
    bring_answers(workspace, sessions()[1], tmp_path)
    found = screens_of(workspace, Asked(), "checkout", "nps")
    assert (found.screens.low, found.screens.without, found.screens.more_low) == (0, 100, 20)
