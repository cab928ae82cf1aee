"""Time zones are on offer by region, each under one name."""

import doctest
import zoneinfo

import nousnous.base.timezones
from nousnous.base.timezones import timezone_choices, zones_by_region


def test_zones_on_offer_are_real_and_none_is_an_older_name() -> None:
    offered = [zone for zones in zones_by_region().values() for zone in zones]
    assert set(offered) <= zoneinfo.available_timezones()
    assert len(offered) == len(set(offered)) > 400
    assert not {"US/Eastern", "Etc/GMT+0", "GMT+0", "Europe/Kiev", "GB", "EST"} & set(offered)


def test_utc_comes_first_and_a_kept_older_name_stays_on_offer() -> None:
    assert [value for value, _ in timezone_choices("Europe/Paris")][:2] == ["UTC", "Europe"]
    assert [value for value, _ in timezone_choices("US/Eastern")][:2] == ["UTC", "US/Eastern"]


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(nousnous.base.timezones).failed == 0
