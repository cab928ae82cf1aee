"""A belief beside what customers went through: gap, verdict, blind spot."""

from dataclasses import dataclass
from typing import TypedDict

from nousnous.stats.estimate import Estimate, EstimateShape
from nousnous.stats.gaps import BlindSpot, Gap, Judgement, Scale, blind_spot, gap, judge


@dataclass(frozen=True, slots=True)
class Stated:
    """What a team wrote down: metric, value in its unit, tolerance as a fraction, 80 % range, expected gap."""

    metric: str
    value: float
    tolerance: float
    range: tuple[float, float] | None
    expected_gap: float | None


class BlindSpotShape(TypedDict):
    difference: EstimateShape
    ratio: float | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A belief and the evidence; `judgement` may be a stored one while gap and interval are today's."""

    experienced: Estimate
    gap: Gap
    judgement: Judgement
    blind_spot: BlindSpot | None

    def blind_spot_as_dict(self) -> BlindSpotShape | None:
        spot = self.blind_spot
        if spot is None:
            return None
        difference = Estimate(spot.difference, spot.low, spot.high, self.experienced.n, self.experienced.method)
        return {"difference": difference.as_dict(), "ratio": spot.ratio, "reason": spot.reason}


def finding(stated: Stated, experienced: Estimate, scale: Scale) -> Finding:
    """The gap of a belief on its scale, judged by its tolerance.

    >>> rarely = Estimate(0.6, 0.55, 0.65, 400, "wilson")
    >>> finding(Stated("completion", 0.7, 0.02, None, 5.0), rarely, Scale("share", 1)).judgement.verdict
    'gap'
    """
    found = gap(stated.value, experienced, scale)
    spot = None if stated.expected_gap is None else blind_spot(found, stated.expected_gap)
    return Finding(experienced, found, judge(found, experienced, stated.tolerance), spot)
