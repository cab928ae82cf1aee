"""Answers on survey scales among events: `Survey Answered` that names survey, question and metric is a score as well.

An answer of an anonymous survey is no event at all: its score keeps step and screen, no person, its time to the hour.
"""

from typing import Any

from nousnous.base import clock
from nousnous.collector.entries import Arrival, Entry, happened_us, made_id, row_of
from nousnous.collector.parsing import Faulty, text_of
from nousnous.collector.times import moment_us

ANSWERED = "Survey Answered"
SCALES = ("nps", "csat", "ces", "rating")
METRICS = (*SCALES, "comment")
_KEPT_OF_THE_EVENT = ("ts_us", "received_us", "user_id", "anonymous_id", "country", "channel", "screen")
_SAID = ("survey", "version", "question", "kind", "answer", "way")


def is_answer(entry: Entry) -> bool:
    """Whether an event is an answer of ours; other tools call theirs the same without saying what was asked."""
    said = entry.properties
    return entry.event == ANSWERED and all(isinstance(said.get(name), str) for name in ("survey", "question", "metric"))


def is_anonymous(entry: Entry) -> bool:
    return is_answer(entry) and entry.properties.get("anonymous") is True


def score_of(entry: Entry, arrival: Arrival) -> dict[str, Any]:
    """The row of scores; its id is the event's message id. Faulty when it is no answer on its scale."""
    said = entry.properties
    low, high = _scale(said)
    found: dict[str, Any] = {
        "score_id": entry.message_id or made_id(entry, arrival),
        "moment_us": None,
        "metric": said["metric"],
        "step": _text(said.get("step")),
        "value": _value(said, low, high),
        "scale_low": low,
        "scale_high": high,
        "weight": 1.0,
        "comment": _text(said.get("comment")),
        "properties": text_of({name: said[name] for name in _SAID if said.get(name) is not None}),
        "source": f"survey:{said['survey']}"[:200],
    }
    if is_anonymous(entry):
        times = {"ts_us": happened_us(entry, arrival.received_us), "received_us": arrival.received_us}
        hours = {name: at - at % clock.HOUR_US for name, at in times.items()}
        return found | dict.fromkeys(_KEPT_OF_THE_EVENT) | hours | {"screen": _text(said.get("screen"))}
    event = row_of(entry, arrival)
    moment = moment_us(said.get("moment"))
    return found | {name: event[name] for name in _KEPT_OF_THE_EVENT} | {"moment_us": moment}


def _scale(said: Any) -> tuple[float | None, float | None]:
    if said["metric"] not in METRICS:
        raise Faulty(f"“{said['metric'][:40]}” is no metric of answers; it is one of {', '.join(METRICS)}.")
    if said["metric"] == "comment":
        return None, None
    scale = said.get("scale")
    ends = scale if isinstance(scale, list) else []
    if len(ends) != 2 or not all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends):
        raise Faulty("The answer's scale is a list of its lowest and its highest answer.")
    if ends[0] >= ends[1]:
        raise Faulty("The answer's scale ends before it begins.")
    return float(ends[0]), float(ends[1])


def _value(said: Any, low: float | None, high: float | None) -> float | None:
    if low is None or high is None:
        return None
    value = said.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise Faulty(f"The answer is to be a number from {low:g} to {high:g}.")
    return float(value)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
