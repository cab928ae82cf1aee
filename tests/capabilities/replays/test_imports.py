"""Recordings in files: brought in once, played, taken away again; what is wrong with them said in a sentence."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from tests.capabilities.replays.recorded import click, page
from tests.places import SHARED_DATA

from nousnous.base.errors import Missing, Refused
from nousnous.capabilities.replays.actions.exporting import export_replay
from nousnous.capabilities.replays.actions.reading import ReplayQuery, chunk_events, list_replays, read_replay
from nousnous.collector.imports.actions import Upload, import_file, preview_file, undo_import
from nousnous.collector.imports.rejects import read_rejects
from nousnous.collector.imports.replays import RecordingMapping
from nousnous.collector.models import Import
from nousnous.facts.events import EVENTS
from nousnous.facts.replays import REPLAY_CHUNKS
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.objects import objects_of
from nousnous.workspaces.models import Workspace

EVENTS_OF_A_MINUTE = [*page(), *(click(at * 1000, x=at * 40) for at in range(1, 60))]


def bring_in(workspace: Workspace, path: Path, person: str = "") -> Import:
    return import_file(workspace, Upload(path, RecordingMapping(person)))


def written(folder: Path, content: bytes) -> Path:
    path = folder / "recording.json"
    path.write_bytes(content)
    return path


def played(workspace: Workspace) -> list[Any]:
    """All events of the only replay, as a player reads them."""
    (one,) = list_replays(workspace, ReplayQuery())
    pieces = range(len(read_replay(workspace, one.session_id).chunks))
    return [event for number in pieces for event in json.loads(chunk_events(workspace, one.session_id, number))]


@pytest.mark.parametrize(("name", "rages"), [("human", 0), ("todo", 0), ("rage", 1)])
def test_a_real_recording_is_brought_in_with_the_signals_it_shows(workspace: Workspace, name: str, rages: int) -> None:
    path = SHARED_DATA / f"replay_{name}.json"
    record = bring_in(workspace, path, "ada")
    assert (record.state, record.added, record.rejected) == (Import.DONE, len(json.loads(path.read_bytes())), 0)
    assert [event["timestamp"] for event in played(workspace)] == [
        event["timestamp"] for event in json.loads(path.read_bytes())
    ]
    (one,) = list_replays(workspace, ReplayQuery(person="ada"))
    assert (one.signals, one.width is not None) == (rages, True)
    found = lake_of(workspace).snapshot().table(EVENTS).to_pyarrow().to_pylist()
    assert [(row["event"], row["element"], row["screen"]) for row in found] == [
        ("Rage Click", "body > section > header > h1", "/app/javascript-es6/dist/index.html")
    ] * rages
    assert [json.loads(row["properties"]) for row in found] == [{"clicks": 7, "name": "todos"}] * rages


def test_bringing_it_in_again_adds_nothing_and_undo_takes_it_away(workspace: Workspace, tmp_path: Path) -> None:
    first = bring_in(workspace, SHARED_DATA / "replay_rage.json")
    (one,) = list_replays(workspace, ReplayQuery())
    body, _ = export_replay(workspace, one.session_id)
    again = bring_in(workspace, written(tmp_path, body))
    assert (again.added, again.repeated) == (0, first.added)
    undo_import(workspace, first.id)
    assert list_replays(workspace, ReplayQuery()) == []
    assert list(objects_of(lake_of(workspace)).standing()) == []
    assert lake_of(workspace).snapshot().table(EVENTS).count().to_pyarrow().as_py() == 0


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"events": EVENTS_OF_A_MINUTE}).encode(),
        "\n".join(map(json.dumps, EVENTS_OF_A_MINUTE)).encode(),
        gzip.compress(json.dumps(EVENTS_OF_A_MINUTE[::-1]).encode()),
    ],
    ids=["events", "lines", "gzipped and upside down"],
)
def test_a_recording_may_be_written_in_many_ways(workspace: Workspace, tmp_path: Path, content: bytes) -> None:
    bring_in(workspace, written(tmp_path, content))
    assert sorted(played(workspace), key=str) == sorted(EVENTS_OF_A_MINUTE, key=str)


def test_what_stands_before_a_cut_is_kept_and_the_cut_is_told(workspace: Workspace, tmp_path: Path) -> None:
    whole = json.dumps(EVENTS_OF_A_MINUTE).encode()
    record = bring_in(workspace, written(tmp_path, whole[: len(whole) - 40]))
    assert played(workspace) == EVENTS_OF_A_MINUTE[:-1]
    assert record.reason == "The file is cut off: what stands before the cut was read."
    packed = gzip.compress(whole)
    cut = preview_file(Upload(written(tmp_path, packed[: len(packed) // 2]), RecordingMapping()))
    assert 1 < cut.rows[0]["events"] < 61


def test_an_event_that_cannot_be_read_is_told_with_its_place(workspace: Workspace, tmp_path: Path) -> None:
    foreign = [*EVENTS_OF_A_MINUTE[:3], {"kind": "click"}, *EVENTS_OF_A_MINUTE[3:]]
    record = bring_in(workspace, written(tmp_path, json.dumps(foreign).encode()))
    assert record.reason == "1 of 62 events could not be read; the others are whole."
    assert next(read_rejects(record.id, 1))["line"] == 4
    assert played(workspace) == EVENTS_OF_A_MINUTE


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"<svg/>", "The file is no JSON"),
        (b'[{"name": "a"}, {"name": "b"}]', "The file is no recording"),
        (b'{"version": 2, "events": "none"}', "The file is no recording"),
        (b"\x1f\x8bnothing", "The file cannot be unpacked"),
        (json.dumps(EVENTS_OF_A_MINUTE[2:]).encode(), "no whole picture of the page"),
    ],
)
def test_what_is_no_recording_is_refused_with_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        preview_file(Upload(written(tmp_path, content), RecordingMapping()))


def test_a_damaged_piece_costs_its_seconds_and_not_its_session(workspace: Workspace, tmp_path: Path) -> None:
    bring_in(workspace, written(tmp_path, json.dumps(EVENTS_OF_A_MINUTE).encode()))
    (one,) = list_replays(workspace, ReplayQuery())
    objects = objects_of(lake_of(workspace))
    rows = lake_of(workspace).snapshot().table(REPLAY_CHUNKS).order_by("ts_us").to_pyarrow()
    damaged = Path(str(objects.store.prefix)) / objects.workspace_id / rows["object"][2].as_py()
    damaged.write_bytes(damaged.read_bytes()[:20] + b"\0" * 20)
    with pytest.raises(Missing, match="is damaged and cannot be read"):
        chunk_events(workspace, one.session_id, 2)
    whole = [number for number in range(one.chunks) if number != 2]
    kept = [event for number in whole for event in json.loads(chunk_events(workspace, one.session_id, number))]
    assert len(kept) == len(EVENTS_OF_A_MINUTE) - 10
