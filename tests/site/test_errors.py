"""What lies below is told apart from what is wrong with us, by the errors that it really raises."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.db.utils import DatabaseErrorWrapper

from nousnous.base.errors import NousError
from nousnous.site.errors import told_of

FULL = "The disk of this installation is full. Try again in a minute; `nous status` says more."
READ_ONLY = "The disk of this installation cannot be written. Try again in a minute; `nous status` says more."
AWAY = "The records do not answer. Try again in a minute; `nous status` says more."


def full_disk(_folder: Path) -> None:
    with Path("/dev/full").open("w") as file:
        file.write("x")


def asked(folder: Path, question: str, how: str = "rwc") -> None:
    """Ask SQLite as Django does, which wraps its errors."""
    with DatabaseErrorWrapper(connection):
        sqlite3.connect(f"file:{folder}/records?mode={how}", uri=True).execute(question)


def read_only_records(folder: Path) -> None:
    asked(folder, "CREATE TABLE t (a)")
    asked(folder, "CREATE TABLE u (a)", "ro")


def full_records(folder: Path) -> None:
    with DatabaseErrorWrapper(connection):
        records = sqlite3.connect(folder / "records")
        records.executescript("PRAGMA max_page_count = 2; CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(99999))")


def records_that_are_away(folder: Path) -> None:
    asked(folder, "SELECT 1", "ro")


def wrong_question(folder: Path) -> None:
    asked(folder, "SELECT a FROM nowhere")


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (full_disk, FULL),
        (full_records, FULL),
        (read_only_records, READ_ONLY),
        (records_that_are_away, AWAY),
        (wrong_question, None),
    ],
)
def test_what_lies_below_is_told_in_a_sentence_and_our_own_faults_are_not(
    cause: Callable[[Path], None], said: str | None, tmp_path: Path
) -> None:
    with pytest.raises((OSError, OperationalError)) as raised:
        cause(tmp_path)
    told = told_of(raised.value)
    assert (told.sentence if isinstance(told, NousError) else None) == said
