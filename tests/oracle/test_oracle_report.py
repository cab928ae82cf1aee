"""The oracle's reading of debt, journeys, windows and the whole report, pinned by figures counted by hand."""

from random import Random

import pytest
from tests.oracle import debt, periods
from tests.oracle.gaps import visit_observations
from tests.oracle.report import report
from tests.oracle.visits import visits
from tests.oracle.worlds import CHECKOUT, journey, micros, shop_events, told

S, C, F = "shipping_details", "purchase", "payment_error"
ALWAYS = (0, 10**15)
DAY = 86_400
NESTED = """
[journey]
id = "nested"
currency = "EUR"
hourly_wage = { default = 36.0, DE = 72.0 }

[[step]]
id = "outer"
starts = { event = "open" }
completes = { event = "close" }
fails = { event = "break" }

[[step]]
id = "inner"
starts = { event = "begin" }
completes = { event = "finish" }
fails = { event = "break" }
"""


def near(figure):
    return pytest.approx(figure, abs=1e-6)


def wasted(*people, **step):
    """Wasted seconds of the checkout visits of several people, in order, and the causes."""
    plan = journey(CHECKOUT)
    plan["step"][0].update(step)
    events = [event for number, line in enumerate(people) for event in told(*line, person=f"p{number}")]
    found = visits(events, plan, 10**15)
    rows = debt.rows_of(found, plan, {"checkout": debt.reference_us(plan["step"][0], found)})
    return [us / 1e6 for _, us in rows], [one["cause"] for one in debt.causes(rows)]


def test_a_completed_visit_wastes_what_is_above_the_median_of_the_clean_ones():
    clean = [[(0, S), (10, C)], [(0, S), (20, C)], [(0, S), (90, C)]]
    assert wasted(*clean, [(0, S), (5, F), (50, C)]) == ([0, 0, 0, 30], [F])
    assert wasted([(0, S), (5, F), (50, C)]) == ([0], [])


def test_an_owner_s_reference_is_charged_to_clean_visits_too():
    assert wasted([(0, S), (50, C)], [(0, S), (5, F), (41, C)], reference_s=40) == ([10, 1], ["slow", F])


def test_a_visit_that_failed_or_was_left_after_a_signal_wastes_all_its_active_time():
    failed = [(0, S), (100, F), (150, "home"), (900, "home")]
    assert wasted(failed) == ([150], [F])
    signal = [(0, S), (60, "Rage Click", {"element": "#pay"}), (70, "home")]
    assert wasted(signal) == ([70], ["Rage Click #pay"])
    assert wasted([(0, S), (60, "home"), (70, "home")]) == ([0], [])


def test_what_is_above_a_reference_are_the_last_active_seconds():
    assert debt.last_part([(0, 10), (400, 420), (900, 905)], 12) == [(900, 905), (413, 420)]
    assert debt.last_part([(0, 10)], -3) == []


def test_each_second_belongs_to_the_visit_opened_last():
    events = told((0, "open"), (60, "begin"), (100, "break"), (160, "home"))
    steps = {row["step"]: row["debt"] for row in report(events, [], journey(NESTED), ALWAYS, newest_us=10**15)["steps"]}
    assert steps["outer"]["hours"]["value"] * 3600 == near(60)
    assert steps["inner"]["hours"]["value"] * 3600 == near(100)
    together = told((0, "open"), (0, "begin"), (100, "break"))
    found = report(together, [], journey(NESTED), ALWAYS, newest_us=10**15)
    assert [(row["step"], row["debt"]["hours"]["value"] * 3600) for row in found["steps"]] == [
        ("inner", near(100)),
        ("outer", 0),
    ]
    assert found["journey"]["debt"]["hours"]["value"] * 3600 == near(100)


def test_the_interval_of_equal_totals_is_that_of_a_poisson_count():
    assert debt.gamma_interval([1.0] * 5) == (near(1.6234864), near(11.6683321))
    assert debt.gamma_interval([0.0, 0.0]) == (0.0, 0.0)


def test_debt_has_hours_but_no_interval_under_five_persons():
    four = [event for number in range(4) for event in told((0, S), (36, F), person=f"p{number}")]
    found = report(four, [], journey(CHECKOUT), ALWAYS, newest_us=10**15)["steps"][0]["debt"]["hours"]
    assert (found["value"], found["low"], found["high"], found["n"]) == (near(0.04), None, None, 4)
    five = [*four, *told((0, S), (36, C), person="p5")]
    found = report(five, [], journey(CHECKOUT), ALWAYS, newest_us=10**15)["steps"][0]["debt"]["hours"]
    assert found["low"] == near(0.01 * 1.0898654)  # of a Poisson count of 4: 1.0899
    assert found["n"] == 4


def test_a_year_is_scaled_from_observed_days_and_never_from_under_28():
    assert periods.observed((10, 100), 20, 49) == 30
    assert periods.per_year(28 * periods.DAY - 1) is None
    assert periods.per_year(round(36.525 * periods.DAY)) == near(10)


def test_money_follows_the_wage_of_the_country_of_the_opening():
    line = [(0, "open", {"country": "DE"}), (100, "break"), (5000, "open"), (5100, "break", {"country": "DE"})]
    events = [*told(*line), *told((36.525 * DAY, "home"), person="bob")]
    found = report(events, [], journey(NESTED), ALWAYS)
    assert found["journey"]["debt"]["per_year"]["value"] == near((2.0 + 1.0) * 10)
    assert found["journey"]["debt"]["hours"]["value"] == near(200 / 3600)


def test_amplification_is_one_unless_somebody_complains_in_public():
    plan = journey(CHECKOUT)
    assert debt.amplification(plan) == 1
    plan["journey"]["amplification"] = {"share": 0.1, "reach": {"low": 1, "mid": 200, "high": 500}}
    assert debt.amplification(plan) == near(1.2)


def test_principal_counts_from_the_seal_and_interest_the_last_full_week():
    monday = micros("2024-01-01 00:00:00") / 1e6
    weeks = [(monday + week * 7 * DAY + 60, week) for week in range(5)]
    events = told(*[one for at, _ in weeks for one in ((at, S), (at + 120, F))])
    plan = journey(CHECKOUT)
    window = (micros("2024-01-01 00:00:00"), micros("2024-01-31 00:00:00"))
    found = report(events, [], plan, window, newest_us=10**16)["steps"][0]["debt"]
    assert (found["principal"], found["interest"]) == (None, near(1))
    plan["belief"] = [{"step": "checkout", "metric": "completion", "value": 0.7, "sealed_us": micros("2024-01-15")}]
    assert report(events, [], plan, window, newest_us=10**16)["steps"][0]["debt"]["principal"] == near(3)


def test_the_simulator_cuts_active_times():
    (visit,) = debt.simulated(visits(told((0, S), (100, "home"), (150, F)), journey(CHECKOUT), 10**15), 120_000_000)
    assert visit.active == [(0, 100_000_000), (100_000_000, 120_000_000)]


def test_the_default_window_ends_with_the_last_day_over_that_holds_an_event_of_a_person():
    events = told((micros("2024-06-30 23:30:00") / 1e6, "home"))
    nobody = {**events[0], "message_id": "x", "user_id": None, "ts_us": micros("2024-07-09 00:00:00")}
    start, end = periods.default_window([*events, nobody])
    assert (periods.written(start), periods.written(end)) == ("2024-04-02T00:00:00+00:00", "2024-07-01T00:00:00+00:00")
    assert periods.default_window(events, "Europe/Berlin")[1] == micros("2024-07-01 22:00:00")
    today = [*events, {**events[0], "message_id": "y", "ts_us": micros("2024-07-02 10:00:00")}]
    assert periods.default_window(today, "UTC", micros("2024-07-02 12:00:00"))[1] == end


def test_verdicts_are_about_the_90_days_before_the_last_monday():
    start, end = periods.verdict_window(micros("2024-07-03 12:00:00"))
    assert (end - start, periods.written(end)) == (90 * periods.DAY, "2024-07-01T00:00:00+00:00")
    assert periods.verdict_window(micros("2024-07-01 00:00:00"))[1] == end


def test_a_journey_counts_persons_who_entered_and_who_finished():
    events = [
        *told((0, "begin"), (5, "finish"), (10, "open"), (20, "close"), (30, "begin"), (40, "finish")),
        *told((0, "open"), (9, "close"), person="bob"),
    ]
    found = report(events, [], journey(NESTED), ALWAYS)["journey"]
    assert (found["entered"], found["finished"]["n"], found["finished"]["method"]) == (2, 2, "too few")
    assert found["elapsed"]["p50"]["n"] == 1
    assert found["transitions"] == [
        {"from": "outer", "to": "inner", "n": 1, "share": 1.0, "p50_s": 20.0},
        {"from": "inner", "to": "outer", "n": 1, "share": 1.0, "p50_s": 10.0},
    ]


def test_a_visit_belongs_to_the_period_of_its_opening():
    events = told((0, S), (100, S), (200, C), (5000, S), (5010, C))
    window = (50_000_000, 10**15)
    assert report(events, [], journey(CHECKOUT), window)["steps"][0]["visits"]["n"] == 1


def test_open_visits_are_shown_and_in_no_count():
    found = report(told((0, S), (10, F)), [], journey(CHECKOUT), ALWAYS)
    assert found["steps"][0]["visits"] == {"n": 0, "completed": 0, "failed": 0, "abandoned": 0, "open": 1}
    assert (found["journey"]["entered"], found["journey"]["debt"]["hours"]["value"]) == (1, 0)


def test_a_contact_within_seven_days_counts_for_visits_older_than_that():
    events = told((0, S), (10, C), (3 * DAY, "Contact Started"), (20 * DAY, S), (20 * DAY + 9, C))
    plan = journey(CHECKOUT)
    facts = {"newest_us": 22 * DAY * 1_000_000, "contacts": {("known", "ann"): [3 * DAY * 1_000_000]}}
    found = visits(events, plan, facts["newest_us"])
    assert visit_observations("contact_rate", found, plan["step"][0], facts) == [(("known", "ann"), True)]
    assert debt.contact_step(found, ("known", "ann"), 3 * DAY * 1_000_000) == "checkout"
    assert debt.contact_step(found, ("known", "ann"), 8 * DAY * 1_000_000) is None


def test_scores_of_the_window_stand_beside_the_visits_of_their_step():
    scores = [{"user_id": f"p{n}", "step": "checkout", "metric": "nps", "value": 10 - n, "ts_us": 5} for n in range(6)]
    late = {**scores[0], "ts_us": ALWAYS[1]}
    plan = journey(CHECKOUT)
    plan["belief"] = [{"step": "checkout", "metric": "nps", "value": 50}]
    row = report(told((0, S)), [*scores, late], plan, ALWAYS)["steps"][0]
    assert row["spread"]["nps"]["histogram"] == {"5": 1, "6": 1, "7": 1, "8": 1, "9": 1, "10": 1}
    assert row["spread"]["nps"]["low_tail"]["value"] == near(1 / 3)
    assert (row["beliefs"][0]["experienced"]["value"], row["beliefs"][0]["gap"]["value"]) == (0, 50)


def test_the_report_of_the_shop_does_not_depend_on_the_order_of_lines():
    events = shop_events()
    mixed = [*events, *events[::50]]
    Random(2).shuffle(mixed)
    found = report(events, [], journey(CHECKOUT), by="platform")
    assert report(mixed, [], journey(CHECKOUT), by="platform") == found
    whole = found["steps"][0]["debt"]["hours"]["value"]
    parts = [one["steps"][0]["debt"]["hours"]["value"] for one in found["segments"]]
    assert sum(parts) == near(whole)
    assert sum(one["hours"] for one in found["steps"][0]["debt"]["causes"]) == near(whole)


def test_nothing_wasted_gives_zero_to_zero():
    events = [event for number in range(5) for event in told((0, S), (9, C), person=f"p{number}")]
    found = report(events, [], journey(CHECKOUT), ALWAYS)["steps"][0]["debt"]
    assert found["hours"] == {"value": 0, "low": 0, "high": 0, "n": 0, "method": "gamma"}
    assert (found["reference_s"], found["per_year"], found["causes"]) == (9, None, [])
