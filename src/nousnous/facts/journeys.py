"""A journey as its file says: an ordered list of steps, each recognised by matchers, and what its debt counts in."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypedDict

SIGNALS: Final = ("Rage Click", "Dead Click", "Error Click", "Thrash", "Quick Back")
STAGES: Final = (
    "awareness",
    "consideration",
    "evaluation",
    "purchase",
    "satisfaction",
    "retention",
    "loyalty",
    "evangelism",
)
DEFAULT: Final = "default"
PAUSE_US: Final = 30 * 60 * 1_000_000
SEGMENT_PROPERTIES: Final = ("country", "channel", "platform")


@dataclass(frozen=True, slots=True)
class Condition:
    """A property, compared as text, is one of some values; a missing property is none of them."""

    property: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matcher:
    """An event of one of these names (none: any name) for which all conditions hold."""

    events: tuple[str, ...]
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Of each list of matchers any suffices; without `completes` a start completes the step.

    `owners_us` is the active time its owner allows (`reference_s` of the file), None without one.
    """

    id: str
    name: str
    starts: tuple[Matcher, ...] = ()
    completes: tuple[Matcher, ...] = ()
    fails: tuple[Matcher, ...] = ()
    within_us: int = PAUSE_US
    stage: str | None = None
    channel: str | None = None
    owner: str | None = None
    designed: str = ""
    backstage: str = ""
    service: bool = False
    active_clock: bool = False
    owners_us: int | None = None

    @property
    def matchers(self) -> tuple[Matcher, ...]:
        return (*self.starts, *self.completes, *self.fails)


class AmplificationShape(TypedDict):
    share: float
    reach: float
    carry: float
    factor: float


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

    def as_dict(self) -> AmplificationShape:
        return {"share": self.share, "reach": self.reach, "carry": self.carry, "factor": self.factor}


class FactorsShape(TypedDict):
    """What turns hours into money."""

    hourly_wage: dict[str, float]
    amplification: AmplificationShape


@dataclass(frozen=True, slots=True)
class Journey:
    """One version of a journey; `wages` are money per hour by country, with a default."""

    id: str
    name: str
    currency: str
    steps: tuple[Step, ...]
    wages: Mapping[str, float]
    amplification: Amplification = Amplification()
    frustration: tuple[Matcher, ...] = (Matcher(SIGNALS),)
    timezone: str | None = None
    owner: str = ""
    champion: str = ""
    defender: str = ""

    @property
    def by_country(self) -> bool:
        return len(self.wages) > 1

    @property
    def hour_costs(self) -> dict[str, float]:
        """What an hour costs by country, amplification included."""
        return {country: wage * self.amplification.factor for country, wage in self.wages.items()}

    def factors(self) -> FactorsShape:
        return {"hourly_wage": dict(self.wages), "amplification": self.amplification.as_dict()}

    @property
    def visits_key(self) -> str:
        """Names the kept visits: versions that recognise the same visits share them.

        >>> step = Step("pay", "Pay", (Matcher(("Opened",)),))
        >>> one = Journey("shop", "Shop", "USD", (step,), {"default": 30.0})
        >>> one.visits_key == Journey("shop", "Renamed", "EUR", (step,), {"default": 1.0}).visits_key
        True
        """
        rules = [(step.starts, step.completes, step.fails, step.within_us) for step in self.steps]
        return hashlib.blake2b(repr((rules, self.frustration)).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class JourneyApplied:
    """A journey has a new current version, which is recognised by other visits than the one before or by the same."""

    workspace_id: str
    journey: str
    number: int


@dataclass(frozen=True, slots=True)
class JourneyPutAway:
    """A journey is looked at no more, until it is applied again."""

    workspace_id: str
    journey: str
