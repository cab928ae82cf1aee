"""Working hours, and who takes the next case: by hand and by chance."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nousnous.base.errors import Refused
from nousnous.capabilities.cases.measures.hours import Hours, meeting
from nousnous.capabilities.cases.measures.outcomes import cost_of_one
from nousnous.capabilities.cases.measures.rota import Load, choose, next_on_duty, parse_rota
from nousnous.stats.estimate import Estimate

BERLIN = Hours("Europe/Berlin", (0, 1, 2, 3, 4), 9 * 60, 17 * 60)
ROTA = """
[rota]
id = "paramedics"
timezone = "Europe/Berlin"
hours = "08:00-18:00"
closed = ["2026-12-24/2026-12-26"]

[[member]]
email = "ada@north.example"
hours = "08:00-12:00"
a_day = 2

[[member]]
email = "bob@north.example"
timezone = "America/New_York"
hours = "07:00-15:00"
away = ["2026-03-11"]
"""


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "minutes", "over"),
    [
        ("2026-03-10 10:00", 30, "2026-03-10 10:30"),
        ("2026-03-10 16:45", 30, "2026-03-11 09:15"),
        ("2026-03-13 16:45", 30, "2026-03-16 09:15"),  # a weekend between
        ("2026-03-10 03:00", 30, "2026-03-10 09:30"),
        ("2026-03-27 16:59", 2, "2026-03-30 09:01"),  # clocks go forward on the Sunday between
    ],
)
def test_a_clock_runs_in_working_hours_alone(start: str, minutes: int, over: str) -> None:
    assert BERLIN.after(berlin(start), timedelta(minutes=minutes)) == berlin(over)


def test_a_clock_through_the_night_in_which_clocks_change_runs_real_minutes() -> None:
    always = Hours("Europe/Berlin")
    assert always.after(berlin("2026-03-29 01:45"), timedelta(minutes=30)) == berlin("2026-03-29 03:15")
    night = Hours("Europe/Berlin", (5,), 22 * 60, 6 * 60)  # Saturday to Sunday, an hour short
    begin, end = next(night.windows(berlin("2026-03-28 23:00")))
    assert end - begin == timedelta(hours=7)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 365 * 24 * 60),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 1439),
    st.integers(1, 1440),
    st.integers(1, 300),
)
def test_a_clock_has_run_exactly_its_minutes(start: int, days: set[int], begin: int, end: int, minutes: int) -> None:
    hours, instant = (
        Hours("Europe/Berlin", tuple(days), begin, end),
        datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=start),
    )
    over = hours.after(instant, timedelta(minutes=minutes))
    windows = [(max(one, instant), min(two, over)) for one, two in hours.windows(instant) if over and one < over]
    if over is not None:
        assert sum((two - one for one, two in windows), timedelta()) == timedelta(minutes=minutes)


def test_the_next_case_goes_to_who_is_there_with_fewest() -> None:
    rota, morning = parse_rota(ROTA), berlin("2026-03-10 10:00")
    assert [one.email for one in (choose(rota, morning, {}),) if one] == ["ada@north.example"]
    afternoon = berlin("2026-03-10 14:00")
    assert getattr(choose(rota, afternoon, {}), "email", "") == "bob@north.example"
    full = {"ada@north.example": Load(0, (morning, morning))}
    assert choose(rota, morning, full) is None
    # New York is five hours behind Berlin in those weeks: Bob begins at noon
    assert next_on_duty(rota, morning, full) == berlin("2026-03-10 12:00")
    assert choose(rota, afternoon, {}, besides="bob@north.example") is None


def test_outside_the_hours_it_is_said_until_when() -> None:
    rota = parse_rota(ROTA)
    assert next_on_duty(rota, berlin("2026-03-10 19:00"), {}) == berlin("2026-03-11 08:00")
    assert next_on_duty(rota, berlin("2026-12-23 19:00"), {}) == berlin("2026-12-28 08:00")  # closed, then a weekend
    never = Hours("UTC", (0,), 0, 60, ((date(2026, 1, 1), date(2026, 12, 31)),))
    assert meeting((never, BERLIN), berlin("2026-03-10 10:00")) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"Europe/Berlin"', '"Berlin"'), "There is no time zone “Berlin”"),
        (('"08:00-12:00"', '"8-12"'), "“hours” is from when to when"),
        (("a_day = 2", "a_day = 0"), "“a_day” is a whole number from 1 to 1000"),
        (('["2026-03-11"]', '["2026-03-11/2026-03-01"]'), "“away” is a list of days"),
        (("bob@", "ada@"), "A rota has members, each once"),
    ],
)
def test_what_a_rota_cannot_mean_is_refused(change: tuple[str, str], said: str) -> None:
    with pytest.raises(Refused, match=said):
        parse_rota(ROTA.replace(*change))


def test_without_a_proven_effect_nobody_came_back_because_of_it() -> None:
    assert cost_of_one(100.0, 50, Estimate(0.02, -0.01, 0.05, 100, "delta")).value is None
