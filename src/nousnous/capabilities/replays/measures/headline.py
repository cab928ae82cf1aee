"""The sentence that says what mattered most in a session, and times as watches show them."""

from collections.abc import Sequence
from typing import Final

from nousnous.capabilities.replays.measures.moments import Moment

WEIGHTS: Final = {
    "Rage Click": 6,
    "Error Click": 5,
    "Dead Click": 4,
    "Error Occurred": 3,
    "Request Failed": 3,
    "Thrash": 2,
    "Quick Back": 2,
}
OTHER_SIGNAL: Final = 1
SOON_US: Final = 30_000_000


def headline(moments: Sequence[Moment], started_us: int, duration_us: int, *, low: bool) -> str:
    """What mattered most, with its time, and what came of it; `low` says that an answer of the session was low.

    >>> rage = Moment(42_000_000, "signal", "Raged at “Pay now”, 4 clicks", "/pay", "#pay", "Rage Click", "m1")
    >>> headline([rage], 0, 60_000_000, low=False)
    'Raged at “Pay now” at 0:42, then left'
    """
    troubles = [one for one in moments if weight_of(one)]
    answers = [one for one in moments if one.kind == "answer"]
    if not troubles and not (low and answers):
        pages = {one.screen for one in moments if one.kind == "page"}
        seen = f" on {len(pages)} screens" if len(pages) > 1 else ""
        return f"{clock(duration_us)} without trouble{seen}"
    worst = max(troubles, key=lambda one: (weight_of(one), -one.at_us)) if troubles else answers[0]
    told = f"{_short(worst)} at {clock(worst.at_us - started_us)}"
    answer = next((one for one in answers if one.at_us >= worst.at_us and one is not worst), None)
    if answer is not None:
        said = _short(answer)
        return f"{told}, then {said[0].lower()}{said[1:]}"
    later = any(one.at_us > worst.at_us and one.kind == "page" for one in moments)
    left = not later and started_us + duration_us - worst.at_us <= SOON_US
    return f"{told}, then left" if left else told


def weight_of(moment: Moment) -> int:
    """How much a moment matters for the title; 0 for what is no trouble."""
    return WEIGHTS.get(moment.event, OTHER_SIGNAL if moment.kind == "signal" else 0)


def is_low(value: float, scale_low: float, scale_high: float) -> bool:
    """Whether an answer is of the low tail: 0 to 6 of 10, 1 or 2 of 5, the lowest quarter of others.

    >>> is_low(6, 0, 10), is_low(2, 1, 5), is_low(3, 1, 5)
    (True, True, False)
    """
    if scale_high == 10:
        return value <= 6
    return scale_high > scale_low and (value - scale_low) / (scale_high - scale_low) <= 0.25


def brief(moment: Moment) -> str:
    """The few letters of a moment that fit into a timeline.

    >>> brief(Moment(0, "answer", "Answered 1 of 5 (CSAT): “no”", "", "", "", "s1"))
    '1 of 5'
    """
    if moment.kind == "answer":
        return moment.sentence.partition(":")[0].partition(" (")[0].removeprefix("Answered ")
    return moment.screen or moment.sentence


def clock(us: float) -> str:
    """A time since the beginning, as watches show it.

    >>> clock(42_900_000), clock(4_210_000_000)
    ('0:42', '1:10:10')
    """
    minutes, rest = divmod(int(max(0, us) // 1_000_000), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


def _short(moment: Moment) -> str:
    """A sentence without what is said beside the point: comments, counts, the metric's name."""
    if moment.kind == "answer":
        return moment.sentence.partition(":")[0].partition(" (")[0]
    return moment.sentence.rpartition(", ")[0] if moment.sentence.endswith(" clicks") else moment.sentence
