"""Sends one person's story by an unmodified client library: python send.py LIBRARY HOST."""

import sys
from datetime import UTC, datetime

LATE = datetime(2024, 1, 2, 3, 4, 5, 678000, UTC)
PROPERTIES = {"revenue": 12.5, "größe": {"tief": [1, {"x": "🛒"}]}}
BOUGHT = "Bestellung ✓ 完了"
TRAITS = {"name": "Zoë 🦊"}


def segment(host: str) -> None:
    from segment.analytics import Client

    client = Client("WK", host=host, max_retries=6, gzip=True)
    client.identify(user_id="u1", anonymous_id="a1", traits=TRAITS)
    client.track(user_id="u1", event=BOUGHT, properties=PROPERTIES)
    client.track(user_id="u1", event="Late", timestamp=LATE)
    client.page(user_id="u1", name="Home", properties={"path": "/start"})
    client.alias("before", "u1")
    client.shutdown()


def rudderstack(host: str) -> None:
    from rudderstack.analytics.client import Client

    client = Client("WK", host=host, max_retries=6)
    client.identify("u1", TRAITS, anonymous_id="a1")
    client.track("u1", BOUGHT, PROPERTIES)
    client.track("u1", "Late", timestamp=LATE)
    client.page("u1", name="Home", properties={"path": "/start"})
    client.alias("before", "u1")
    client.shutdown()


def posthog(host: str) -> None:
    from posthog import Posthog

    client = Posthog("phc_test", host=host, max_retries=6)
    client.capture("$identify", distinct_id="u1", properties={"$set": TRAITS, "$anon_distinct_id": "a1"})
    client.capture(BOUGHT, distinct_id="u1", properties=PROPERTIES)
    client.capture("Late", distinct_id="u1", timestamp=LATE)
    client.capture("$pageview", distinct_id="u1", properties={"$pathname": "/start"})
    client.alias("before", "u1")
    client.shutdown()


if __name__ == "__main__":
    {"segment": segment, "rudderstack": rudderstack, "posthog": posthog}[sys.argv[1]](sys.argv[2])
