"""In which encoding a file is written, told by all of its bytes; and the file as UTF-8, which the engine reads."""

import codecs
import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from nousnous.base.errors import Refused
from nousnous.runs.scratch import scratch_folder

CHUNK_BYTES = 1 << 20
MOST_EXPANSION = 100
"""How many times its size a gzipped file may unpack to, above the least that always may."""
LEAST_PLAIN_BYTES = 128 << 20
ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows (cp1252)"}
OTHER_NAMES = {"latin-1": "cp1252", "windows-1252": "cp1252", "utf8": "utf-8"}
BROKEN = re.compile("[\udc80-\udcff]")
BEYOND_ASCII = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")


def encoding_of(path: Path, *, gzipped: bool, wanted: str) -> str:
    """What was said, or what the bytes show: a mark at the beginning, else UTF-8 where more of it is whole than broken.

    Browsers, too, read what is called Latin-1 as the Windows encoding, which differs from it by € and curly quotes.
    """
    said = OTHER_NAMES.get(wanted.lower(), wanted.lower())
    if said and said not in ENCODINGS:
        raise Refused(f"“{wanted}” is no encoding that files are read in; use {', '.join(ENCODINGS)}.")
    with plain_bytes(path, gzipped=gzipped) as stream:
        if stream.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "utf-16"
        stream.seek(0)
        guessed = _guessed(stream) if gzipped or not said else ""
        return said or guessed


@contextmanager
def as_utf8(path: Path, encoding: str, *, gzipped: bool) -> Iterator[tuple[Path, bool]]:
    """A file in UTF-8, and whether it is gzipped; one in another encoding is written anew beside the lake meanwhile.

    A byte that means nothing in its encoding stays what it is, so that it costs its own line only.
    """
    if encoding == "utf-8":
        yield path.resolve(), gzipped
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace" if encoding == "utf-16" else "surrogateescape")
    with scratch_folder() as folder:
        with plain_bytes(path, gzipped=gzipped) as stream, (folder / "text").open("wb") as plain:
            while chunk := stream.read(CHUNK_BYTES):
                plain.write(decoder.decode(chunk).encode("utf-8", "surrogateescape"))
            plain.write(decoder.decode(b"", final=True).encode("utf-8", "surrogateescape"))
        yield (folder / "text").resolve(), False


class Unpacking(gzip.GzipFile):
    """The bytes of a gzipped file; refused where it unpacks to far more than any table does."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._most = max(LEAST_PLAIN_BYTES, MOST_EXPANSION * path.stat().st_size)

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        if self.tell() > self._most:
            raise Refused(
                f"The file unpacks to more than {MOST_EXPANSION} times its size, as no table does; unpack it yourself "
                "and look at it, and import it unpacked if it is what you want."
            )
        return found


def plain_bytes(path: Path, *, gzipped: bool) -> IO[bytes]:
    """The unpacked bytes of a file."""
    return Unpacking(path) if gzipped else path.open("rb")  # type: ignore[return-value]  # GzipFile is one


def _guessed(stream: IO[bytes]) -> str:
    """One broken line does not make a file of umlauts another encoding; a file without a whole one is another."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    whole = broken = 0
    while chunk := stream.read(CHUNK_BYTES):
        if chunk.isascii() and not decoder.getstate()[0]:
            continue
        text = decoder.decode(chunk)
        whole += len(BEYOND_ASCII.findall(text))
        broken += len(BROKEN.findall(text))
    broken += len(decoder.decode(b"", final=True))
    return "cp1252" if broken > whole else "utf-8"
