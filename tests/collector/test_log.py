"""What was accepted is on disk; what was not written is told as such; damage costs what it hit and nothing else."""

import asyncio
import os
from pathlib import Path

import pytest

from nousnous.base.errors import Unavailable
from nousnous.collector.entries import Arrival
from nousnous.collector.log import Frame, Log, frame_of, frames_in


def arrival(body: bytes = b"{}") -> Arrival:
    return Arrival("ws_1", "key_1", "segment", "/v1/track", 5, "", body)


def read(folder: Path) -> list[Frame]:
    return [frame for path in sorted(folder.glob("*.log")) for frame in frames_in(path.read_bytes(), finished=True)]


def test_many_who_wait_together_share_one_fsync(tmp_path: Path) -> None:
    syncs: list[int] = []
    log = Log(tmp_path, 10**9, sync=lambda descriptor: (os.fdatasync(descriptor), syncs.append(1))[0])

    async def send() -> None:
        await asyncio.gather(*(log.append(arrival(b"%d" % number)) for number in range(200)))

    asyncio.run(send())
    log.close()
    assert {frame.arrival.body for frame in read(tmp_path)} == {b"%d" % number for number in range(200)}
    assert len(syncs) <= 3


def test_a_torn_tail_is_left_out_and_what_stands_before_it_kept() -> None:
    data = b"".join(part for body in (b"one", b"two") for part in frame_of(arrival(body)))
    for cut in range(1, 40):
        bodies = [frame.arrival.body for frame in frames_in(data[:-cut], finished=True)]
        assert bodies == [b"one"]


def test_damage_in_the_middle_costs_the_frame_that_it_hit() -> None:
    first, second, third = (b"".join(frame_of(arrival(body))) for body in (b"one", b"two", b"three"))
    broken = first + second[:-1] + b"?" + third
    assert [frame.arrival.body for frame in frames_in(broken, finished=True)] == [b"one", b"three"]
    assert [frame.arrival.body for frame in frames_in(broken, finished=False)] == [b"one"]


def test_after_a_failed_fsync_nothing_is_added_to_that_segment(tmp_path: Path) -> None:
    broken = [True]

    def sync(descriptor: int) -> None:
        if broken:
            raise OSError(5, "Input/output error")
        os.fdatasync(descriptor)

    log = Log(tmp_path, 10**9, sync)

    async def send() -> None:
        with pytest.raises(Unavailable, match="Input/output error"):
            await log.append(arrival(b"lost"))
        broken.clear()
        await log.append(arrival(b"kept"))

    asyncio.run(send())
    log.close()
    segments = sorted(tmp_path.glob("*.log"))
    assert len(segments) == 2
    assert b"lost" not in segments[1].read_bytes()


def test_a_full_log_says_so_and_takes_more_when_there_is_room_again(tmp_path: Path) -> None:
    log = Log(tmp_path, 100)
    (tmp_path / "0-other.log").write_bytes(b"x" * 100)

    async def send() -> None:
        with pytest.raises(Unavailable, match="full"):
            await log.append(arrival())
        (tmp_path / "0-other.log").unlink()
        await log.append(arrival())

    asyncio.run(send())
    log.close()
    assert len(read(tmp_path)) == 1
