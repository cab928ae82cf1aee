"""Who the customers are and when they are about: countries, devices, the rhythm of their days and weeks."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nousnous.base.clock import DAY_US, HOUR_US

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

COUNTRIES = ("US", "DE", "FR", "GB", "ES")
COUNTRY_SHARES = (0.4, 0.2, 0.15, 0.15, 0.1)
AHEAD_OF_UTC = np.array([-5, 1, 1, 0, 1])
PLATFORMS = ("ios", "android", "desktop")
PLATFORM_SHARES = (0.42, 0.36, 0.22)
# Monday to Sunday, and the hours of a local day: trips are planned at lunch and after dinner, stores open from 9 to 20.
WEEK = np.array([1.10, 1.00, 0.95, 0.98, 1.12, 0.85, 1.15])
STORE_WEEK = np.array([0.8, 0.8, 0.9, 1.0, 1.3, 1.7, 0.2])
HOURS = np.array([1, 0, 0, 0, 0, 1, 3, 6, 8, 8, 8, 9, 11, 10, 8, 8, 9, 11, 13, 15, 16, 13, 8, 3], dtype=float)
STORE_HOURS = np.array([0] * 9 + [4, 6, 8, 10, 9, 8, 8, 9, 11, 9, 6] + [0] * 4, dtype=float)
GROWTH = 0.15
FIRST_WEEKDAY = 3  # the first of January 1970 was a Thursday


@dataclass(frozen=True, slots=True)
class Crowd:
    """The people of a world, its days, and the generator that draws them; `country` and `platform` are positions."""

    random: np.random.Generator
    people: int
    from_us: int
    days: int
    country: Integers
    platform: Integers

    @property
    def until_us(self) -> int:
        return self.from_us + self.days * DAY_US

    def share_of(self, tilts: Any) -> Floats:
        """What a table by country or platform adds for each person."""
        by_country = np.array([tilts.get(name, 0.0) for name in COUNTRIES])
        by_platform = np.array([tilts.get(name, 0.0) for name in PLATFORMS])
        return np.asarray(by_country[self.country] + by_platform[self.platform])

    def moments(self, who: Integers, *, store: bool = False) -> Integers:
        """When each of some people does something: in their own evenings, more on some weekdays, more every month."""
        weekday = (self.from_us // DAY_US + FIRST_WEEKDAY + np.arange(self.days)) % 7
        busy = (STORE_WEEK if store else WEEK)[weekday] * np.linspace(1, 1 + GROWTH, self.days)
        day_us = self.from_us + self.random.choice(self.days, len(who), p=busy / busy.sum()) * DAY_US
        return self.at_their_hours(who, day_us, store=store)

    def at_their_hours(self, who: Integers, moment_us: Integers, *, store: bool = False) -> Integers:
        """Some hour of the day of each moment at which people of that country are about."""
        hours = STORE_HOURS if store else HOURS
        hour = self.random.choice(24, len(who), p=hours / hours.sum()) - AHEAD_OF_UTC[self.country[who]]
        day_us = moment_us // DAY_US * DAY_US
        return np.asarray(day_us + hour * HOUR_US + self.random.integers(0, HOUR_US, len(who)))


def draw_crowd(people: int, seed: int, until_us: int, days: int) -> Crowd:
    random = np.random.default_rng(seed)
    country = random.choice(len(COUNTRIES), people, p=COUNTRY_SHARES)
    platform = random.choice(len(PLATFORMS), people, p=PLATFORM_SHARES)
    return Crowd(random, people, until_us - days * DAY_US, days, country, platform)
