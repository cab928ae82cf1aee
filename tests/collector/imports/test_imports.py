"""Imports: real files whole, nothing twice, rejects with their lines, interruption, undo."""

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.collector.imports.conftest import Write, bring, events_of
from tests.places import ROOT, SHARED_DATA

from nousnous.base.errors import Conflict
from nousnous.collector.imports.actions import undo_import
from nousnous.collector.imports.rejects import read_rejects, reject_path
from nousnous.collector.models import Import
from nousnous.collector.retrieval import stored_events, wanted_events
from nousnous.facts.events import EVENTS, RETRACTIONS
from nousnous.runs.models import OutboxEntry
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

CLICKS = SHARED_DATA / "shop_clickstream.csv"


def ids_of(workspace: Workspace) -> set[str]:
    return {row["message_id"] for row in events_of(workspace)}


def test_all_rows_of_the_clickstream_stay_and_a_second_run_adds_none(workspace: Workspace, write: Write) -> None:
    assert bring(workspace, CLICKS).added == 31_106
    header, *lines = CLICKS.read_text().splitlines()
    random.Random(1).shuffle(lines)
    turned = [",".join(reversed(line.split(","))) for line in (header, *lines)]
    again = bring(workspace, write("shuffled.csv.gz", gzip.compress("\n".join(turned).encode())))
    assert (again.added, again.repeated, again.rejected) == (0, 31_106, 0)


def test_each_line_of_the_online_shop_is_one_event(workspace: Workspace) -> None:
    mapping = (ROOT / "docs" / "guides" / "mappings" / "online_retail.toml").read_text()
    record = bring(workspace, SHARED_DATA / "online_retail.csv.gz", mapping)
    events = lake_of(workspace).snapshot(EVENTS).table(EVENTS)
    counts = events.group_by("event").agg(n=events.count()).order_by("event").to_pyarrow().to_pylist()
    assert (record.added, record.rejected) == (245_903, 0)
    assert sum(row["n"] for row in counts) == 245_903
    assert [row["event"] for row in counts] == ["Order Completed", "Order Refunded"]
    nameless = events.filter(events.user_id.isnull() & events.anonymous_id.startswith("invoice:"))
    assert nameless.count().to_pyarrow().as_py() == 69_014


def persons_of(workspace: Workspace) -> dict[str, str]:
    """The person of each device."""
    parts = stored_events(workspace, wanted_events(workspace))
    return {row["anonymous_id"]: row["person_id"] for part in parts for row in part.to_pylist()}


rows = st.lists(
    st.tuples(st.sampled_from(["u1", "u2.0", "7.0", ""]), st.sampled_from("ab"), st.integers(0, 3)), min_size=1
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows, st.permutations(["user_id", "event", "time"]), st.randoms(use_true_random=False))
def test_shuffled_lines_and_columns_change_nothing(
    transactional_db: None, tmp_path: Path, rows: list[tuple[str, str, int]], columns: list[str], chance: random.Random
) -> None:
    found = []
    for turn in range(2):
        workspace = Workspace.objects.create(slug=f"w{Workspace.objects.count()}", name="W")
        names = columns if turn else sorted(columns)
        lines = [{"user_id": user, "event": event, "time": f"2024-01-0{1 + day}"} for user, event, day in rows]
        chance.shuffle(lines)
        path = tmp_path / "rows.csv"
        path.write_text("\n".join([",".join(names), *(",".join(line[name] for name in names) for line in lines)]))
        assert bring(workspace, path).added == len(rows)
        found.append(ids_of(workspace))
    assert found[0] == found[1]


def test_rows_that_cannot_be_read_are_told_with_line_field_and_reason(workspace: Workspace, write: Write) -> None:
    lines = [
        b'user_id,event,time,note\r\nu1,a,2024-01-01,"two\r\nlines"\r\n',
        b"u2,b,never,x\r\n\r\nu3,b\r\nu4,,2024-01-01,x\r\n",
        b"u5,c,2999-01-01,x\r\nu6,\xff,2024-01-01,x\r\nu7,d,2024-01-02,\xc3\xbc",
    ]
    record = bring(workspace, write("a.csv", b"".join(lines)))
    assert (record.rows_read, record.added, record.rejected) == (7, 2, 5)
    rejects = sorted(read_rejects(record.id, 10), key=lambda reject: reject["line"])
    assert [(reject["line"], reject["field"]) for reject in rejects] == [
        (4, "timestamp"),
        (6, "time"),
        (7, "event"),
        (8, "timestamp"),
        (9, "event"),
    ]
    assert rejects[0]["row"] == {"user_id": "u2", "event": "b", "time": "never", "note": "x"}
    assert rejects[1]["row"] == "u3,b"


def test_blank_rows_are_counted_and_are_no_rejects(workspace: Workspace, write: Write) -> None:
    lines = [";;", "user_id;event;time", "u1;a;2024-01-01", ";;", ' ;"";', ";", ";;;;;", "", "u2;;2024-01-01", ";;"]
    record = bring(workspace, write("a.csv", "\r\n".join(lines)))
    assert (record.rows_read, record.added, record.rejected, record.blank) == (2, 1, 1, 5)
    assert [reject["line"] for reject in read_rejects(record.id, 9)] == [9]
    again = bring(workspace, write("a.csv", "\r\n".join(lines)))
    assert (again.added, again.repeated, again.blank) == (0, 1, 5)


def test_a_line_that_is_no_json_costs_no_other(workspace: Workspace, write: Write) -> None:
    good = '{"event":"a","time":"2024-01-01"}'
    record = bring(workspace, write("a.jsonl", f"{good}\r\n\n{{broken\n[1]\n{good}"))
    assert record.added == 2
    rejects = [(reject["line"], reject["reason"], reject["row"]) for reject in read_rejects(record.id, 5)]
    assert rejects == [(3, "is no JSON object", "{broken"), (4, "is no JSON object", [1])]


def test_an_undone_import_leaves_nothing_and_can_be_made_again(workspace: Workspace, write: Write) -> None:
    path = write("a.csv", "user_id,event,time\nu1,a,2024-01-01\nu1,b,2024-01-03\n,c,never\n")
    record = bring(workspace, path)
    undo_import(workspace, record.id)
    assert (events_of(workspace), reject_path(record.id).exists()) == ([], False)
    (span,) = lake_of(workspace).snapshot(RETRACTIONS).table(RETRACTIONS).to_pyarrow().to_pylist()
    assert span["to_us"] - span["from_us"] == 2 * 86_400_000_000
    assert OutboxEntry.objects.filter(fact="ImportUndone").count() == 1
    with pytest.raises(Conflict):
        undo_import(workspace, record.id)
    assert bring(workspace, path).added == 2


def test_an_undo_keeps_what_another_import_brought(workspace: Workspace, write: Write) -> None:
    first = bring(workspace, write("a.csv", "event,time\na,2024-01-01\n"))
    second = bring(workspace, write("b.csv", "event,time\na,2024-01-01\nb,2024-01-01\n"))
    assert (second.added, second.repeated) == (1, 1)
    undo_import(workspace, first.id)
    assert [row["event"] for row in events_of(workspace)] == ["b"]


def test_an_undo_unties_who_met_in_it_alone(workspace: Workspace, write: Write) -> None:
    header = "user_id,anonymous_id,event,time\n"
    bring(workspace, write("a.csv", f"{header},d1,look,2024-01-01\neve,d1,buy,2024-01-03\n,d2,look,2024-01-01\n"))
    wrong = bring(workspace, write("b.csv", f"{header}ada,d1,buy,2024-01-02\nada,d2,buy,2024-01-02\n"))
    undo_import(workspace, wrong.id)
    assert persons_of(workspace) == {"d1": "eve", "d2": "d2"}
    bring(workspace, write("c.csv", f"{header}bob,d2,buy,2024-01-05\n"))
    assert persons_of(workspace) == {"d1": "eve", "d2": "bob"}


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT])
def test_a_stopped_import_is_gone_on_with(tmp_path: Path, stop: signal.Signals) -> None:
    path = tmp_path / "many.csv"
    path.write_text("event,time\n" + "".join(f"e{row % 7},{1_700_000_000 + row // 3}\n" for row in range(250_000)))
    environment = {**os.environ, "NOUS_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT / "src")}
    nous = [sys.executable, "-c", "from nousnous.site.command import main; main()"]
    subprocess.run([*nous, "workspace", "create", "w"], env=environment, check=True, capture_output=True)
    arguments = [*nous, "import", "events", str(path), "--workspace", "w", "--json"]
    running = subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    log = tmp_path / "home" / "lake"
    while running.poll() is None and not list(log.glob("*/events/_delta_log/*1.json")):
        time.sleep(0.01)
    running.send_signal(stop)
    assert running.wait() != 0
    running.communicate()
    done = subprocess.run(arguments, env=environment, check=True, capture_output=True)
    answer = json.loads(done.stdout)
    assert (answer["state"], answer["rows_read"], answer["added"]) == ("done", 250_000, 250_000)
    shown = subprocess.run(
        [*nous, "import", "list", "-w", "w", "--json"], env=environment, check=True, capture_output=True
    )
    assert [one["id"] for one in json.loads(shown.stdout)] == [answer["id"]]


def test_a_finished_import_is_no_open_one(workspace: Workspace, write: Write) -> None:
    path = write("a.csv", "event,time\na,2024-01-01\n")
    assert bring(workspace, path).id != bring(workspace, path).id
    assert Import.objects.open(workspace).count() == 0
