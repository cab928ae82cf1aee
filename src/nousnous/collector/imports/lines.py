"""The line of the file in which a row stands, for people who look it up in an editor."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from nousnous.collector.imports.files import ImportFile, read_bytes

CHUNK_BYTES = 1 << 24
NEWLINE, QUOTE = 10, 34


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the lines of a file end, in bytes, and the line in which each record begins."""

    ends: Any
    records: Any

    def of_bytes(self, offsets: Any) -> Any:
        """The lines in which bytes stand."""
        return np.searchsorted(self.ends, offsets, side="left") + 1

    def of_rows(self, rows: Any, unread: Any) -> Any:
        """The lines of rows that were counted without the records that begin in some unread lines."""
        return self.records[~np.isin(self.records, unread)][np.asarray(rows) - 1]


def lines_of(file: ImportFile) -> Lines:
    """Read a CSV or JSON lines once; a CSV's record ends at a line break outside quotes, and its header is none."""
    quoted = file.form == "csv"
    ends, record_ends, offset, open_quote, last = [], [], 0, 0, NEWLINE
    with read_bytes(file) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            bytes_ = np.frombuffer(chunk, np.uint8)
            breaks = np.flatnonzero(bytes_ == NEWLINE)
            quotes = np.flatnonzero(bytes_ == QUOTE) if quoted else np.empty(0, np.int64)
            outside = (open_quote + np.searchsorted(quotes, breaks)) % 2 == 0
            ends.append(breaks + offset)
            record_ends.append(breaks[outside] + offset)
            offset, open_quote, last = offset + len(chunk), open_quote + len(quotes), chunk[-1]
    closing = [] if last == NEWLINE else [offset]
    line_ends, all_ends = np.concatenate([*ends, closing]), np.concatenate([*record_ends, closing])
    starts = np.r_[0, all_ends[:-1] + 1] if len(all_ends) else all_ends
    records = np.searchsorted(line_ends, starts, side="left") + 1
    if not quoted:
        return Lines(line_ends, records)
    below_header = records > file.skip + 1
    return Lines(line_ends, records[(all_ends - starts > 1) & below_header])
