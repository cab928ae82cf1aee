"""Mixed load on one server for an hour: does its memory grow, and does it forget to close what it opens?

    python -m bench.soak [--minutes 60] [--slowly 1] [--write]

`nous serve` in a process of its own receives batches of events, half of them from people who come back, while members
look at pages and programs ask the API, and the worker and the loader do theirs. Every second its unique set size
(memory that is no other process's) and its open descriptors are read. What comes before a third of the time is over is
warm-up; a line is fitted to the rest, in twenty means, whose errors are then as good as independent. Its slope's upper
95 % bound may be 5 MB an hour; a shorter run cannot say so, and does not. `make test` has five minutes of it beside the
tests, some times slower.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import psutil
from bench.collector import NOUS, stored_events
from bench.parts import number, trial
from numpy.typing import NDArray
from scipy import stats
from tests.browser.house import SHOP, House, environment_of, free_port

MINUTES, WHOLE_MINUTES, EVERY_S = 60, 60, 1.0
MOST_MB_AN_HOUR, MEANS, PEOPLE = 5.0, 20, 500
WARMING_UP = 5
"""Descriptors that a thread may open in its first minutes and keep."""
BATCH, BATCH_PAUSE_S, LOOK_PAUSE_S = 10, 1.0, 0.5
"""A batch a second are 0.9 million events a day: what is asked is what an hour leaves in memory, and what data take
grows with data (an hour of ten times as many adds some 40 MB)."""
PAGES = ("", "gap/", "beliefs/", "people/", "readiness/", "spreads/", "themes/", "replays/", "plays/", "surveys/")
ASKED = ("journeys", "people?limit=20", "runs?status=dead")
TABLE = Path(__file__).parents[1] / "docs" / "reference" / "soak.md"


@dataclass(slots=True)
class Load:
    """What is done to the server, and how often it was done."""

    url: str
    slowly: int = 1
    stopping: threading.Event = field(default_factory=threading.Event)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def note(self, name: str, answer: httpx.Response) -> None:
        self.done[name] += 1
        if answer.status_code >= 400:
            self.refused[f"{answer.request.url.path} {answer.status_code}"] += 1

    def send(self) -> None:
        with httpx.Client(base_url=self.url, auth=("WK", ""), timeout=60) as client:
            while not self.stopping.wait(BATCH_PAUSE_S * self.slowly):
                batch = [self._event(self.done["batches"] * BATCH + place) for place in range(BATCH)]
                self.note("batches", client.post("/v1/batch", content=json.dumps({"batch": batch}).encode()))

    def look(self, sign_in: str) -> None:
        with httpx.Client(base_url=self.url, timeout=60, follow_redirects=True) as client:
            client.get(sign_in).raise_for_status()
            while not self.stopping.wait(LOOK_PAUSE_S * self.slowly):
                self.note("pages", client.get(f"/w/shop/{PAGES[self.done['pages'] % len(PAGES)]}"))

    def ask(self, token: str) -> None:
        with httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
            while not self.stopping.wait(LOOK_PAUSE_S * self.slowly):
                self.note("questions", client.get(f"/api/v1/{ASKED[self.done['questions'] % len(ASKED)]}"))

    def _event(self, count: int) -> dict[str, str]:
        person = count % PEOPLE if count % 2 else count
        event = ("Cart", "Paid")[count // 2 % 2]
        return {"type": "track", "event": event, "userId": f"u{person}", "messageId": f"m{count}"}


@dataclass(frozen=True, slots=True)
class Fit:
    """A line through memory after the warm-up: MB an hour with its 95 % bounds, and the memory at its middle."""

    slope: float
    low: float
    high: float
    middle_mb: float


def main() -> int:
    minutes = number("--minutes", MINUTES)
    with tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder) / "home", free_port()
        house = House(f"http://localhost:{port}", environment_of(home, port), {"workspace": "shop"})
        token = furnished(house, Path(folder) / "journey.toml")
        serve = [NOUS, "serve", "--port", str(port)]
        load = Load(house.address, number("--slowly", 1))
        with subprocess.Popen(serve, env=house.environment, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            server.stdout.readline()
            sign_in = house.sign_in_address("ada@shop.example")
            samples = watched(psutil.Process(server.pid), load, minutes, (sign_in, token))
            while list((home / "log").glob("*.log")):
                time.sleep(0.2)
            server.terminate()
        stored = stored_events(home).message_id.nunique().to_pyarrow().as_py()
        return told(minutes, samples, load, load.done["batches"] * BATCH - stored)


def furnished(house: House, journey: Path) -> str:
    """A journey and an owner; a token for the API."""
    house.nous("workspace", "create", "shop", "--write-key", "WK")
    journey.write_text(SHOP)
    house.nous("journey", "apply", str(journey), "--workspace", "shop")
    house.nous("member", "add", "ada@shop.example", "--workspace", "shop", "--role", "owner")
    return str(json.loads(house.nous("token", "create", "--workspace", "shop", "--json"))["api_token"])


def watched(process: psutil.Process, load: Load, minutes: int, keys: tuple[str, str]) -> NDArray[np.float64]:
    """Rows of hours, MB and descriptors, every second, while the load goes on."""
    jobs: list[tuple[Callable[..., None], tuple[str, ...]]] = [
        (load.send, ()),
        (load.look, keys[:1]),
        (load.ask, keys[1:]),
    ]
    threads = [threading.Thread(target=job, args=told, daemon=True) for job, told in jobs]
    for thread in threads:
        thread.start()
    samples, start_s = [], time.monotonic()
    while (now_s := time.monotonic() - start_s) < minutes * 60:
        samples.append((now_s / 3600, process.memory_full_info().uss / 1e6, process.num_fds()))
        time.sleep(EVERY_S)
    assert all(thread.is_alive() for thread in threads), "a part of the load ended"
    load.stopping.set()
    for thread in threads:
        thread.join(60)
    return np.array(samples)


def fitted(samples: NDArray[np.float64]) -> Fit:
    """Least squares through means of the last two thirds."""
    late = samples[len(samples) // 3 :]
    means = np.array([part[:, :2].mean(axis=0) for part in np.array_split(late, MEANS)])
    line = stats.linregress(means[:, 0], means[:, 1])
    reach = stats.t.ppf(0.975, MEANS - 2) * line.stderr
    return Fit(line.slope, line.slope - reach, line.slope + reach, float(means[:, 1].mean()))


def told(minutes: int, samples: NDArray[np.float64], load: Load, lost: int) -> int:
    """The page, and what is not as asked."""
    fit, late = fitted(samples), samples[len(samples) // 3 :]
    parts = np.array_split(late[:, 2], 2)
    before, after = (int(part.min()) for part in parts)
    whole = minutes >= WHOLE_MINUTES
    verdict = f"at most {MOST_MB_AN_HOUR:g}" if whole else f"not judged: {MOST_MB_AN_HOUR:g} needs {WHOLE_MINUTES} min"
    events = load.done["batches"] * BATCH
    page = f"""# Mixed load for {minutes} minutes

Written by `python -m bench.soak --minutes {minutes} --write` (`make soak-load` runs {MINUTES}): one `nous serve`
with SQLite, {events:,} events in {load.done["batches"]:,} batches,
{load.done["pages"]:,} pages, {load.done["questions"]:,} questions to the API. The first third is warm-up.

| measured | result | asked |
| --- | --- | --- |
| unique set size, middle of the fit | {fit.middle_mb:.0f} MB | |
| its slope | {fit.slope:+.1f} MB an hour | |
| 95 % interval of the slope | {fit.low:+.1f} to {fit.high:+.1f} MB an hour | {verdict} |
| fewest open descriptors in the first and the second half | {before}, {after} | no growth |
| answers of 400 and above | {sum(load.refused.values())} | 0 |
| accepted events that are missing | {lost} | 0 |
"""
    wrong = [f"{count} times {name}" for name, count in load.refused.items()]
    wrong += [f"{lost} events are missing"] if lost else []
    wrong += [f"descriptors grew from {before} to {after}"] if after > before + (0 if whole else WARMING_UP) else []
    wrong += [f"memory may grow by {fit.high:.1f} MB an hour"] if whole and fit.high > MOST_MB_AN_HOUR else []
    if not whole:
        print(f"memory is judged after {WHOLE_MINUTES} minutes only", file=sys.stderr)
    return trial(TABLE, page, wrong)


if __name__ == "__main__":
    sys.exit(main())
