"""Rows that could not be read, each with line, field and reason, in a file of the import; blank rows are none."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import duckdb
import numpy as np
import pyarrow.compute as pc
from django.conf import settings

from nousnous.collector.imports.engine import literal
from nousnous.collector.imports.files import BLANK_LETTERS, ImportFile
from nousnous.collector.imports.lines import Lines, lines_of_bytes
from nousnous.collector.imports.tables import BLANK

SENTENCES = {
    "MISSING COLUMNS": "has too few columns",
    "TOO MANY COLUMNS": "has too many columns",
    "UNQUOTED VALUE": "has a quote that does not close where the value ends",
    "INVALID ENCODING": "is not in the file's encoding; say another by --encoding (utf-8, utf-16 or cp1252)",
    "INVALID STATE": "is no CSV",
    "LINE SIZE OVER MAXIMUM": "is longer than 16 MiB",
}


def reject_path(import_id: str) -> Path:
    return Path(settings.NOUS.home) / "rejects" / f"{import_id}.jsonl"


@dataclass(slots=True)
class Rejects:
    """The reject file of an import, written anew by each run over the file."""

    file: ImportFile
    path: Path
    count: int = 0
    blank: int = 0
    _lines: Lines | None = None
    _unread: Any = None

    def write_unread(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write what the reader itself could not read, after it read the file once."""
        self.path.unlink(missing_ok=True)
        self._unread = np.empty(0, np.int64)
        if self.file.form == "parquet":
            return
        found = connection.sql(
            "FROM reject_errors SELECT line_byte_position, coalesce(first(column_name), ''), first(error_type), "
            "first(csv_line) GROUP BY line_byte_position ORDER BY line_byte_position"
        ).fetchall()
        if not found:
            return
        leading = [len(row[3]) - len(row[3].lstrip("\r\n")) for row in found]
        lines = lines_of_bytes(self.file, np.array([row[0] for row in found]) + np.array(leading))
        self._unread = np.unique(lines)
        first = np.unique(lines, return_index=True)[1]
        written = [at for at in first if found[at][3].strip(BLANK_LETTERS)]
        self.blank += len(first) - len(written)
        self._write(
            (int(lines[at]), self._field(found[at][1]), SENTENCES.get(found[at][2], found[at][2].lower()), found[at][3])
            for at in written
        )

    def write(self, bad: Any) -> None:
        """Write rows that could be read and not kept (Arrow: `#row`, `#why`, `#raw`)."""
        blank = pc.equal(pc.list_element(bad["#why"], 1), BLANK)
        self.blank += pc.sum(blank).as_py() or 0
        bad = bad.filter(pc.invert(blank))
        if not bad.num_rows:
            return
        rows = bad["#row"].to_numpy()
        lines = rows if self.file.form == "parquet" else self._of_rows(rows)
        whys, raws = bad["#why"].to_pylist(), bad["#raw"].to_pylist()
        self._write(zip(map(int, lines), (why[0] for why in whys), (why[1] for why in whys), raws, strict=True))

    def _of_rows(self, rows: Any) -> Any:
        if self._lines is None:
            self._lines = Lines(self.file, self._unread)
        return self._lines.of_rows(rows)

    def _field(self, position: str) -> str:
        """The reader calls columns by `#` and their place."""
        place = position.removeprefix("#")
        return self.file.header[int(place)] if place.isdigit() and self.file.header else "line"

    def _write(self, rejects: Iterable[tuple[int, str, str, str]]) -> None:
        self.count += _append(self.path, rejects)


def write_rejects(import_id: str, rejects: Iterable[tuple[int, str, str, str]]) -> None:
    """Write line, field, reason and row of all that an import could not read, in place of what stands."""
    path = reject_path(import_id)
    path.unlink(missing_ok=True)
    if found := list(rejects):
        _append(path, found)


def first_unread(connection: duckdb.DuckDBPyConnection, most: int) -> list[dict[str, Any]]:
    """What the reader itself could not read of the piece that it has read."""
    some = f"regexp_replace(csv_line, {literal(f'[{BLANK_LETTERS}]')}, '', 'g') <> ''"
    query = (
        f"FROM reject_errors SELECT line, any_value(error_type) WHERE {some} GROUP BY line ORDER BY line LIMIT {most}"
    )
    return [
        {"row": line - 1, "field": "line", "reason": SENTENCES.get(kind, kind.lower())}
        for line, kind in connection.sql(query).fetchall()
    ]


class RejectShape(TypedDict):
    """A row that could not be read."""

    line: int
    field: str
    reason: str
    row: Any


def read_rejects(import_id: str, most: int) -> Iterator[RejectShape]:
    """The first rejected rows of an import."""
    path = reject_path(import_id)
    if path.exists():
        with path.open(encoding="utf-8") as stream:
            for _, line in zip(range(most), stream, strict=False):
                yield json.loads(line)


def _append(path: Path, rejects: Iterable[tuple[int, str, str, str]]) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("a", encoding="utf-8") as stream:
        for line, field, reason, row in rejects:
            entry = {"line": line, "field": field, "reason": reason, "row": _row(row)}
            stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
            count += 1
    return count


def _row(raw: str) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return raw.strip("\r\n")
