"""What a thousand replays cost: to list, to open, to seek, and on the disk for each minute that was recorded; and what
the same costs beside twenty times as many older pieces.

Usage: python -m bench.replays [--events REPLAYS]. Each replay repeats a person's real recording for five minutes, in
pieces of ten seconds as our script sends them. Times are those of a request at the server, through the API, by the
clock, and none is asked twice: what was found is remembered.
"""

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from bench.parts import measured, run, show

REPLAYS = 1_000
MINUTES = 5
PIECE_MS = 10_000
EVENTS_A_REPLAY = 60
REPLAYS_A_COMMIT = 50
REPEATS = 15
MOST_MS = 300.0
TIMES = 20
AGO_US = 3 * 86_400_000_000
JOURNEY = """
[journey]
id = "bench"
name = "Bench"
currency = "USD"
hourly_wage = 30.0

[[step]]
id = "page"
name = "A page"
starts = { event = "Page Viewed" }
fails = { event = "Rage Click" }
"""
ASKED = ("list", "find", "open", "seek")


def main(replays: int) -> int:
    found = measured("bench.replays", PARTS, replays)
    rows = [("replays of 5 minutes", found["replays"], None)]
    rows += [(f"milliseconds to {name}", found[name], MOST_MS) for name in ASKED]
    rows += [("pieces, with older ones", found["pieces"], None)]
    rows += [(f"milliseconds to {name} beside them", found[f"{name}_beside"], MOST_MS) for name in ASKED]
    rows += [
        ("KiB on the disk a minute of a replay", found["kib"], None),
        ("of these in the index", found["index_kib"], None),
        ("processor milliseconds to land a minute", found["land_ms"], None),
    ]
    return show(rows)


def recorded() -> list[list[dict[str, Any]]]:
    """The pieces of a recording that goes on for five minutes, times from 0: a real one again and again."""
    from tests.places import SHARED_DATA

    real = json.loads((SHARED_DATA / "replay_human.json").read_bytes())
    first = real[0]["timestamp"]
    length = real[-1]["timestamp"] - first + 1_000
    pieces: list[list[dict[str, Any]]] = [[] for _ in range(MINUTES * 60_000 // PIECE_MS)]
    for again in range(MINUTES * 60_000 // length + 1):
        for event in real if again == 0 else real[2:]:
            at_ms = event["timestamp"] - first + again * length
            if at_ms < MINUTES * 60_000:
                pieces[at_ms // PIECE_MS].append({**event, "timestamp": at_ms})
    return [piece for piece in pieces if piece]


def fill(replays: int) -> None:
    from django.core.management import call_command
    from tests.capabilities.replays.recorded import START_MS, piece

    from nousnous.collector.landing import land
    from nousnous.collector.reading import rows_of_arrivals
    from nousnous.journeys.actions.versions import apply_journey
    from nousnous.workspaces.actions import WorkspaceProfile, create_workspace

    call_command("migrate", verbosity=0, interactive=False)
    workspace = create_workspace(WorkspaceProfile("bench")).workspace
    apply_journey(workspace, JOURNEY, None, "bench")
    pieces, start_s = recorded(), time.process_time()
    for first in range(0, replays, REPLAYS_A_COMMIT):
        arrivals = [
            piece(
                f"c-{number}-{place}",
                [{**event, "timestamp": START_MS + number * 60_000 + event["timestamp"]} for event in events],
                sessionId=f"s-{number}",
                sequence=place,
                userId=f"person-{number % 300}",
                screen=f"/page-{number % 30}",
            )
            for number in range(first, min(first + REPLAYS_A_COMMIT, replays))
            for place, events in enumerate(pieces)
        ]
        for table, rows in rows_of_arrivals(arrivals).items():
            land(workspace, table, rows)
        tell(workspace, range(first, min(first + REPLAYS_A_COMMIT, replays)))
    print(f"land_ms={(time.process_time() - start_s) * 1000 / replays / MINUTES}")


def tell(workspace: Any, numbers: range) -> None:
    """What happened in the sessions besides."""
    import pyarrow as pa
    from tests.capabilities.replays.recorded import START_US

    from nousnous.collector.landing import land
    from nousnous.facts.events import EVENTS

    names = ("Page Viewed", "Element Clicked", "Element Clicked", "Web Vital Measured", "Rage Click")
    rows = [
        {
            "message_id": f"m-{number}-{place}",
            "type": "track",
            "event": names[place % len(names)],
            "ts_us": START_US + number * 60_000_000 + place * 4_000_000,
            "user_id": f"person-{number % 300}",
            "session_id": f"s-{number}",
            "screen": f"/page-{place % 30}",
            "properties": "{}",
        }
        for number in numbers
        for place in range(EVENTS_A_REPLAY)
    ]
    land(workspace, EVENTS, pa.Table.from_pylist(rows))


def multiply(_replays: int) -> None:
    """Index rows of older pieces, of sessions of their own: nobody opens those, so their objects are left out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from nousnous.facts.replays import REPLAY_CHUNKS
    from nousnous.warehouse.lake import lake_of
    from nousnous.warehouse.sessions import note_pieces
    from nousnous.workspaces.models import current_workspace

    lake = lake_of(current_workspace("bench"))
    rows = lake.snapshot(REPLAY_CHUNKS).table(REPLAY_CHUNKS).to_pyarrow()
    for place in range(1, TIMES):
        older = rows
        for name in ("chunk_id", "session_id"):
            column = pc.binary_join_element_wise(rows[name], pa.scalar(str(place)), "-")
            older = older.set_column(older.column_names.index(name), name, column)
        for name in ("ts_us", "until_us"):
            column = pc.subtract(rows[name], place * AGO_US)
            older = older.set_column(older.column_names.index(name), name, column)
        lake.append(REPLAY_CHUNKS, older)
        note_pieces(lake, older)
    print(f"pieces={lake.snapshot(REPLAY_CHUNKS).count(REPLAY_CHUNKS)}")


def measure(replays: int) -> None:
    from django.conf import settings

    from nousnous.workspaces.models import current_workspace

    print(*(f"{name}={spent}" for name, spent in asked(replays).items()))
    home, minutes = Path(settings.NOUS.home), replays * MINUTES
    index_of = home / "lake" / current_workspace("bench").id
    objects, index = (
        size_of(home / "replays"),
        size_of(index_of / "replay_chunks") + size_of(index_of / "replay_sessions"),
    )
    print(f"replays={replays} kib={(objects + index) / minutes} index_kib={index / minutes}")


def measure_beside(replays: int) -> None:
    print(*(f"{name}_beside={spent}" for name, spent in asked(replays).items()))


def asked(replays: int) -> dict[str, float]:
    """Median milliseconds of requests."""
    from django.test import Client

    from nousnous.workspaces.actions import create_token
    from nousnous.workspaces.models import current_workspace

    workspace = current_workspace("bench")
    client = Client(headers={"Authorization": f"Bearer {create_token(workspace)[1]}", "Host": "localhost"})
    addresses = {
        "list": lambda place: f"replays?limit={50 - place}",
        "find": lambda place: f"replays?limit=50&screen=/page-{place}&signal=Rage Click",
        "open": lambda place: f"replays/s-{place * 7 % replays}",
        "seek": lambda place: f"replays/s-{place * 7 % replays}/chunks/{place}",
    }
    found = {}
    for name, address in addresses.items():
        times = []
        for place in range(REPEATS):
            begun_s = time.perf_counter()
            answer = client.get(f"/api/v1/{address(place)}")
            times.append(time.perf_counter() - begun_s)
            assert answer.status_code == 200, answer.content
        found[name] = statistics.median(times) * 1000
    return found


def size_of(folder: Path) -> float:
    """KiB of the files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1024


PARTS = {"fill": fill, "measure": measure, "multiply": multiply, "beside": measure_beside}

if __name__ == "__main__":
    sys.exit(run(PARTS, main, REPLAYS))
