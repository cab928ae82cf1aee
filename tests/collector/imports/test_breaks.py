"""A file whose lines end in several ways, or hold a return alone, comes in whole, with the lines that it had."""

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.collector.imports.conftest import Write

from nousnous.collector.imports import breaks
from nousnous.collector.imports.actions import Upload, import_file
from nousnous.collector.imports.breaks import even_breaks
from nousnous.collector.imports.mapping import EventMapping
from nousnous.collector.imports.rejects import read_rejects
from nousnous.facts.events import EVENTS
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

HEAD, ADA, EVE = b"user_id,event,time", b"ada,buy,2024-01-01", b"eve,look,never"
WRITTEN = {
    "a return within a value": b"\n".join([HEAD, ADA, b"bo\rb,buy,2024-01-02", EVE]),
    "both breaks": HEAD + b"\n" + ADA + b"\r\n" + b"bo b,buy,2024-01-02\n" + EVE + b"\r\n",
    "returns alone": b"\r".join([HEAD, ADA, b"bo b,buy,2024-01-02", EVE]),
    "a pair within quotes": b"\n".join([HEAD, ADA, b'"bo b",buy,2024-01-02', b'"e\r\nve",look,never']),
}


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("packed", [False, True])
def test_whatever_ends_its_lines_each_row_comes_in_and_a_bad_one_has_its_line(
    workspace: Workspace, write: Write, name: str, *, packed: bool
) -> None:
    content = gzip.compress(WRITTEN[name]) if packed else WRITTEN[name]
    record = import_file(workspace, Upload(write("a.csv", content), EventMapping()))
    assert (record.added, record.rejected) == (2, 1)
    assert [one["line"] for one in read_rejects(record.id, 9)] == [4]
    rows = lake_of(workspace).snapshot(EVENTS).table(EVENTS).to_pyarrow()
    assert sorted(rows["user_id"].to_pylist()) == ["ada", "bo b"]


def test_a_return_between_the_members_of_an_object_ends_no_line(workspace: Workspace, write: Write) -> None:
    lines = b'{"event":"a",\r"time":"2024-01-01"}\n{"event":"b",\r\n{"event":"c","time":"2024-01-01"}'
    record = import_file(workspace, Upload(write("a.jsonl", lines), EventMapping()))
    assert (record.added, record.rejected) == (2, 1)
    assert [one["line"] for one in read_rejects(record.id, 9)] == [2]


def slowly(content: bytes, *, quoted: bool) -> bytes:
    """What the docstring says, a byte at a time."""
    outside, within = [], False
    for at, byte in enumerate(content):
        within ^= quoted and byte == ord('"')
        if byte in b"\r\n" and not within:
            outside.append(at)
    pairs = {at for at in outside if content[at : at + 2] == b"\r\n"}
    alone = {at for at in outside if content[at : at + 1] == b"\r"} - pairs
    feeds = {at for at in outside if content[at : at + 1] == b"\n"} - {at + 1 for at in pairs}
    if not alone and not (pairs and feeds):
        return content
    stand_in = b" " if pairs or feeds else b"\n"
    return b"".join(
        stand_in if at in alone else b"" if at in pairs else content[at : at + 1] for at in range(len(content))
    )


@given(text=st.text(alphabet='a,"\r\n', max_size=40), size=st.integers(1, 7), quoted=st.booleans())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_fast_reading_is_the_slow_one_wherever_a_piece_ends(
    tmp_path: Path, text: str, size: int, *, quoted: bool
) -> None:
    path = tmp_path / "file"
    path.write_bytes(text.encode())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(breaks, "CHUNK_BYTES", size)
        with even_breaks(path, gzipped=False, quoted=quoted) as (even, _):
            assert even.read_bytes() == slowly(text.encode(), quoted=quoted)
