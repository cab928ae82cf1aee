"""The report of small random worlds is that of the oracle."""

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.capabilities.gaps.likeness import differences
from tests.capabilities.gaps.told import oracle_report, told_report
from tests.oracle.worlds import journey

DAY = 86_400_000_000
START = 1_704_067_200_000_000
JOURNEY = """
[journey]
id = "shop"
currency = "USD"
hourly_wage = { default = 30.0, DE = 20.0 }
amplification = { share = 0.1, reach = 50, carry = 0.02 }

[[step]]
id = "checkout"
starts = { event = "Checkout" }
completes = { event = "Bought" }
fails = [{ event = "Payment Error" }, { event = "Form Error" }]
within = "30m"

[[step]]
id = "payment"
clock = "active"
starts = [{ event = "Payment" }, { event = "Checkout", where = { express = true } }]
completes = { event = "Bought" }
fails = { event = "Payment Error" }
within = "10m"

[[step]]
id = "delivery"
reference_s = 120
starts = { event = "Bought" }
completes = { event = "Received" }
within = "2h"

[[step]]
id = "thanks"
starts = { event = "Received" }
"""
NAMES = (
    *("Checkout", "Payment", "Bought", "Received") * 3,
    *("Payment Error", "Form Error", "Rage Click", "Dead Click", "Home", "Contact Started"),
)
PACES = (0, 20_000_000, 61_000_000, 240_000_000, 400_000_000, 1_200_000_000, 2_000_000_000, DAY // 2, 3 * DAY)
METRICS = ("completion", "failure_rate", "frustration_rate", "contact_rate", "duration_p50", "duration_p90")


def events_of(random: Random) -> list[dict[str, Any]]:
    """Events of a few people; paces make pauses, nested visits and shared moments common."""
    events: list[dict[str, Any]] = []
    for person in range(random.randint(1, 12)):
        moment = START + random.randint(0, 20 * DAY)
        for _ in range(random.randint(1, 25)):
            moment += random.choice(PACES)
            known = random.random() < 0.8
            events.append(
                {
                    "message_id": f"m{len(events)}",
                    "type": "track",
                    "event": random.choice(NAMES),
                    "ts_us": moment,
                    "user_id": f"u{person}" if known else None,
                    "anonymous_id": f"a{person}" if not known or random.random() < 0.3 else None,
                    "properties": random.choice(
                        [{}, {"country": "DE"}, {"country": "FR", "express": True}, {"element": "#pay"}]
                    ),
                }
            )
    random.shuffle(events)
    return events


def scores_of(random: Random, newest_us: int) -> list[dict[str, Any]]:
    metrics = {"nps": range(11), "csat": range(1, 6), "ces": range(1, 8), "rating": range(1, 6)}
    return [
        {
            "user_id": f"u{random.randint(0, 11)}",
            "anonymous_id": None,
            "step": random.choice(["checkout", "delivery"]),
            "metric": metric,
            "value": float(random.choice(metrics[metric])),
            "ts_us": random.randint(START, newest_us),
            "properties": random.choice([{}, {"country": "DE"}]),
        }
        for metric in random.choices(list(metrics), k=random.randint(0, 40))
    ]


def beliefs_of(random: Random, plan: dict[str, Any]) -> list[dict[str, Any]]:
    beliefs = []
    for step in plan["step"]:
        metric = random.choice([*METRICS, "nps", "csat", "ces", "rating", "low_tail"])
        highs = {"nps": 80.0, "ces": 6.0, "rating": 4.5, "duration_p50": 300.0, "duration_p90": 900.0}
        beliefs.append(
            {
                "step": step["id"],
                "metric": metric,
                "value": highs.get(metric, 0.7),
                "expected_gap": random.choice([None, 1.0, 5.0, -5.0]),
                "sealed_us": random.choice([None, START - DAY, START + 10 * DAY]),
            }
        )
    return beliefs


def compared(seed: int, by: str | None = None) -> list[str]:
    random = Random(seed)
    plan = journey(JOURNEY)
    events = events_of(random)
    newest_us = max(event["ts_us"] for event in events)
    scores = scores_of(random, newest_us + DAY)
    plan["belief"] = beliefs_of(random, plan)
    start = START + random.choice([0, 3 * DAY, 8 * DAY + 5])
    window = (start, start + random.choice([10, 30, 90]) * DAY)
    return differences(told_report(events, scores, plan, window, by), oracle_report(events, scores, plan, window, by))


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_the_report_of_a_world_is_that_of_the_oracle(seed: int) -> None:
    assert compared(seed) == []


@settings(max_examples=15)
@given(st.integers(0, 2**32))
def test_the_report_by_country_is_that_of_the_oracle(seed: int) -> None:
    assert compared(seed, "country") == []
