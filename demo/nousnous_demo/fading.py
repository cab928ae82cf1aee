"""People who fade: each sign that the product looks for is planted at some, and some downgrade after one.

They are drawn by a generator of their own, and only add to what happens: the world without them is the same.
"""

import numpy as np
from numpy.typing import NDArray

from nousnous.base.clock import DAY_US, HOUR_US
from nousnous_demo.crowd import Integers
from nousnous_demo.diary import DEVICE, KNOWN, Diary, Kind

LOG_IN_DAYS = (12, 9, 5, 2)
WISH_DAYS = (14, 11, 6)
READ_DAYS = (6, 5, 5, 4, 4, 4)
OFTEN_DAYS = 55
SILENT_DAYS = (14, 24)
SPIKE_AGO_DAYS = 45
DOWNGRADED_AFTER_DAYS = 8


def fade(diary: Diary) -> dict[str, list[int]]:
    """Who was made to show which sign; `downgrade` are those who read all at once earlier, and downgraded."""
    crowd, random = diary.crowd, diary.crowd.random.spawn(1)[0]
    parts = (diary.persons, diary.moments, diary.codes, diary.guises)
    person, at_us, code, guise = (np.concatenate(part) for part in parts)
    theirs = np.isin(guise, (KNOWN, DEVICE)) & (at_us < crowd.until_us)
    ordered = theirs & np.array([one.event == "Order Completed" for one in diary.kinds])[code]
    ordered_us, seen_us = (_newest(diary, person, at_us, one) for one in (ordered, theirs))
    many = 1 + crowd.people // 100
    silent = [crowd.until_us - days * DAY_US for days in reversed(SILENT_DAYS)]
    may = {
        "hover": (ordered_us >= crowd.from_us) & (ordered_us < crowd.until_us - 30 * DAY_US),
        "pause": (seen_us >= silent[0]) & (seen_us < silent[1]),
    }
    drawn: dict[str, Integers] = {}
    taken = np.zeros(crowd.people, dtype=bool)
    for kind in ("hover", "pause", "wishes", "articles", "downgrade"):
        free = np.flatnonzero(may.get(kind, np.ones(crowd.people, dtype=bool)) & ~taken)
        drawn[kind] = np.sort(random.choice(free, min(len(free), many), replace=False))
        taken[drawn[kind]] = True
    _plant(diary, drawn, seen_us, random)
    return {kind: [int(one) for one in who] for kind, who in drawn.items()}


def _plant(diary: Diary, drawn: dict[str, Integers], seen_us: Integers, random: np.random.Generator) -> None:
    until_us = diary.crowd.until_us
    days = {"hover": ("Signed In", LOG_IN_DAYS), "wishes": ("Product Added to Wishlist", WISH_DAYS)}
    for kind, (event, ago) in {**days, "articles": ("Article Viewed", READ_DAYS)}.items():
        for day in ago:
            who = drawn[kind]
            diary.note(Kind(event), who, until_us - day * DAY_US + random.integers(0, 12 * HOUR_US, len(who)))
    who = drawn["pause"]
    for day in range(1, OFTEN_DAYS):
        diary.note(Kind("Page Viewed"), who, seen_us[who] - day * DAY_US + random.integers(0, HOUR_US, len(who)))
    who = drawn["downgrade"]
    read_us = until_us - SPIKE_AGO_DAYS * DAY_US + random.integers(0, 7 * DAY_US, len(who))
    for hours in range(len(READ_DAYS)):
        diary.note(Kind("Article Viewed"), who, read_us + hours * HOUR_US)
    after_us = DOWNGRADED_AFTER_DAYS * DAY_US + random.integers(0, 8 * DAY_US, len(who))
    diary.note(Kind("Subscription Downgraded"), who, read_us + after_us)


def _newest(diary: Diary, person: Integers, at_us: Integers, chosen: NDArray[np.bool_]) -> Integers:
    """When each person did something chosen last; 0 for never."""
    found = np.zeros(diary.crowd.people, dtype=np.int64)
    np.maximum.at(found, person[chosen], at_us[chosen])
    return found
