"""The moments of a session that are worth a jump: what an event or an answer says, as one sentence."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from nousnous.facts.barriers import SCANNED
from nousnous.facts.journeys import SIGNALS
from nousnous.facts.replays import ERRORS

KINDS: Final = ("signal", "error", "vital", "answer", "page", "step", "event")
VITAL: Final = "Web Vital Measured"
QUIET: Final = ("Element Clicked", "Session Described", "Form Submitted", "Survey Answered", SCANNED)
"""Events that are too many or say nothing by themselves: their moments are left out."""
SENTENCES: Final = {
    "Rage Click": "Raged at {what}",
    "Dead Click": "Clicked {what} in vain",
    "Error Click": "Clicked {what}, and an error followed",
    "Thrash": "Moved the mouse to and fro",
    "Quick Back": "Turned back at once",
}
SLOW: Final = {
    "LCP": "Waited {value} for the main content",
    "FCP": "Waited {value} to see anything",
    "TTFB": "Waited {value} for the page",
    "INP": "Waited {value} for an answer to a press",
    "CLS": "Saw the page jump by {value}",
}
LETTERS = 160


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment: real time, kind (one of `KINDS`), what happened, where; `reference` is the id of event or answer."""

    at_us: int
    kind: str
    sentence: str
    screen: str
    element: str
    event: str
    reference: str


def moment_of_event(row: Mapping[str, Any]) -> Moment | None:
    """The moment of an event's row; None for one that is quiet, or says that something was as quick as it should be."""
    name = row["event"]
    if name is None or name in QUIET:
        return None
    properties = _properties(row["properties"])
    if name == VITAL and properties.get("rating") == "good":
        return None
    kind, sentence = _said(name, row, properties)
    screen = properties.get("screen") if name == "Quick Back" else row["screen"]
    return Moment(row["ts_us"], kind, sentence[:LETTERS], _text(screen), row["element"] or "", name, row["message_id"])


def moment_of_score(row: Mapping[str, Any]) -> Moment:
    """The moment of an answer's row.

    >>> row = {"ts_us": 1, "moment_us": None, "metric": "nps", "value": 2.0, "scale_low": 0.0, "scale_high": 10.0}
    >>> moment_of_score(row | {"comment": None, "screen": "/pay", "score_id": "s1"}).sentence
    'Answered 2 of 10 (NPS)'
    """
    value = row["value"]
    answer = (
        "Wrote" if value is None else f"Answered {value:g} of {row['scale_high'] or 0:g} ({_metric(row['metric'])})"
    )
    comment = f": “{row['comment']}”" if row["comment"] else ""
    at_us = row["ts_us"] if row["moment_us"] is None else row["moment_us"]
    return Moment(at_us, "answer", (answer + comment)[:LETTERS], row["screen"] or "", "", "", row["score_id"])


def _said(name: str, row: Mapping[str, Any], properties: Mapping[str, Any]) -> tuple[str, str]:
    where = f" ({row['element']})" if row["element"] else ""
    if name in SIGNALS:
        what = properties.get("name") or row["element"]
        clicks = f", {properties['clicks']} clicks" if properties.get("clicks") else ""
        sentence = SENTENCES.get(name, name).format(what=f"“{_text(what)}”" if what else "the page")
        return "signal", sentence + clicks
    if name in ERRORS:
        what = properties.get("message") or f"{properties.get('method', '')} {properties.get('address', '')}".strip()
        status = f" answered {properties['status']}" if properties.get("status") else ""
        return "error", f"{'Error' if name == ERRORS[0] else 'Failed request'}: {_text(what)}{status}"
    if name == VITAL:
        vital = _text(properties.get("vital"))
        return "vital", SLOW.get(vital, vital + " {value}").format(value=_vital(properties))
    if name in {"Page Viewed", "Screen Viewed"}:
        return "page", f"Opened {row['screen'] or 'a page'}"
    return "event", name + where


def _vital(properties: Mapping[str, Any]) -> str:
    value = properties.get("value")
    if not isinstance(value, int | float):
        return ""
    if properties.get("vital") == "CLS":
        return f"{value:.2f}"
    return f"{value / 1000:.1f} s" if value >= 1000 else f"{value:.0f} ms"


def _metric(name: str | None) -> str:
    return {"nps": "NPS", "csat": "CSAT", "ces": "CES"}.get(name or "", name or "answer")


def _properties(text: str | None) -> Mapping[str, Any]:
    try:
        value = json.loads(text) if text else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
