"""What a file is, told by its bytes: CSV, JSON lines or Parquet, gzipped or not."""

import codecs
import csv
import gzip
import hashlib
import io
import shutil
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median_high
from typing import IO, Literal

from nousnous.base.errors import Missing, Place, Refused
from nousnous.collector.imports.breaks import even_breaks
from nousnous.collector.imports.encodings import as_utf8, encoding_of, plain_bytes
from nousnous.runs.scratch import scratch_folder

Form = Literal["csv", "jsonl", "parquet"]
HEAD_BYTES = 1 << 20
FIRST_RECORDS = 30
MOST_COLUMNS = 2_000
DELIMITERS = ",;\t|"
BLANK_LETTERS = f'{DELIMITERS}" \r\n'
NO_TABLES = {
    b"%PDF": "a PDF",
    b"\x1f\x8b": "gzipped twice",
    b"PK\x03\x04": "an Excel workbook or a ZIP",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"<!DOCTYPE": "a web page",
    b"<!doctype": "a web page",
    b"<html": "a web page",
}


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file that can be read: `header` names the columns of a CSV, `skip` counts the blank lines and titles before it.

    At `path` it is UTF-8; `encoding` says what it was.
    """

    path: Path
    name: str
    form: Form
    gzipped: bool
    digest: str
    encoding: str = ""
    delimiter: str = ""
    header: tuple[str, ...] = ()
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody says of a file; an empty text leaves it to the file itself."""

    delimiter: str = ""
    encoding: str = ""


@contextmanager
def opened(path: Path, reading: Reading, name: str = "") -> Iterator[ImportFile]:
    """Look at a file; a gzipped Parquet is unpacked beside the lake meanwhile, for it cannot be read in one go."""
    shown = name or path.name
    if not path.is_file():
        raise Missing(f"There is no file {shown}.")
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        gzipped = stream.read(2) == b"\x1f\x8b"
    head = _head(path, shown, gzipped=gzipped)
    if head[:4] == b"PAR1":
        with _unpacked(path, shown) if gzipped else nullcontext(path.resolve()) as plain:
            yield ImportFile(plain, shown, "parquet", gzipped=False, digest=digest)
        return
    _refuse_no_table(head, shown)
    with _as_text(path, shown, reading.encoding, gzipped=gzipped) as (plain, packed, encoding):
        form = _form(_head(plain, shown, gzipped=packed), shown)
        with even_breaks(plain, gzipped=packed, quoted=form == "csv") as (even, still_packed):
            if form != "csv":
                yield ImportFile(even, shown, form, still_packed, digest, encoding)
                return
            head = _head(even, shown, gzipped=still_packed)
            skip, header, delimiter = _header(head.decode("utf-8", "replace"), reading.delimiter, shown)
            yield ImportFile(even, shown, form, still_packed, digest, encoding, delimiter, header, skip)


def read_bytes(file: ImportFile) -> IO[bytes]:
    """The unpacked bytes of a file."""
    return plain_bytes(file.path, gzipped=file.gzipped)


def _head(path: Path, shown: str, *, gzipped: bool) -> bytes:
    with _unpackable(shown), plain_bytes(path, gzipped=gzipped) as stream:
        return stream.read(HEAD_BYTES)


@contextmanager
def _as_text(path: Path, shown: str, wanted: str, *, gzipped: bool) -> Iterator[tuple[Path, bool, str]]:
    with ExitStack() as kept:
        with _unpackable(shown):
            encoding = encoding_of(path, gzipped=gzipped, wanted=wanted)
            plain, packed = kept.enter_context(as_utf8(path, encoding, gzipped=gzipped))
        yield plain, packed, encoding


@contextmanager
def _unpackable(shown: str) -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise Refused(f"The file cannot be unpacked: {error}; export or copy it again.", Place(file=shown)) from None


def _refuse_no_table(head: bytes, shown: str) -> None:
    for mark, kind in NO_TABLES.items():
        if head.startswith(mark):
            raise Refused(f"The file is {kind}, not a table; export or save it as CSV.", Place(file=shown))


def _form(head: bytes, shown: str) -> Form:
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not text:
        raise Refused("The file is empty; export it again.", Place(file=shown))
    if text[:1] == b"[":
        raise Refused(
            "The file is one JSON array; put each object on a line of its own (JSON lines; `jq -c '.[]'` does it).",
            Place(file=shown, line=1),
        )
    return "jsonl" if text[:1] == b"{" else "csv"


def _require_columns(names: list[str], shown: str) -> list[str]:
    if not names:
        raise Refused("The first line of the file cannot be read as names of columns.", Place(file=shown, line=1))
    if len(names) > MOST_COLUMNS:
        raise Refused(
            f"The file has more than {MOST_COLUMNS:,} columns; import it in parts, or give its delimiter.",
            Place(file=shown),
        )
    return names


@contextmanager
def _unpacked(path: Path, shown: str) -> Iterator[Path]:
    with scratch_folder() as folder:
        with _unpackable(shown), (folder / "table").open("wb") as plain, plain_bytes(path, gzipped=True) as packed:
            shutil.copyfileobj(packed, plain)
        yield (folder / "table").resolve()


def _header(text: str, wanted: str, shown: str) -> tuple[int, tuple[str, ...], str]:
    """How many lines stand before the header, its names, and the delimiter.

    Exports put titles above their table ("Orders of January"): lines that fill less than half of its columns.
    """
    if len(wanted) > 1:
        raise Refused(f"“{wanted}” is no delimiter: give one character.", Place(file=shown))
    found = {one: _first_records(text.removeprefix("\ufeff"), one) for one in wanted or DELIMITERS}
    delimiter = _delimiter(found)
    records = found[delimiter]
    skip = next((line for line, record in records.items() if 2 * _filled(record) >= _usual(records)), 0)
    return skip, _distinct(_require_columns(records.get(skip, []), shown)), delimiter


def _delimiter(found: dict[str, dict[int, list[str]]]) -> str:
    """The one of the first line, unless that line is a title: texts of rows below may hold any other."""
    widths = {one: next(filter(None, map(_filled, records.values())), 0) for one, records in found.items()}
    likely = max(widths, key=lambda one: widths[one])
    if 2 * widths[likely] >= _usual(found[likely]) > 1:
        return likely
    return max(found, key=lambda one: _alike(found[one]))


def _usual(records: dict[int, list[str]]) -> int:
    """How many cells the records fill that are no blank lines: the median, at least one."""
    return max(1, median_high([width for width in map(_filled, records.values()) if width] or [1]))


def _alike(records: dict[int, list[str]]) -> int:
    """How many records have the number of columns that most have, of those that have columns."""
    return max(Counter(len(record) for record in records.values() if len(record) > 1).values(), default=0)


def _first_records(text: str, delimiter: str) -> dict[int, list[str]]:
    """The first records, by how many lines stand before each."""
    reader, found, before = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), {}, 0
    try:
        for record in islice(reader, FIRST_RECORDS):
            found[before], before = record, reader.line_num
    except csv.Error:
        pass
    return found


def _filled(record: list[str]) -> int:
    return sum(bool(cell.strip(BLANK_LETTERS)) for cell in record)


def _distinct(names: list[str]) -> tuple[str, ...]:
    """Column names that differ by more than case; a nameless column is called by its number."""
    taken: set[str] = set()
    distinct = []
    for number, raw in enumerate(names, start=1):
        name = plain = raw.strip() or f"column {number}"
        copy = 2
        while name.lower() in taken:
            name, copy = f"{plain} {copy}", copy + 1
        taken.add(name.lower())
        distinct.append(name)
    return tuple(distinct)
