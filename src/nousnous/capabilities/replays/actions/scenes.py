"""A state of a screen to show: the newest recording that begins with the whole page there, at a width."""

from dataclasses import dataclass
from typing import Final

import ibis

from nousnous.capabilities.replays.actions.reading import Replay, read_replay
from nousnous.capabilities.replays.measures.heat import DESKTOP_FROM, PHONE_BELOW
from nousnous.capabilities.replays.measures.sessions import Chunk
from nousnous.facts.replays import REPLAY_CHUNKS
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

WIDEST: Final = 100_000
SPANS: Final = {"phone": (0, PHONE_BELOW), "tablet": (PHONE_BELOW, DESKTOP_FROM), "desktop": (DESKTOP_FROM, WIDEST)}
SETTLED_US: Final = 2_000_000
"""Pages look as people know them so long after they began."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A moment of a replay on which a screen is seen, and the piece that holds it."""

    replay: Replay
    chunk: Chunk
    at_us: int


def scene_of(workspace: Workspace, screen: str, width: str) -> Scene | None:
    """The newest whole picture of a screen at a class of widths; None where nobody recorded it."""
    chunks = lake_of(workspace).snapshot(REPLAY_CHUNKS).table(REPLAY_CHUNKS)
    low, high = SPANS[width]
    mine = chunks.filter(chunks.whole, chunks.screen == screen, chunks.width >= low, chunks.width < high)
    newest = mine.order_by(ibis.desc("ts_us"), "session_id").select("session_id", "window_id", "ts_us").limit(1)
    for row in newest.to_pyarrow().to_pylist():
        replay = read_replay(workspace, row["session_id"])
        for chunk in replay.chunks:
            if (chunk.window_id, chunk.from_us) == (row["window_id"] or "", row["ts_us"]):
                return Scene(replay, chunk, min(chunk.to_us, chunk.from_us + SETTLED_US))
    return None
