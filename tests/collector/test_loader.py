"""The log becomes the lake: by one loader at a time, whoever wrote it, and the lake's files stay few."""

import asyncio
import os
import time
from pathlib import Path

import pytest
from django.conf import settings
from tests.collector.conftest import NewHouse

from nousnous.base import clock
from nousnous.base.errors import Unavailable
from nousnous.collector import tidying
from nousnous.collector.entries import Arrival
from nousnous.collector.loader import Loader, clear_log
from nousnous.collector.log import Log
from nousnous.facts.events import EVENTS
from nousnous.facts.messages import QUARANTINE
from nousnous.people.actions.erasure import erase_person
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

FOLDER: Path = settings.NOUS.home / "log"


def write(workspace_id: str, *bodies: bytes, dialect: str = "segment") -> Log:
    """A log with some requests in it; its segment is locked until it is closed."""
    log = Log(FOLDER, 10**9)

    async def append() -> None:
        for body in bodies:
            await log.append(Arrival(workspace_id, "key", dialect, "/v1/track", clock.now_us(), "", body))

    asyncio.run(append())
    return log


def count(workspace: Workspace) -> int:
    rows = lake_of(workspace).snapshot(EVENTS).table(EVENTS)
    return int(rows.count().to_pyarrow().as_py())


def track(message_id: str) -> bytes:
    return b'{"event":"E","userId":"u","messageId":"%s"}' % message_id.encode()


def test_a_segment_is_loaded_while_it_is_written_and_deleted_when_it_is_finished(workspace: Workspace) -> None:
    loader = Loader()
    log = write(workspace.id, track("m1"), track("m2"))
    assert (loader.load(), count(workspace)) == (2, 2)
    assert list(FOLDER.glob("*.log"))
    log.close()
    assert loader.load() == 0
    assert not list(FOLDER.glob("*.log"))


def test_a_loader_that_died_before_it_deleted_is_followed_by_one_that_adds_nothing(workspace: Workspace) -> None:
    log = write(workspace.id, track("m1"))
    assert Loader().load() == 1
    assert Loader().load() == 1
    log.close()
    Loader().load()
    assert count(workspace) == 1


def test_requests_of_a_workspace_that_is_gone_block_nobody(workspace: Workspace) -> None:
    write("ws_gone", track("m1")).close()
    write(workspace.id, track("m2")).close()
    Loader().load()
    assert count(workspace) == 1
    assert not list(FOLDER.glob("*.log"))


def test_a_body_that_its_reader_fails_on_goes_to_quarantine(workspace: Workspace) -> None:
    write(workspace.id, b"{}", dialect="posthog").close()
    write(workspace.id, b"[]", dialect="no such dialect").close()
    Loader().load()
    rows = lake_of(workspace).snapshot(QUARANTINE).table(QUARANTINE).to_pyarrow().to_pylist()
    assert {row["reason"].split(",")[0] for row in rows} == {"The event has no name.", "The body could not be read"}


def test_whoever_erases_waits_until_the_log_is_empty(workspace: Workspace) -> None:
    write(workspace.id, track("m1")).close()
    clear_log()
    assert not list(FOLDER.glob("*.log"))
    log = write(workspace.id, track("m2"))
    with pytest.raises(Unavailable):
        clear_log(patience_s=0.5)
    log.close()
    clear_log()


def test_what_the_log_holds_of_an_erased_person_never_lands(workspace: Workspace) -> None:
    write(workspace.id, track("m1")).close()
    Loader().load()
    write(workspace.id, track("m2")).close()
    erase_person(workspace, "u")
    assert [path.name for path in FOLDER.iterdir()] == []
    assert count(workspace) == 0


def test_a_segment_that_was_never_named_is_removed_after_a_minute(workspace: Workspace) -> None:
    FOLDER.mkdir(exist_ok=True)
    young, old = FOLDER / "1.new", FOLDER / "0.new"
    for path in (young, old):
        path.touch()
    os.utime(old, (time.time() - 90, time.time() - 90))
    Loader().load()
    assert (young.exists(), old.exists()) == (True, False)
    young.unlink()


def test_many_small_files_become_few(workspace: Workspace) -> None:
    loader = Loader()
    for number in range(tidying.SMALL_COMMITS):
        write(workspace.id, track(f"m{number}")).close()
        loader.load()
    lake = lake_of(workspace)
    assert len(lake.open(EVENTS).file_uris()) == tidying.SMALL_COMMITS
    tidying.tidy_next()
    assert len(lake.open(EVENTS).file_uris()) == 1
    write(workspace.id, track("m0"), track("m-last")).close()
    loader.load()
    assert count(workspace) == tidying.SMALL_COMMITS + 1


def test_two_servers_share_one_log_and_one_loads(new_house: NewHouse, tmp_path: Path) -> None:
    house = new_house(tmp_path / "home")
    with house.serving() as one, house.serving() as other:
        for number in range(20):
            body = {"event": "E", "userId": "u", "messageId": f"m{number}"}
            assert (one if number % 2 else other).post("/v1/track", body).status_code == 200
        rows = house.wait_for(EVENTS, 20)
    assert len({row["message_id"] for row in rows}) == len(rows) == 20
