"""Reads every file below a folder in every way it can be meant, and tells where texts stand in it.

It knows nothing of the product but the forms of its files: Parquet with its dictionaries and statistics, JSON (texts
that are JSON themselves, too), packed files, SQLite with its log and its free pages.
"""

import base64
import bz2
import gzip
import json
import lzma
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pyarrow as pa
import pyarrow.parquet as pq

PACKED = {
    b"\x1f\x8b": gzip.decompress,
    b"BZh": bz2.decompress,
    b"\xfd7zXZ": lzma.decompress,
    b"\x28\xb5\x2f\xfd": lambda data: pa.input_stream(pa.BufferReader(data), compression="zstd").read(),
}


def spellings(text: str) -> set[bytes]:
    """The bytes by which a text may be written, in a file or within another text."""
    plain = {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], quote(text, safe="")}
    plain |= {json.dumps(json.dumps(text))[3:-3], quote(text), quote_plus(text), repr(text)[1:-1]}
    plain |= {text.replace("'", "''"), text.replace('"', '""'), json.dumps(text.replace('"', '""'))[1:-1]}
    plain |= {one.lower() for one in plain} | {one.replace("\\u00", "\\U00").upper() for one in plain}
    found = {one.encode() for one in plain} | {text.encode("utf-16-le"), text.encode("utf-16-be")}
    raw = text.encode()
    found |= {raw.hex().encode(), raw.hex().upper().encode()}
    for shift in range(3):  # base64 of a longer text that holds this one: its letters but for those at the ends
        packed = base64.b64encode(b"\0" * shift + raw)
        found.add(packed[4 if shift else 0 : -4])
    return found


def halves(text: str) -> set[bytes]:
    """Of a long text that a database may have parted in two places: what is whole in any case."""
    middle = len(text) // 2
    return {part.encode() for part in (text[:middle], text[middle:])} if len(text) >= 24 else {text.encode()}


def where_they_stand(
    home: Path, texts: Mapping[str, str], but: Iterable[Path] = (), others: str = ""
) -> dict[str, set[str]]:
    """By the names of texts the files in which they can be read, where they are no part of another text."""
    left_out, longer = tuple(but), sorted(spellings(others), key=len, reverse=True) if others else []
    spelled = {name: spellings(text) for name, text in texts.items()}
    found: dict[str, set[str]] = {name: set() for name in texts}
    for path in sorted(home.rglob("*")):
        if not path.is_file() or any(path.is_relative_to(one) for one in left_out):
            continue
        parts = [without(part, longer) for part in readings(path)]
        for name, text in texts.items():
            ways = spelled[name] | (halves(text) if "sqlite3" in path.name else set())
            if any(way in part for part in parts for way in ways):
                found[name].add(str(path.relative_to(home)))
    return found


def without(data: bytes, ways: Iterable[bytes]) -> bytes:
    for way in ways:
        data = data.replace(way, b"")
    return data


def readings(path: Path) -> Iterator[bytes]:
    """A file as it is, and as it is meant."""
    raw = path.read_bytes()
    yield raw
    yield from unpacked(raw)
    if path.suffix == ".parquet":
        yield as_text(parquet(path))
    elif path.suffix in {".json", ".jsonl"}:
        yield as_text([json_value(line) for line in raw.decode("utf-8", "replace").splitlines()])
    elif path.suffix == ".sqlite3":
        yield as_text(database(path))


def unpacked(data: bytes, depth: int = 3) -> Iterator[bytes]:
    for magic, unpack in PACKED.items():
        if depth and data.startswith(magic):
            inner = unpack(data)
            yield inner
            yield from unpacked(inner, depth - 1)


def parquet(path: Path) -> Any:
    """Rows, whole dictionaries (with values that no row has any more), statistics, and what the footer says."""
    file = pq.ParquetFile(path)
    meta = file.metadata
    groups = [meta.row_group(number) for number in range(meta.num_row_groups)]
    columns = [group.column(number) for group in groups for number in range(group.num_columns)]
    told = [str(one.statistics.to_dict()) for one in columns if one.statistics is not None]
    texts = [field.name for field in file.schema_arrow if pa.types.is_string(field.type)]
    coded = pq.ParquetFile(path, read_dictionary=texts).read()
    chunks = [chunk for name in texts for chunk in coded[name].chunks]
    dictionaries = [chunk.dictionary.to_pylist() for chunk in chunks if isinstance(chunk, pa.DictionaryArray)]
    return [file.read().to_pylist(), dictionaries, told, str(meta.metadata), str(file.schema_arrow.metadata)]


def json_value(text: str) -> Any:
    """JSON, and what its texts are as JSON."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return inner(value)


def inner(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: inner(one) for name, one in value.items()}
    if isinstance(value, list):
        return [inner(one) for one in value]
    return [value, json_value(value)] if isinstance(value, str) and value[:1] in {"{", "[", '"'} else value


def database(path: Path) -> Any:
    """All rows of all tables, those that stand in the log alone, too."""
    with tempfile.TemporaryDirectory() as folder:
        for one in path.parent.glob(f"{path.name}*"):
            shutil.copy(one, folder)
        with sqlite3.connect(Path(folder) / path.name) as copy:
            names = [row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = {name: copy.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
        copy.close()
    return [[inner(value) for value in row] for table in rows.values() for row in table]


def as_text(value: Any) -> bytes:
    """All texts and bytes within a value, one after another."""
    parts: list[bytes] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list | tuple):
            waiting += one
        else:
            parts.append(one if isinstance(one, bytes) else str(one).encode("utf-8", "surrogatepass"))
    return b"\n".join(parts)
