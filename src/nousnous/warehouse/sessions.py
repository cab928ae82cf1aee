"""What pieces of recordings come to, session by session: kept so that no list counts pieces anew.

Who lands pieces notes them here, under the lake's lock; who takes pieces away makes it anew. It is right if it counts
as many pieces as the table of pieces has: readers compare, and where a process was killed in between they count pieces.
"""

from dataclasses import dataclass
from typing import Any, Final

import ibis

from nousnous.facts.events import EVENTS
from nousnous.facts.replays import REPLAY_CHUNKS, REPLAY_SESSIONS
from nousnous.warehouse.engine import answer, connection
from nousnous.warehouse.lake import Lake, Snapshot

COUNTED: Final = """
    SELECT session_id, identity_key, source, min(ts_us) AS started_us, max(until_us) AS until_us,
        max(ts_us) AS newest_us, sum(active_us)::BIGINT AS active_us, count(*) AS chunks,
        list(DISTINCT screen) FILTER (screen IS NOT NULL) AS screens
    FROM {pieces} GROUP BY session_id, identity_key, source"""
FOUND: Final = """
    SELECT session_id, min(started_us) AS started_us, max(until_us) AS until_us, sum(active_us)::BIGINT AS active_us,
        sum(chunks)::BIGINT AS chunks, arg_max(identity_key, newest_us) AS identity_key
    FROM parts WHERE {conditions} GROUP BY session_id HAVING {span}
    ORDER BY started_us DESC, session_id DESC LIMIT {limit}"""


@dataclass(frozen=True, slots=True)
class Which:
    """Which sessions: None and empty texts leave it open. `after` is (started_us, session_id) of the last one known."""

    session: str = ""
    identities: tuple[int, ...] | None = None
    screen: str = ""
    signal: str = ""
    from_us: int | None = None
    to_us: int | None = None
    after: tuple[int, str] | None = None
    limit: int = 1


def note_pieces(lake: Lake, rows: Any) -> None:
    """Add Arrow rows of pieces that were just appended; what is not right is made anew."""
    if not rows.num_rows:
        return
    snapshot = lake.snapshot(REPLAY_SESSIONS, REPLAY_CHUNKS)
    if _counted(snapshot) + rows.num_rows != snapshot.count(REPLAY_CHUNKS):
        make_sessions(lake)
        return
    made = connection().con.from_arrow(rows).query("pieces", COUNTED.format(pieces="pieces"))
    lake.append(REPLAY_SESSIONS, made.to_arrow_table())


def make_sessions(lake: Lake) -> None:
    """Count all pieces anew, in one commit; the caller holds the lake's lock."""
    files = lake.snapshot(REPLAY_CHUNKS).files(REPLAY_CHUNKS)
    if not files:
        lake.delete(REPLAY_SESSIONS, "chunks > 0")
        return
    lake.ensure(REPLAY_SESSIONS)
    asked = COUNTED.format(pieces="read_parquet($files)")
    lake.replace(REPLAY_SESSIONS, ibis.memtable(answer(asked, {"files": files})))


def sessions_of(snapshot: Snapshot, which: Which) -> list[dict[str, Any]]:
    """Sessions, the newest first: session_id, started_us, until_us, active_us, chunks, the newest identity_key.

    The snapshot holds sessions and pieces, and events where a screen or a signal is asked for.
    """
    right = _counted(snapshot) == snapshot.count(REPLAY_CHUNKS)
    files = snapshot.files(REPLAY_SESSIONS if right else REPLAY_CHUNKS)
    if not files:
        return []
    parts = "SELECT * FROM read_parquet($files)" if right else COUNTED.format(pieces="read_parquet($files)")
    told: dict[str, Any] = {"files": files}
    conditions, span = _conditions(snapshot, which, told), _span(which, told)
    found = FOUND.format(conditions=" AND ".join(conditions), span=" AND ".join(span), limit=which.limit)
    sessions: list[dict[str, Any]] = answer(f"WITH parts AS ({parts}) {found}", told).to_pylist()
    return sessions


def _counted(snapshot: Snapshot) -> int:
    files = snapshot.files(REPLAY_SESSIONS)
    if not files:
        return 0
    asked = "SELECT coalesce(sum(chunks), 0)::BIGINT AS pieces FROM read_parquet($files)"
    return int(answer(asked, {"files": files})["pieces"][0].as_py())


def _conditions(snapshot: Snapshot, which: Which, told: dict[str, Any]) -> list[str]:
    """What a part must be of; the values go into `told`."""
    conditions = ["true"]
    if which.session:
        told["session"] = which.session
        conditions.append("session_id = $session")
    if which.identities is not None:
        told["identities"] = list(which.identities)
        conditions.append(_any_part("identity_key IN (SELECT unnest($identities))"))
    if which.screen:
        told["screen"] = which.screen
        here = _any_part("list_contains(screens, $screen)")
        conditions.append(f"({here} OR {_any_event(snapshot, 'screen', told)})")
    if which.signal:
        told["event"] = which.signal
        conditions.append(_any_event(snapshot, "event", told))
    return conditions


def _any_part(condition: str) -> str:
    return f"session_id IN (SELECT session_id FROM parts WHERE {condition})"  # noqa: S608  # our own words


def _any_event(snapshot: Snapshot, column: str, told: dict[str, Any]) -> str:
    files = snapshot.files(EVENTS)
    if not files:
        return "false"
    told["events"] = files
    return f"session_id IN (SELECT session_id FROM read_parquet($events) WHERE {column} = ${column})"  # noqa: S608  # our own words


def _span(which: Which, told: dict[str, Any]) -> list[str]:
    conditions = ["true"]
    if which.from_us is not None:
        told["from_us"] = which.from_us
        conditions.append("min(started_us) >= $from_us")
    if which.to_us is not None:
        told["to_us"] = which.to_us
        conditions.append("min(started_us) < $to_us")
    if which.after is not None:
        told["after_us"], told["after"] = which.after
        conditions.append("(min(started_us), session_id) < ($after_us, $after)")
    return conditions
