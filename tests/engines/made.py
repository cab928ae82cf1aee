"""Tables made by chance that hold what engines may disagree on: nulls, ties, odd names in JSON, figures as text."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from nousnous.facts.columns import Table
from nousnous.facts.events import EVENTS
from nousnous.facts.messages import MESSAGES
from nousnous.facts.replays import REPLAY_CHUNKS
from nousnous.facts.scores import SCORES
from nousnous.facts.visits import visits_table
from nousnous.warehouse.schemas import arrow_schema

DAY_US = 86_400_000_000
SPAN_US = 60 * DAY_US
NAMES = (
    "Checkout", "Bought", "Payment Error", "Contact Started", "Order Completed", "Experiment Viewed",
    "Rage Click", "Error Occurred", None,
)  # fmt: skip
ODD = ("plan", "$browser", "a.b", "sp ace", "it's", "list[0]", "a/b", "til~de", "")
VALUES = ("gold", "null", 'say "ü"', 1.5, 2, 1e3, True, None, {"deep": [1, 2.0]}, 10**17 + 1)
SAID = (
    "Where is it?", "Thanks!", "THX so much", "Danke schön", "DANKE SCHÖN!", "Dzięki", "DZIĘKI…", "Dankeö", "merci",
    "obrigada", "Vielen Dank für die Hilfe", "VIELEN DANK FÜR DIE HILFE", "ok", "", None,
)  # fmt: skip
PERSON = ("person_key", pa.int64())


@dataclass(frozen=True)
class World:
    """Ibis tables of one engine."""

    events: Any
    scores: Any
    visits: Any
    chunks: Any
    messages: Any


def write_world(folder: Path, rows: int = 3_000, seed: int = 7) -> dict[str, list[str]]:
    """The tables as Parquet files, two of each, as a snapshot holds them."""
    chance = np.random.default_rng(seed)
    made = {
        "events": (EVENTS, _events(chance, rows)),
        "scores": (SCORES, _scores(chance, rows // 3)),
        "visits": (visits_table("made"), _visits(chance, rows)),
        "chunks": (REPLAY_CHUNKS, _chunks(chance, rows // 5)),
        "messages": (MESSAGES, _messages(chance, rows)),
    }
    return {name: _written(folder / name, table, columns) for name, (table, columns) in made.items()}


def read_world(engine: Any, files: dict[str, list[str]]) -> World:
    return World(**{name: engine.read_parquet(paths) for name, paths in files.items()})


def _written(stem: Path, table: Table, columns: dict[str, Any]) -> list[str]:
    fields = [*arrow_schema(table)] + ([] if "person_key" in table.names else [pa.field(*PERSON)])
    length = len(next(iter(columns.values())))
    schema = pa.schema(fields)
    rows = pa.table({name: columns.get(name, pa.nulls(length)) for name in schema.names}).cast(schema)
    paths = [f"{stem}-{number}.parquet" for number in range(2)]
    for number, path in enumerate(paths):
        pq.write_table(rows.slice(number * length // 2, length // 2), path)
    return paths


def _people(chance: np.random.Generator, rows: int) -> list[int | None]:
    """Keys use all 64 bits, so that an engine that takes them for fractions is found out."""
    keys = [int(key) for key in chance.integers(-(2**63), 2**63, 200)]
    return [None if place >= 200 else keys[place] for place in chance.integers(0, 206, rows)]


def _moments(chance: np.random.Generator, rows: int) -> Any:
    """By whole hours for some, so that many of a person fall together."""
    moments = chance.integers(0, SPAN_US, rows)
    return np.where(chance.random(rows) < 0.5, moments, moments // (DAY_US // 4) * (DAY_US // 4))


def _some(chance: np.random.Generator, rows: int, *values: Any) -> list[Any]:
    return [values[place] for place in chance.integers(0, len(values), rows)]


def _events(chance: np.random.Generator, rows: int) -> dict[str, Any]:
    people = _people(chance, rows)
    texts = [
        json.dumps({ODD[name]: VALUES[value] for name, value in pairs}, ensure_ascii=False, separators=(",", ":"))
        for pairs in np.stack(
            [chance.integers(0, len(ODD), (rows, 3)), chance.integers(0, len(VALUES), (rows, 3))], axis=2
        )
    ]
    return {
        "message_id": [f"m{number}" for number in range(rows)],
        "message_key": np.arange(rows),
        "type": _some(chance, rows, "track", "track", "identify"),
        "event": _some(chance, rows, *NAMES),
        "ts_us": _moments(chance, rows),
        "identity_key": people,
        "person_key": people,
        "user_id": [None if key is None or key % 3 == 0 else f"User-{key % 1000}" for key in people],
        "anonymous_id": [None if key is None else f"Gerät {key % 777}" for key in people],
        "session_id": _some(chance, rows, *(f"s{number}" for number in range(60)), None),
        "country": _some(chance, rows, "DE", "FR", "Ö", None),
        "revenue": [None if chance.random() < 0.3 else float(chance.gamma(2, 30)) for _ in range(rows)],
        "total": [None if chance.random() < 0.3 else float(chance.gamma(2, 40)) for _ in range(rows)],
        "experiment": _some(chance, rows, "price", "price", None),
        "variant": _some(chance, rows, "old", "old", "old", "new", None),
        "properties": [None if place % 11 == 0 else text for place, text in enumerate(texts)],
    }


def _scores(chance: np.random.Generator, rows: int) -> dict[str, Any]:
    tops = np.array(_some(chance, rows, 10.0, 5.0, 7.0, 3.0))
    metrics = _some(chance, rows, "nps", "csat", "ces", "rating", "comment")
    return {
        "score_key": np.arange(rows),
        "person_key": _people(chance, rows),
        "ts_us": _moments(chance, rows),
        "metric": metrics,
        "step": _some(chance, rows, "checkout", "delivery", None),
        "value": [
            None if metric == "comment" else float(chance.integers(-1, top + 2))
            for metric, top in zip(metrics, tops, strict=True)
        ],
        "scale_low": (tops < 10).astype(float),
        "scale_high": tops,
        "source": _some(chance, rows, "survey:after", "imp"),
    }


def _visits(chance: np.random.Generator, rows: int) -> dict[str, Any]:
    opened = _moments(chance, rows)
    completed = chance.random(rows) < 0.6
    return {
        "person_key": [key or 1 for key in _people(chance, rows)],
        "step": chance.integers(0, 3, rows),
        "opened_us": opened,
        "ended_us": opened + chance.integers(0, DAY_US, rows),
        "window_us": opened + DAY_US,
        "completed": completed,
        "failed": ~completed & (chance.random(rows) < 0.5),
        "frustrated": chance.random(rows) < 0.2,
        "country": _some(chance, rows, "DE", "FR", None),
    }


def _messages(chance: np.random.Generator, rows: int) -> dict[str, Any]:
    return {
        "message_key": np.arange(rows),
        "conversation_key": chance.integers(-(2**63), 2**63, 300)[chance.integers(0, 300, rows)],
        "person_key": _people(chance, rows),
        "ts_us": _moments(chance, rows),
        "side": _some(chance, rows, "customer", "customer", "agent"),
        "text": _some(chance, rows, *SAID),
        "channel": _some(chance, rows, "chat", "mail"),
        "topic": _some(chance, rows, "parcel", None),
        "agent_group": _some(chance, rows, "first", "second", None),
    }


def _chunks(chance: np.random.Generator, rows: int) -> dict[str, Any]:
    began = chance.permutation(rows) * 1_000_000
    return {
        "session_id": _some(chance, rows, *(f"s{number}" for number in range(60))),
        "person_key": _people(chance, rows),
        "user_id": _some(chance, rows, "ada", "bo", None),
        "anonymous_id": _some(chance, rows, "x", "y", None),
        "ts_us": began,
        "until_us": began + chance.integers(0, 10**7, rows),
        "active_us": chance.integers(0, 10**6, rows),
        "width": _some(chance, rows, 390, 1280, None),
        "height": _some(chance, rows, 800, None),
        "source": _some(chance, rows, "key", "imp"),
    }
