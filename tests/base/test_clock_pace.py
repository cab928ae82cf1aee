"""A clock that runs many times as fast, for trying out what takes days."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from nousnous.base import clock
from nousnous.base.errors import Refused

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def as_it_is() -> Iterator[None]:
    yield
    clock.run_at("")


def test_a_clock_runs_as_many_times_as_fast_from_an_instant_on() -> None:
    since = clock.real() - timedelta(minutes=2)
    clock.run_at(f"60@{since.isoformat()}")
    hours = (clock.now() - since) / timedelta(hours=1)
    assert 2 <= hours < 2.5
    assert abs(clock.real() - since - timedelta(minutes=2)) < timedelta(seconds=30)


def test_before_the_instant_it_is_the_time_that_it_is_and_a_frozen_clock_stands() -> None:
    clock.run_at(f"60@{(clock.real() + timedelta(hours=1)).isoformat()}")
    assert abs(clock.now() - clock.real()) < timedelta(seconds=5)
    with clock.frozen(clock.to_us(NOON)):
        clock.run_at("60@2026-01-01T00:00Z")
        assert clock.now() == clock.real() == NOON


@pytest.mark.parametrize("pace", ["60", "fast@2026-01-01", "60@noon", "0@2026-01-01"])
def test_what_is_no_pace_is_refused(pace: str) -> None:
    with pytest.raises(Refused, match="is no pace of the clock"):
        clock.run_at(pace)
