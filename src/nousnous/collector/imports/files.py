"""What a file is, told by its bytes: CSV, JSON lines or Parquet, gzipped or not."""

import codecs
import csv
import gzip
import hashlib
import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from django.conf import settings

from nousnous.base.errors import Missing, Place, Refused

Form = Literal["csv", "jsonl", "parquet"]
HEAD_BYTES = 1 << 20
DELIMITERS = ",;\t|"
ENCODINGS = ("utf-8", "utf-16", "latin-1")
NO_TABLES = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "an Excel workbook or a ZIP",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"<!DOCTYPE": "a web page",
    b"<!doctype": "a web page",
    b"<html": "a web page",
}


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file that can be read: `header` names the columns of a CSV, `skip` counts the empty lines before it."""

    path: Path
    name: str
    form: Form
    gzipped: bool
    digest: str
    encoding: str = "utf-8"
    delimiter: str = ","
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
    gzipped, head = _head(path, shown)
    form = _form(head, shown)
    if form == "parquet" and gzipped:
        with _unpacked(path) as plain:
            yield ImportFile(plain, shown, form, gzipped=False, digest=digest)
        return
    encoding = _encoding(head, reading.encoding)
    if form != "csv":
        yield ImportFile(path.resolve(), shown, form, gzipped, digest, encoding)
        return
    skip, header, delimiter = _header(head.decode(encoding, "replace"), reading.delimiter, shown)
    yield ImportFile(path.resolve(), shown, form, gzipped, digest, encoding, delimiter, header, skip)


def read_bytes(file: ImportFile) -> IO[bytes]:
    """The unpacked bytes of a file."""
    return gzip.open(file.path) if file.gzipped else file.path.open("rb")  # type: ignore[return-value]  # GzipFile is one


def _head(path: Path, shown: str) -> tuple[bool, bytes]:
    with path.open("rb") as stream:
        gzipped = stream.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path) if gzipped else path.open("rb") as stream:
            return gzipped, stream.read(HEAD_BYTES)
    except (OSError, EOFError) as error:
        raise Refused(f"The file cannot be unpacked: {error}.", Place(file=shown)) from None


def _form(head: bytes, shown: str) -> Form:
    if head[:4] == b"PAR1":
        return "parquet"
    for mark, kind in NO_TABLES.items():
        if head.startswith(mark):
            raise Refused(f"The file is {kind}, not a table; export or save it as CSV.", Place(file=shown))
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not text:
        raise Refused("The file is empty; export it again.", Place(file=shown))
    if text[:1] == b"[":
        raise Refused(
            "The file is one JSON array; put each object on a line of its own (JSON lines; `jq -c '.[]'` does it).",
            Place(file=shown, line=1),
        )
    return "jsonl" if text[:1] == b"{" else "csv"


@contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(prefix="import-", dir=settings.NOUS.home) as plain, gzip.open(path) as packed:
        shutil.copyfileobj(packed, plain)
        plain.flush()
        yield Path(plain.name).resolve()


def _encoding(head: bytes, wanted: str) -> str:
    if wanted and wanted not in ENCODINGS:
        raise Refused(f"“{wanted}” is no encoding that files are read in; use {', '.join(ENCODINGS)}.")
    if head[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return "utf-16"
    return wanted or "utf-8"


def _header(text: str, wanted: str, shown: str) -> tuple[int, tuple[str, ...], str]:
    lines = text.removeprefix("\ufeff").splitlines()
    skip = next((number for number, line in enumerate(lines) if line.strip()), 0)
    first = "\n".join(lines[skip:])
    delimiter = wanted or max(DELIMITERS, key=lambda one: len(_first_record(first, one)))
    if len(delimiter) != 1:
        raise Refused(f"“{delimiter}” is no delimiter: give one character.", Place(file=shown))
    return skip, _distinct(_first_record(first, delimiter)), delimiter


def _first_record(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    except csv.Error:
        return []


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
