"""Signals of frustration in what was recorded: rage, dead and error clicks, thrashing ("Frustration", definitions.md).

A recording does not show which cursor an element has, and requests and errors only where it was made with rrweb's
plugins for console and network: clicks are judged by what followed on the page, and by troubles that are known.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from nousnous.capabilities.replays.measures.pages import Page
from nousnous.facts.replays import SignalFound

RAPID_CLICKS = 3
RAPID_US = 1_000_000
RAPID_PX = 30
RESPONSE_US = 2_500_000
ERROR_US = 2_000_000
TURNS = 20
TURNS_US = 2_000_000
STEP_PX = 5
WHOLE, INCREMENT, META, PLUGIN = 2, 3, 4, 6
CONSOLE, NETWORK = "rrweb/console@", "rrweb/network@"
UNCAUGHT = "Uncaught"
"""How browsers begin what they say of an error that nobody caught; the console holds others as well."""
FAILED_FROM = 400
MUTATION, MOVE, MOUSE, SCROLL, INPUT, SELECTION = 0, 1, 2, 3, 5, 14
CHANGES = frozenset({SCROLL, INPUT, 8, 9, 13, SELECTION, 15})
"""Sources of increments that are an answer by themselves: scrolling, inputs, styles, canvas, selection."""
DOWN, CLICK, FOCUS, TOUCH = 1, 2, 5, 7

Times = npt.NDArray[np.int64]


@dataclass(slots=True)
class _Seen:
    """What a recording shows of clicks, answers and the mouse; times in microseconds."""

    page: Page = field(default_factory=Page)
    screen: str = ""
    down_us: int | None = None
    clicks: list[tuple[int, int, float, float]] = field(default_factory=list)
    about: list[tuple[str, str, bool, bool]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)
    troubles: list[int] = field(default_factory=list)
    moves: list[tuple[int, float, float, int]] = field(default_factory=list)


def signals_in(events: Iterable[Mapping[str, Any]]) -> tuple[SignalFound, ...]:
    """The signals that the rrweb events of one window show, in order of time.

    >>> heading = {"type": 2, "tagName": "h1", "attributes": {}, "childNodes": [], "id": 2}
    >>> whole = {"type": 2, "timestamp": 0, "data": {"node": {"type": 0, "childNodes": [heading], "id": 1}}}
    >>> def click(at: int) -> dict[str, Any]:
    ...     return {"type": 3, "timestamp": at, "data": {"source": 2, "type": 2, "id": 2, "x": 5, "y": 5}}
    >>> [(one.event, one.element, one.clicks) for one in signals_in([whole, click(10), click(200), click(400)])]
    [('Rage Click', 'h1', 3)]
    """
    seen = _Seen()
    for event in events:
        _take(seen, event)
    found = [*_of_clicks(seen), *_thrashes(seen)]
    return tuple(sorted(found, key=lambda one: (one.at_us, one.event)))


def chains_of(moments: Times, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> Times:
    """The number of the rapid chain that each click belongs to: within 1 s and 30 px of the one before.

    Takes clicks in order of time, all arrays of the same length; times in microseconds, places in CSS pixels.

    >>> chains_of(np.array([0, 500_000, 1_400_000, 3_000_000]), np.zeros(4), np.array([0.0, 9.0, 9.0, 9.0])).tolist()
    [0, 0, 0, 1]
    """
    far = (np.diff(moments) > RAPID_US) | (np.hypot(np.diff(x), np.diff(y)) > RAPID_PX)
    chains: Times = np.r_[0, np.cumsum(far)].astype(np.int64)[: len(moments)]
    return chains


def _of_clicks(seen: _Seen) -> Iterator[SignalFound]:
    if not seen.clicks:
        return
    columns = np.array(seen.clicks, np.float64).T
    down, moments = columns[0].astype(np.int64), columns[1].astype(np.int64)
    answers = np.sort(np.array(seen.answers, np.int64))
    answered = np.searchsorted(answers, moments + RESPONSE_US, "right") > np.searchsorted(answers, down, "left")
    counts = np.array([counted for *_, counted in seen.about])
    clickable = np.array([looks for _, _, looks, _ in seen.about])
    for place in np.flatnonzero(counts & clickable & ~answered):
        element, screen, *_ = seen.about[place]
        yield SignalFound("Dead Click", int(moments[place]), element, screen, 1, seen.names[element])
    failed = _failed(moments, seen.troubles)
    for place in np.flatnonzero(counts & failed):
        element, screen, *_ = seen.about[place]
        yield SignalFound("Error Click", int(moments[place]), element, screen, 1, seen.names[element])
    chains = chains_of(moments, columns[2], columns[3])
    for chain in np.unique(chains):
        mine = np.flatnonzero((chains == chain) & counts)
        if len(mine) >= RAPID_CLICKS and (failed[mine].any() or not answered[mine].any()):
            element, screen, *_ = seen.about[mine[0]]
            yield SignalFound("Rage Click", int(moments[mine[0]]), element, screen, len(mine), seen.names[element])


def _failed(moments: Times, troubles: list[int]) -> npt.NDArray[np.bool_]:
    """Which clicks are the newest before an error or a failed request, at most 2 s before it.

    >>> _failed(np.array([0, 1_000_000]), [1_500_000, 9_000_000]).tolist()
    [False, True]
    """
    found = np.zeros(len(moments), dtype=np.bool_)
    late = np.array(troubles, np.int64)
    newest = np.searchsorted(moments, late, "right") - 1
    near = (newest >= 0) & (late - moments[np.maximum(newest, 0)] <= ERROR_US)
    found[newest[near]] = True
    return found


def _thrashes(seen: _Seen) -> Iterator[SignalFound]:
    """Where the mouse changed its direction 20 times within 2 seconds; what was told starts anew."""
    steps = _steps(sorted(seen.moves))
    if len(steps) < TURNS + 2:
        return
    places = np.array([(x, y) for _, x, y, _ in steps])
    ways = np.diff(places, axis=0)
    turned = np.flatnonzero((ways[1:] * ways[:-1]).sum(axis=1) < 0) + 2
    moments = np.array([steps[place][0] for place in turned], np.int64)
    last = 0
    while last + TURNS <= len(moments):
        if moments[last + TURNS - 1] - moments[last] > TURNS_US:
            last += 1
            continue
        at_us, _, _, node = steps[turned[last + TURNS - 1]]
        last += TURNS
        if not seen.page.never_counts(node):
            yield SignalFound("Thrash", at_us, seen.page.selector(node), seen.screen)


def _steps(moves: list[tuple[int, float, float, int]]) -> list[tuple[int, float, float, int]]:
    """The places of the mouse that are at least 5 px from the one before."""
    kept: list[tuple[int, float, float, int]] = []
    for one in moves:
        if not kept or np.hypot(one[1] - kept[-1][1], one[2] - kept[-1][2]) >= STEP_PX:
            kept.append(one)
    return kept


def _take(seen: _Seen, event: Mapping[str, Any]) -> None:
    data, at_us = event.get("data"), round(event["timestamp"] * 1000)
    if not isinstance(data, Mapping):
        return
    if event["type"] == META:
        seen.screen = _path(data.get("href")) or seen.screen
        seen.answers.append(at_us)
    elif event["type"] == WHOLE:
        seen.page.begin(data.get("node"))
        seen.answers.append(at_us)
    elif event["type"] == INCREMENT:
        _take_increment(seen, data, at_us)
    elif event["type"] == PLUGIN and _is_trouble(data):
        seen.troubles.append(at_us)


def _is_trouble(data: Mapping[str, Any]) -> bool:
    """An uncaught error, or a request that failed."""
    plugin, payload = str(data.get("plugin")), data.get("payload")
    if not isinstance(payload, Mapping):
        return False
    if plugin.startswith(CONSOLE):
        said = payload.get("payload")
        return payload.get("level") == "error" and UNCAUGHT in str(said[0] if isinstance(said, list) and said else said)
    requests = payload.get("requests")
    if not plugin.startswith(NETWORK) or not isinstance(requests, list):
        return False
    statuses = [one.get("status", one.get("responseStatus")) for one in requests if isinstance(one, Mapping)]
    return any(isinstance(status, int) and status >= FAILED_FROM for status in statuses)


def _take_increment(seen: _Seen, data: Mapping[str, Any], at_us: int) -> None:
    source = data.get("source")
    if source == MUTATION:
        seen.page.change(data)
        if any(data.get(name) for name in ("texts", "attributes", "removes", "adds")):
            seen.answers.append(at_us)
    elif source in CHANGES:
        seen.answers.append(at_us)
    elif source == MOVE and isinstance(data.get("positions"), list):
        seen.moves += [
            (at_us + round(_number(one.get("timeOffset")) * 1000), _number(one.get("x")), _number(one.get("y")), node)
            for one in data["positions"]
            if isinstance(one, Mapping) and isinstance(node := one.get("id"), int)
        ]
    elif source == MOUSE:
        _take_mouse(seen, data, at_us)


def _take_mouse(seen: _Seen, data: Mapping[str, Any], at_us: int) -> None:
    """What the hand does begins when it goes down: the focus that a click brings comes before the click."""
    kind, node = data.get("type"), data.get("id")
    if kind in {DOWN, TOUCH}:
        seen.down_us = at_us
    elif kind == FOCUS:
        seen.answers.append(at_us)
    elif kind == CLICK and isinstance(node, int):
        began_us = at_us if seen.down_us is None or at_us - seen.down_us > RAPID_US else seen.down_us
        clickable = seen.page.clickable(node)
        element = seen.page.selector(node if clickable is None else clickable)
        seen.names[element] = seen.page.name(node if clickable is None else clickable)
        seen.clicks.append((began_us, at_us, _number(data.get("x")), _number(data.get("y"))))
        may_be_dead = clickable is not None and not seen.page.is_field(clickable)
        seen.about.append((element, seen.screen, may_be_dead, not seen.page.never_counts(node)))
        seen.down_us = None


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and abs(value) < 1e9 else 0.0


def _path(href: Any) -> str:
    try:
        return urlsplit(href).path if isinstance(href, str) else ""
    except ValueError:
        return ""
