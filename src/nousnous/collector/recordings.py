"""What a piece of a recording says of itself: its span, its screen, whether a player can begin with it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec
import numpy as np

from nousnous.base import clock
from nousnous.collector.parsing import Faulty
from nousnous.collector.scrubbing import clean_address

WHOLE, INCREMENTAL, PAGE = 2, 3, 4
BY_HAND = (1, 2, 3, 5, 6, 7, 12, 14)
"""Sources of increments that a person makes: mouse, clicks, scrolling, inputs, touch, media, drag, selection."""
STILL_US = 5 * clock.SECOND_US
WRONG_CLOCK_US = clock.MINUTE_US
"""A client's clock that is off by less is taken as right: what is on the way would be counted as its fault."""


class _Event(msgspec.Struct):
    type: int
    timestamp: int | float
    data: Any = None


_events = msgspec.json.Decoder(list[_Event])


def described(body: bytes, shift_us: int = 0) -> dict[str, Any]:
    """The columns of the index that the rrweb events of a piece tell; Faulty when they are none."""
    try:
        events = _events.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Faulty("The piece of the recording holds no rrweb events that can be read.") from None
    if not events:
        raise Faulty("The piece of the recording is empty.")
    times = np.array([one.timestamp for one in events], np.float64)
    if not np.isfinite(times).all() or times.min() < 0 or times.max() * 1000 > clock.now_us() + 366 * clock.DAY_US:
        raise Faulty("The times of the recording cannot be read.")
    times_us = np.round(times * 1000).astype(np.int64) + shift_us
    page = next((one.data for one in events if one.type == PAGE and isinstance(one.data, dict)), {})
    return {
        "ts_us": int(times_us.min()),
        "until_us": int(times_us.max()),
        "shift_us": shift_us,
        "moments": len(events),
        "active_us": _active_us(np.sort(times_us[[_is_by_hand(one) for one in events]])),
        "whole": any(one.type == WHOLE for one in events),
        "screen": _screen(page.get("href")),
        "width": _whole_number(page.get("width")),
        "height": _whole_number(page.get("height")),
    }


def shift_of(received_us: int, sent_us: int | None) -> int:
    """What a client's clock is off."""
    late = 0 if sent_us is None else received_us - sent_us
    return late if abs(late) > WRONG_CLOCK_US else 0


def _is_by_hand(event: _Event) -> bool:
    return event.type == INCREMENTAL and isinstance(event.data, Mapping) and event.data.get("source") in BY_HAND


def _active_us(moments: Any) -> int:
    pauses = np.diff(moments)
    return int(pauses[pauses <= STILL_US].sum())


def _screen(href: Any) -> str | None:
    try:
        return urlsplit(clean_address(href)).path or None if isinstance(href, str) else None
    except ValueError:
        return None


def _whole_number(value: Any) -> int | None:
    number = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 100_000
    return round(value) if number else None
