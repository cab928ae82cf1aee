"""Durable work survives the death of processes, on SQLite and on PostgreSQL."""

import random
import time
from collections import Counter

from tests.runs.conftest import output, process

RUNS = 40


def test_each_stage_takes_effect_once_though_workers_are_killed(installation: dict[str, str]) -> None:
    output(installation, "start", str(RUNS))
    workers = [process(installation, "work") for _ in range(3)]
    chance = random.Random(4)
    for _ in range(4):
        time.sleep(chance.uniform(0.5, 1.2))
        killed = workers.pop(0)
        killed.kill()
        killed.wait()
        workers.append(process(installation, "work"))
    assert [worker.wait(120) for worker in workers] == [0, 0, 0]
    *marks, done = output(installation, "marks")
    assert done == f"{RUNS} done"
    assert Counter(marks).most_common(1)[0][1] == 1
    assert len(marks) == 3 * RUNS


def test_a_schedule_fires_once_for_all_workers_and_all_missed_times(installation: dict[str, str]) -> None:
    output(installation, "schedule")
    firing = [process(installation, "fire") for _ in range(4)]
    assert [one.wait(60) for one in firing] == [0] * 4
    assert output(installation, "ticks") == ["1"]
