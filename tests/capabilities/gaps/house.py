"""A workspace with a real lake, a journey and events, told through the product's own ways in."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from nousnous.collector.imports.actions import Upload, import_file
from nousnous.collector.imports.mapping import event_mapping
from nousnous.collector.imports.questions import survey_mapping
from nousnous.journeys.actions.versions import apply_journey
from nousnous.workspaces.actions import SHELL
from nousnous.workspaces.models import Workspace

DAY_S = 86_400
START_S = 1_704_067_200  # Monday, 1 January 2024
SHOP = """
[journey]
id = "shop"
name = "Web shop"
currency = "USD"
hourly_wage = 30.0

[[step]]
id = "checkout"
name = "Checkout"
stage = "purchase"
channel = "web"
owner = "shop team"
starts = { event = "Checkout" }
completes = { event = "Bought" }
fails = { event = "Payment Error" }
within = "30m"

[[step]]
id = "delivery"
name = "Delivery"
starts = { event = "Bought" }
completes = { event = "Received" }
within = "1d"

[[belief]]
step = "checkout"
metric = "completion"
value = 0.95
range = [0.9, 0.99]
expected_gap = 5.0
author = "shop team"
stated_at = 2024-01-01T00:00:00Z
"""


def people(count: int, days: int = 100) -> list[dict[str, Any]]:
    """Each person checks out once, spread over the days; of three one fails after a minute, one buys and receives."""
    rows: list[dict[str, Any]] = []
    for person in range(count):
        at = START_S + person * days * DAY_S // count + 36_000
        third = person % 3
        moments = [(0, "Checkout")]
        moments += [(60, "Payment Error")] if third == 0 else [(90 + person % 7, "Bought")]
        moments += [(900, "Received")] if third == 1 else []
        country = "DE" if person % 2 else "FR"
        rows += [
            {"user_id": f"u{person}", "event": name, "timestamp": at + offset, "country": country}
            for offset, name in moments
        ]
    return rows


def bring(workspace: Workspace, rows: Iterable[Mapping[str, Any]], folder: Path, mapping: str = "") -> None:
    """Import rows as the events of a CSV file."""
    path = folder / f"events-{len(list(folder.iterdir()))}.csv"
    write_rows(rows, path)
    import_file(workspace, Upload(path, event_mapping(mapping)))


def write_rows(rows: Iterable[Mapping[str, Any]], path: Path) -> None:
    """A CSV file of some rows."""
    rows = list(rows)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def bring_file(workspace: Workspace, path: Path, mapping: str, *, survey: bool = False) -> None:
    import_file(workspace, Upload(path, survey_mapping(mapping) if survey else event_mapping(mapping)))


def apply(workspace: Workspace, text: str = SHOP) -> None:
    apply_journey(workspace, text, "journey.toml", SHELL)
