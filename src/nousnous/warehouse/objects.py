"""Bodies too large for the lake: one object each, below the folder of its workspace.

What no row of the lake names is swept, so deleting rows is all that retention, erasure and undo do: whoever deletes
rows sweeps, and what a killed process left goes with the next sweep. Objects are written before the rows that name
them, both under the lake's lock.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import obstore  # noqa: TID251  # where objects lie is for the settings to say
import pyarrow as pa
from django.conf import settings
from obstore.exceptions import BaseError  # noqa: TID251  # as above
from obstore.store import LocalStore  # noqa: TID251  # as above

from nousnous.base.errors import Missing, Unavailable
from nousnous.facts.replays import REPLAY_CHUNKS
from nousnous.warehouse.lake import Lake
from nousnous.warehouse.sessions import make_sessions
from nousnous.warehouse.stores import delete_all, store_at

LEVEL = 9
MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of one workspace; keys are below its folder."""

    workspace_id: str
    store: Any

    def put(self, key: str, body: bytes) -> int:
        """Write a body, compressed; answers its size. The same key again is written over."""
        packed = _packed(body)
        obstore.put(self.store, f"{self.workspace_id}/{key}", packed)
        return len(packed)

    def get(self, key: str) -> bytes:
        """A body as it was put; Missing where it is gone or damaged."""
        try:
            packed = bytes(obstore.get(self.store, f"{self.workspace_id}/{key}").bytes())
            return _unpacked(packed)
        except FileNotFoundError:
            raise Missing("This piece of the recording is gone.") from None
        except (OSError, pa.ArrowException):
            raise Missing("This piece of the recording is damaged and cannot be read.") from None
        except BaseError:
            raise Unavailable("The store of recordings cannot be reached; try again in a minute.") from None

    def standing(self) -> Iterator[str]:
        for found in obstore.list(self.store, prefix=f"{self.workspace_id}/"):
            yield from (one["path"].partition("/")[2] for one in found)

    def delete(self, keys: Iterable[str]) -> int:
        """Delete objects; answers how many. One that is gone already is no trouble."""
        return delete_all(self.store, (f"{self.workspace_id}/{key}" for key in keys))

    def forget_unborn(self) -> None:
        """A local store writes beside the place and moves what is whole: `key#1` was never moved."""
        if isinstance(self.store, LocalStore):
            for path in (Path(str(self.store.prefix)) / self.workspace_id).rglob("*#*"):
                path.unlink(missing_ok=True)


def objects_of(lake: Lake) -> Objects:
    """The objects of the workspace whose lake it is."""
    return Objects(lake.workspace_id, store_at(settings.NOUS.replays_address))


def sweep_recordings(lake: Lake) -> int:
    """Delete what no row names, and what a killed writer left half written; sessions are made of the rows that stand.

    The caller holds the lake's lock. Answers how many objects went.
    """
    make_sessions(lake)
    objects = objects_of(lake)
    rows = lake.snapshot(REPLAY_CHUNKS).table(REPLAY_CHUNKS).select("object").to_pyarrow()
    named = set(rows["object"].to_pylist())
    objects.forget_unborn()
    return objects.delete([key for key in objects.standing() if key not in named])


def _packed(body: bytes) -> bytes:
    return bytes(pa.Codec("zstd", compression_level=LEVEL).compress(body, asbytes=True))


def _unpacked(packed: bytes) -> bytes:
    with pa.CompressedInputStream(pa.BufferReader(packed), "zstd") as stream:
        return bytes(stream.read(MOST_BYTES))
