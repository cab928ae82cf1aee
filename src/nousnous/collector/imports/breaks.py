"""The line breaks of a file made alike: the engine reads a file in which all are, and stops at any other.

Files that several systems wrote end some lines with a line feed and some with a carriage return before it; a return
alone stands within a text, or ends the lines of old Macs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from nousnous.collector.imports.encodings import CHUNK_BYTES, plain_bytes
from nousnous.runs.scratch import scratch_folder

NEWLINE: Final = 10
RETURN: Final = 13
QUOTE: Final = 34
SPACE: Final = 32


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a file that parts no pair of a return and a line feed, and where breaks stand outside quotes.

    `alone` returns have no line feed after them, `paired` ones have; `feeds` have no return before them.
    """

    content: Any
    alone: Any
    paired: Any
    feeds: Any


@contextmanager
def even_breaks(path: Path, *, gzipped: bool, quoted: bool) -> Iterator[tuple[Path, bool]]:
    """A file whose lines all end alike, and whether it is gzipped; where they do not, a copy beside the lake meanwhile.

    Within quotes nothing changes. A return alone becomes a space, or a line feed where a file has no other breaks.
    """
    alone = paired = feeds = 0
    with plain_bytes(path, gzipped=gzipped) as stream:
        for chunk in _chunks(stream, quoted=quoted):
            alone, paired = alone + len(chunk.alone), paired + len(chunk.paired)
            feeds += len(chunk.feeds)
    if not alone and not (paired and feeds):
        yield path, gzipped
        return
    stand_in = SPACE if paired or feeds else NEWLINE
    with scratch_folder() as folder:
        target = folder / "lines"
        with plain_bytes(path, gzipped=gzipped) as stream, target.open("wb") as even:
            for chunk in _chunks(stream, quoted=quoted):
                content = chunk.content.copy()
                content[chunk.alone] = stand_in
                even.write(np.delete(content, chunk.paired).tobytes())
        yield target.resolve(), False


def _chunks(stream: IO[bytes], *, quoted: bool) -> Iterator[Chunk]:
    within = False
    while content := stream.read(CHUNK_BYTES):
        while content[-1] == RETURN and (more := stream.read(1)):
            content += more
        bytes_ = np.frombuffer(content, np.uint8)
        quotes = np.flatnonzero(bytes_ == QUOTE) if quoted and b'"' in content else np.empty(0, np.int64)
        feeds = np.flatnonzero(bytes_ == NEWLINE)
        returns = np.flatnonzero(bytes_ == RETURN) if b"\r" in content else np.empty(0, np.int64)
        feeds, returns = (one[(np.searchsorted(quotes, one) + within) % 2 == 0] for one in (feeds, returns))
        pairs = np.isin(returns + 1, feeds, assume_unique=True)
        free = ~np.isin(feeds - 1, returns, assume_unique=True)
        yield Chunk(bytes_, returns[~pairs], returns[pairs], feeds[free])
        within ^= bool(len(quotes) % 2)
