"""Rescues that were tried: who stayed away was called and offered something, or left alone; and a play without effect.

They are drawn by a generator of their own, and only add to what happens: the world without them is the same.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nousnous.base.clock import DAY_US
from nousnous_demo.crowd import Integers
from nousnous_demo.diary import Diary, Kind

RESCUE, HINT = "play/rescue", "play/hint"
CAME_BACK = {"held_out": 0.1, "restitution": 0.4, "retention": 0.12}
"""Share of each arm that orders again."""
ARM_SHARES = (0.3, 0.35, 0.35)
HINT_ARMS = ("held_out", "acted")
AGO_DAYS, LASTING_DAYS = 40, 8
RESCUED, HINTED = 0.12, 0.3
"""Share of all people."""


def rescue(diary: Diary) -> dict[str, Any]:
    """Plant both; answers the truth of them."""
    crowd, random = diary.crowd, diary.crowd.random.spawn(1)[0]
    began_us = crowd.until_us - AGO_DAYS * DAY_US
    lapsed = np.flatnonzero(_last_order_us(diary) < began_us)
    many = min(len(lapsed), int(RESCUED * crowd.people))
    rescued = random.choice(lapsed, many, replace=False)
    at_us = began_us + random.integers(0, LASTING_DAYS * DAY_US, many)
    arm = random.choice(len(CAME_BACK), many, p=ARM_SHARES)
    back = random.random(many) < np.array(list(CAME_BACK.values()))[arm]
    _assign(diary, RESCUE, tuple(CAME_BACK), (rescued, arm, at_us))
    diary.note(Kind("Order Completed"), rescued[back], at_us[back] + random.integers(DAY_US, 20 * DAY_US, back.sum()))
    hinted = random.choice(np.setdiff1d(np.arange(crowd.people), rescued), int(HINTED * crowd.people), replace=False)
    shown_us = began_us + random.integers(0, LASTING_DAYS * DAY_US, len(hinted))
    _assign(diary, HINT, HINT_ARMS, (hinted, random.choice(2, len(hinted)), shown_us))
    return {"rescue": {"experiment": RESCUE, "came_back": CAME_BACK}, "hint": {"experiment": HINT, "effect": 0}}


def _assign(diary: Diary, experiment: str, arms: Sequence[str], who: tuple[Integers, Integers, Integers]) -> None:
    person, arm, at_us = who
    for place, name in enumerate(arms):
        chosen = arm == place
        kind = Kind("Experiment Viewed", experiment_id=experiment, variation_id=name)
        diary.note(kind, person[chosen], at_us[chosen])


def _last_order_us(diary: Diary) -> Integers:
    """When each person ordered last; 0 for never."""
    parts = (diary.persons, diary.moments, diary.codes)
    person, at_us, code = (np.concatenate(part) for part in parts)
    ordered = np.array([one.event == "Order Completed" for one in diary.kinds])[code]
    found = np.zeros(diary.crowd.people, dtype=np.int64)
    np.maximum.at(found, person[ordered], at_us[ordered])
    return found
