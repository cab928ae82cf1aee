"""A file is what its bytes say, and its columns are what everybody sees that they are."""

import gzip
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.collector.imports.conftest import Write, bring, events_of

from nousnous.base.clock import HOUR_US
from nousnous.base.errors import Missing, Refused
from nousnous.collector.imports.actions import Upload, preview_file, undo_import
from nousnous.collector.imports.files import Reading, opened
from nousnous.collector.imports.mapping import EventMapping, Source, event_mapping
from nousnous.collector.imports.telling import how_read, what_is_missing
from nousnous.workspaces.models import Workspace

CSV = "CustomerID,action,time,plan\n17850.0,buy,2024-01-02 03:04:05,gold\n,look,2024-01-02 03:04:06,\n"
MOMENT_US = 1_704_164_645_000_000
FEBRUARY, JANUARY = 1_706_781_600_000_000, 1_704_189_600_000_000
CONTENT_ID = "row-d49fb1684e82641ee99c5bb9444bb258"


def test_obvious_columns_are_guessed_and_others_become_properties(workspace: Workspace, write: Write) -> None:
    bring(workspace, write("a.csv", CSV))
    known, nobody = events_of(workspace)
    assert (known["user_id"], known["event"], known["ts_us"]) == ("17850", "buy", MOMENT_US)
    assert json.loads(known["properties"]) == {"plan": "gold"}
    assert (nobody["user_id"], nobody["identity_key"], nobody["properties"]) == (None, None, None)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_every_form_says_the_same_whatever_its_name(
    workspace: Workspace, tmp_path: Path, form: str, zipped: bool
) -> None:
    row = {"user_id": "u1", "event": "a", "time": "2024-01-02 03:04:05", "plan": "x"}
    path = tmp_path / "file.dat"
    if form == "parquet":
        pq.write_table(pa.Table.from_pylist([row, row]), path)
    elif form == "csv":
        path.write_text("\n".join([",".join(row), *[",".join(row.values())] * 2]))
    else:
        path.write_text("\n".join([json.dumps(row)] * 2))
    if zipped:
        path.write_bytes(gzip.compress(path.read_bytes()))
    bring(workspace, path)
    ids = {kept["message_id"] for kept in events_of(workspace)}
    assert ids == {CONTENT_ID, f"{CONTENT_ID}-2"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("title", ["Orders", "Orders, of January", "Orders\n\nmade by; sales"])
def test_titles_above_a_table_are_no_header(workspace: Workspace, write: Write, delimiter: str, title: str) -> None:
    head = "user_id,event,timestamp,tags,plan,note".replace(",", delimiter)
    rows = [f"u{number},a,2024-01-02,x|y|z|w|v|u|t|s,gold,".replace(",", delimiter) for number in range(4)]
    bring(workspace, write("a.csv", "\n".join([title, head, *rows, "broken", ""])))
    events = events_of(workspace)
    assert {event["user_id"] for event in events} == {"u0", "u1", "u2", "u3"}
    assert json.loads(events[0]["properties"]) == {"tags": "x|y|z|w|v|u|t|s", "plan": "gold"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_byte_order_mark_and_any_delimiter_are_no_trouble(workspace: Workspace, write: Write, delimiter: str) -> None:
    text = "\n\ufeffuser_id,event,timestamp,event\r\nü1,a,2024-01-02,b\r\n".lstrip("\n").replace(",", delimiter)
    bring(workspace, write("a.csv", text.encode()))
    (row,) = events_of(workspace)
    assert (row["user_id"], row["event"], row["properties"]) == ("ü1", "a", '{"event 2":"b"}')


def test_nested_json_keeps_its_values_and_properties_are_unfolded(workspace: Workspace, write: Write) -> None:
    line = {"event": "buy", "timestamp": 1704164645, "properties": {"country": "FR", "cart": {"n": 2}, "vip": True}}
    bring(workspace, write("a.jsonl", json.dumps(line)))
    (row,) = events_of(workspace)
    assert (row["ts_us"], row["country"]) == (MOMENT_US, "FR")
    assert json.loads(row["properties"]) == {"cart": {"n": 2}, "vip": True}


def test_the_types_of_parquet_are_kept(workspace: Workspace, tmp_path: Path) -> None:
    moment = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    row = {"user_id": 17850.0, "event": "buy", "total": 9.5, "n": 3, "vip": True, "tags": ["a"], "none": float("nan")}
    times = {"zoned": moment, "local": moment.replace(tzinfo=None), "day": date(2024, 1, 2)}
    pq.write_table(pa.Table.from_pylist([row | times]), tmp_path / "a.parquet")
    expected = {"zoned": MOMENT_US, "local": MOMENT_US - 9 * HOUR_US, "day": 1_704_153_600_000_000 - 9 * HOUR_US}
    for name, ts_us in expected.items():
        mapping = EventMapping(
            fields={"timestamp": Source("column", name)}, timezone="Asia/Tokyo", keep=("n", "vip", "tags", "none")
        )
        record = bring(workspace, tmp_path / "a.parquet", mapping)
        (stored,) = [one for one in events_of(workspace) if one["source"] == record.id]
        assert (stored["ts_us"], stored["user_id"], stored["total"]) == (ts_us, "17850", 9.5)
        assert json.loads(stored["properties"]) == {"n": 3, "vip": True, "tags": ["a"]}


@pytest.mark.parametrize(
    ("written", "timezone", "second"),
    [
        ("2024-01-02T03:04:05Z", "", 0),
        ("2024-01-02T05:04:05+02:00", "Asia/Tokyo", 0),
        ("2024-01-02 05:04:05 +0200", "", 0),
        ("2024-01-02 12:04:05", "Asia/Tokyo", 0),
        ("1704164645", "Asia/Tokyo", 0),
        ("1704164645000", "", 0),
        ("1704164645000000", "", 0),
        ("1704164645.5", "", 500_000),
        ("02.01.2024 03:04:05", "", 0),
        ("13/01/2024 03:04:05", "", 11 * 86_400_000_000),
        ("1/13/2024 3:04:05 AM", "", 11 * 86_400_000_000),
        ("Tue, 02 Jan 2024 03:04:05 GMT", "", 0),
        ("20240102030405", "", 0),
    ],
)
def test_times_are_read_in_the_forms_that_people_use(
    workspace: Workspace, write: Write, written: str, timezone: str, second: int
) -> None:
    bring(workspace, write("a.csv", f'event,time\na,"{written}"\n'), f"[file]\ntimezone = '{timezone or 'UTC'}'")
    assert [row["ts_us"] for row in events_of(workspace)] == [MOMENT_US + second]


def test_days_and_months_that_cannot_be_told_apart_are_asked_for(workspace: Workspace, write: Write) -> None:
    path = write("a.csv", "event,time\na,1/2/2024 10:00\n")
    with pytest.raises(Refused, match="--time-format"):
        bring(workspace, path)
    for written, ts_us in [("%d/%m/%Y %H:%M", FEBRUARY), ("day-first", FEBRUARY), ("month-first", JANUARY)]:
        record = bring(workspace, path, f"[file]\ntime_format = '{written}'")
        assert [row["ts_us"] for row in events_of(workspace)] == [ts_us]
        undo_import(workspace, record.id)


@pytest.mark.parametrize("content", ["", "[{}]", "user_id,time\nu1,2024-01-01\n", "event,plan\na,b\n"])
def test_a_file_without_rows_event_or_time_is_refused(workspace: Workspace, write: Write, content: str) -> None:
    with pytest.raises(Refused):
        bring(workspace, write("a.csv", content))


def test_a_broken_archive_and_a_missing_file_are_said_to_be_so(workspace: Workspace, write: Write) -> None:
    with pytest.raises(Refused):
        bring(workspace, write("a.csv.gz", gzip.compress(CSV.encode())[:20]))
    with pytest.raises(Missing):
        bring(workspace, Path("nowhere.csv"))


def test_a_preview_says_which_rows_the_reader_cannot_read(write: Write) -> None:
    rows = [b"user_id;event;time", b"\xfc1;Kauf;2024-01-31", "ü2;Kauf;2024-01-31".encode(), b"u3;Kauf", b";;;;"]
    preview = preview_file(Upload(write("excel.csv", b"\r\n".join(rows)), EventMapping()))
    assert [row["user_id"] for row in preview.rows] == ["ü2"]
    assert [(one["row"], one["reason"][:22]) for one in preview.rejected] == [
        (1, "is not in the file's e"),
        (3, "has too few columns"),
    ]


WRITTEN = "user_id;event;time\r\nMüller;Kauf für 5 € “bar”;2024-01-31\r\n"


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(
    ("codec", "told"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "Windows")]
)
def test_the_encoding_is_told_by_the_bytes_and_said(write: Write, codec: str, told: str, zipped: bool) -> None:
    content = WRITTEN.encode(codec)
    preview = preview_file(Upload(write("a.csv", gzip.compress(content) if zipped else content), EventMapping()))
    (row,) = preview.rows
    assert (row["user_id"], row["event"]) == ("Müller", "Kauf für 5 € “bar”")
    assert how_read(preview.mapping.as_dict()).startswith(f"Read as {told}")


def test_umlauts_late_in_a_large_file_are_seen_whole(write: Write) -> None:
    rows = [f"u{row},a,2024-01-01 10:00" for row in range(60_000)]
    late = "\n".join(["user_id,event,time", *rows, "Zoë,Später,2024-01-01"])
    for codec in ("utf-8", "cp1252"):
        with opened(write("a.csv", late.encode(codec)), Reading()) as file:
            assert (file.encoding, late in file.path.read_text("utf-8")) == (codec, True)


def test_an_encoding_is_said_where_the_guess_is_wrong_and_latin_1_is_what_windows_writes(write: Write) -> None:
    path = write("a.csv", WRITTEN.encode("cp1252"))
    assert preview_file(Upload(path, EventMapping(encoding="latin-1"))).rows[0]["event"] == "Kauf für 5 € “bar”"
    assert preview_file(Upload(path, EventMapping(encoding="utf-8"))).rows == []
    with pytest.raises(Refused, match="use utf-8, utf-16, cp1252"):
        preview_file(Upload(path, EventMapping(encoding="klingon")))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.4\n1 0 obj", "a PDF, not a table"),
        (b"PK\x03\x04rest", "an Excel workbook or a ZIP, not a table"),
        (b"<!DOCTYPE html><p>", "a web page, not a table"),
        (b"", "is empty; export it again"),
        (b'[{"event": "a"}]', "each object on a line of its own"),
    ],
)
def test_a_file_that_is_no_table_says_what_it_is_and_what_to_do(write: Write, content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        preview_file(Upload(write("events.csv", content), EventMapping()))


NUMBERS = "user_id;event;timestamp;revenue\n"
REVENUE = EventMapping(fields={"revenue": Source("column", "revenue")})


def revenues(write: Write, *written: str, asked: EventMapping = REVENUE) -> list[float | None]:
    rows = "".join(f"u1;a;31.12.2025;{text}\n" for text in written)
    return [row.get("revenue") for row in preview_file(Upload(write("a.csv", NUMBERS + rows), asked)).rows]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["12,50", "1.234", "1.234,5", "-3", "12.345.678"], [12.5, 1234, 1234.5, -3, 12_345_678]),
        (["12.50", "1,234", "1.234", "1e3"], [12.5, 1234, 1.234, 1000]),
        (["1 234,50", "1'000"], [1234.5, 1000]),
        (["7", "1234"], [7, 1234]),
        (["12,5", "12.5"], [12.5, 12.5]),
    ],
)
def test_one_number_that_can_mean_one_thing_decides_for_the_file(
    write: Write, written: list[str], read: list[float]
) -> None:
    assert revenues(write, *written) == read


@pytest.mark.parametrize("written", ["1.234", "1,234"])
def test_decimals_and_thousands_that_cannot_be_told_apart_are_asked_for(write: Write, written: str) -> None:
    with pytest.raises(Refused, match=rf"numbers such as {re.escape(written)}; say which mark"):
        revenues(write, written)
    read = {mark: revenues(write, written, asked=replace(REVENUE, decimal=mark)) for mark in ".,"}
    assert sorted(value for values in read.values() for value in values if value) == [1.234, 1234]


def test_a_point_stays_a_point_where_commas_separate(write: Write) -> None:
    path = write("a.csv", "user_id,event,timestamp,revenue\nu1,a,2025-12-31,1.234\n")
    assert preview_file(Upload(path, EventMapping())).rows[0]["revenue"] == 1.234


def test_a_number_that_could_be_two_among_both_ways_of_writing_is_none(write: Write) -> None:
    assert revenues(write, "12,5", "12.5", "1.234") == [12.5, 12.5]


def test_an_expression_computes_with_decimal_commas(write: Write) -> None:
    path = write("a.csv", "user_id;event;timestamp;Preis;Menge\nu1;a;31.12.2025;1.234,50;2\nu1;a;31.12.2025;1.000;3\n")
    preview = preview_file(Upload(path, event_mapping('revenue = "Preis * Menge"')))
    assert [row["revenue"] for row in preview.rows] == [2469.0, 3000.0]


def test_a_preview_says_when_nobody_is_named(write: Write) -> None:
    preview = preview_file(Upload(write("a.csv", "Kunde;event;time\nAda;Kauf;31.12.2025\n"), EventMapping()))
    assert "--map user_id=COLUMN" in what_is_missing("events", preview.mapping.as_dict(), stored=False)
