"""The collector against its floor: events per CPU-second of the server, as a share of the floor's in the same run.

    python -m bench.collector [--events 200000] [--batch 100] [--seconds 15] [--json] [--write]

The server is `nous collector --no-load` in a process of its own, so its CPU time is that of receiving: HTTP, key, size,
readability, log, fsync, answer. So it is for batches and single events over 1 and 100 connections, with the time to
the answer, and its memory over a million events. What it wrote is then loaded by a second process, whose CPU time is
shown beside it, and every event must stand in the lake once. Then one that loads as well takes 200 a second for a
while. `--write` puts what came out into docs/reference/collector.md.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
import numpy as np
import psutil
from bench.floors import Measured, receive
from bench.parts import show

from nousnous.facts.events import EVENTS

NOUS = Path(sys.executable).with_name("nous")
LEAST_SHARE = 0.6
MOST_LAG_S = 2.0
MOST_GROWTH_MIB = 5
MEMORY_EVENTS = 1_000_000
CONNECTIONS = 16
TABLE = Path(__file__).parents[1] / "docs" / "reference" / "collector.md"


def body_of(batch: int) -> bytes:
    """A batch as @segment/analytics-node sends it."""
    sent = "2026-11-22T03:49:01.451Z"
    events = [
        {
            "timestamp": sent,
            "integrations": {},
            "event": "Order Completed",
            "type": "track",
            "properties": {"revenue": 12.5, "order_id": f"o-{number}", "products": [{"sku": "A", "quantity": 2}]},
            "context": {"library": {"name": "@segment/analytics-node", "version": "3.1.0"}},
            "userId": f"user-{number % 977}",
            "messageId": f"node-next-1795319341451-{uuid.uuid4()}",
            "_metadata": {"nodeVersion": "v20.20.2", "jsRuntime": "node"},
        }
        for number in range(batch)
    ]
    return json.dumps({"batch": events, "writeKey": "WK", "sentAt": sent}, separators=(",", ":")).encode()


def environment(home: Path) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "NOUS_HOME": str(home)}


@contextmanager
def collector(home: Path, *options: str) -> Iterator[tuple[psutil.Process, int]]:
    """A running collector and its port."""
    process = subprocess.Popen(
        [NOUS, "collector", "--port", "0", *options], env=environment(home), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        found = re.search(r":(\d+)\s*$", process.stdout.readline())
        assert found
        yield psutil.Process(process.pid), int(found[1])
    finally:
        process.terminate()
        process.communicate(timeout=30)


async def send(port: int, requests: list[bytes], connections: int = CONNECTIONS) -> list[float]:
    """Send all requests over some connections, each waiting for its answer before the next; seconds of each answer."""
    waited: list[float] = []

    async def one(share: list[bytes]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in share:
            start_s = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = re.search(rb"content-length: (\d+)", head)
            assert length
            await reader.readexactly(int(length[1]))
            waited.append(time.perf_counter() - start_s)
        writer.close()

    await asyncio.gather(*(one(requests[start::connections]) for start in range(connections)))
    return waited


def requests_of(bodies: list[bytes]) -> list[bytes]:
    head = "POST /v1/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Basic V0s6\r\nContent-Type: application/json\r\n"
    return [f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body for body in bodies]


@dataclass(frozen=True, slots=True)
class Way:
    """One way of sending: events a request, over so many connections; how long answers took, what they cost."""

    batch: int
    connections: int
    p50_ms: float
    p99_ms: float
    share_of_floor: float
    rate: float

    def __str__(self) -> str:
        events = "single events" if self.batch == 1 else f"batches of {self.batch}"
        return f"{events}, {self.connections} connection{'s' if self.connections > 1 else ''}"


def ways(home: Path, requests: int) -> Iterator[Way]:
    """Batches and single events over 1 and 100 connections."""
    with collector(home, "--no-load") as (process, port):
        for batch in (100, 1):
            bodies = [body_of(batch) for _ in range(requests)]
            floor = receive(bodies, home / "floor").rate
            for connections in (1, 100):
                asyncio.run(send(port, requests_of(bodies[: requests // 10]), connections))
                before = process.cpu_times()
                waited = np.array(asyncio.run(send(port, requests_of(bodies), connections))) * 1000
                after = process.cpu_times()
                rate = requests * batch / (after.user + after.system - before.user - before.system)
                p50, p99 = np.quantile(waited, [0.5, 0.99]).tolist()
                yield Way(batch, connections, p50, p99, rate / floor, rate)
    (home / "floor").unlink()


def growth_mib(home: Path, events: int) -> float:
    """By how much the memory of a collector grows over some events, after a tenth as many."""
    requests = requests_of([body_of(100) for _ in range(min(events, 100_000) // 100)])
    with collector(home, "--no-load") as (process, port):
        sizes = []
        for rounds in (max(1, events // 10 // 100_000), events // 100_000):
            for _ in range(rounds):
                asyncio.run(send(port, requests))
            sizes.append(process.memory_full_info().uss / 1024**2)
    return sizes[1] - sizes[0]


def served(home: Path, bodies: list[bytes], batch: int) -> Measured:
    """What the collector needs for the bodies, after a first tenth that warms it."""
    requests = requests_of(bodies)
    warm = len(requests) // 10
    with collector(home, "--no-load") as (process, port):
        asyncio.run(send(port, requests[:warm]))
        before = process.cpu_times()
        asyncio.run(send(port, requests[warm:]))
        after = process.cpu_times()
    cpu_s = after.user + after.system - before.user - before.system
    return Measured((len(requests) - warm) * batch, cpu_s)


def stored_events(home: Path) -> Any:
    """The events in the one lake of a home, as the product reads them."""
    os.environ |= environment(home) | {"DJANGO_SETTINGS_MODULE": "nousnous.site.settings"}
    django.setup()
    from nousnous.warehouse.lake import Lake

    [folder] = (home / "lake").iterdir()
    return Lake(str(folder)).snapshot(EVENTS).table(EVENTS)


def loaded(home: Path) -> Measured:
    """What a second process needs to bring the log into the lake."""
    with collector(home) as (process, _):
        while list((home / "log").glob("*.log")):
            time.sleep(0.2)
        spent = process.cpu_times()
    events = stored_events(home)
    counted = events.message_id.nunique().to_pyarrow().as_py()
    assert counted == events.count().to_pyarrow().as_py()
    return Measured(counted, spent.user + spent.system)


def lag_s(home: Path, seconds: int) -> float:
    """The 95th percentile of the time from arrival to the lake at 200 events a second, in a server that also loads."""
    head = "POST /v1/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Basic V0s6\r\n"
    started_us = time.time_ns() // 1000
    with collector(home) as (_, port):
        for _ in range(seconds * 20):
            body = body_of(10)
            asyncio.run(send(port, [f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body]))
            time.sleep(0.045)
        while list((home / "log").glob("*.log")):
            time.sleep(0.2)
    events = stored_events(home)
    events = events.filter(events.received_us > started_us)
    lags = np.sort((events.landed_us - events.received_us).name("lag").to_pyarrow().to_numpy())
    assert len(lags) == seconds * 200
    return float(lags[int(len(lags) * 0.95)]) / 1e6


def page(result: dict[str, float], events: int, seconds: int) -> str:
    """The result as Markdown."""
    return f"""# The collector

Written by `make soak`: {events:,} events of {result["event_bytes"]} bytes in batches of {result["batch"]}, and the
floor of `bench/floors.py` in the same run; then 200 events a second for {seconds:,} seconds.

| measured | result | asked |
| --- | --- | --- |
| events per CPU-second of the server | {result["collector_events_per_cpu_s"]:,} | |
| events per CPU-second of the floor | {result["floor_events_per_cpu_s"]:,} | |
| share of the floor | {result["share_of_floor"]:.0%} | at least {result["least_share"]:.0%} |
| events per CPU-second of the loader | {result["loader_events_per_cpu_s"]:,} | |
| from arrival into the lake, p95 | {result["lag_p95_s"]:.2f} s | at most {result["most_lag_s"]:g} s |
| accepted events that are missing or stand twice | 0 | 0 |
"""


def page_of_ways(found: list[Way], grown: float) -> str:
    rows = "".join(
        f"| {way} | {way.p50_ms:.2f} ms | {way.p99_ms:.2f} ms | {way.rate:,.0f} | {way.share_of_floor:.0%} |\n"
        for way in found
    )
    return f"""
How long answers take says as much of what else the two processors did meanwhile; events per CPU-second hardly do.

| sent as | half answered within | 99 of 100 within | events per CPU-second | share of the floor |
| --- | --- | --- | --- | --- |
{rows}
{MEMORY_EVENTS:,} events let the memory of the process grow by {grown:.1f} MiB (at most {MOST_GROWTH_MIB}).
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="write docs/reference/collector.md")
    asked = parser.parse_args()
    bodies = [body_of(asked.batch) for _ in range(asked.events // asked.batch)]
    with tempfile.TemporaryDirectory() as folder:
        floor = receive(bodies, Path(folder) / "floor")
        home = Path(folder) / "home"
        subprocess.run(
            [NOUS, "workspace", "create", "bench", "--write-key", "WK"], env=environment(home), check=True, stdout=-3
        )
        ours = served(home, bodies, asked.batch)
        into_lake = loaded(home)
        lag = lag_s(home, asked.seconds)
        found = list(ways(home, asked.events // 100))
        grown = growth_mib(home, MEMORY_EVENTS)
    assert into_lake.events == len(bodies) * asked.batch, "an accepted event is missing, or stands twice"
    result = {
        "floor_events_per_cpu_s": round(floor.rate),
        "collector_events_per_cpu_s": round(ours.rate),
        "share_of_floor": round(ours.rate / floor.rate, 3),
        "least_share": LEAST_SHARE,
        "event_bytes": len(bodies[0]) // asked.batch,
        "batch": asked.batch,
        "loader_events_per_cpu_s": round(into_lake.rate),
        "lag_p95_s": round(lag, 2),
        "most_lag_s": MOST_LAG_S,
    }
    if asked.write:
        told = page(result, len(bodies) * asked.batch, asked.seconds) + page_of_ways(found, grown)
        TABLE.write_text(told)
    if asked.json:
        print(json.dumps(result))
    else:
        print(
            f"collector: {ours.rate:,.0f} events per CPU-second, floor {floor.rate:,.0f}: "
            f"{ours.rate / floor.rate:.0%} (at least {LEAST_SHARE:.0%}), batches of {asked.batch}; "
            f"loader {into_lake.rate:,.0f}; into the lake in {lag:.2f} s (p95, at most {MOST_LAG_S:g} s)"
        )
    sys.exit(
        show(
            [
                (f"{LEAST_SHARE:g} of the floor / the collector, batches", LEAST_SHARE * floor.rate / ours.rate, 1),
                ("from arrival into the lake, p95 seconds", lag, MOST_LAG_S),
                *((f"{way}: p50 ms", way.p50_ms, None) for way in found),
                *((f"{way}: p99 ms", way.p99_ms, None) for way in found),
                *((f"{way}: share of the floor", way.share_of_floor, None) for way in found),
                (f"memory that {MEMORY_EVENTS:,} events leave, MiB", grown, MOST_GROWTH_MIB),
            ]
        )
    )


if __name__ == "__main__":
    main()
