"""What was tried at the made-up company: a rescue whose framing matters, and a play without effect."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from nousnous.collector.imports.actions import Upload, import_file
from nousnous.collector.imports.mapping import EventMapping
from nousnous.experiments.actions.reading import read_experiment
from nousnous.workspaces.models import Workspace
from nousnous_demo.calling import keep_what_was_tried
from nousnous_demo.plan import Plan, last_midnight_us
from nousnous_demo.rescuing import CAME_BACK
from nousnous_demo.simulate import simulate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_framing_that_matters_is_found_and_the_play_without_effect_is_not_claimed(
    workspace: Workspace, tmp_path: Path, seed: int
) -> None:
    plan = Plan(people=2_000, days=60, seed=seed, until_us=last_midnight_us())
    file = tmp_path / "events.parquet"
    pq.write_table(simulate(plan.company, plan.people, plan.seed, plan.until_us, plan.days).events, file)
    import_file(workspace, Upload(file, EventMapping()))
    keep_what_was_tried(plan, workspace)
    rescue = read_experiment(workspace, "play/rescue")
    lines = {line.variant: line for line in rescue.lines}
    assert lines["restitution"].verdict == "better"
    difference = lines["restitution"].found.difference
    true = CAME_BACK["restitution"] - CAME_BACK["held_out"]
    assert difference.low is not None
    assert difference.high is not None
    assert difference.low <= true <= difference.high
    assert lines["retention"].verdict == "not proven"
    assert [line.verdict for line in read_experiment(workspace, "play/hint").lines] == ["not proven"]
