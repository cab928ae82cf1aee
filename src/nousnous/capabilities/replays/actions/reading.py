"""Reading replays: the list, one with its pieces and moments, and what a piece holds."""

from dataclasses import dataclass
from typing import Any

import ibis

from nousnous.base.errors import Missing
from nousnous.capabilities.replays.measures.moments import Moment, moment_of_event, moment_of_score
from nousnous.capabilities.replays.measures.sessions import (
    Chunk,
    Gap,
    Window,
    gaps_of,
    sessions,
    told,
    windows_of,
)
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.replays import REPLAY_CHUNKS
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions.segments import basis_of
from nousnous.journeys.actions.versions import list_journeys
from nousnous.journeys.actions.visits import kept_visits
from nousnous.people.identity import find_person
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.warehouse.memory import remembered
from nousnous.warehouse.objects import objects_of
from nousnous.workspaces.models import Workspace

MOST_MOMENTS = 2_000
AROUND_US = 60 * 1_000_000
"""An answer is of the session that ended at most so long before it."""


@dataclass(frozen=True, slots=True)
class ReplayQuery:
    """Which replays: empty texts and None leave it open. `after` is (started_us, session_id) of the last one shown."""

    person: str = ""
    screen: str = ""
    signal: str = ""
    from_us: int | None = None
    to_us: int | None = None
    limit: int = 50
    after: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class LowestScore:
    """The lowest answer of a session, by its place on its scale."""

    metric: str
    value: float
    scale_low: float
    scale_high: float


@dataclass(frozen=True, slots=True)
class ReplaySummary:
    """One replay in a list; times in microseconds."""

    session_id: str
    person_id: str
    person_key: int | None
    started_us: int
    duration_us: int
    active_us: int
    screens: tuple[str, ...]
    width: int | None
    height: int | None
    signals: int
    errors: int
    lowest: LowestScore | None
    chunks: int
    source: str


@dataclass(frozen=True, slots=True)
class Replay:
    """One replay: windows, the index of its pieces, what is missing, and its moments in order of time."""

    summary: ReplaySummary
    windows: tuple[Window, ...]
    chunks: tuple[Chunk, ...]
    gaps: tuple[Gap, ...]
    moments: tuple[Moment, ...]


def list_replays(workspace: Workspace, query: ReplayQuery) -> list[ReplaySummary]:
    """The newest replays first; the next page begins after the last one's (started_us, session_id)."""
    snapshot = lake_of(workspace).snapshot(REPLAY_CHUNKS, EVENTS, LINKS, SCORES)
    return remembered(snapshot, ("replays", query), lambda: _listed(workspace, snapshot, query))


def _listed(workspace: Workspace, snapshot: Snapshot, query: ReplayQuery) -> list[ReplaySummary]:
    chunks = snapshot.resolved(REPLAY_CHUNKS)
    if query.person:
        theirs = chunks.filter(chunks.identity_key.isin(list(find_person(workspace, query.person).identities)))
        chunks = chunks.semi_join(theirs.select("session_id").distinct(), "session_id")
    for column, wanted in (("screen", query.screen), ("event", query.signal)):
        if wanted:
            events = snapshot.table(EVENTS)
            named = events.filter((events[column] == wanted) & events.session_id.notnull()).select("session_id")
            if column == "screen":
                named = named.union(chunks.filter(chunks.screen == wanted).select("session_id"))
            chunks = chunks.semi_join(named.distinct(), "session_id")
    found = sessions(chunks)
    if query.from_us is not None:
        found = found.filter(found.started_us >= query.from_us)
    if query.to_us is not None:
        found = found.filter(found.started_us < query.to_us)
    if query.after is not None:
        started_us, session_id = query.after
        same = (found.started_us == started_us) & (found.session_id < session_id)
        found = found.filter((found.started_us < started_us) | same)
    ordered = found.order_by(ibis.desc("started_us"), ibis.desc("session_id")).limit(query.limit)
    return _summaries(snapshot, ordered.to_pyarrow())


def read_replay(workspace: Workspace, session_id: str) -> Replay:
    """One replay with all that a player needs but the pieces themselves."""
    snapshot = lake_of(workspace).snapshot(REPLAY_CHUNKS, EVENTS, LINKS, SCORES)
    asked = ("replay", session_id, basis_of(workspace))
    return remembered(snapshot, asked, lambda: _replay(workspace, snapshot, session_id))


def _replay(workspace: Workspace, snapshot: Snapshot, session_id: str) -> Replay:
    chunks = snapshot.resolved(REPLAY_CHUNKS)
    mine = chunks.filter(chunks.session_id == session_id)
    found = sessions(mine).to_pyarrow()
    if not found.num_rows:
        raise _missing(session_id)
    (summary,) = _summaries(snapshot, found)
    pieces = tuple(_chunk(number, row) for number, row in enumerate(_in_order(mine)))
    moments = [*_moments(snapshot, summary), *_steps(workspace, summary)]
    ordered = tuple(sorted(moments, key=lambda one: (one.at_us, one.kind, one.reference)))
    return Replay(summary, windows_of(pieces), pieces, gaps_of(pieces), ordered[:MOST_MOMENTS])


def chunk_events(workspace: Workspace, session_id: str, number: int) -> bytes:
    """The rrweb events of one piece as a JSON array; Missing where it is gone or damaged."""
    rows = session_rows(workspace, session_id)
    if not 0 <= number < len(rows):
        raise Missing(f"The replay has {len(rows)} pieces, counted from 0; there is no {number}.")
    return objects_of(lake_of(workspace)).get(rows[number]["object"])


def session_rows(workspace: Workspace, session_id: str) -> list[dict[str, Any]]:
    """The index rows of a session's pieces in their order."""
    chunks = lake_of(workspace).snapshot(REPLAY_CHUNKS).table(REPLAY_CHUNKS)
    rows = _in_order(chunks.filter(chunks.session_id == session_id))
    if not rows:
        raise _missing(session_id)
    return rows


def _in_order(chunks: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = chunks.order_by("ts_us", "window_id", "sequence", "chunk_id").to_pyarrow().to_pylist()
    return rows


def _chunk(number: int, row: dict[str, Any]) -> Chunk:
    return Chunk(
        number,
        row["window_id"] or "",
        row["ts_us"],
        row["until_us"],
        row["shift_us"] or 0,
        row["moments"],
        bool(row["whole"]),
        row["screen"] or "",
        row["width"],
        row["height"],
        row["sequence"],
    )


def _summaries(snapshot: Snapshot, found: Any) -> list[ReplaySummary]:
    """The rows of sessions (Arrow) with what their events and answers tell."""
    ids = found.column("session_id")
    events = snapshot.matching(EVENTS, "session_id", ids)
    counts = {row["session_id"]: row for row in told(events).to_pyarrow().to_pylist()}
    screens = _screens(snapshot, events, ids)
    lowest = _lowest(snapshot, found)
    return [_summary(row, counts, screens, lowest) for row in found.to_pylist()]


def _summary(row: dict[str, Any], counts: Any, screens: Any, lowest: Any) -> ReplaySummary:
    session_id = row["session_id"]
    counted = counts.get(session_id, {"signals": 0, "errors": 0})
    return ReplaySummary(
        session_id,
        row["user_id"] or row["anonymous_id"] or "",
        row["person_key"],
        row["started_us"],
        row["until_us"] - row["started_us"],
        row["active_us"],
        tuple(screens.get(session_id, ())),
        row["width"],
        row["height"],
        counted["signals"],
        counted["errors"],
        lowest.get(session_id),
        row["chunks"],
        row["source"],
    )


def _screens(snapshot: Snapshot, events: Any, ids: Any) -> dict[str, list[str]]:
    """The screens of sessions in the order in which they were first seen."""
    both = [
        rows.filter(rows.screen.notnull()).select("session_id", "screen", "ts_us")
        for rows in (events, snapshot.matching(REPLAY_CHUNKS, "session_id", ids))
    ]
    seen = ibis.union(*both).group_by("session_id", "screen").agg(first_us=ibis._.ts_us.min())
    found: dict[str, list[str]] = {}
    for row in seen.order_by("first_us", "screen").to_pyarrow().to_pylist():
        found.setdefault(row["session_id"], []).append(row["screen"])
    return found


def _lowest(snapshot: Snapshot, found: Any) -> dict[str, LowestScore]:
    spans = ibis.memtable(found.select(["session_id", "person_key", "started_us", "until_us"]))
    scores = snapshot.resolved(SCORES).filter(lambda rows: rows.value.notnull() & (rows.scale_high > rows.scale_low))
    scores = scores.mutate(at_us=ibis.coalesce(scores.moment_us, scores.ts_us))
    scores = scores.mutate(place=(scores.value - scores.scale_low) / (scores.scale_high - scores.scale_low))
    within = scores.inner_join(
        spans,
        [
            scores.person_key == spans.person_key,
            scores.at_us >= spans.started_us,
            scores.at_us <= spans.until_us + AROUND_US,
        ],
    )
    named = ("metric", "value", "scale_low", "scale_high")
    lowest = within.group_by("session_id").agg(**{name: within[name].argmin(within.place) for name in named})
    return {row.pop("session_id"): LowestScore(**row) for row in lowest.to_pyarrow().to_pylist()}


def _moments(snapshot: Snapshot, summary: ReplaySummary) -> list[Moment]:
    """The session's events, those of the same person in that time that name no session, and their answers."""
    until_us = summary.started_us + summary.duration_us
    events = snapshot.events()
    if summary.person_key is None:
        mine = events.session_id == summary.session_id
    else:
        nameless = (events.person_key == summary.person_key) & events.session_id.isnull()
        mine = (events.session_id == summary.session_id) | nameless
    within = (events.ts_us >= summary.started_us - AROUND_US) & (events.ts_us <= until_us + AROUND_US)
    columns = ("ts_us", "event", "element", "screen", "properties", "message_id")
    rows = events.filter(within & mine & events.event.notnull()).select(*columns).limit(MOST_MOMENTS)
    moments = [moment for row in rows.to_pyarrow().to_pylist() if (moment := moment_of_event(row)) is not None]
    scores = snapshot.resolved(SCORES)
    at_us = ibis.coalesce(scores.moment_us, scores.ts_us)
    theirs = scores.filter((scores.person_key == summary.person_key) & (at_us >= summary.started_us))
    theirs = theirs.filter(at_us <= until_us + AROUND_US).limit(MOST_MOMENTS)
    return moments + [moment_of_score(row) for row in theirs.to_pyarrow().to_pylist()]


def _steps(workspace: Workspace, summary: ReplaySummary) -> list[Moment]:
    """Where the person entered a step of a journey, and how that ended."""
    if summary.person_key is None:
        return []
    moments, until_us = [], summary.started_us + summary.duration_us
    for journey in (version.journey for version in list_journeys(workspace)):
        visits = kept_visits(workspace, journey).visits
        inside = (visits.opened_us <= until_us) & (visits.ended_us >= summary.started_us)
        mine = visits.filter((visits.person_key == summary.person_key) & inside)
        for row in mine.to_pyarrow().to_pylist():
            step, reference = journey.steps[row["step"]], f"{journey.id}/{journey.steps[row['step']].id}"
            ends = "completed" if row["completed"] else "failed" if row["failed"] else "left"
            for at_us, sentence in (
                (row["opened_us"], f"Began {step.name}"),
                (row["ended_us"], f"{step.name}: {ends}"),
            ):
                if summary.started_us <= at_us <= until_us:
                    moments.append(Moment(at_us, "step", sentence, "", "", "", reference))
    return moments


def _missing(session_id: str) -> Missing:
    return Missing(f"There is no replay of a session “{session_id[:80]}” in this workspace.")
