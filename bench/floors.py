"""The yardstick: the plainest code that could do a job at all. Changed only by a decision record.

A floor does the same work on the same input as the product and nothing else: no checks, no tables, no answers.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import msgspec

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Measured:
    """How much was done in how much time of the processor."""

    events: int
    cpu_s: float

    @property
    def rate(self) -> float:
        return self.events / self.cpu_s


def receive(bodies: Sequence[bytes], file: Path) -> Measured:
    """The collector's floor: decode each body to plain objects, write it, fdatasync once a mebibyte."""
    descriptor = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    events = unsynced = 0
    start_s = time.process_time()
    for body in bodies:
        events += len(msgspec.json.decode(body)["batch"])
        os.write(descriptor, body)
        unsynced += len(body)
        if unsynced >= MEBIBYTE:
            os.fdatasync(descriptor)
            unsynced = 0
    os.fdatasync(descriptor)
    measured = Measured(events, time.process_time() - start_s)
    os.close(descriptor)
    return measured


def scan(files: Sequence[str], columns: Sequence[str]) -> float:
    """The floor of a measure: read some columns of some Parquet files and look at each value; seconds of processor."""
    looks = ", ".join(f"max({column})" for column in columns)
    connection = duckdb.connect()
    start_s = time.process_time()
    connection.execute(f"SELECT {looks} FROM read_parquet($files)", {"files": list(files)}).fetchall()
    return time.process_time() - start_s
