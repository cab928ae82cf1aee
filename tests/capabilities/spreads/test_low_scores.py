"""A low score is kept once and told once, and goes with its answer and its person."""

from pathlib import Path

import ibis
import pyarrow as pa
import pytest
from tests.capabilities.spreads.house import LOW, bring_answers, open_shop, sessions

from nousnous.base import clock
from nousnous.capabilities.spreads.actions.low_scores import keep_low_scores, perform_low_scores
from nousnous.capabilities.spreads.measures.low_scores import low_scores
from nousnous.capabilities.spreads.models import LowScore
from nousnous.collector.imports.actions import undo_import
from nousnous.facts.landings import EventsLanded
from nousnous.people.actions.erasure import erase_person
from nousnous.people.actions.exports import export_person
from nousnous.runs.models import OutboxEntry
from nousnous.runs.registry import Work, followers
from nousnous.stats.scores import low_answers_to
from nousnous.workspaces.models import Workspace

DAY_AFTER_US = (1_704_067_200 + 61 * 86_400) * 1_000_000


def told() -> list[dict[str, str]]:
    return list(OutboxEntry.objects.filter(fact="LowScoreGiven").values_list("payload", flat=True))


def test_low_scores_are_kept_once_however_often_the_run_is_tried(shop: Workspace) -> None:
    work = Work("run", shop.id, "", {"workspace_id": shop.id}, 1)
    for _ in range(3):
        perform_low_scores(work)
    assert LowScore.objects.filter(workspace=shop).count() == LOW
    assert keep_low_scores(shop) == (0, 0)
    assert "spreads.low_scores" in followers(EventsLanded.__name__)


def test_fresh_ones_are_told_and_the_past_is_not(workspace: Workspace, tmp_path: Path) -> None:
    _, answers = sessions(low=20, high=0)
    with clock.frozen(DAY_AFTER_US):
        bring_answers(workspace, answers, tmp_path)
        keep_low_scores(workspace)
        keep_low_scores(workspace)
    fresh = [one for one in LowScore.objects.all() if one.given_us >= DAY_AFTER_US - 7 * clock.DAY_US]
    assert 0 < len(fresh) < 20
    assert sorted(one["low_score"] for one in told()) == sorted(one.id for one in fresh)
    assert {(one["workspace_id"], one["step"], one["metric"]) for one in told()} == {(workspace.id, "checkout", "nps")}


def test_they_go_when_the_import_of_their_answers_is_undone(workspace: Workspace, tmp_path: Path) -> None:
    brought = open_shop(workspace, tmp_path)
    keep_low_scores(workspace)
    undo_import(workspace, brought.id)
    assert keep_low_scores(workspace) == (0, LOW)
    assert not LowScore.objects.exists()


def test_they_are_exported_and_erased_with_their_person(shop: Workspace) -> None:
    keep_low_scores(shop)
    (row,) = export_person(shop, "u1")["low_scores"]
    assert (row["metric"], row["step"], row["value"]) == ("nps", "checkout", 3.0)
    erase_person(shop, "u1")
    assert LowScore.objects.count() == LOW - 1
    assert keep_low_scores(shop) == (0, 0)


@pytest.mark.parametrize(("low", "high"), [(0, 10), (1, 10), (1, 5), (1, 7), (1, 3), (0, 4)])
def test_the_low_tail_is_that_of_the_measure(low: int, high: int) -> None:
    values = [float(answer) for answer in range(low, high + 1)]
    ends = {"scale_low": [float(low)] * len(values), "scale_high": [float(high)] * len(values)}
    table = ibis.memtable(pa.table({"value": values, "metric": ["rating"] * len(values), **ends}))
    found = low_scores(table).order_by("value").to_pyarrow()["value"].to_pylist()
    assert found == [value for value in values if value <= low_answers_to(low, high)]
