"""The lines of a file, read a piece at a time: where its records begin.

However many lines a file has, a piece of it is all that is held.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nousnous.collector.imports.files import ImportFile, read_bytes

CHUNK_BYTES = 1 << 22
NEWLINE, RETURN, QUOTE = 10, 13, 34


@dataclass(frozen=True, slots=True)
class Piece:
    """Records that end in a piece of a file: the lines in which they begin, their bytes without the line break."""

    lines: Any
    lengths: Any


class Lines:
    """The lines of rows that are asked for in the order of the file.

    Rows were counted without the records that begin in `unread` lines; a CSV's header is no row.
    """

    def __init__(self, file: ImportFile, unread: Any) -> None:
        self._pieces = _rows_of(file, unread)
        self._before = 0
        self._lines = np.empty(0, np.int64)

    def of_rows(self, rows: Any) -> Any:
        """The lines in which rows begin; none of them stands before one that was asked for earlier."""
        found = np.empty(len(rows), np.int64)
        done = 0
        while done < len(rows):
            here = int(np.searchsorted(rows, self._before + len(self._lines), side="right"))
            found[done:here] = self._lines[rows[done:here] - self._before - 1]
            done = here
            if done < len(rows):
                self._before += len(self._lines)
                self._lines = next(self._pieces)
        return found


def lines_of_bytes(file: ImportFile, offsets: Any) -> Any:
    """The lines in which bytes stand; the offsets ascend."""
    found = np.ones(len(offsets), np.int64)
    with read_bytes(file) as stream:
        start = 0
        while chunk := stream.read(CHUNK_BYTES):
            breaks = np.flatnonzero(np.frombuffer(chunk, np.uint8) == NEWLINE) + start
            found += np.searchsorted(breaks, offsets, side="left")
            start += len(chunk)
    return found


def pieces_of(file: ImportFile) -> Iterator[Piece]:
    """The records of a CSV, which end at line breaks outside quotes, or the lines of JSON; the header is one, too."""
    quote = QUOTE if file.form == "csv" else -1
    line, begins, breaks_before, quotes_before, offset = 1, 0, 0, 0, 0
    with read_bytes(file) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            bytes_ = np.frombuffer(chunk, np.uint8)
            quotes, breaks = np.flatnonzero(bytes_ == quote), np.flatnonzero(bytes_ == NEWLINE)
            ends = breaks[(quotes_before + np.searchsorted(quotes, breaks)) % 2 == 0]
            if len(ends):
                after = breaks_before + 1 + np.searchsorted(breaks, ends, side="right")
                starts = np.r_[begins, ends[:-1] + offset + 1]
                yield Piece(np.r_[line, after[:-1]], ends + offset - starts - (bytes_[ends - 1] == RETURN))
                line, begins = int(after[-1]), int(ends[-1]) + offset + 1
            breaks_before, quotes_before = breaks_before + len(breaks), quotes_before + len(quotes)
            offset += len(chunk)
    if offset > begins:
        yield Piece(np.array([line]), np.array([offset - begins]))


def _rows_of(file: ImportFile, unread: Any) -> Iterator[Any]:
    """The lines in which rows begin, a piece at a time."""
    for piece in pieces_of(file):
        kept = ~np.isin(piece.lines, unread)
        if file.form == "csv":
            kept &= (piece.lengths > 0) & (piece.lines > file.skip + 1)
        yield piece.lines[kept]
