"""Guilty screens and the sessions before answers, read slowly from the definitions and decision 85 alone."""

from fractions import Fraction
from math import comb

PAUSE_US = 30 * 60 * 1_000_000
DAY_US = 24 * 3_600 * 1_000_000


def chance(seen_low, seen_high, low, high):
    """One-sided hypergeometric: as many of the low sessions or more, were the ones that saw it drawn blindly."""
    seen, everything = seen_low + seen_high, low + high
    ways = sum(comb(seen, k) * comb(everything - seen, low - k) for k in range(seen_low, min(seen, low) + 1))
    return Fraction(ways, comb(everything, low))


def guilty(counts, low, high, share=Fraction(5, 100)):
    """The names of Benjamini and Hochberg at 5 %: all up to the largest rank i with p(i) at most i/m of it."""
    if low < 20 or high < 20:
        return set()
    ordered = sorted((chance(*seen, low, high), name) for name, seen in counts.items())
    last = max((i for i, (p, _) in enumerate(ordered, 1) if p <= share * i / len(ordered)), default=0)
    return {name for _, name in ordered[:last]}


def session_before(events, person, moment_us):
    """The person's session that was running at the moment, or the last in the day before; no event older than a day."""
    before = sorted(
        (one for one in events if one["person"] == person and moment_us - DAY_US <= one["ts_us"] <= moment_us),
        key=lambda event: event["ts_us"],
    )
    if not before:
        return []
    last_us = before[-1]["ts_us"]
    named = sorted(event["session"] for event in before if event["ts_us"] == last_us and event["session"])
    if named:
        return [event for event in before if event["session"] == named[0]]
    found = []
    for event in reversed(before):
        if found and found[-1]["ts_us"] - event["ts_us"] > PAUSE_US:
            break
        found.append(event)
    return found[::-1]


def counted(sessions):
    """In how many of the low and of the high sessions each screen was seen, once a session."""
    names = {event["screen"] for session, _ in sessions for event in session if event["screen"]}
    return {
        name: tuple(
            sum(is_low == wanted and any(event["screen"] == name for event in session) for session, is_low in sessions)
            for wanted in (True, False)
        )
        for name in names
    }
