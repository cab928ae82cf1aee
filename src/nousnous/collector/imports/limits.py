"""How much a file may ask of who reads it: what is too wide, or broken throughout, is refused.

Without these, a few hundred kilobytes would fill the memory of a server: the reader keeps a note of a kilobyte, and
the beginning of the line besides, for each cell that is too few or too many.
"""

from dataclasses import dataclass
from typing import Final

import duckdb
import numpy as np

from nousnous.base.errors import Place, Refused
from nousnous.collector.imports.engine import literal
from nousnous.collector.imports.files import ImportFile, read_bytes
from nousnous.collector.imports.lines import CHUNK_BYTES, NEWLINE, RETURN

LONGEST_LINE: Final = 16 << 20
"""The reader holds thirty-two times as much."""
MOST_NOTES_BYTES: Final = 128 << 20
NOTE_BYTES, NOTED_BYTES = 1_000, 10_000
"""What a note of the reader takes, and how much of a line it keeps with each."""


@dataclass(slots=True)
class Shape:
    """The lines of a file below its header that are not blank, their delimiters, and the bytes of the longest."""

    lines: int = 0
    delimiters: int = 0
    longest: int = 0


def require_readable(connection: duckdb.DuckDBPyConnection, file: ImportFile, shape: Shape) -> None:
    """Refuse a file with so many faults that the reader's notes of them would fill the memory."""
    if file.form == "parquet":
        return
    width = max(1, len(file.header))
    most = MOST_NOTES_BYTES // (NOTE_BYTES + min(shape.longest, NOTED_BYTES))
    rows = int(connection.sql("FROM source SELECT count(*)").fetchall()[0][0])
    faults, cells = shape.lines - rows, shape.delimiters - rows * (width - 1)
    if faults * width + cells > most:
        lines_within, delimiters_within = _within_values(connection, file)
        faults, cells = faults - lines_within, cells - delimiters_within
    if faults * width + cells > most:
        raise Refused(
            f"Too many lines of the file ({faults:,}) do not fit its {width:,} columns or cannot be read; say its "
            "delimiter and encoding, or mend it and import it again.",
            Place(file=file.name),
        )


def shape_of(file: ImportFile) -> Shape:
    """Read a CSV or JSON lines once, whatever its quotes say; refused at a line that no reader should hold."""
    if file.form == "parquet":
        return Shape()
    mark = ord(file.delimiter) if file.form == "csv" and file.delimiter.isascii() else -1
    shape, begins, offset = Shape(), 0, 0
    with read_bytes(file) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            bytes_ = np.frombuffer(chunk, np.uint8)
            ends = np.flatnonzero(bytes_ == NEWLINE)
            shape.delimiters += int(np.count_nonzero(bytes_ == mark))
            if len(ends):
                lengths = np.diff(ends + offset, prepend=begins - 1) - 1
                shape.lines += int(np.count_nonzero(lengths - (bytes_[ends - 1] == RETURN)))
                shape.longest = max(shape.longest, int(lengths.max()))
                begins = int(ends[-1]) + offset + 1
            offset += len(chunk)
            if max(shape.longest, offset - begins) > LONGEST_LINE:
                raise Refused("A line of the file is longer than 16 MiB, as no row is; mend it.", Place(file=file.name))
    shape.lines += (offset > begins) - (file.form == "csv")
    shape.longest = max(shape.longest, offset - begins)
    return shape


def _within_values(connection: duckdb.DuckDBPyConnection, file: ImportFile) -> tuple[int, int]:
    """How many lines and delimiters of the file stand within values that could be read."""
    if file.form != "csv":
        return 0, 0
    columns = [f'"#{at}"' for at in range(len(file.header))]
    lines = " + ".join(
        f"coalesce(len(regexp_extract_all({one}, '\\n[^\\r\\n]')) + (suffix({one}, chr(10)))::INT, 0)"
        for one in columns
    )
    mark = literal(file.delimiter)
    marks = " + ".join(f"coalesce(strlen({one}) - strlen(replace({one}, {mark}, '')), 0)" for one in columns)
    found = connection.sql(f"FROM source SELECT coalesce(sum({lines}), 0), coalesce(sum({marks}), 0)").fetchall()
    return int(found[0][0]), int(found[0][1])
