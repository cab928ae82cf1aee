"""Triggers that no event pulls: the calendar, for everybody of a segment, and a metric that passes a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from cronsim import CronSim, CronSimError

from nousnous.base.timezones import timezone_names
from nousnous.charts.words import reading
from nousnous.facts.plays import Watched
from nousnous.journeys.catalogue import METRICS, unit_of
from nousnous.journeys.fields import Reader, Table
from nousnous.journeys.lines import Path
from nousnous.journeys.matching import microseconds

DAYS: Final = 28
MOST_DAYS: Final = 400
DAY_US: Final = 24 * 3_600 * 1_000_000
EXAMPLE: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Five cron fields in a time zone; without one the workspace's."""

    cron: str
    timezone: str = ""

    @property
    def words(self) -> str:
        said = CronSim(self.cron, EXAMPLE).explain()
        zone = f" ({self.timezone})" if self.timezone else ""
        return f"{said}{zone}, for each person"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A metric of a step whose whole interval lies above, or below, a value."""

    watched: Watched
    value: float
    above: bool

    def passed(self, low: float | None, high: float | None) -> bool:
        """Whether an interval lies beyond the value as a whole.

        >>> below = Threshold(Watched("", "pay", "completion", 28), 0.6, above=False)
        >>> below.passed(0.5, 0.59), below.passed(0.5, 0.61), below.passed(None, None)
        (True, False, False)
        """
        end = low if self.above else high
        return end is not None and (end > self.value if self.above else end < self.value)

    @property
    def words(self) -> str:
        side = "above" if self.above else "below"
        return f"When the whole interval of {self.watched.words} lies {side} {self.reading(self.value)}"

    def seen(self, estimate: Mapping[str, Any]) -> str:
        """An estimate of the metric in words, with its interval."""
        if estimate["low"] is None and estimate["high"] is None:
            return f"{self.watched.words} rests on too few people (n {estimate['n']})"
        value, low, high = (self.reading(estimate[name]) for name in ("value", "low", "high"))
        return f"{self.watched.words} is {value} (95% interval {low} to {high}, n {estimate['n']})"

    def reading(self, value: float | None) -> str:
        """A value of the metric as people read it."""
        metric = METRICS.get(self.watched.metric)
        return reading(value, unit_of(metric.unit) if metric else "score")


def read_calendar(reader: Reader, table: Table, path: Path) -> Calendar:
    """A schedule: `schedule = "0 9 * * 1"`, perhaps with a `timezone`."""
    reader.only(table, path, ("schedule", "timezone"))
    cron, zone = reader.text(table, path, "schedule"), reader.text(table, path, "timezone", "")
    try:
        CronSim(cron or "* * * * *", EXAMPLE)
    except CronSimError:
        reader.refuse((*path, "schedule"), 'A schedule has five cron fields: "0 9 * * 1" is Mondays at 9.')
    if len(cron.split()) not in {0, 5}:
        reader.refuse((*path, "schedule"), 'A schedule has five cron fields: "0 9 * * 1" is Mondays at 9.')
    if zone and zone not in timezone_names():
        reader.refuse((*path, "timezone"), f"There is no time zone “{zone}”; write one such as Europe/Berlin.")
    return Calendar(cron, zone)


def read_threshold(reader: Reader, table: Table, path: Path) -> Threshold:
    """A metric that passes a value: `metric`, `step`, perhaps `journey`, `above` or `below`, perhaps `over`."""
    reader.only(table, path, ("metric", "journey", "step", "above", "below", "over"))
    names = (reader.text(table, path, "journey", ""), reader.text(table, path, "step"))
    metric = reader.text(table, path, "metric")
    if metric and metric not in METRICS:
        reader.refuse((*path, "metric"), f"There is no metric “{metric}”; choose one of {', '.join(METRICS)}.")
    sides = [name for name in ("above", "below") if name in table]
    if len(sides) != 1:
        reader.refuse(path, "A threshold is passed one way: write above = 0.2, or below = 0.6.")
    value = reader.number(table, path, sides[0]) if sides else None
    if value is not None and metric in METRICS and not METRICS[metric].holds(value):
        reader.refuse((*path, sides[0]), METRICS[metric].misfit(value))
    days = _days(reader, table, path)
    return Threshold(Watched(*names, metric, days), value or 0.0, sides == ["above"])


def _days(reader: Reader, table: Table, path: Path) -> int:
    if "over" not in table:
        return DAYS
    days, rest = divmod(microseconds(reader.text(table, path, "over")) or 0, DAY_US)
    if rest or not 1 <= days <= MOST_DAYS:
        reader.refuse((*path, "over"), f'“over” is a number of whole days up to {MOST_DAYS}: over = "28d".')
    return days


def refuse_people(reader: Reader, document: Table) -> None:
    """What a file that waits for a metric cannot say, because the metric concerns no single person."""
    for name, keys in {"play": ("audience",), "limits": ("every", "once", "most_a_day")}.items():
        for key in keys:
            if key in reader.table(document, (), name):
                reader.refuse((name, key), f"A metric concerns no single person; leave “{key}” out.")
    for name in ("holdout", "variants"):
        if name in document:
            reader.refuse((name,), f"A metric concerns no single person; leave [{name}] out.")
