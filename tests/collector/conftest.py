"""Installations for the collector's tests; they are made once and copied, for making one takes seconds."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.collector.house import House, Server

NewHouse = Callable[..., House]


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
