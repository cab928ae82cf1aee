"""Files made to fill the memory or the disk of whoever opens them: each is told in a sentence, and costs little."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings

from nousnous.base.errors import Refused
from nousnous.collector.bodies import TooLarge, unpack
from nousnous.collector.imports.actions import Mapped, Upload, import_file, preview_file
from nousnous.collector.imports.conversations import ConversationMapping
from nousnous.collector.imports.files import Reading, opened
from nousnous.collector.imports.lines import CHUNK_BYTES, Lines
from nousnous.collector.imports.mapping import EventMapping
from nousnous.collector.imports.rejects import read_rejects
from nousnous.collector.imports.replays import RecordingMapping
from nousnous.workspaces.models import Workspace

MEGABYTE = 1 << 20
MOST_MEGABYTES = 200
HEAD = b"user_id,event,timestamp\n"
ROW = b"u,e,2024-01-01\n"
DAY = b'{"event":"e","timestamp":"2024-01-01"'


def peak() -> int:
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) // 1024


def packed(*pieces: bytes) -> bytes:
    """Pieces gzipped one after the other, the last one a hundred and sixty times."""
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="wb", compresslevel=1) as stream:
        for piece in (*pieces[:-1], *pieces[-1:] * 160):
            stream.write(piece)
    return made.getvalue()


def parquet(columns: int) -> bytes:
    made = io.BytesIO()
    pq.write_table(pa.table({f"c{at}": [1] for at in range(columns)}), made)
    return made.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as folder, folder.open(name, "w") as member:
        for _ in range(160):
            member.write(content)
    return made.getvalue()


EVENTS, TALKS, SCREEN = EventMapping(), ConversationMapping(), RecordingMapping("")
BOMBS: dict[str, tuple[Mapped, Callable[[], bytes], str]] = {
    "a line of gigabytes, gzipped": (EVENTS, lambda: packed(HEAD, b"0" * MEGABYTE), "times its size"),
    "nothing but lines, gzipped": (EVENTS, lambda: packed(HEAD, b"\n" * MEGABYTE), "times its size"),
    "members without end, gzipped": (EVENTS, lambda: gzip.compress(HEAD) + packed(b"\0" * MEGABYTE) * 2, "its size"),
    "gzip in gzip": (EVENTS, lambda: gzip.compress(packed(HEAD, b"0" * MEGABYTE)), "gzipped twice"),
    "a long line": (EVENTS, lambda: HEAD + b"u," + b"0" * (32 * MEGABYTE), "longer than 16 MiB"),
    "a long line of JSON": (EVENTS, lambda: DAY + b',"a":"' + b"0" * (32 * MEGABYTE) + b'"}\n', "longer than 16 MiB"),
    "lines of which each is broken": (EVENTS, lambda: HEAD + ROW + b"x\n" * 500_000, "Too many lines"),
    "a row of a million cells": (EVENTS, lambda: HEAD + ROW * 9 + b"1," * 1_000_000 + b"\n", "Too many lines"),
    "a million columns": (EVENTS, lambda: b"c," * 1_000_000 + b"\n" + b"1," * 1_000_000, "more than 2,000 columns"),
    "columns of Parquet": (EVENTS, lambda: parquet(3_000), "more than 2,000 columns"),
    "names of JSON": (EVENTS, lambda: json.dumps(dict.fromkeys(map(str, range(9_999)), 1)).encode(), "2,000 columns"),
    "tables in a ZIP": (TALKS, lambda: zipped("ticket_comment.csv", b"0" * MEGABYTE), "times its size"),
    "a recording of nothing": (SCREEN, lambda: packed(b"[", b" " * MEGABYTE), "more than 64 MiB"),
    "a recording of numbers": (SCREEN, lambda: b"[" + b"0," * 10_000_000 + b"0]", "no events of rrweb"),
    "a recording of empty lines": (SCREEN, lambda: b"{}\n" * 5_000_000, "no events of rrweb"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_told_in_a_sentence_and_costs_no_memory(workspace: Workspace, tmp_path: Path, name: str) -> None:
    mapping, made, told = BOMBS[name]
    path = tmp_path / "file"
    path.write_bytes(made())
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted anew
    idle, before = peak(), set(settings.NOUS.home.glob("scratch/*"))
    for read in (lambda: preview_file(Upload(path, mapping)), lambda: import_file(workspace, Upload(path, mapping))):
        with pytest.raises(Refused, match=told):
            read()
    assert peak() - idle < MOST_MEGABYTES
    assert set(settings.NOUS.home.glob("scratch/*")) <= before


def test_a_deep_row_of_json_costs_no_neighbour(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "deep.jsonl"
    deep = DAY + b',"a":' + b"[" * 500_000 + b"]" * 500_000 + b"}"
    path.write_bytes(b"\n".join([DAY + b"}", deep, b'{"event":"f","timestamp":"2024-01-02"}']))
    record = import_file(workspace, Upload(path, EVENTS))
    assert (record.rows_read, record.added + record.rejected) == (3, 3)
    assert record.added >= 2


def test_a_parquet_of_which_the_end_is_damaged_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "file.parquet"
    pq.write_table(pa.table({"event": ["e"] * 1_000, "timestamp": ["2024-01-01"] * 1_000}), path, compression="none")
    whole = path.read_bytes()
    for damaged in (whole[:-8] + b"\xff" * 8, whole[:-8] + b"\xff\xff\xff\x7fPAR1", whole[: len(whole) // 2]):
        path.write_bytes(damaged)
        with pytest.raises(Refused, match="cannot be read"):
            import_file(workspace, Upload(path, EVENTS))


@pytest.mark.parametrize("harm", ["cut", "locked", "crossed"])
def test_a_zip_that_cannot_be_unpacked_is_told(workspace: Workspace, tmp_path: Path, harm: str) -> None:
    whole = bytearray(zipped("ticket_comment.csv", b"id,body\n1,x\n"))
    if harm == "locked":
        whole[6] |= 1  # says that it takes a password, here and in the directory
        whole[whole.rindex(b"PK\x01\x02") + 8] |= 1
    elif harm == "crossed":
        whole[60] ^= 0xFF
    path = tmp_path / "tables.zip"
    path.write_bytes(whole if harm != "cut" else whole[:40] + whole[60:])
    with pytest.raises(Refused, match=r"cannot be (unpacked|read)|is no|Excel"):
        import_file(workspace, Upload(path, TALKS))


def test_lines_are_told_rightly_over_many_pieces_of_a_file(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    filler = b'"two\nlines",e,2024-01-01,' + b"x" * 1000 + b"\n"
    rows = 2 * CHUNK_BYTES // len(filler)
    path.write_bytes(b"user_id,event,timestamp,note\n" + filler * rows + b"u,e,never,x\n" + filler + b"u,e,2024,x,y\n")
    record = import_file(workspace, Upload(path, EVENTS))
    assert [one["line"] for one in read_rejects(record.id, 9)] == [2 * rows + 5, 2 * rows + 2]
    with opened(path, Reading()) as file:
        asked = np.array([1, 2, rows])
        assert Lines(file, np.empty(0, np.int64)).of_rows(asked).tolist() == [2, 4, 2 * rows]


def test_a_request_that_unpacks_without_end_is_too_large() -> None:
    bomb = packed(b"[", b" " * MEGABYTE)
    Path("/proc/self/clear_refs").write_text("5")
    idle = peak()
    for body in (bomb, gzip.compress(bomb), gzip.compress(b"") * 100_000 + bomb):
        with pytest.raises(Refused) as refused:
            unpack(body)
        assert isinstance(refused.value, TooLarge) or "packed" in str(refused.value)
    assert peak() - idle < MOST_MEGABYTES
