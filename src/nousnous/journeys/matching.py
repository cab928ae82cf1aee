"""Matchers of a file: which events start, complete or fail a step, and what they look like in words."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from nousnous.base import clock
from nousnous.facts.journeys import Condition, Journey, Matcher
from nousnous.journeys.fields import Reader, Table, as_text
from nousnous.journeys.lines import Path

UNITS = {"s": clock.SECOND_US, "m": clock.MINUTE_US, "h": clock.HOUR_US, "d": clock.DAY_US}
_SPAN = re.compile(r"(?:\d+(?:\.\d+)?[smhd])(?:\s*\d+(?:\.\d+)?[smhd])*")
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhd])")


def read_matchers(reader: Reader, table: Table, path: Path, key: str) -> tuple[Matcher, ...]:
    """One matcher or a list of them; none where the key is missing."""
    if key not in table:
        return ()
    value, place = table[key], (*path, key)
    given = value if isinstance(value, list) else [value]
    if not given or not all(isinstance(one, dict) for one in given):
        reader.refuse(place, f'“{key}” is a matcher such as {{ event = "Order Completed" }}, or a list of them.')
        return ()
    found = [_matcher(reader, one, place) for one in given]
    return tuple(one for one in found if one is not None)


def _matcher(reader: Reader, given: dict[str, Any], place: Path) -> Matcher | None:
    reader.only(given, place, ("event", "where"))
    events = _texts(given["event"]) if "event" in given else ()
    if events is None or not all(name.strip() for name in events) or (not events and "event" in given):
        reader.refuse((*place, "event"), "“event” is a name in quotes, or a list of names.")
        return None
    where = given.get("where", {})
    if not isinstance(where, dict):
        reader.refuse((*place, "where"), '“where” is a table such as { screen = "/pay" }.')
        return None
    conditions = []
    for name, value in where.items():
        values = _values(value)
        if not values:
            reader.refuse(
                (*place, "where", name), f"“{name}” is compared with a text, a number, a flag, or a list of them."
            )
            return None
        conditions.append(Condition(name, values))
    if not events and not conditions:
        reader.refuse(place, "A matcher names an event or a condition under “where”.")
        return None
    return Matcher(events, tuple(conditions))


def _texts(value: Any) -> tuple[str, ...] | None:
    given = value if isinstance(value, list) else [value]
    return tuple(given) if all(isinstance(one, str) for one in given) else None


def _values(value: Any) -> tuple[str, ...]:
    texts = [as_text(one) for one in (value if isinstance(value, list) else [value])]
    return tuple(text for text in texts if text is not None) if None not in texts else ()


def alternatives(matchers: Iterable[Matcher]) -> set[tuple[str, frozenset[tuple[str, frozenset[str]]]]]:
    """Matchers taken apart into single events, so that the same meaning compares equal."""
    return {
        (event, frozenset((condition.property, frozenset(condition.values)) for condition in matcher.where))
        for matcher in matchers
        for event in (matcher.events or ("",))
    }


def names_in(matchers: Iterable[Matcher]) -> set[str]:
    return {name for matcher in matchers for name in matcher.events}


def asked_in(journeys: Iterable[Journey]) -> dict[str, list[str]]:
    """By property the values that some step asks for.

    >>> from nousnous.facts.journeys import Step
    >>> asked = (Matcher((), (Condition("plan", ("pro", "2")),)), Matcher((), (Condition("plan", ("free",)),)))
    >>> asked_in([Journey("shop", "Shop", "EUR", (Step("pay", "Pay", asked), Step("see", "See")), {})])
    {'plan': ['2', 'free', 'pro']}
    """
    matchers = (matcher for journey in journeys for step in journey.steps for matcher in step.matchers)
    asked: dict[str, set[str]] = defaultdict(set)
    for condition in (one for matcher in matchers for one in matcher.where):
        asked[condition.property].update(condition.values)
    return {name: sorted(asked[name]) for name in sorted(asked)}


def in_words(matcher: Matcher) -> str:
    """A matcher as a member reads it.

    >>> in_words(Matcher(("Page Viewed",), (Condition("screen", ("/pay",)), Condition("country", ("DE", "AT")))))
    'Page Viewed where screen is /pay and country is DE or AT'
    """
    name = " or ".join(matcher.events) or "Any event"
    conditions = " and ".join(f"{one.property} is {' or '.join(one.values)}" for one in matcher.where)
    return f"{name} where {conditions}" if conditions else name


def microseconds(text: str) -> int | None:
    """A span such as 30m, 1.5h or 1h 30m; None where it is none.

    >>> microseconds("1h 30m") == 90 * clock.MINUTE_US, microseconds("30")
    (True, None)
    """
    if not _SPAN.fullmatch(text.strip()):
        return None
    return round(sum(float(number) * UNITS[unit] for number, unit in _PART.findall(text)))


def span_text(span_us: int) -> str:
    """The shortest way to write a span.

    >>> span_text(30 * clock.MINUTE_US), span_text(clock.HOUR_US), span_text(90 * clock.MINUTE_US)
    ('30m', '1h', '90m')
    """
    unit = next((one for one in "dhms" if span_us % UNITS[one] == 0), None)
    return f"{span_us // UNITS[unit]}{unit}" if unit else f"{span_us / clock.SECOND_US:g}s"
