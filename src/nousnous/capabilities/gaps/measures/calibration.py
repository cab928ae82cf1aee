"""How well teams know what they do not know: did their 80 % ranges hold the truth, and how large is the blind spot?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from nousnous.capabilities.gaps.measures.beliefs import Stated
from nousnous.stats.estimate import Estimate, EstimateShape
from nousnous.stats.gaps import Scale, calibration, gap, team_ratio

EVERYBODY = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A sealed belief beside what came out; `experienced` is in the metric's unit, None where nobody knows yet."""

    author: str
    stated: Stated
    scale: Scale
    experienced: float | None
    in_time: bool


class TeamCalibrationShape(TypedDict):
    author: str | None
    sealed: int
    in_time: int
    held: EstimateShape
    score: float | None
    blind_spot: float | None


@dataclass(frozen=True, slots=True)
class TeamCalibration:
    """One team, or everybody. `held` is the share of 80 % ranges that held the truth (0 to 1).

    `score` is the mean interval score on the gap's scale, smaller is better; `blind_spot` is Σ|gap| / Σ|expected gap|;
    `in_time` counts the sealed beliefs that were sealed before the first observation of their window.
    """

    author: str
    sealed: int
    in_time: int
    held: Estimate
    score: float | None
    blind_spot: float | None

    def as_dict(self) -> TeamCalibrationShape:
        return {
            "author": self.author or None,
            "sealed": self.sealed,
            "in_time": self.in_time,
            "held": self.held.as_dict(),
            "score": self.score,
            "blind_spot": self.blind_spot,
        }


def team_calibrations(known: Sequence[Known]) -> tuple[TeamCalibration, ...]:
    """Everybody first, then each team by its name.

    >>> [one.sealed for one in team_calibrations([])]
    [0]
    """
    authors = sorted({one.author for one in known})
    rows = [_row(author, [one for one in known if one.author == author]) for author in authors]
    return (_row(EVERYBODY, known), *rows)


def _row(author: str, known: Sequence[Known]) -> TeamCalibration:
    ranged = [one for one in known if one.stated.range is not None and one.experienced is not None]
    found = calibration([_range_on_gap_scale(one) for one in ranged], [_gap_of(one, one.experienced) for one in ranged])
    foreseen = [one for one in known if one.stated.expected_gap is not None and one.experienced is not None]
    ratio = team_ratio(
        [_gap_of(one, one.experienced) for one in foreseen], [one.stated.expected_gap or 0.0 for one in foreseen]
    )
    return TeamCalibration(author, len(known), sum(one.in_time for one in known), found.held, found.score, ratio)


def _range_on_gap_scale(one: Known) -> tuple[float, float]:
    """Ranges of different metrics become comparable as the gaps that their ends would be."""
    ends = sorted(_gap_of(one, end) for end in one.stated.range or ())
    return ends[0], ends[1]


def _gap_of(one: Known, experienced: float | None) -> float:
    found = gap(one.stated.value, Estimate(experienced, None, None, 1, ""), one.scale).value
    return 0.0 if found is None else found
