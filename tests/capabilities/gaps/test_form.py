"""The JSON of the gap report has every key of its form, and the table its words."""

import pytest

from nousnous.capabilities.gaps.actions.reports import gap_report
from nousnous.capabilities.gaps.management.commands.gap import shown
from nousnous.journeys.windows import Asked
from nousnous.workspaces.models import Workspace

E = {"value", "low", "high", "n", "method"}
D = {"hours", "reference_s", "per_year", "currency", "factors", "causes", "principal", "interest"}


def test_the_json_has_every_key_of_the_form(shop: Workspace) -> None:
    report = gap_report(shop, Asked()).as_dict()
    assert {"workspace", "window", "engine", "snapshot", "journey", "steps"} <= report.keys()
    assert set(report["window"]) == {"from", "to"}
    journey = report["journey"]
    assert {"id", "entered", "finished", "elapsed", "transitions", "debt"} <= journey.keys()
    assert journey["finished"].keys() == journey["elapsed"]["p50"].keys() == journey["elapsed"]["p90"].keys() == E
    assert journey["transitions"][0].keys() == {"from", "to", "n", "share", "p50_s"}
    step = next(row for row in report["steps"] if row["step"] == "checkout")
    parts = {"stage", "channel", "owner", "visits", "spread", "beliefs", "debt", "trend", "evidence", "play", "proof"}
    assert parts <= step.keys()
    assert step["visits"].keys() == {"n", "completed", "failed", "abandoned", "open"}
    assert step["outcomes"].keys() == {"completed", "failed", "abandoned", "open"}
    assert all(one.keys() == E for one in step["outcomes"].values())
    assert set(step["spread"]["elapsed"]) == {"p5", "p10", "p25", "p50", "p75", "p90", "p95"}
    assert [week["p50"].keys() == E for week in step["spread_by_week"]["elapsed"]] == [True] * 8
    assert step["consequence"].keys() == journey["frictions"].keys()
    assert (step["consequence"]["left"], step["consequence"]["days"]) == (None, 90)
    assert (step["evidence"], step["play"], step["proof"]) == ([], None, None)
    for debt in (journey["debt"], step["debt"]):
        assert debt.keys() >= D
        assert debt["hours"].keys() == debt["per_year"].keys() == E
    assert step["debt"]["causes"][0].keys() == {"cause", "hours"}


def test_the_json_of_a_belief_has_every_key_of_the_form(shop: Workspace) -> None:
    step = next(row for row in gap_report(shop, Asked()).as_dict()["steps"] if row["step"] == "checkout")
    belief = step["beliefs"][0]
    keys = {"metric", "believed", "tolerance", "range", "expected_gap", "sealed_in_time", "experienced", "gap"}
    assert keys | {"verdict", "lean", "needed_n", "blind_spot"} <= belief.keys()
    assert belief["experienced"].keys() == E
    assert belief["gap"].keys() == {"value", "low", "high", "unit"}
    assert belief["blind_spot"].keys() == {"difference", "ratio", "reason"}
    assert belief["blind_spot"]["difference"].keys() == E
    assert (belief["believed"], belief["range"], belief["author"]) == (0.95, [0.9, 0.99], "shop team")


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_answers_in_the_words_of_pages(shop: Workspace, width: int) -> None:
    text = shown(gap_report(shop, Asked()), width)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= width
    assert text.startswith("Checkout costs most: teams believe 95% finish, 67% do")
    assert "worse" in text
    assert "no belief" in text
    assert "a year" in text
