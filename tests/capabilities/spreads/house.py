"""A shop whose seat map stands behind its low answers, told through the product's own ways in."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from nousnous.collector.imports.actions import Upload, import_file
from nousnous.collector.imports.mapping import event_mapping
from nousnous.collector.imports.questions import survey_mapping
from nousnous.collector.landing import land
from nousnous.collector.models import Import
from nousnous.facts.replays import REPLAY_CHUNKS
from nousnous.journeys.actions.versions import apply_journey
from nousnous.workspaces.actions import SHELL
from nousnous.workspaces.models import Workspace

DAY_S = 86_400
START_S = 1_704_067_200  # Monday, 1 January 2024
LOW, HIGH = 40, 60
TURNED_S = 200
JOURNEY = """
[journey]
id = "shop"
name = "Web shop"
currency = "USD"
hourly_wage = 30.0

[[step]]
id = "checkout"
name = "Checkout"
starts = { event = "Page Viewed", where = { screen = "/start" } }
completes = { event = "Page Viewed", where = { screen = "/pay" } }
"""
SURVEY = """
[survey]
person = "person"
time = "answered"
moment = "moment"
country = "country"

[[score]]
column = "answer"
metric = "nps"
step = "checkout"
comment = "comment"
"""


def write(rows: Iterable[Mapping[str, Any]], path: Path) -> Path:
    rows = list(rows)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def sessions(low: int = LOW, high: int = HIGH) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Events and answers: of four low sessions three saw the seat map and clicked in vain, of five high ones one."""
    events, answers = [], []
    for person in range(low + high):
        is_low = person < low
        at = START_S + person * 60 * DAY_S // (low + high) + 36_000
        saw = person % 4 != 0 if is_low else person % 5 == 0
        moments = [(0, "Page Viewed", "/start"), (300, "Page Viewed", "/pay")]
        moments += [(TURNED_S - 20, "Page Viewed", "/seats")] if saw else []
        moments += [(TURNED_S + 3 * one, "Dead Click", "/seats") for one in range(5)] if saw and is_low else []
        events += [
            {
                "user_id": f"u{person}",
                "session_id": f"s{person}",
                "event": name,
                "screen": screen,
                "timestamp": at + after,
            }
            for after, name, screen in moments
        ]
        told = {"person": f"u{person}", "moment": at + 310, "answered": at + 310 + 600}
        country = "DE" if person % 2 else "FR"
        answers.append(
            {**told, "answer": 2 + person % 5 if is_low else 8 + person % 3, "country": country, "comment": ""}
        )
    return events, answers


def bring_events(workspace: Workspace, rows: Iterable[Mapping[str, Any]], folder: Path) -> Import:
    return import_file(workspace, Upload(write(rows, folder / "events.csv"), event_mapping("")))


def bring_answers(workspace: Workspace, rows: Iterable[Mapping[str, Any]], folder: Path) -> Import:
    return import_file(workspace, Upload(write(rows, folder / "answers.csv"), survey_mapping(SURVEY)))


def open_shop(workspace: Workspace, folder: Path) -> Import:
    """The shop with its journey; of the sessions of u1 and u2 there is a recording. Answers the import of answers."""
    events, answers = sessions()
    bring_events(workspace, events, folder)
    apply_journey(workspace, JOURNEY, None, SHELL)
    chunks = {
        "chunk_id": ["c1", "c2"],
        "session_id": ["s1", "s2"],
        "user_id": ["u1", "u2"],
        "ts_us": [1, 1],
        "body": [b"[]"] * 2,
    }
    land(workspace, REPLAY_CHUNKS, pa.table(chunks))
    return bring_answers(workspace, answers, folder)
