"""Plays survive the death of their workers: all is done once, every arm told once. A small part of the soak."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.plays import killed, migrated
from tests import postgres
from tests.records import ready

FIRINGS, KILLS = 10, 2


@pytest.fixture(params=["sqlite", "postgres"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Where the records are, as settings say it."""
    if request.param == "sqlite":
        ready(tmp_path)
        yield {}
    else:
        with postgres.server() as address:
            yield {"NOUS_DATABASE": address}


def test_every_firing_ends_and_everybody_is_written_to_though_workers_are_killed(
    records: dict[str, str], tmp_path: Path
) -> None:
    story = killed(migrated(tmp_path, **records), FIRINGS, KILLS)
    assert story.right(FIRINGS), story
    assert story.twice <= KILLS
