"""The same questions on every engine: each measure by itself, and the whole gap report.

One test for each engine, so that its servers start once, whichever process of the run takes it. Spark, which is slow at
small things, and every answer of the API on Sail are asked by `make soak-engines`.
"""

import ast
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from django.conf import settings
from tests.capabilities.gaps.house import SHOP, apply, bring, people
from tests.engines import servers
from tests.engines.made import read_world, write_world
from tests.engines.questions import ASKED, answer, asks, measures
from tests.engines.sameness import difference

from nousnous.base.configuration import load
from nousnous.base.errors import Refused
from nousnous.capabilities.gaps.actions.reports import gap_report
from nousnous.journeys.windows import Asked
from nousnous.warehouse.engine import reader
from nousnous.workspaces.models import Workspace

REPORTS = (Asked(by="country"), Asked())
ENGINES = [servers.sail, *([servers.spark] if "ENGINES_WHOLE" in os.environ else [])]


def test_every_measure_that_asks_an_engine_is_asked_of_each() -> None:
    assert set(measures()) == set(ASKED)
    (grouping,) = ast.parse("def n(visits: Any) -> Any:\n    return visits.group_by('step').aggregate(n=1)").body
    assert asks(cast("ast.FunctionDef", grouping)), "a new measure could hide"


@pytest.mark.parametrize("word", ["postgres", "spark", "sc://host", "spark://"])
def test_a_word_that_names_no_engine_is_refused(word: str) -> None:
    with pytest.raises(Refused, match=f"sc://host:port, and not “{word}”"):
        load({"NOUS_ENGINE": word})


@pytest.mark.parametrize("scheme", ["sc", "spark"])
def test_where_no_cluster_answers_the_address_is_told_at_once(scheme: str) -> None:
    address = f"{scheme}://127.0.0.1:{servers.free_port()}"
    with reading_with(address), pytest.raises(Refused, match=f"NOUS_ENGINE is {address}, and no cluster answers there"):
        reader()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Spark leaves a socket to its driver
@pytest.mark.parametrize("run", ENGINES)
def test_an_engine_answers_as_duckdb(
    run: Callable[[Path], AbstractContextManager[str]], workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = write_world(tmp_path_factory.mktemp("world"))
    bring(workspace, people(300), tmp_path_factory.mktemp("shop"))
    apply(workspace, SHOP)
    embedded = _reports(workspace)
    answers = _answers(files)
    with run(tmp_path_factory.mktemp("engine")) as address, reading_with(address), closing_reader():
        found = _answers(files)
        differences = {name: difference(answers[name], found[name]) for name in answers}
        assert not {name: told for name, told in differences.items() if told}
        reports = _reports(workspace)
    assert [one.pop("engine") for one in embedded] == ["duckdb"] * len(REPORTS)
    assert [one.pop("engine") for one in reports] == [address.partition("://")[0]] * len(REPORTS)
    assert difference(embedded, reports) is None


def _reports(workspace: Workspace) -> list[dict[str, Any]]:
    return [gap_report(workspace, asked).as_dict() for asked in REPORTS]


def _answers(files: dict[str, list[str]]) -> dict[str, Any]:
    world = read_world(reader(), files)
    return {
        f"{measure.__module__}.{measure.__name__}": [answer(question, world) for question in questions]
        for measure, questions in ASKED.items()
    }


@contextmanager
def closing_reader() -> Iterator[None]:
    """Whatever came of it: a client whose server is gone waits for it at the end of the process."""
    try:
        yield
    finally:
        reader().disconnect()


@contextmanager
def reading_with(address: str) -> Iterator[None]:
    before = settings.NOUS
    settings.NOUS = replace(before, engine=address)
    try:
        yield
    finally:
        settings.NOUS = before
