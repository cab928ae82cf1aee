"""Installations for the collector's tests; they are made once and copied, for making one takes seconds."""

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pytest
from tests.collector.house import House, Server

# They cost more than each run has room for: `make soak-several` and `make soak-faults` ask them, too.
collect_ignore = [] if "SEVERAL_KILLS" in os.environ else ["test_away.py", "test_moving.py", "test_restored.py"]

NewHouse = Callable[..., House]
Survived = Callable[..., None]


@pytest.fixture
def survived(record_property: Callable[[str, object], None]) -> Survived:
    """What the table of faults (bench/faults.py) says of one that was survived; refused where it was not."""

    def say(fault: str, told: str, accepted: Collection[str], found: Collection[str]) -> None:
        counted = Counter(found)
        lost, doubled = set(accepted) - set(counted), [one for one, count in counted.items() if count > 1]
        row = {"fault": fault, "told": told, "accepted": len(set(accepted)), "lost": len(lost), "twice": len(doubled)}
        record_property("fault", json.dumps(row))
        assert accepted
        assert (lost, doubled) == (set(), [])

    return say


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return House(tmp_path_factory.mktemp("empty")).home


@pytest.fixture(scope="session")
def new_house(empty_home: Path, tmp_path_factory: pytest.TempPathFactory) -> NewHouse:
    def make(home: Path | None = None, **settings: str) -> House:
        home = home or tmp_path_factory.mktemp("house")
        shutil.copytree(empty_home, home, dirs_exist_ok=True)
        return House(home, **settings)

    return make


@pytest.fixture(scope="module")
def house(new_house: NewHouse) -> House:
    return new_house()


@pytest.fixture(scope="module")
def server(house: House) -> Iterator[Server]:
    with house.serving() as server:
        yield server
