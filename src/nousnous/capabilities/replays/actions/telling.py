"""Replays in words and numbers for programs: what the API and `--json` answer."""

from typing import TypedDict

from nousnous.base import clock
from nousnous.base.shapes import Moment, shaped
from nousnous.capabilities.replays.actions.reading import Replay, ReplaySummary
from nousnous.capabilities.replays.measures.sessions import Chunk, Gap, Window
from nousnous.facts.replays import address_of


class LowestScoreShape(TypedDict):
    metric: str
    value: float
    scale_low: float
    scale_high: float


class SummaryShape(TypedDict):
    session: str
    person: str | None
    started_at: Moment
    duration_s: float
    active_s: float
    screens: list[str]
    width: int | None
    height: int | None
    signals: int
    errors: int
    lowest_score: LowestScoreShape | None
    pieces: int
    page: str


class SpanShape(TypedDict):
    from_s: float
    to_s: float


class WindowShape(SpanShape):
    window: str
    screen: str


class ChunkShape(SpanShape):
    number: int
    window: str
    events: int
    whole: bool
    screen: str
    shift_ms: int


class GapInReplayShape(SpanShape):
    window: str
    pieces: int


class MomentOfReplayShape(TypedDict):
    at_s: float
    kind: str
    sentence: str
    screen: str
    element: str
    event: str
    reference: str
    page: str


class ReplayShape(SummaryShape):
    windows: list[WindowShape]
    chunks: list[ChunkShape]
    gaps: list[GapInReplayShape]
    moments: list[MomentOfReplayShape]


def summary_as_dict(slug: str, one: ReplaySummary) -> SummaryShape:
    """A replay of the list; times are ISO 8601 in UTC, durations seconds."""
    return {
        "session": one.session_id,
        "person": one.person_id or None,
        "started_at": _moment(one.started_us),
        "duration_s": _seconds(one.duration_us),
        "active_s": _seconds(one.active_us),
        "screens": list(one.screens),
        "width": one.width,
        "height": one.height,
        "signals": one.signals,
        "errors": one.errors,
        "lowest_score": shaped(LowestScoreShape, one.lowest) if one.lowest else None,
        "pieces": one.chunks,
        "page": address_of(slug, one.session_id),
    }


def replay_as_dict(slug: str, replay: Replay) -> ReplayShape:
    """One replay; `at_s`, `from_s` and `to_s` count from its start."""
    start_us = replay.summary.started_us
    return {
        **summary_as_dict(slug, replay.summary),
        "windows": [{"window": one.window_id, **_span(one, start_us), "screen": one.screen} for one in replay.windows],
        "chunks": [_chunk(one, start_us) for one in replay.chunks],
        "gaps": [{"window": one.window_id, **_span(one, start_us), "pieces": one.pieces} for one in replay.gaps],
        "moments": [
            shaped(
                MomentOfReplayShape,
                one,
                at_s=_seconds(one.at_us - start_us),
                page=address_of(slug, replay.summary.session_id, max(0, one.at_us - start_us)),
            )
            for one in replay.moments
        ],
    }


def _chunk(one: Chunk, start_us: int) -> ChunkShape:
    return {
        "number": one.number,
        "window": one.window_id,
        **_span(one, start_us),
        "events": one.moments,
        "whole": one.whole,
        "screen": one.screen,
        "shift_ms": one.shift_us // 1000,
    }


def _span(one: Chunk | Gap | Window, start_us: int) -> SpanShape:
    return {"from_s": _seconds(one.from_us - start_us), "to_s": _seconds(one.to_us - start_us)}


def _moment(moment_us: int) -> str:
    return clock.from_us(moment_us).isoformat()


def _seconds(span_us: int) -> float:
    return round(span_us / clock.SECOND_US, 3)
