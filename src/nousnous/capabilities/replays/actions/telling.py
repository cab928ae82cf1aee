"""Replays in words and numbers for programs: what the API and `--json` answer."""

from dataclasses import asdict
from typing import Any

from nousnous.base import clock
from nousnous.capabilities.replays.actions.reading import Replay, ReplaySummary
from nousnous.capabilities.replays.measures.sessions import Chunk, Gap, Window
from nousnous.facts.replays import address_of

TOLD = ("kind", "sentence", "screen", "element", "event", "reference")


def summary_as_dict(slug: str, one: ReplaySummary) -> dict[str, Any]:
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
        "lowest_score": asdict(one.lowest) if one.lowest else None,
        "pieces": one.chunks,
        "page": address_of(slug, one.session_id),
    }


def replay_as_dict(slug: str, replay: Replay) -> dict[str, Any]:
    """One replay; `at_s`, `from_s` and `to_s` count from its start."""
    start_us = replay.summary.started_us
    return {
        **summary_as_dict(slug, replay.summary),
        "windows": [{"window": one.window_id, **_span(one, start_us), "screen": one.screen} for one in replay.windows],
        "chunks": [_chunk(one, start_us) for one in replay.chunks],
        "gaps": [{"window": one.window_id, **_span(one, start_us), "pieces": one.pieces} for one in replay.gaps],
        "moments": [
            {
                "at_s": _seconds(one.at_us - start_us),
                **{name: getattr(one, name) for name in TOLD},
                "page": address_of(slug, replay.summary.session_id, max(0, one.at_us - start_us)),
            }
            for one in replay.moments
        ],
    }


def _chunk(one: Chunk, start_us: int) -> dict[str, Any]:
    return {
        "number": one.number,
        "window": one.window_id,
        **_span(one, start_us),
        "events": one.moments,
        "whole": one.whole,
        "screen": one.screen,
        "shift_ms": one.shift_us // 1000,
    }


def _span(one: Chunk | Gap | Window, start_us: int) -> dict[str, float]:
    return {"from_s": _seconds(one.from_us - start_us), "to_s": _seconds(one.to_us - start_us)}


def _moment(moment_us: int) -> str:
    return clock.from_us(moment_us).isoformat()


def _seconds(span_us: int) -> float:
    return round(span_us / clock.SECOND_US, 3)
