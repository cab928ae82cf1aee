"""What lies between a belief and an estimate: gap, verdict, blind spot, calibration. Positive is bad news."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal, TypedDict

from nousnous.stats.estimate import Estimate
from nousnous.stats.shares import share

Kind = Literal["share", "nps", "bounded", "unbounded"]
Verdict = Literal["gap", "delight", "confirmed", "unproven"]
Lean = Literal["gap", "delight"]

TOO_CLOSE = "too close to call"
FEW_PERSONS = "too few persons"
MOST_NEEDED = 100
RATIO_FROM = 2.0


@dataclass(frozen=True, slots=True)
class Scale:
    """How a metric is measured: direction +1 higher is better, −1 lower is better; the ends of a "bounded" scale."""

    kind: Kind
    direction: Literal[1, -1]
    low: float = 0.0
    high: float = 1.0


class GapShape(TypedDict):
    """A gap as JSON."""

    value: float | None
    low: float | None
    high: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Believed less experienced, signed so that positive is bad news.

    `unit`: "points" for shares and NPS, "percent of scale" for other bounded scales, "percent" for unbounded ones.
    `times` is experienced over believed on an unbounded scale, else None.
    """

    value: float | None
    low: float | None
    high: float | None
    unit: str
    times: float | None = None

    def as_dict(self) -> GapShape:
        return {"value": self.value, "low": self.low, "high": self.high, "unit": self.unit}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict; `lean`, `needed_n` or the `reason` for its absence belong to "unproven"."""

    verdict: Verdict
    lean: Lean | None = None
    needed_n: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """Gap less expected gap, with the gap's interval, in the gap's unit; the ratio, or why there is none."""

    difference: float | None
    low: float | None
    high: float | None
    ratio: float | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """How honest 80 % ranges were: the share that held the truth, and the mean interval score (smaller is better)."""

    held: Estimate
    score: float | None


def gap(believed: float, experienced: Estimate, scale: Scale) -> Gap:
    """Gap of a belief b and an estimate e, both in the metric's unit; d is the direction.

    Shares 100 d(b − e) and NPS d(b − e) in points; other bounded scales 100 d(b − e)/(max − min); unbounded ones
    100 d(b − e)/max(b, e), 0 if both are 0. The ends of the interval are mapped through; a None stays None.

    >>> gap(0.70, Estimate(0.60, 0.55, 0.65, 400, "wilson"), Scale("share", 1)).value
    10.0
    """
    if experienced.value is None:
        return Gap(None, None, None, _UNITS[scale.kind])
    value = _mapped(believed, experienced.value, scale)
    ends = [None if end is None else _mapped(believed, end, scale) for end in (experienced.low, experienced.high)]
    low, high = ends if scale.direction < 0 else ends[::-1]
    low, high = None if low is None else min(low, value), None if high is None else max(high, value)
    times = experienced.value / believed if scale.kind == "unbounded" and believed > 0 else None
    return Gap(value, low, high, _UNITS[scale.kind], times)


_UNITS: dict[Kind, str] = {
    "share": "points",
    "nps": "points",
    "bounded": "percent of scale",
    "unbounded": "percent",
}


def _mapped(believed: float, experienced: float, scale: Scale) -> float:
    if scale.kind == "nps":
        return scale.direction * (believed - experienced)
    if scale.kind == "share":
        return scale.direction * (100 * believed - 100 * experienced)
    if scale.kind == "bounded":
        return 100 * scale.direction * (believed - experienced) / (scale.high - scale.low)
    larger = max(believed, experienced)
    return 100 * scale.direction * (believed - experienced) / larger if larger > 0 else 0.0


def judge(found: Gap, experienced: Estimate, tolerance: float) -> Judgement:
    """The verdict on a gap, with t = 100 × `tolerance` in the gap's unit (0.02 is 2 points).

    Gap: low > t. Delight: high < −t. Confirmed: both ends within ±t. Else unproven, with its lean and what is needed.

    >>> judge(Gap(10.0, 5.0, 15.0, "points"), Estimate(0.60, 0.55, 0.65, 400, "wilson"), 0.02).verdict
    'gap'
    """
    t, low, high = 100 * tolerance, found.low, found.high
    if low is not None and low > t:
        return Judgement("gap")
    if high is not None and high < -t:
        return Judgement("delight")
    if low is not None and high is not None and low >= -t and high <= t:
        return Judgement("confirmed")
    needed_n, reason = needed(found, experienced, tolerance)
    return Judgement("unproven", lean(found), needed_n, reason)


def lean(found: Gap) -> Lean | None:
    """The sign of the gap's value; None at 0 or without a value.

    >>> lean(Gap(-1.0, -9.0, 7.0, "points"))
    'delight'
    """
    if found.value is None or found.value == 0:
        return None
    return "gap" if found.value > 0 else "delight"


def needed(found: Gap, experienced: Estimate, tolerance: float) -> tuple[int | None, str | None]:
    """How many observations would settle an unproven verdict, or None and why not.

    ⌈n (h/d)²⌉ with h half the width of the gap's interval and d the distance from its value to the nearer of ±t; where
    a bound is None, the smallest n at which the quantile has both; "too close to call" where d = 0 or above 100 n.

    >>> needed(Gap(5.0, -1.0, 11.0, "points"), Estimate(0.65, 0.59, 0.71, 240, "wilson"), 0.02)
    (960, None)
    """
    if found.value is None:
        return None, FEW_PERSONS
    if found.low is None or found.high is None:
        return experienced.n_least, None if experienced.n_least is not None else FEW_PERSONS
    t = 100 * tolerance
    distance = min(abs(found.value - t), abs(found.value + t))
    half = (found.high - found.low) / 2
    if distance * MOST_NEEDED**0.5 < half or distance == 0:
        return None, TOO_CLOSE
    return ceil(experienced.n * (half / distance) ** 2), None


def blind_spot(found: Gap, expected_gap: float) -> BlindSpot:
    """What the team did not see coming, in the gap's unit.

    The ratio gap/expected stands only if |expected| is at least 2 and the gap's whole interval has its sign.

    >>> blind_spot(Gap(10.0, 5.0, 15.0, "points"), 5.0).ratio
    2.0
    """
    if found.value is None:
        return BlindSpot(None, None, None, None, FEW_PERSONS)
    low, high = (None if end is None else end - expected_gap for end in (found.low, found.high))
    ratio, reason = None, None
    sign = 1 if expected_gap > 0 else -1
    if abs(expected_gap) < RATIO_FROM:
        reason = f"the expected gap is below {RATIO_FROM:g}"
    elif found.low is None or found.high is None or min(sign * found.low, sign * found.high) <= 0:
        reason = "the interval does not share the sign of the expected gap"
    else:
        ratio = found.value / expected_gap
    return BlindSpot(found.value - expected_gap, low, high, ratio, reason)


def team_ratio(gaps: Sequence[float], expected_gaps: Sequence[float]) -> float | None:
    """Σ|gap| / Σ|expected| over a team's sealed beliefs; None if no gap was expected.

    >>> team_ratio([10.0, -6.0], [5.0, 3.0])
    2.0
    """
    foreseen = sum(abs(one) for one in expected_gaps)
    return sum(abs(one) for one in gaps) / foreseen if foreseen else None


def interval_score(low: float, high: float, truth: float, level: float = 0.8) -> float:
    """Width plus 2/(1 − level) times how far the truth lies outside (Gneiting and Raftery 2007), in the unit given.

    >>> round(interval_score(0.62, 0.78, 0.60), 9)
    0.36
    """
    return (high - low) + 2 / (1 - level) * (max(0.0, low - truth) + max(0.0, truth - high))


def calibration(ranges: Sequence[tuple[float, float]], truths: Sequence[float]) -> Calibration:
    """Share of ranges that held the truth (Wilson; each belief one observation) and the mean interval score.

    Hand in ranges and truths on the gap's own scale, so that scores of different metrics may be averaged.

    >>> calibration([(0, 2)] * 5, [1, 1, 1, 1, 3]).held.value
    0.8
    """
    held = [int(low <= truth <= high) for (low, high), truth in zip(ranges, truths, strict=True)]
    scores = [interval_score(low, high, truth) for (low, high), truth in zip(ranges, truths, strict=True)]
    return Calibration(share(held, [1] * len(held)), sum(scores) / len(scores) if scores else None)
