"""Draw a world of a company from a seed: events and answers as Arrow tables, all in numpy."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from nousnous.base.clock import DAY_US, HOUR_US, MINUTE_US, SECOND_US
from nousnous_demo.company import Company, Passage

Integers = NDArray[np.int64]
Texts = NDArray[Any]

COUNTRIES = np.array(["US", "DE", "FR", "GB", "ES"], dtype=object)
COUNTRY_SHARES = (0.4, 0.2, 0.15, 0.15, 0.1)
PLATFORMS = np.array(["ios", "android", "desktop"], dtype=object)
# Visits of one person resemble each other: their own chance scatters around the step's by a beta with this weight.
LIKENESS = 60.0
NOISE = np.array(["Page Viewed", "Article Viewed", "Product Added to Wishlist", "Signed In"], dtype=object)


@dataclass(frozen=True, slots=True)
class World:
    """What happened: `events` as an import takes them, `answers` as a survey tool exports them."""

    events: Any
    answers: Any


@dataclass(frozen=True, slots=True)
class Frame:
    """Which people, when, and the generator that draws them."""

    random: np.random.Generator
    people: int
    from_us: int
    days: int

    def moments(self, count: int) -> Integers:
        """Waking hours of random days, early enough for a visit to end before the world does."""
        day = self.random.integers(0, self.days, count) * DAY_US
        return self.from_us + day + self.random.integers(7 * HOUR_US, 21 * HOUR_US, count)


@dataclass(frozen=True, slots=True)
class Rows:
    """A stretch of events in columns."""

    person: Integers
    ts_us: Integers
    event: Texts
    screen: Texts
    element: Texts
    channel: Texts

    @classmethod
    def of(cls, person: Integers, ts_us: Integers, event: Any, passage: Passage | None = None) -> "Rows":
        screen, channel = (passage.screen, passage.channel) if passage else ("/", "app")
        element = passage.element if passage and event == passage.signal else None
        name, *columns = (np.full(len(person), one, dtype=object) for one in (event, screen, element, channel))
        return cls(person, ts_us, name, *columns)


def simulate(company: Company, people: int, seed: int, until_us: int, days: int = 180) -> World:
    """A world of some people over some days that ends at `until_us` (microseconds, UTC)."""
    frame = Frame(np.random.default_rng(seed), people, until_us - days * DAY_US, days)
    stretches = [_noise(frame)]
    for passage in company.passages:
        if not passage.inside:
            stretches.extend(_visits(frame, passage, _nested(company, passage)))
    rows = [np.concatenate([getattr(one, name) for one in stretches]) for name in Rows.__dataclass_fields__]
    return World(_event_table(frame, Rows(*rows)), _answers(frame, Rows(*rows)))


def _nested(company: Company, passage: Passage) -> Passage | None:
    return next((one for one in company.passages if one.inside == passage.step), None)


def _who(frame: Frame, passage: Passage) -> Integers:
    if passage.people is not None:
        return frame.random.choice(frame.people, passage.people, replace=False).astype(np.int64)
    counts = frame.random.poisson(passage.visits * frame.days / 90, frame.people)
    return np.repeat(np.arange(frame.people), counts)


def _visits(frame: Frame, passage: Passage, nested: Passage | None) -> list[Rows]:
    """Start, pages on the way, what went wrong, and the end, of all visits of a step."""
    random, who = frame.random, _who(frame, passage)
    opened = frame.moments(len(who))
    if passage.people is not None:
        opened = frame.from_us + (frame.days - 30) * DAY_US + random.integers(0, 20 * DAY_US, len(who))
    own = random.beta(LIKENESS * passage.completion, LIKENESS * (1 - passage.completion), frame.people)
    completed = random.random(len(who)) < own[who]
    failed = ~completed & (random.random(len(who)) < passage.failing) & bool(passage.fails)
    seconds = np.clip(random.lognormal(np.log(passage.seconds), 0.5, len(who)), 5, 25 * 60)
    seconds = np.where(failed, np.minimum(seconds * 2.5, 25 * 60), seconds)
    ended = opened + (seconds * SECOND_US).astype(np.int64)
    rows = [
        Rows.of(who, opened, passage.starts, passage),
        _on_the_way(passage, who, opened, ended),
        Rows.of(who[completed], ended[completed], passage.completes, passage),
        Rows.of(who[failed], ended[failed], passage.fails, passage),
    ]
    if passage.signal:
        hit = failed | (~completed & (random.random(len(who)) < 0.5))
        at = opened[hit] + ((ended - opened)[hit] * 0.3).astype(np.int64)
        rows.append(Rows.of(who[hit], at, passage.signal, passage))
    if nested is not None:
        rows.extend(_inner(frame, nested, completed, (who, opened, ended)))
    if passage.step == "check-in":
        rows.append(_worries(frame, who[failed], ended[failed]))
    return rows


def _on_the_way(passage: Passage, who: Integers, opened: Integers, ended: Integers) -> Rows:
    pages = np.clip((ended - opened) // (45 * SECOND_US), 1, 12)
    total = int(pages.sum())
    position = np.arange(total) - np.repeat(np.cumsum(pages) - pages, pages) + 1
    step = (ended - opened) // (pages + 1)
    at = np.repeat(opened, pages) + position * np.repeat(step, pages)
    return Rows.of(np.repeat(who, pages), at, "Page Viewed", passage)


def _inner(
    frame: Frame, nested: Passage, completed: NDArray[np.bool_], outer: tuple[Integers, Integers, Integers]
) -> list[Rows]:
    """A step inside another one: who finished the outer one finished it; of the rest as many as its share asks for."""
    who, opened, ended = outer
    lost = completed.sum() * (1 - nested.completion) / nested.completion / max((~completed).sum(), 1)
    reached = completed | (frame.random.random(len(who)) < lost)
    failed = reached & ~completed & (frame.random.random(len(who)) < nested.failing)
    start = opened + ((ended - opened) * 0.7).astype(np.int64)
    wrong = start + ((ended - start) * 0.8).astype(np.int64)
    return [
        Rows.of(who[reached], start[reached], nested.starts, nested),
        Rows.of(who[failed], wrong[failed], nested.fails, nested),
    ]


def _worries(frame: Frame, who: Integers, when: Integers) -> Rows:
    """Some of those who could not check in read a help article soon afterwards."""
    worried = frame.random.random(len(who)) < 0.3
    at = when[worried] + frame.random.integers(2 * MINUTE_US, 20 * HOUR_US, int(worried.sum()))
    return Rows.of(who[worried], at, "Article Viewed")


def _noise(frame: Frame) -> Rows:
    """What people do beside all steps, and one robot that never stops."""
    who = np.repeat(np.arange(frame.people), frame.random.poisson(12 * frame.days / 90, frame.people))
    robot = np.zeros(3_000, dtype=np.int64)
    who = np.concatenate([who, robot])
    rows = Rows.of(who, frame.moments(len(who)), "Page Viewed")
    return replace(rows, event=frame.random.choice(NOISE, len(who)))


def _event_table(frame: Frame, rows: Rows) -> Any:
    country = frame.random.choice(COUNTRIES, frame.people, p=COUNTRY_SHARES)
    platform = frame.random.choice(PLATFORMS, frame.people)
    size = len(rows.person)
    orders = rows.event == "Order Completed"
    resolved = rows.event == "Contact Resolved"
    anonymous = (frame.random.random(size) < 0.15) & (rows.event == "Page Viewed")
    visitor = np.array([f"device-{number:06d}" for number in range(frame.people)], dtype=object)[rows.person]
    known = np.array([f"customer-{number:06d}" for number in range(frame.people)], dtype=object)[rows.person]
    revenue = np.where(orders, np.round(frame.random.lognormal(4.5, 0.6, size), 2), np.nan)
    minutes = np.where(resolved, np.round(frame.random.lognormal(2.2, 0.4, size), 1), np.nan)
    table = pa.table(
        {
            "user_id": pa.array(known, pa.string(), mask=anonymous),
            "anonymous_id": pa.array(visitor, pa.string(), mask=rows.channel == "store"),
            "event": pa.array(rows.event, pa.string()),
            "timestamp": pa.array(rows.ts_us, pa.timestamp("us", "UTC")),
            "screen": pa.array(rows.screen, pa.string()),
            "element": pa.array(rows.element, pa.string()),
            "channel": pa.array(rows.channel, pa.string()),
            "country": pa.array(country[rows.person], pa.string()),
            "platform": pa.array(platform[rows.person], pa.string()),
            "revenue": pa.array(revenue, from_pandas=True),
            "topic": pa.array(np.full(size, "booking", dtype=object), pa.string(), mask=~resolved),
            "customer_minutes": pa.array(minutes, from_pandas=True),
            "handling_minutes": pa.array(np.round(minutes * 0.8, 1), from_pandas=True),
        }
    )
    table = table.filter(pa.array((rows.channel != "store") | ~anonymous))
    return table.sort_by([("timestamp", "ascending"), ("user_id", "ascending"), ("event", "ascending")])


def _answers(frame: Frame, rows: Rows) -> Any:
    """One answer from a third of the people: who met an error at check-in rates it worse."""
    asked = np.flatnonzero(frame.random.random(frame.people) < 0.33)
    hurt = np.isin(asked, rows.person[rows.event == "Check-in Error"])
    mood = frame.random.normal(np.where(hurt, 6.4, 8.4), 1.8)
    rating = frame.random.normal(np.where(hurt, 2.6, 4.4), 0.9)
    return pa.table(
        {
            "customer": pa.array([f"customer-{number:06d}" for number in asked]),
            "answered_at": pa.array(frame.moments(len(asked)), pa.timestamp("us", "UTC")),
            "recommend": pa.array(np.clip(np.rint(mood), 0, 10).astype(np.int64)),
            "check_in": pa.array(np.clip(np.rint(rating), 1, 5).astype(np.int64)),
        }
    )
