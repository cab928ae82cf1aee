"""Recordings of sessions at the check-in: of people who raged at its button, and of people who got through.

They come in as the script on customers' pages would send them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc

from nousnous.base.clock import MINUTE_US, SECOND_US
from nousnous_demo.company import Passage, Survey
from nousnous_demo.crowd import Integers
from nousnous_demo.screen import ADDRESS, BUTTON_AT, HEIGHT, HELP_AT, SEATS_AT, WIDTH, Screen

RAGED, WENT_THROUGH = 18, 8
META, WHOLE, INCREMENT = 4, 2, 3
MUTATION, INTERACTION, SCROLL = 0, 2, 3
TOUCH_START, CLICK, TOUCH_END = 7, 2, 9
Low = frozenset[tuple[str, int]]
NOBODY: Low = frozenset()
LONGEST_US = 6 * MINUTE_US
SECOND_MS = 1_000.0


@dataclass(frozen=True, slots=True)
class Session:
    """One person at the check-in: when it was opened and left, and what happened when (`told`: name and moment)."""

    session_id: str
    user_id: str
    anonymous_id: str
    opened_us: int
    ended_us: int
    told: tuple[tuple[str, int], ...]

    def moment_us(self, event: str) -> int | None:
        return next((at_us for name, at_us in self.told if name == event), None)


def low_answers(answers: Any, survey: Survey) -> Low:
    """Who gave one of the two lowest answers to a question, and the moment that it is about."""
    low = answers.filter(pc.fill_null(pc.less_equal(answers[survey.column], survey.low + 1), False))  # noqa: FBT003
    moments = low["moment_at"].cast("int64").to_pylist()
    return frozenset(zip(low["customer"].to_pylist(), moments, strict=True))


def sessions(events: Any, passage: Passage, low: Low = NOBODY) -> list[Session]:
    """The sessions of signed-in people that are recorded: with the step's signal, and completed without one.

    Those before a low answer come first, then the newest.
    """
    mine = events.filter(pc.and_(pc.equal(events["screen"], passage.screen), pc.is_valid(events["user_id"])))
    ids = [mine[column].to_numpy() for column in ("session_id", "user_id", "anonymous_id")]
    name, at_us = mine["event"].to_numpy(), mine["timestamp"].cast("int64").to_numpy()
    opened = np.flatnonzero(name == passage.starts)[::-1]
    lowest = {
        place for place, (who, at) in enumerate(zip(ids[1].tolist(), at_us.tolist(), strict=True)) if (who, at) in low
    }
    theirs = {ids[0][place] for place in lowest}
    opened = opened[np.argsort([ids[0][place] not in theirs for place in opened], kind="stable")]
    raged: list[Session] = []
    through: list[Session] = []
    for place in opened:
        if len(raged) >= RAGED and len(through) >= WENT_THROUGH:
            break
        found = _session(int(place), ids, name, at_us)
        if found.moment_us(passage.signal) is not None:
            raged.append(found)
        elif found.moment_us(passage.completes) is not None:
            through.append(found)
    return raged[:RAGED] + through[:WENT_THROUGH]


def _session(place: int, ids: list[Any], name: Any, at_us: Integers) -> Session:
    near = slice(place, int(np.searchsorted(at_us, at_us[place] + LONGEST_US)))
    theirs = ids[0][near] == ids[0][place]
    told = tuple(zip(name[near][theirs].tolist(), at_us[near][theirs].tolist(), strict=True))
    session_id, user_id, anonymous_id = (str(column[place]) for column in ids)
    return Session(session_id, user_id, anonymous_id, int(at_us[place]), told[-1][1] + 4 * SECOND_US, told)


def bodies(events: Any, passage: Passage, seed: int, low: Low = NOBODY) -> list[tuple[int, bytes]]:
    """When each recording arrives, and what is sent."""
    random = np.random.default_rng([seed, 7])
    found = []
    for session in sessions(events, passage, low):
        piece = {
            "chunkId": f"{session.session_id}-0",
            "sessionId": session.session_id,
            "windowId": "1",
            "sequence": 0,
            "userId": session.user_id,
            "anonymousId": session.anonymous_id,
            "screen": passage.screen,
            "width": WIDTH,
            "height": HEIGHT,
            "events": recording(session, passage, random),
        }
        found.append((session.ended_us + SECOND_US, json.dumps(piece).encode()))
    return found


def recording(session: Session, passage: Passage, random: np.random.Generator) -> list[dict[str, Any]]:
    """What rrweb would have recorded of a session, in order of time."""
    hand = _Hand(Screen(), session.opened_us / SECOND_MS, random)
    moments = [*hand.arrive(), *hand.choose_seat(4 * SECOND_MS)]
    raged = [(at_us - session.opened_us) / SECOND_MS for name, at_us in session.told if name == passage.signal]
    through_us = session.moment_us(passage.completes)
    if raged:
        moments += hand.rage(raged)
    if through_us is not None:
        moments += hand.get_through((through_us - session.opened_us) / SECOND_MS)
    moments += hand.leave((session.ended_us - session.opened_us) / SECOND_MS, lost=through_us is None)
    return sorted(moments, key=lambda one: float(one["timestamp"]))


@dataclass(frozen=True, slots=True)
class _Hand:
    """A finger on a screen; times are milliseconds since the screen was opened."""

    screen: Screen
    opened_ms: float
    random: np.random.Generator

    def arrive(self) -> Iterator[dict[str, Any]]:
        yield self._moment(0, META, {"href": ADDRESS, "width": WIDTH, "height": HEIGHT})
        yield self._moment(1, WHOLE, {"node": self.screen.document(), "initialOffset": {"top": 0, "left": 0}})

    def choose_seat(self, at_ms: float) -> Iterator[dict[str, Any]]:
        seat = int(self.random.integers(0, 6))
        number = self.screen.ids[f"seat-14{'ABCDEF'[seat]}"]
        yield from self._tap(at_ms, number, (SEATS_AT[0] + 54 * seat, SEATS_AT[1]))
        yield self._changes(at_ms + 90, attributes=[{"id": number, "attributes": {"aria-pressed": "true"}}])

    def rage(self, told_ms: list[float]) -> Iterator[dict[str, Any]]:
        """Taps on a button that does nothing, up to when a signal was told and whenever one was told again."""
        pauses = self.random.uniform(180, 420, int(self.random.integers(4, 9)))
        for at_ms in (*(told_ms[0] - np.cumsum(pauses)).tolist(), *told_ms):
            yield from self._tap(max(10.0, at_ms), self.screen.ids["check-in-button"], BUTTON_AT)

    def get_through(self, at_ms: float) -> Iterator[dict[str, Any]]:
        button, action = (self.screen.ids[name] for name in ("check-in-button", "action"))
        yield from self._tap(at_ms - 700, button, BUTTON_AT)
        added = [{"parentId": self.screen.ids["page"], "nextId": None, "node": self.screen.boarding_pass()}]
        yield self._changes(at_ms, removes=[{"parentId": self.screen.ids["page"], "id": action}], adds=added)

    def leave(self, at_ms: float, *, lost: bool) -> Iterator[dict[str, Any]]:
        if lost:
            yield from self._tap(at_ms - 1_500, self.screen.ids["help"], HELP_AT)
        yield self._moment(at_ms, INCREMENT, {"source": SCROLL, "id": 1, "x": 0, "y": 0})

    def _tap(self, at_ms: float, number: int, place: tuple[int, int]) -> Iterator[dict[str, Any]]:
        x, y = (round(center + float(self.random.normal(0, 6))) for center in place)
        for later_ms, kind in ((0, TOUCH_START), (60, TOUCH_END), (65, CLICK)):
            yield self._moment(
                at_ms + later_ms, INCREMENT, {"source": INTERACTION, "type": kind, "id": number, "x": x, "y": y}
            )

    def _changes(self, at_ms: float, **made: list[Any]) -> dict[str, Any]:
        every = {"texts": [], "attributes": [], "removes": [], "adds": [], **made}
        return self._moment(at_ms, INCREMENT, {"source": MUTATION, **every})

    def _moment(self, at_ms: float, kind: int, data: dict[str, Any]) -> dict[str, Any]:
        return {"type": kind, "data": data, "timestamp": round(self.opened_ms + at_ms)}
