"""Telling browsers how a vote goes: one look at the records twice a second for each workshop, however many watch.

Each process looks for itself, so that it does not matter which of them took a vote.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections, connections

from nousnous.capabilities.workshops.models import Workshop

LOOK_S: Final = 0.4
SIGN_OF_LIFE_S: Final = 15.0

Told = dict[str, Any]


@dataclass
class _Watch:
    """One workshop that is watched: what was seen last, and who waits for something else."""

    told: Told
    watchers: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)
    task: "asyncio.Task[None] | None" = None


_watched: dict[str, _Watch] = {}


def standing_of(workshop_id: str) -> Told:
    """How the newest round stands: votes and open slots, and no more, for who sees the split votes along."""
    workshop = Workshop.objects.filter(pk=workshop_id).first()
    newest = workshop.current if workshop else None
    if workshop is None or newest is None:
        return {"round": 0, "state": "waiting", "slots": 0, "votes": 0}
    votes = newest.outcome["votes"] if newest.outcome else newest.votes.count()
    return {
        "round": newest.number,
        "state": newest.state if not newest.is_over or newest.outcome else "counting",
        "slots": newest.slots,
        "votes": votes,
    }


async def watch(workshop_id: str) -> AsyncIterator[bytes]:
    """Server-sent events: how it stands now, and each time that changes; a sign of life in between."""
    yield b"retry: 1000\n\n"
    watched = await _joined(workshop_id)
    watched.watchers += 1
    said: Told = {}
    try:
        while True:
            if watched.told != said:
                said = watched.told
                yield f"data: {json.dumps(said)}\n\n".encode()
            elif not await _within(watched.news.wait, SIGN_OF_LIFE_S):
                yield b": still here\n\n"
    finally:
        watched.watchers -= 1
        if not watched.watchers and watched.task is not None:
            watched.task.cancel()
            _watched.pop(workshop_id, None)


async def leave_records() -> None:
    """Give the connection of this request's thread back: a stream that stays open for an hour needs none."""
    await sync_to_async(connections.close_all)()


async def _joined(workshop_id: str) -> _Watch:
    if workshop_id not in _watched:
        told = await _look(workshop_id)
        if workshop_id not in _watched:
            made = _watched[workshop_id] = _Watch(told)
            made.task = asyncio.create_task(_follow(workshop_id, made))
    return _watched[workshop_id]


async def _follow(workshop_id: str, watched: _Watch) -> None:
    while True:
        await asyncio.sleep(LOOK_S)
        try:
            told = await _look(workshop_id)
        except DatabaseError:  # away for a moment; what was told stays true until then
            continue
        if told != watched.told:
            watched.told = told
            news, watched.news = watched.news, asyncio.Event()
            news.set()


@sync_to_async(thread_sensitive=False)
def _look(workshop_id: str) -> Told:
    try:
        return standing_of(workshop_id)
    finally:
        close_old_connections()


async def _within(wait: Callable[[], Awaitable[object]], seconds: float) -> bool:
    try:
        await asyncio.wait_for(wait(), seconds)
    except TimeoutError:
        return False
    return True
