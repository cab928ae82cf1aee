"""What people judge of a message: how it sounds, and the three parts of empathy (Sharma and others 2020)."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from nousnous.base.errors import Place, Refused
from nousnous.capabilities.language.measures.sentiment import NEUTRAL
from nousnous.stats.clusters import Floats, Integers


@dataclass(frozen=True, slots=True)
class Quality:
    """One thing to judge: of whose messages (`company` or `all`), by which levels, and where its three classes part."""

    name: str
    title: str
    question: str
    sides: str
    levels: tuple[tuple[float, str], ...]
    cuts: tuple[float, float]

    @property
    def lowest(self) -> float:
        return self.levels[0][0]

    @property
    def highest(self) -> float:
        return self.levels[-1][0]

    def class_of(self, values: npt.ArrayLike) -> Integers:
        """The class of each value: 0, 1 or 2.

        >>> SENTIMENT.class_of([-0.5, 0.0, 0.9]).tolist()
        [0, 1, 2]
        """
        return np.digitize(np.asarray(values, dtype=np.float64), self.cuts)

    def label_of(self, value: float) -> float:
        """The level of that value; raises `Refused` where there is none."""
        known = [level for level, _ in self.levels]
        if value not in known:
            told = ", ".join(f"{level:g}" for level in known)
            raise Refused(f"{self.title} is judged by one of {told}; {value:g} is none of them.", Place(field="value"))
        return value

    def within(self, values: Floats) -> Floats:
        found: Floats = np.clip(values, self.lowest, self.highest)
        return found


SENTIMENT: Final = Quality(
    "sentiment",
    "Sentiment",
    "How does whoever wrote this sound?",
    "all",
    ((-1.0, "very bad"), (-0.5, "bad"), (0.0, "neutral"), (0.5, "good"), (1.0, "very good")),
    (-NEUTRAL, NEUTRAL),
)
STRENGTHS: Final = ((0.0, "not at all"), (1.0, "weakly"), (2.0, "strongly"))
REACTION: Final = Quality(
    "reaction",
    "Emotional reaction",
    "Does it show warmth, compassion or concern? “Everything will be fine” does so weakly, “I am sorry, that must have "
    "been annoying” strongly.",
    "company",
    STRENGTHS,
    (0.5, 1.5),
)
INTERPRETATION: Final = Quality(
    "interpretation",
    "Interpretation",
    "Does it show that they understood what the customer feels or went through? “I understand how you feel” does so "
    "weakly, “you waited two weeks and nobody told you why” strongly.",
    "company",
    STRENGTHS,
    (0.5, 1.5),
)
EXPLORATION: Final = Quality(
    "exploration",
    "Exploration",
    "Does it ask for what the customer has not said? “What happened?” does so weakly, “did the late parcel spoil your "
    "party?” strongly.",
    "company",
    STRENGTHS,
    (0.5, 1.5),
)
QUALITIES: Final = {one.name: one for one in (SENTIMENT, REACTION, INTERPRETATION, EXPLORATION)}


def quality_of(name: str) -> Quality:
    """The quality of that name; raises `Refused` where there is none."""
    if name not in QUALITIES:
        raise Refused(f"“{name}” is nothing to judge; choose one of {', '.join(QUALITIES)}.", Place(field="of"))
    return QUALITIES[name]
