"""Which world is to be built, and into which workspace."""

from dataclasses import dataclass

from nousnous.base import clock
from nousnous.base.clock import DAY_US
from nousnous.base.errors import Refused
from nousnous_demo.company import NORTHWIND, Company

PEOPLE, DAYS, SEED, WORKSPACE = 4_000, 180, 1, "northwind"
FEWEST, MOST = 50, 1_000_000
FEWEST_DAYS = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """A world of some people over some days that ends at `until_us`, the midnight before today in UTC."""

    people: int = PEOPLE
    seed: int = SEED
    days: int = DAYS
    workspace: str = WORKSPACE
    until_us: int = 0
    company: Company = NORTHWIND

    @property
    def from_us(self) -> int:
        return self.until_us - self.days * DAY_US

    def checked(self) -> "Plan":
        if not FEWEST <= self.people <= MOST:
            raise Refused(f"A demo has {FEWEST:,} to {MOST:,} people, not {self.people:,}.")
        if self.days < FEWEST_DAYS:
            raise Refused(f"A demo spans at least {FEWEST_DAYS} days, not {self.days}.")
        return self


def last_midnight_us() -> int:
    """Where a world ends: everything happens up to yesterday."""
    return clock.now_us() // DAY_US * DAY_US
