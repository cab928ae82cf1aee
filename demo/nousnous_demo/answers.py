"""What customers answer when they are asked after a step, as a survey tool exports it: one row an invitation."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from nousnous.base.clock import DAY_US, MINUTE_US
from nousnous_demo.company import Company, Survey
from nousnous_demo.crowd import COUNTRIES, Crowd, Integers

Went = Mapping[str, tuple[Integers, Integers, NDArray[np.bool_]]]
RECOMMEND = "recommend"
RECOMMENDING = Survey(RECOMMEND, "nps", "", 0, 10, 0.4, 8.3, 8.3, 2.0)
RECOMMEND_FROM = "renewal"
FORTNIGHT_US = 14 * DAY_US
SPEAKING = 0.12
WORDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "check-in": (
        (
            "The check-in button does nothing. I tapped it ten times.",
            "I had to queue at the counter because the app would not check me in.",
            "Since the update I cannot get my boarding pass.",
            "It spins and then says something went wrong.",
        ),
        ("Done in one tap.", "Boarding pass was there at once."),
    ),
    "support-chat": (
        ("I was sent back to the bot twice.", "Nobody could change my date.", "Forty minutes for a yes."),
        ("Very kind and quick.", "Solved in five minutes."),
    ),
    "refund": (
        ("The form lost everything I typed.", "Refused without a reason.", "Three weeks and no money."),
        ("Money was back the next day.",),
    ),
    "store-pick-up": (
        ("The tickets were not ready.",),
        ("They had everything prepared.", "Lovely people in the shop."),
    ),
    "search-and-book": (("Prices changed while I was paying.",), ("Found the trip in a minute.", "Easy to compare.")),
    "": (("Too expensive for what it is.",), ("I tell all my friends.",)),
}


def draw_answers(crowd: Crowd, company: Company, went: Went) -> Any:
    """Nobody is asked twice within 14 days: who is asked in a fortnight is left alone in the next one."""
    surveys = [(one, *went[one.step]) for one in company.surveys] + [(RECOMMENDING, *went[RECOMMEND_FROM])]
    asked = [_asked(crowd, survey, who) for survey, who, _, _ in surveys]
    which = np.repeat(np.arange(len(surveys)), [len(one) for one in asked])
    who = np.concatenate([whose[one] for (_, whose, _, _), one in zip(surveys, asked, strict=True)])
    moment_us = np.concatenate([ended[one] for (_, _, ended, _), one in zip(surveys, asked, strict=True)])
    pleased = np.concatenate([done[one] for (_, _, _, done), one in zip(surveys, asked, strict=True)])
    fortnight = (moment_us - crowd.from_us) // FORTNIGHT_US + who
    delay_us = (crowd.random.lognormal(np.log(25), 1.0, len(who)) * MINUTE_US).astype(np.int64)
    inside = (moment_us >= crowd.from_us) & (moment_us + delay_us < crowd.until_us)
    free = np.flatnonzero(inside & (fortnight % 2 == 0))
    kept = free[np.unique(who[free] * 10_000 + fortnight[free] // 2, return_index=True)[1]]
    found = _columns(crowd, [one[0] for one in surveys], which[kept], pleased[kept])
    return pa.table(
        {
            "customer": pa.array([f"customer-{one:06d}" for one in who[kept]]),
            "answered_at": pa.array((moment_us + delay_us)[kept], pa.timestamp("us", "UTC")),
            "moment_at": pa.array(moment_us[kept], pa.timestamp("us", "UTC")),
            "country": pa.array([COUNTRIES[one] for one in crowd.country[who[kept]]]),
            **found,
        }
    )


def _asked(crowd: Crowd, survey: Survey, who: Integers) -> Integers:
    return np.flatnonzero(crowd.random.random(len(who)) < survey.share)


def _columns(crowd: Crowd, surveys: list[Survey], which: Integers, pleased: NDArray[np.bool_]) -> dict[str, Any]:
    """One column a question, and what was written beside it."""
    columns: dict[str, Any] = {}
    for position, survey in enumerate(surveys):
        mean = np.where(pleased, survey.content, survey.hurt)
        score = np.clip(np.rint(crowd.random.normal(mean, survey.scatter)), survey.low, survey.high).astype(np.int64)
        columns[survey.column] = pa.array(score, mask=which != position)
    speaking = crowd.random.random(len(which)) < SPEAKING
    chosen = crowd.random.integers(0, 60, len(which))
    words = []
    for at, (position, happy) in enumerate(zip(which.tolist(), pleased.tolist(), strict=True)):
        of_step = WORDS[surveys[position].step][happy]
        words.append(of_step[chosen[at] % len(of_step)] if speaking[at] else None)
    columns["comment"] = pa.array(words, pa.string())
    return columns
