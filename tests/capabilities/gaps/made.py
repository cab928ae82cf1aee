"""Visits and candidates made by hand, in whole seconds."""

from typing import Any

import numpy as np

from nousnous.capabilities.gaps.measures.debt import Candidates
from nousnous.capabilities.gaps.measures.visits import SECOND_US, Visits

CLEAN = {"person": 0, "step": 0, "opened": 0, "ended": 10, "active": 10, "completed": True}


def visits(*rows: dict[str, Any]) -> Visits:
    """One visit a row: person, step, opened, ended, active in seconds, and flags that are False unless given."""
    numbers = {
        name: np.array([row.get(name, CLEAN[name]) for row in rows], dtype=np.int64)
        for name in ("person", "step", "opened", "ended", "active")
    }
    flags = [
        np.array([row.get(name, False) for row in rows], dtype=bool)
        for name in ("completed", "failed", "frustrated", "troubled", "open")
    ]
    persons = int(numbers["person"].max()) + 1 if rows else 0
    times = [numbers[name] * SECOND_US for name in ("opened", "ended", "active")]
    segment = np.array([row.get("segment", 0) for row in rows], dtype=np.int64)
    return Visits(persons, numbers["person"], numbers["step"], *times, *flags, segment)


def candidates(*rows: dict[str, Any]) -> Candidates:
    """One visit a row: person, step, opened, stretches (offsets in seconds), allowed seconds, cause, country."""
    causes = sorted({row.get("cause", "Error") for row in rows})
    countries = sorted({row.get("country", "unknown") for row in rows})
    stretches = [row["stretches"] for row in rows]
    return Candidates(
        person=np.array([row.get("person", 0) for row in rows], dtype=np.int64),
        step=np.array([row.get("step", 0) for row in rows], dtype=np.int64),
        opened_us=np.array([row.get("opened", 0) for row in rows], dtype=np.int64) * SECOND_US,
        allowed_us=np.array([row.get("allowed", 0) for row in rows], dtype=np.int64) * SECOND_US,
        cause=np.array([causes.index(row.get("cause", "Error")) for row in rows], dtype=np.int64),
        country=np.array([countries.index(row.get("country", "unknown")) for row in rows], dtype=np.int64),
        segment=np.array([row.get("segment", 0) for row in rows], dtype=np.int64),
        activity=np.array([end for row in stretches for end in row], dtype=np.int64) * SECOND_US,
        bounds=np.cumsum([0, *map(len, stretches)]),
        causes=causes,
        countries=countries,
    )
