"""The write-ahead log: what was accepted stands on disk before its client hears so.

A log is a folder of segments. Each process writes segments of its own and holds a lock on the one it writes; a segment
without a lock is finished (or its writer is dead), and is deleted by the loader once its rows stand in the lake.

A frame is: magic (8 bytes), length of the head (2), length of the body (4), CRC-32 of head and body (4), head, body.
The head is the msgpack of an `Arrival` without its body. All numbers are little-endian.
"""

import asyncio
import fcntl
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import msgspec

from nousnous.base import clock
from nousnous.base.errors import Unavailable
from nousnous.base.ids import random_id
from nousnous.collector.entries import Arrival

MAGIC = b"\x89nous1\r\n"
SEGMENT_BYTES = 32 * 1024 * 1024
SEGMENT_SECONDS = 4.0
PARTS_A_CALL = 1_000  # the system takes 1,024 at once
SUFFIX = ".log"

_HEAD = struct.Struct("<8sHII")
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Arrival)


def frame_of(arrival: Arrival) -> tuple[bytes, bytes]:
    """A frame as two buffers: what stands before the body, and the body."""
    head = _encoder.encode(msgspec.structs.replace(arrival, body=b""))
    check = zlib.crc32(arrival.body, zlib.crc32(head))
    return _HEAD.pack(MAGIC, len(head), len(arrival.body), check) + head, arrival.body


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole frame, where it begins and where the next one does."""

    arrival: Arrival
    begin: int
    end: int


def frames_in(data: bytes, *, finished: bool) -> Iterator[Frame]:
    """The whole frames of a piece of a segment, in order.

    In a segment that is still written the first frame that is not whole ends the piece. In a finished one a torn tail
    is left out (nobody was told that it was accepted), and behind damage the next whole frame is looked for.
    """
    start = 0
    while (start := data.find(MAGIC, start)) >= 0:
        frame = _frame_at(data, start)
        if frame is not None:
            yield frame
            start = frame.end
        elif finished:
            start += 1
        else:
            return


def unreadable_in(path: Path) -> int:
    """How many bytes before and between the whole frames of a segment are no frame's.

    A torn tail does not count: nobody was told that it was accepted, or it is being written.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return 0  # it was loaded meanwhile
    unreadable = end = 0
    for frame in frames_in(data, finished=True):
        unreadable += frame.begin - end
        end = frame.end
    return unreadable


def _frame_at(data: bytes, start: int) -> Frame | None:
    if len(data) - start < _HEAD.size:
        return None
    _, head_bytes, body_bytes, check = _HEAD.unpack_from(data, start)
    body_start = start + _HEAD.size + head_bytes
    end = body_start + body_bytes
    if end > len(data) or zlib.crc32(memoryview(data)[start + _HEAD.size : end]) != check:
        return None
    head = _decoder.decode(data[start + _HEAD.size : body_start])
    return Frame(msgspec.structs.replace(head, body=data[body_start:end]), start, end)


class Log:
    """This process's writer; many requests that wait together share one fsync."""

    def __init__(self, folder: Path, most_bytes: int, sync: Callable[[int], None] = os.fdatasync) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._sync = sync
        self._waiting: list[tuple[tuple[bytes, bytes], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._segment: _Segment | None = None
        self._standing = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="log")

    async def append(self, arrival: Arrival) -> None:
        """Returns when the arrival stands on disk; Unavailable when it could not be written."""
        loop = asyncio.get_running_loop()
        written: asyncio.Future[None] = loop.create_future()
        self._waiting.append((frame_of(arrival), written))
        if self._writing is None:
            self._writing = loop.create_task(self._write_waiting())
        await written

    def append_now(self, arrival: Arrival) -> None:
        """The same for who runs in no event loop."""
        trouble = self._thread.submit(self._write, [frame_of(arrival)]).result()
        if trouble is not None:
            raise Unavailable(trouble)

    def close(self) -> None:
        """Finish the segment and stop."""
        self._thread.submit(self._finish).result()
        self._thread.shutdown()

    async def _write_waiting(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                group, self._waiting = self._waiting, []
                trouble = await loop.run_in_executor(self._thread, self._write, [frame for frame, _ in group])
                for _, written in group:
                    if written.done():
                        continue
                    if trouble is None:
                        written.set_result(None)
                    else:
                        written.set_exception(Unavailable(trouble))
        finally:
            self._writing = None
            loop.call_later(SEGMENT_SECONDS * 1.05, self._thread_soon)

    def _thread_soon(self) -> None:
        try:
            self._thread.submit(self._finish_old)
        except RuntimeError:
            return  # closed meanwhile

    def _write(self, frames: list[tuple[bytes, bytes]]) -> str | None:
        """Write a group; the trouble as a sentence, None when all of it stands on disk."""
        try:
            self._finish_old()
            segment = self._segment = self._segment or self._new_segment()
            self._check_room(segment.size)
            segment.write([part for frame in frames for part in frame])
            self._sync(segment.descriptor)
        except OSError as error:
            # After a failed fsync nobody knows what the disk holds, so nothing is ever added to this segment.
            self._finish()
            return f"The log cannot be written ({error.strerror or error}); try again later."
        except Unavailable as full:
            self._finish()
            return full.sentence
        return None

    def _new_segment(self) -> "_Segment":
        self._folder.mkdir(parents=True, exist_ok=True)
        self._standing = sum(map(_size_of, self._folder.glob(f"*{SUFFIX}")))
        self._check_room(0)
        return _Segment(self._folder)

    def _check_room(self, more: int) -> None:
        if self._standing + more >= self._most_bytes:
            raise Unavailable("The log is full: its rows cannot be loaded as fast as they come. Try again later.")

    def _finish_old(self) -> None:
        segment = self._segment
        if segment is None:
            return
        age_us = abs(clock.now_us() - segment.opened_us)  # the clock may have been set back
        if segment.size >= SEGMENT_BYTES or age_us > SEGMENT_SECONDS * 1e6:
            self._finish()

    def _finish(self) -> None:
        if self._segment is not None:
            self._segment.close()
            self._segment = None


class _Segment:
    """One file, locked by this process until it is finished."""

    def __init__(self, folder: Path) -> None:
        self.opened_us = clock.now_us()
        self.size = 0
        name = f"{self.opened_us:020d}-{random_id('segment')}"
        new = folder / f"{name}.new"
        self.descriptor = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND, 0o600)
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX)
            os.rename(new, folder / f"{name}{SUFFIX}")  # only now does a loader see it, and it is locked
            _sync_folder(folder)
        except OSError:
            os.close(self.descriptor)
            raise

    def write(self, parts: list[bytes]) -> None:
        """Write all of it or, where the disk is full, nothing."""
        try:
            for start in range(0, len(parts), PARTS_A_CALL):
                self._write_group(parts[start : start + PARTS_A_CALL])
        except OSError:
            os.ftruncate(self.descriptor, self.size)
            raise
        self.size += sum(map(len, parts))

    def _write_group(self, parts: list[bytes]) -> None:
        written = os.writev(self.descriptor, parts)
        if written < sum(map(len, parts)):
            rest = memoryview(b"".join(parts))[written:]
            while rest:
                rest = rest[os.write(self.descriptor, rest) :]

    def close(self) -> None:
        os.close(self.descriptor)


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0  # it was loaded meanwhile


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
