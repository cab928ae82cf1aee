"""Visits of a journey, by the paragraph "Visits" of the definitions, slowly and to the letter. Times are µs."""

import re
from dataclasses import dataclass
from itertools import pairwise

from tests.oracle.identity import timelines, unique
from tests.oracle.matchers import matches, property_text

SECOND = 1_000_000
MINUTE = 60 * SECOND
PAUSE = 30 * MINUTE
ACTIVE = 5 * MINUTE
SIGNALS = ["Rage Click", "Dead Click", "Error Click", "Thrash", "Quick Back"]
UNITS = {"s": SECOND, "m": MINUTE, "h": 60 * MINUTE, "d": 1440 * MINUTE}


@dataclass
class Visit:
    """One visit. `openings` are the start events of the opening moment; `active` are intervals (from, to)."""

    step: str
    order: int
    person: tuple
    opened_us: int
    last_start_us: int
    window_end_us: int
    ended_us: int
    outcome: str
    active: list
    failures: list
    signals: list
    openings: list

    @property
    def elapsed_us(self):
        return self.ended_us - self.opened_us

    @property
    def active_us(self):
        return sum(end - start for start, end in self.active)

    @property
    def closed(self):
        return self.outcome != "open"

    @property
    def completed(self):
        return self.outcome == "completed"

    @property
    def clean(self):
        return self.completed and not self.failures and not self.signals

    @property
    def cause(self):
        """(name, element or None) of the earliest failure or signal; ties: failure first, then name, then element."""
        ranked = [(event["ts_us"], 0, *_named(event)) for event in self.failures]
        ranked += [(event["ts_us"], 1, *_named(event)) for event in self.signals]
        if not ranked:
            return None
        _, _, name, element = min(ranked)
        return name, element or None

    def segment(self, name):
        """The property of the opening event; of several in one moment the smallest text; `unknown` if none."""
        values = [property_text(event, name) for event in self.openings]
        return min((value for value in values if value is not None), default="unknown")


def _named(event):
    return event["event"] or "", property_text(event, "element") or ""


def duration(written):
    """'30m' in µs; units s, m, h, d."""
    number, unit = re.fullmatch(r"\s*(\d+)\s*([smhd])\s*", written).groups()
    return int(number) * UNITS[unit]


def visits(events, journey, newest_us=None):
    """Every visit of every step of the journey, in order of (person's first event, step, opening)."""
    if newest_us is None:
        newest_us = max((event["ts_us"] for event in unique(events)), default=0)
    frustration = journey["journey"].get("frustration", {"event": SIGNALS})
    return [
        Visit(step=step["id"], order=order, person=person, **visit)
        for person, line in timelines(events).items()
        for order, step in enumerate(journey["step"])
        for visit in _visits_of_step(line, step, frustration, newest_us)
    ]


def _visits_of_step(line, step, frustration, newest_us):
    """The visits of one person to one step, from the person's events in order of time."""
    within = duration(step.get("within", "30m"))
    starts = _moments(line, step["starts"])
    if not starts:
        return []
    completions = _moments(line, step["completes"]) if step.get("completes") else starts
    found = []
    for group in _groups(starts, completions, within):
        window_end = group[-1] + within
        in_window = [event for event in line if group[0] <= event["ts_us"] <= window_end]
        completing = [moment for moment in completions if group[0] <= moment <= window_end]
        ended = min(completing) if completing else _end_without_completion(in_window, group[-1], step)
        inside = [event for event in in_window if event["ts_us"] <= ended]
        visit = _contents(inside, step, frustration)
        visit.update(opened_us=group[0], last_start_us=group[-1], window_end_us=window_end, ended_us=ended)
        visit["outcome"] = _outcome(visit, completed=bool(completing), newest_us=newest_us)
        found.append(visit)
    return found


def _moments(line, matchers):
    return sorted({event["ts_us"] for event in line if matches(matchers, event)})


def _groups(starts, completions, within):
    """The moments of start, grouped into visits."""
    groups = [[starts[0]]]
    for earlier, later in pairwise(starts):
        completed_between = any(earlier <= moment < later for moment in completions)
        if later - earlier <= within and not completed_between:
            groups[-1].append(later)
        else:
            groups.append([later])
    return groups


def _outcome(visit, *, completed, newest_us):
    if completed:
        return "completed"
    if visit["window_end_us"] > newest_us:
        return "open"
    return "failed" if visit["failures"] else "abandoned"


def _contents(inside, step, frustration):
    """What lies in [opening, end], from the person's events of that time."""
    moments = sorted({event["ts_us"] for event in inside})
    return {
        "active": [(one, other) for one, other in pairwise(moments) if other - one <= ACTIVE],
        "failures": [event for event in inside if matches(step.get("fails"), event)],
        "signals": [event for event in inside if matches(frustration, event)],
        "openings": [event for event in inside if event["ts_us"] == moments[0] and matches(step["starts"], event)],
    }


def _end_without_completion(in_window, last_start, step):
    """From the last start or failure, whichever is later, over all events until a pause of more than 30 minutes."""
    failed = [event["ts_us"] for event in in_window if matches(step.get("fails"), event)]
    reached = max([last_start, *failed])
    for event in in_window:
        if event["ts_us"] > reached:
            if event["ts_us"] - reached > PAUSE:
                break
            reached = event["ts_us"]
    return reached
