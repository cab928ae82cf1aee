"""What the measures need to know of a journey."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step; `owners_us` is the active time its owner allows, None without one."""

    id: str
    name: str
    stage: str | None = None
    channel: str | None = None
    owner: str | None = None
    active_clock: bool = False
    owners_us: int | None = None


@dataclass(frozen=True, slots=True)
class Amplification:
    """How complaints in public multiply a debt: share of affected persons × mean reach × carry."""

    share: float = 0.0
    reach: float = 0.0
    carry: float = 0.01

    @property
    def factor(self) -> float:
        """1 + share × reach × carry.

        >>> Amplification(0.1, 200, 0.01).factor
        1.2
        """
        return 1 + self.share * self.reach * self.carry

    def as_dict(self) -> dict[str, float]:
        return {"share": self.share, "reach": self.reach, "carry": self.carry, "factor": self.factor}


@dataclass(frozen=True, slots=True)
class Plan:
    """A journey as the measures see it; `wages` are per hour by country, with a default."""

    id: str
    name: str
    currency: str
    steps: tuple[StepPlan, ...]
    wages: Mapping[str, float]
    amplification: Amplification = Amplification()

    @property
    def by_country(self) -> bool:
        return len(self.wages) > 1

    @property
    def hour_costs(self) -> dict[str, float]:
        """What an hour costs by country, amplification included."""
        return {country: wage * self.amplification.factor for country, wage in self.wages.items()}

    def factors(self) -> dict[str, Any]:
        return {"hourly_wage": dict(self.wages), "amplification": self.amplification.as_dict()}
