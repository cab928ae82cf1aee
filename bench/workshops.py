"""A room that votes: voters with open pages, a server that is killed among them, and how soon every page knows.

Usage: python -m bench.workshops [--voters N] [--kills N] [--windows N] [--write]. Each voter is an asyncio client with
a page, a stream of news that reconnects, and one vote that it sends until it is answered; every tenth sends it from two
tabs at once, and every tenth changes its mind. The server is killed (SIGKILL) in the middle and started again. Windows
of Chromium stay at the moderator's page meanwhile and write down when which count was drawn.
"""

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from bench.parts import number, trial
from tests.browser.house import FLAGS, environment_of, free_port
from tests.counterparts import CHROMIUM, require

VOTERS, KILLS, WINDOWS, SEED, SPREAD_S = 500, 1, 3, 5, 60.0
MOST_S = 1.0
NOUS = Path(sys.executable).with_name("nous")
Server = subprocess.Popen[str]
PATIENCE_S = 120
TABLE = Path(__file__).parents[1] / "docs" / "reference" / "workshops.md"
MADE = """
from tests.capabilities.workshops.planted import plant_workshop
from nousnous.workspaces.actions import WorkspaceProfile, add_member, create_sign_in_address, create_workspace
made = create_workspace(WorkspaceProfile("room")).workspace
_, secret = create_sign_in_address(add_member(made, "moderator@room.example"))
workshop = plant_workshop(made)
print("made", workshop.id, secret, workshop.link)
"""
WRITTEN_DOWN = """() => {
  const place = document.querySelector("[data-poll-votes]");
  const write = () => window.drawn.push(
    [performance.timeOrigin + performance.now(), Number(place.textContent.replace(/\\D/g, ""))]);
  window.drawn = [];
  new MutationObserver(write).observe(place, { childList: true, characterData: true, subtree: true });
  write();
}"""
COUNTED = """
import json
from nousnous.base import clock
from nousnous.runs.worker import work_all
from nousnous.capabilities.workshops.models import Round, Vote
votes = Vote.objects.count()
with clock.frozen(clock.now_us() + 2 * clock.HOUR_US):
    work_all()
print("counted", json.dumps([votes, Round.objects.get().outcome]))
"""


@dataclass
class Room:
    """What the voters know: the choices that were acknowledged, and when the pages heard of how many votes."""

    port: int
    link: str
    spread_s: float
    moderator: str
    sign_in: str
    acknowledged: dict[int, int] = field(default_factory=dict)
    tries: int = 0
    moments: list[tuple[float, int]] = field(default_factory=list)
    heard: list[list[tuple[float, int]]] = field(default_factory=list)
    drawn: list[list[tuple[float, int]]] = field(default_factory=list)
    down: list[tuple[float, float]] = field(default_factory=list)
    reconnected: int = 0
    over: bool = False


def main() -> int:
    voters, kills, windows = (
        number(f"--{name}", usual) for name, usual in (("voters", VOTERS), ("kills", KILLS), ("windows", WINDOWS))
    )
    found = hold(voters, kills, SPREAD_S, windows)
    page = (
        "# A room that votes\n\nWritten by `make soak-workshops`: one process, real HTTP, a stream to each voter, and "
        f"{windows} windows of Chromium at the moderator's page.\n\n"
        "| voters | kills | votes sent | votes acknowledged | votes counted | lost | twice | news in every page, p50 "
        "| p95 | news drawn in Chromium, p50 | p95 in the slowest window |\n|" + " ---: |" * 11 + "\n"
        f"| {voters} | {kills} | {found['tries']} | {found['acknowledged']} | {found['counted']} | {found['lost']} | "
        f"{found['twice']} | {found['p50_s']:.2f} s | {found['p95_s']:.2f} s | "
        f"{found['drawn_p50_s']:.2f} s | {found['drawn_p95_s']:.2f} s |\n\n"
        "News is the time from the answer to a vote until a page shows at least as many votes; the seconds in which "
        "the server was dead and came up again are left out.\n"
    )
    wrong = [name for name in ("lost", "twice") if found[name]]
    wrong += [f"{name} {found[name]:.2f} s" for name in ("p95_s", "drawn_p95_s") if found[name] > MOST_S]
    return trial(TABLE, page, wrong)


def hold(voters: int, kills: int, spread_s: float, windows: int = 0) -> dict[str, Any]:
    """Hold a workshop with so many voters and kills; what was lost, counted twice, and how late the news came."""
    with tempfile.TemporaryDirectory() as home:
        port = free_port()
        environment = environment_of(Path(home), port)
        workshop, secret, link = _shell(environment, MADE).split()[-3:]
        address = f"http://localhost:{port}"
        room = Room(port, link, spread_s, f"{address}/w/room/workshops/{workshop}/", f"{address}/sign-in/{secret}")
        server = asyncio.run(_voted(environment, room, (voters, kills, windows)))
        told = _shell(environment, COUNTED)
        server.terminate()
        server.communicate(timeout=30)
    votes, outcome = json.loads(told.partition("counted ")[2])
    expected = Counter(room.acknowledged.values())
    differing = sum(abs(expected[place] - count) for place, count in enumerate(outcome["counts"]))
    late = _lateness(room, room.heard)
    drawn = [_lateness(room, [one]) for one in room.drawn] or [[0.0]]
    return {
        "tries": room.tries,
        "acknowledged": len(room.acknowledged),
        "counted": outcome["votes"],
        "lost": max(len(room.acknowledged) - votes, 0) + differing // 2,
        "twice": max(votes - len(room.acknowledged), 0),
        "pages": len(room.heard),
        "reconnected": room.reconnected,
        "p50_s": float(np.quantile(late, 0.5)),
        "p95_s": float(np.quantile(late, 0.95)),
        "drawn_p50_s": max(float(np.quantile(one, 0.5)) for one in drawn),
        "drawn_p95_s": max(float(np.quantile(one, 0.95)) for one in drawn),
    }


def _start(environment: dict[str, str], port: int) -> Server:
    """A server, once it says where it is."""
    command = [str(NOUS), "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert server.stdout.readline(), "the server did not start"
    return server


def _shell(environment: dict[str, str], code: str) -> str:
    command = [str(NOUS), "shell", "--no-imports", "--command", code]
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


async def _voted(environment: dict[str, str], room: Room, asked: tuple[int, int, int]) -> Server:
    voters, kills, windows = asked
    server = _start(environment, room.port)
    async with _windows(room, windows):
        return await _killed(environment, room, server, (voters, kills))


async def _killed(environment: dict[str, str], room: Room, server: Server, asked: tuple[int, int]) -> Server:
    voters, kills = asked
    pages = [asyncio.create_task(_voter(room, who)) for who in range(voters)]
    for turn in range(kills):
        while len(room.acknowledged) < voters * (turn + 1) // (kills + 1):
            await asyncio.sleep(0.02)
        began = time.monotonic()
        server.kill()
        await asyncio.to_thread(server.communicate)
        server = await asyncio.to_thread(_start, environment, room.port)
        room.down.append((began, time.monotonic()))
    until = time.monotonic() + PATIENCE_S
    while len(room.acknowledged) < voters and time.monotonic() < until:
        await asyncio.sleep(0.2)
    await asyncio.sleep(2)
    room.over = True
    for page in pages:
        page.cancel()
    await asyncio.gather(*pages, return_exceptions=True)
    return server


@asynccontextmanager
async def _windows(room: Room, count: int) -> AsyncIterator[None]:
    """Windows of Chromium at the moderator's page until the end of the block, and what they drew when."""
    if not count:
        yield
        return
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(require(CHROMIUM)), args=list(FLAGS))
        first = await browser.new_context()
        await (await first.new_page()).goto(room.sign_in)
        state = await first.storage_state()
        pages = [await (await browser.new_context(storage_state=state)).new_page() for _ in range(count)]
        for page in pages:
            await page.goto(room.moderator)
            await page.evaluate(WRITTEN_DOWN)
        yield
        since_s = time.time() - time.monotonic()
        for page in pages:
            told = await page.evaluate("window.drawn")
            room.drawn.append([(at_ms / 1_000 - since_s, votes) for at_ms, votes in told])
        await browser.close()


async def _voter(room: Room, who: int) -> None:
    """Come at some moment, hear the news, vote once at another, and stay."""
    chance = random.Random(SEED * 1_000_003 + who)
    comes_s, votes_s = sorted(chance.random() * room.spread_s for _ in range(2))
    when_s = time.monotonic() + votes_s
    await asyncio.sleep(comes_s)
    cookie = await _until_answered(room, "GET", "", "")
    news = asyncio.create_task(_listen(room))
    try:
        await asyncio.sleep(max(0.0, when_s - time.monotonic()))
        place = chance.randrange(3)
        tabs = 2 if who % 10 == 0 else 1
        await asyncio.gather(*(_until_answered(room, "POST", cookie, f"choice={place}") for _ in range(tabs)))
        if who % 10 == 5:
            place = (place + 1) % 3
            await _until_answered(room, "POST", cookie, f"choice={place}")
        room.acknowledged[who] = place
        room.moments.append((time.monotonic(), len(room.acknowledged)))
        await asyncio.Event().wait()
    finally:
        news.cancel()


async def _until_answered(room: Room, method: str, cookie: str, body: str) -> str:
    """Ask until the server answers well; the cookie that it gave."""
    while True:
        room.tries += method == "POST"
        try:
            status, headers, text = await asyncio.wait_for(_asked(room, method, cookie, body), 20)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
            await asyncio.sleep(0.3)
            continue
        if status == 200 and (method == "GET" or "Your choice is kept" in text):
            return headers.partition("set-cookie: ")[2].partition(";")[0]
        await asyncio.sleep(0.3)


async def _asked(room: Room, method: str, cookie: str, body: str) -> tuple[int, str, str]:
    async with _line(room.port) as (reader, writer):
        lines = [
            f"{method} /vote/{room.link}/ HTTP/1.1",
            "Host: localhost",
            "Connection: close",
            f"Cookie: {cookie}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
        writer.write("\r\n".join([*lines, "", body]).encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        text = (await reader.read()).decode()
    lowered = "\r\n".join(
        name.lower() + colon + value for name, colon, value in (line.partition(":") for line in head.split("\r\n"))
    )
    return int(head.split()[1]), lowered, text


async def _listen(room: Room) -> None:
    """The stream of news, as a browser keeps it: it reconnects after a second."""
    heard: list[tuple[float, int]] = []
    room.heard.append(heard)
    while not room.over:
        try:
            async with _line(room.port) as (reader, writer):
                writer.write(f"GET /vote/{room.link}/live/ HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                while line := await reader.readline():
                    if line.startswith(b"data: "):
                        heard.append((time.monotonic(), json.loads(line[6:])["votes"]))
        except (OSError, ValueError):
            pass
        room.reconnected += 1
        await asyncio.sleep(1)


@asynccontextmanager
async def _line(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def _lateness(room: Room, pages: Sequence[Sequence[tuple[float, int]]]) -> list[float]:
    """For each acknowledged vote and each page open then: how long until it showed as many; not across a kill."""
    late = []
    for moment_s, votes in room.moments:
        if any(began - 2 < moment_s < ended + 4 for began, ended in room.down):
            continue
        since_s = max((ended for _, ended in room.down if ended < moment_s), default=0.0)
        for heard in pages:
            if not any(since_s < at <= moment_s for at, _ in heard):
                continue
            seen = next((at for at, count in heard if count >= votes), None)
            if seen is not None:
                late.append(max(0.0, seen - moment_s))
    return late or [0.0]  # a short trial may vote only about its kill


if __name__ == "__main__":
    sys.exit(main())
