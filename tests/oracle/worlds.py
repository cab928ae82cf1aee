"""Small worlds written by hand, and the shared real files as events."""

import csv
import gzip
import tomllib
from datetime import UTC, datetime

from tests.places import SHARED_DATA

CHECKOUT = """
[journey]
id = "shop"
name = "Web shop"
currency = "USD"
hourly_wage = 30.0

[[step]]
id = "checkout"
name = "Checkout"
starts = { event = "shipping_details" }
completes = { event = "purchase" }
fails = [{ event = "payment_error" }, { event = "checkout_bug" }, { event = "error_page" }]
within = "30m"
"""
RETAIL = """
[journey]
id = "retail"
currency = "GBP"
hourly_wage = { default = 20.0, Germany = 30.0 }

[[step]]
id = "order"
starts = { event = "Order Completed" }
fails = { event = "Order Refunded" }
"""


def journey(text):
    """A journey file as the product would read it."""
    return tomllib.loads(text)


def micros(text):
    """'2024-03-13 10:21:14' in UTC as µs."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def told(*happenings, person="ann"):
    """Events from (seconds, name) or (seconds, name, properties) of one person."""
    return [
        {
            "message_id": f"{person}-{number}",
            "type": "track",
            "event": happening[1],
            "ts_us": round(happening[0] * 1_000_000),
            "user_id": person,
            "anonymous_id": None,
            "properties": happening[2] if len(happening) > 2 else {},
        }
        for number, happening in enumerate(happenings)
    ]


def shop_events():
    """The 31,106 events of the shop's clickstream."""
    with (SHARED_DATA / "shop_clickstream.csv").open(newline="") as file:
        return [
            _event(number, row["event"], row["timestamp"], row["user_id"], row)
            for number, row in enumerate(csv.DictReader(file))
        ]


def retail_events():
    """The 245,903 order lines; lines without customer are anonymous `invoice:<no>`."""
    with gzip.open(SHARED_DATA / "online_retail.csv.gz", "rt", newline="") as file:
        events = []
        for number, row in enumerate(csv.DictReader(file)):
            name = "Order Refunded" if row["InvoiceNo"].startswith("C") else "Order Completed"
            event = _event(number, name, row["InvoiceDate"], row["CustomerID"].removesuffix(".0"), row)
            event["properties"] = {"country": row["Country"]}
            if not event["user_id"]:
                event["anonymous_id"] = f"invoice:{row['InvoiceNo']}"
            events.append(event)
        return events


def _event(number, name, time, user, row):
    return {
        "message_id": str(number),
        "type": "track",
        "event": name,
        "ts_us": micros(time),
        "user_id": user or None,
        "anonymous_id": None,
        "properties": {key: row[key] for key in ("platform", "acquisition_channel") if key in row},
    }


def survey_rows(name):
    """The rows of a shared CSV file as dictionaries."""
    with (SHARED_DATA / name).open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))
