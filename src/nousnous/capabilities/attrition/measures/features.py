"""What is known of people at a moment that may say whether they leave, and how it is said.

Nothing that comes after the moment is looked at: events are cut there before anything is counted, signs of fading too.
Nothing but the pace of purchases looks back further than 90 days, which every moment has behind it: what is known means
the same at the first moment as at the last, however short the history is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from nousnous.capabilities.attrition.measures.leaving import (
    CONTACT,
    DOWNGRADED,
    FRUSTRATION,
    PERIOD_US,
    Standing,
)
from nousnous.capabilities.attrition.measures.signals import (
    ARTICLE,
    DAY_US,
    SIGNALS,
    TRANSACTION,
    Flags,
    Integers,
    Limits,
    Numbers,
    Timeline,
    signs_of,
)

LONG_US: Final = 90 * DAY_US
FEATURES: Final = (
    *("subscribed", "days_since_purchase", "purchases_to_come", "purchases", "days_since_use", "days_of_use"),
    *("days_of_use_before", "tenure_days", "contacts", "contacts_before", "frustrations", "frustrations_before"),
    *("articles_read", "articles_read_before", "downgraded", "score"),
    *SIGNALS,
)
COUNTED: Final = frozenset(FEATURES[FEATURES.index("purchases") : FEATURES.index("downgraded")])
LEAST_TO_COME: Final = 0.02
SMALLEST_TOLD, LONGEST_TOLD = 0.05, LONG_US / DAY_US


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Events of people by their codes from 0, and answers on scales by (person, time), each from −1 to 1.

    `keys` has the person's key of each code, ascending.
    """

    timeline: Timeline
    keys: Integers
    score_person: Integers
    score_us: Integers
    score: Numbers

    def up_to(self, moment_us: int) -> "History":
        """What was known at a moment."""
        line, known = self.timeline, self.timeline.ts_us <= moment_us
        events = Timeline(line.person[known], line.ts_us[known], line.code[known], moment_us)
        given = self.score_us <= moment_us
        answers = self.score_person[given], self.score_us[given], self.score[given]
        return replace(self, timeline=events, score_person=answers[0], score_us=answers[1], score=answers[2])


def history_of(timeline: Timeline, answers: tuple[Integers, Integers, Numbers]) -> History:
    """Events with persons' keys and answers (person's key, moment, −1 to 1) as a history; who only answered is out."""
    opens = np.flatnonzero(np.diff(timeline.person, prepend=timeline.person[:1] - 1) != 0)
    keys = timeline.person[opens]
    codes = np.repeat(np.arange(keys.size), np.diff(np.append(opens, timeline.person.size)))
    person, moment_us, score = answers
    place = np.minimum(np.searchsorted(keys, person), max(0, keys.size - 1))
    known = (keys[place] == person) if keys.size else np.zeros(person.size, dtype=bool)
    order = np.lexsort((score[known], moment_us[known], place[known]))
    given = (place[known][order], moment_us[known][order], score[known][order])
    return History(replace(timeline, person=codes), keys, *given)


def features_at(history: History, limits: Limits, stand: Standing, silence_us: int | None) -> Numbers:
    """What is known of those who stand at a moment (`until_us` of a history cut there): people × FEATURES, as told.

    Days, counts, shares of 0 or 1; of whom something is not known (a purchase, an answer), 0.
    """
    line, size, moment_us = history.timeline, history.keys.size, history.timeline.until_us
    since = _Since(line, size, moment_us)
    tenure_days = (moment_us - since.first_us) / DAY_US
    bought_days = np.where(stand.subscribed, 0.0, (moment_us - stand.bought_us) / DAY_US)
    everybody: dict[str, Numbers] = {
        "purchases": since.count(line.code == TRANSACTION, LONG_US),
        "days_since_use": (moment_us - since.last_us) / DAY_US,
        "days_of_use": since.days(0, PERIOD_US),
        "days_of_use_before": since.days(PERIOD_US, LONG_US) / 2,
        "tenure_days": np.minimum(tenure_days, LONG_US / DAY_US),
        "downgraded": np.minimum(1.0, since.count(line.code == DOWNGRADED, LONG_US)),
        "score": _newest_score(history, moment_us),
    }
    for name, code in (("contacts", CONTACT), ("frustrations", FRUSTRATION), ("articles_read", ARTICLE)):
        everybody[name] = since.count(line.code == code, PERIOD_US)
        everybody[f"{name}_before"] = (since.count(line.code == code, LONG_US) - everybody[name]) / 2
    for signs in signs_of(line, limits):
        lately = signs.moment_us > moment_us - PERIOD_US
        everybody[signs.signal] = np.minimum(1.0, np.bincount(signs.person[lately], minlength=size))
    own = {name: values[stand.person] for name, values in everybody.items()}
    rate = _rate(since.count(line.code == TRANSACTION, moment_us), tenure_days, silence_us)[stand.person]
    left_days = np.maximum(0.0, (silence_us or 0) / DAY_US - bought_days)
    own |= {"subscribed": stand.subscribed.astype(np.float64), "days_since_purchase": bought_days}
    own["purchases_to_come"] = np.where(stand.subscribed, 0.0, rate * left_days)
    return np.column_stack([own[name] for name in FEATURES])


def as_inputs(seen: Numbers, silence_us: int | None) -> Numbers:
    """Features as the forecast takes them: counts and days by log(1 + x), silence as its share of what is long.

    >>> as_inputs(np.zeros((1, len(FEATURES))), DAY_US).sum()
    np.float64(0.0)
    """
    own = {name: seen[:, place] for place, name in enumerate(FEATURES)}
    inputs = {name: np.log1p(values) if name in COUNTED else values for name, values in own.items()}
    inputs["days_since_purchase"] = own["days_since_purchase"] * DAY_US / (silence_us or DAY_US)
    bought = (own["subscribed"] == 0) & (own["tenure_days"] > 0)
    to_come = np.log(np.maximum(own["purchases_to_come"], LEAST_TO_COME))
    inputs["purchases_to_come"] = np.where(bought, to_come, 0.0)
    return np.column_stack([inputs[name] for name in FEATURES])


def _to_come(value: float) -> str:
    if value < SMALLEST_TOLD:
        return "has next to no time left to buy before they count as gone"
    return f"at their usual pace would buy {value:.1f} times before they count as gone"


def _times(value: float) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(round(value), f"{value:.0f} times")


def _days(value: float) -> str:
    return f"{value:.0f} {'day' if round(value) == 1 else 'days'}"


SENTENCES: Final[dict[str, Callable[[float], str]]] = {
    "subscribed": lambda value: "has a subscription" if value else "has no subscription",
    "days_since_purchase": lambda value: f"last bought {value:.0f} days ago" if value else "need not buy again",
    "purchases_to_come": _to_come,
    "purchases": lambda value: f"bought {_times(value)} in 90 days",
    "days_since_use": lambda value: f"was last seen {value:.0f} days ago",
    "days_of_use": lambda value: f"came on {_days(value)} of the last 30",
    "days_of_use_before": lambda value: f"came on {value:.1f} days a month before that",
    "tenure_days": lambda value: f"has been with us for {value:.0f} days{' or more' if value >= LONGEST_TOLD else ''}",
    "contacts": lambda value: f"contacted support {_times(value)} in 30 days",
    "frustrations": lambda value: f"clicked in vain or in rage {_times(value)} in 30 days",
    "contacts_before": lambda value: f"contacted support {value:.1f} times a month before that",
    "frustrations_before": lambda value: f"clicked in vain or in rage {value:.1f} times a month before that",
    "articles_read": lambda value: f"read help {_times(value)} in 30 days",
    "articles_read_before": lambda value: f"read help {value:.1f} times a month before that",
    "downgraded": lambda value: "downgraded in the last 90 days" if value else "did not downgrade",
    "score": lambda value: f"answered {100 * (value + 1) / 2:.0f} of 100 when asked last" if value else "gave no score",
    "hover": lambda value: "logs in and buys nothing" if value else "shows no log-ins without buying",
    "wishes": lambda value: "wishes and puts nothing into the cart" if value else "shows no wishes without a cart",
    "articles": lambda value: "reads far more help than usual" if value else "reads no more help than usual",
    "pause": lambda value: "stayed away far longer than usual" if value else "did not stay away longer than usual",
}


def sentence_of(feature: str, value: float) -> str:
    """What is known of a person, in words.

    >>> sentence_of("days_since_purchase", 48.2), sentence_of("contacts", 1), sentence_of("days_of_use", 1)
    ('last bought 48 days ago', 'contacted support once in 30 days', 'came on 1 day of the last 30')
    """
    return SENTENCES[feature](value)


def reasons_of(row: Mapping[str, Any]) -> list[str]:
    """What moves the odds of a person most, each with its factor, of a row of `risks`.

    >>> reasons_of({"features": ["contacts"], "seen": [3.0], "odds": [2.14]})
    ['contacted support 3 times in 30 days (odds × 2.1)']
    """
    told = zip(row["features"] or (), row["seen"] or (), row["odds"] or (), strict=True)
    return [f"{sentence_of(name, value)} (odds × {factor:.2g})" for name, value, factor in told]


class _Since:
    """Counts by person of a timeline, back from a moment."""

    def __init__(self, line: Timeline, size: int, moment_us: int) -> None:
        self.line, self.size, self.moment_us = line, size, moment_us
        opens = np.diff(line.person, prepend=-1) != 0
        closes = np.append(opens[1:], True)[: opens.size]
        self.first_us, self.last_us = (np.full(size, moment_us) for _ in range(2))
        self.first_us[line.person[opens]] = line.ts_us[opens]
        self.last_us[line.person[closes]] = line.ts_us[closes]

    def count(self, chosen: Flags, back_us: int) -> Numbers:
        lately = chosen & (self.line.ts_us > self.moment_us - back_us)
        return np.bincount(self.line.person[lately], minlength=self.size).astype(np.float64)

    def days(self, to_us: int, back_us: int) -> Numbers:
        """On how many spans of 24 hours back from the moment somebody did anything."""
        age_us = self.moment_us - self.line.ts_us
        inside = np.flatnonzero((age_us >= to_us) & (age_us < back_us))
        person, day = self.line.person[inside], age_us[inside] // DAY_US
        opens = (np.diff(person, prepend=-1) != 0) | (np.diff(day, prepend=-1) != 0)
        return np.bincount(person[opens], minlength=self.size).astype(np.float64)


def _rate(purchases: Numbers, tenure_days: Numbers, silence_us: int | None) -> Numbers:
    """Purchases a day of each person, drawn to one in the time that counts as a silence."""
    prior_days = max(1.0, (silence_us or 0) / DAY_US)
    return (purchases + 1) / (tenure_days + prior_days)


def _newest_score(history: History, moment_us: int) -> Numbers:
    found = np.zeros(history.keys.size)
    lately = history.score_us > moment_us - LONG_US
    person, score = history.score_person[lately], history.score[lately]
    closes = np.append(person[1:] != person[:-1], True)[: person.size]
    found[person[closes]] = score[closes]
    return found
