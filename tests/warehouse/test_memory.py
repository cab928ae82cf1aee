"""What is remembered is what would be measured now: after new data, merges, a deletion, and an hour."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from nousnous.base import clock
from nousnous.facts.events import EVENTS, LINKS
from nousnous.warehouse import memory
from nousnous.warehouse.lake import Lake, Snapshot, lake_of, rows_of
from nousnous.warehouse.memory import forget, remembered
from nousnous.workspaces.models import Workspace

Bring = Callable[..., None]


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    memory._kept.clear()
    yield
    memory._kept.clear()


@pytest.fixture
def lake(workspace: Workspace) -> Lake:
    bring(lake_of(workspace), "ada")
    return lake_of(workspace)


def bring(lake: Lake, user_id: str, key: int = 1) -> None:
    one = {"user_id": [user_id], "identity_key": [key], "landed_us": [clock.now_us()], "event": ["Order Completed"]}
    lake.append(EVENTS, rows_of(EVENTS, one))


def link(lake: Lake, key: int, person: int) -> None:
    one = {"identity_key": [key], "target_key": [person], "person_key": [person], "landed_us": [clock.now_us()]}
    lake.append(LINKS, rows_of(LINKS, one))


def people(snapshot: Snapshot) -> int:
    return int(snapshot.events().person_key.nunique().to_pyarrow().as_py())


def asked(lake: Lake, measured: list[str]) -> int:
    """How many people there are, and whether that was measured."""
    snapshot = lake.snapshot(EVENTS, LINKS)
    return remembered(snapshot, "people", lambda: measured.append(str(snapshot)) or people(snapshot))  # type: ignore[func-returns-value]  # appends, then counts


def test_asking_again_measures_nothing(lake: Lake) -> None:
    measured: list[str] = []
    assert [asked(lake, measured) for _ in range(3)] == [1, 1, 1]
    assert len(measured) == 1


def test_new_data_a_merge_and_a_deletion_are_seen_at_once(lake: Lake) -> None:
    measured: list[str] = []
    assert asked(lake, measured) == 1
    bring(lake, "bob", 2)
    assert asked(lake, measured) == 2
    link(lake, 2, 1)
    assert asked(lake, measured) == 1
    lake.delete(EVENTS, "identity_key = 1")
    lake.delete(LINKS, "identity_key = 2")
    assert asked(lake, measured) == 1
    assert len(measured) == 4


def test_what_another_process_landed_lets_everything_older_go_whatever_is_asked(lake: Lake) -> None:
    remembered(lake.snapshot(EVENTS, LINKS), "whose", lambda: "ada")
    bring(lake, "bob", 2)
    remembered(lake.snapshot(EVENTS), "another question", lambda: 1)
    assert "ada" not in repr(memory._kept)


def test_what_was_measured_while_the_tables_changed_is_not_kept(lake: Lake) -> None:
    snapshot = lake.snapshot(EVENTS)

    def slowly() -> str:
        lake.delete(EVENTS, "identity_key = 1")
        forget(lake)
        return "ada"

    assert remembered(snapshot, "whose", slowly) == "ada"
    assert not memory._kept


def test_another_question_and_another_workspace_have_findings_of_their_own(lake: Lake) -> None:
    other = Lake(f"{lake.folder}-other")
    bring(other, "eve")
    snapshots = lake.snapshot(EVENTS), other.snapshot(EVENTS)
    assert snapshots[0].versions == snapshots[1].versions
    asked = [(one, ("whose", day)) for one in snapshots for day in (1, 2)]
    found = [remembered(*one, partial(str, number)) for number, one in enumerate(asked)]
    again = [remembered(*one, lambda: "measured again") for one in asked]
    assert again == found
    assert len(set(found)) == 4
    forget(other)
    assert {folder for folder, _ in memory._kept} == {lake.folder}


def test_findings_go_after_an_hour_and_the_oldest_where_there_are_too_many(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[str] = []
    now_us = clock.now_us()
    with clock.frozen(now_us):
        asked(lake, measured)
    with clock.frozen(now_us + memory.LIFE_US):
        asked(lake, measured)
    assert len(measured) == 2
    monkeypatch.setattr(memory, "MOST", 3)
    for number in range(5):
        remembered(lake.snapshot(EVENTS), number, partial(str, number))
    assert [definition for _, definition in memory._kept] == [2, 3, 4]


def test_many_threads_that_ask_while_data_lands_never_get_less_than_stood_before(lake: Lake) -> None:
    def ask(number: int) -> tuple[int, int]:
        if number % 5 == 0:
            bring(lake, f"person-{number}", number + 10)
        before = people(lake.snapshot(EVENTS, LINKS))
        return before, asked(lake, [])

    with ThreadPoolExecutor(4) as pool:
        assert all(found >= before for before, found in pool.map(ask, range(40)))
