"""Reading replays: the list, one with its pieces and moments, and what a piece holds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from nousnous.base import clock
from nousnous.base.errors import Missing
from nousnous.capabilities.replays.measures.moments import QUIET, Moment, moment_of_event, moment_of_score
from nousnous.capabilities.replays.measures.sessions import (
    TOLD_SOMETIMES,
    Chunk,
    Gap,
    Window,
    counts_of,
    gaps_of,
    newest_told,
    screens_of,
    windows_of,
)
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.journeys import SIGNALS
from nousnous.facts.replays import ERRORS, REPLAY_CHUNKS, REPLAY_SESSIONS
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions.segments import basis_of
from nousnous.journeys.actions.versions import list_journeys
from nousnous.journeys.actions.visits import visits_of_person
from nousnous.people.identity import find_person, links_of
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.warehouse.memory import remembered
from nousnous.warehouse.objects import objects_of
from nousnous.warehouse.sessions import Which, sessions_of
from nousnous.workspaces.models import Workspace

TABLES: Final = (REPLAY_CHUNKS, REPLAY_SESSIONS, EVENTS, LINKS, SCORES)
TOLD: Final = ("user_id", *TOLD_SOMETIMES)
OF_A_MOMENT: Final = ("ts_us", "event", "element", "screen", "properties", "message_id")
IN_ORDER: Final = ("window_id", "sequence", "chunk_id")
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
    snapshot = lake_of(workspace).snapshot(*TABLES)
    return remembered(snapshot, ("replays", query), lambda: _listed(workspace, snapshot, query))


def _listed(workspace: Workspace, snapshot: Snapshot, query: ReplayQuery) -> list[ReplaySummary]:
    which = Which(
        identities=find_person(workspace, query.person).identities if query.person else None,
        screen=query.screen,
        signal=query.signal,
        from_us=query.from_us,
        to_us=query.to_us,
        after=query.after,
        limit=query.limit,
    )
    return _summaries(snapshot, sessions_of(snapshot, which))


def read_replay(workspace: Workspace, session_id: str) -> Replay:
    """One replay with all that a player needs but the pieces themselves."""
    snapshot = lake_of(workspace).snapshot(*TABLES)
    asked = ("replay", session_id, basis_of(workspace))
    return remembered(snapshot, asked, lambda: _replay(workspace, snapshot, session_id))


def _replay(workspace: Workspace, snapshot: Snapshot, session_id: str) -> Replay:
    (summary,) = _summaries(snapshot, _found(snapshot, session_id))
    pieces = tuple(_chunk(number, row) for number, row in enumerate(_rows(snapshot, session_id, _span(summary))))
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
    snapshot = lake_of(workspace).snapshot(REPLAY_CHUNKS, REPLAY_SESSIONS)
    (session,) = _found(snapshot, session_id)
    return _rows(snapshot, session_id, (session["started_us"], session["until_us"]))


def _found(snapshot: Snapshot, session_id: str) -> list[dict[str, Any]]:
    found = sessions_of(snapshot, Which(session=session_id)) if session_id else []
    if not found:
        raise Missing(f"There is no replay of a session “{session_id[:80]}” in this workspace.")
    return found


def _rows(snapshot: Snapshot, session_id: str, span: tuple[int, int]) -> list[dict[str, Any]]:
    """Pieces are looked for where their session lies in time: what others recorded before and after is not read."""
    found = snapshot.picked(REPLAY_CHUNKS, REPLAY_CHUNKS.names, span, session_id=[session_id])
    rows: list[dict[str, Any]] = found.to_pylist()
    rows.sort(key=lambda row: (row["ts_us"], *((row[name] is None, row[name]) for name in IN_ORDER)))
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


def _summaries(snapshot: Snapshot, found: Sequence[Mapping[str, Any]]) -> list[ReplaySummary]:
    """Sessions with what their pieces, events and answers tell."""
    if not found:
        return []
    ids = [row["session_id"] for row in found]
    span = (min(row["started_us"] for row in found), max(row["until_us"] for row in found))
    pieces = snapshot.picked(REPLAY_CHUNKS, ("session_id", "ts_us", "screen", *TOLD), span, session_id=ids)
    around = (span[0] - clock.DAY_US, span[1] + clock.DAY_US)
    events = snapshot.picked(EVENTS, ("session_id", "ts_us", "screen", "event"), around, session_id=ids)
    links = links_of(snapshot, {row["identity_key"] for row in found if row["identity_key"] is not None})
    person_keys = {key: link.person_key for key, link in links.items()}
    rows = [{**row, "person_key": person_keys.get(row["identity_key"], row["identity_key"])} for row in found]
    told, screens = newest_told(pieces), screens_of(events, pieces)
    signals, errors, lowest = counts_of(events, SIGNALS), counts_of(events, ERRORS), _lowest(snapshot, rows)
    return [
        ReplaySummary(
            session_id=name,
            person_id=told[name].get("user_id") or told[name].get("anonymous_id") or "",
            person_key=row["person_key"],
            started_us=row["started_us"],
            duration_us=row["until_us"] - row["started_us"],
            active_us=row["active_us"],
            screens=tuple(screens.get(name, ())),
            width=told[name].get("width"),
            height=told[name].get("height"),
            signals=signals.get(name, 0),
            errors=errors.get(name, 0),
            lowest=lowest.get(name),
            chunks=row["chunks"],
            source=told[name].get("source") or "",
        )
        for name, row in zip(ids, rows, strict=True)
    ]


def _answers(snapshot: Snapshot, person_keys: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """The answers of some persons, with the moments that they are about."""
    owners = {key: link.person_key for key, link in links_of(snapshot, person_keys, "person_key").items()}
    theirs = {**{key: key for key in person_keys}, **owners}
    found: dict[int, list[dict[str, Any]]] = {}
    for row in snapshot.picked(SCORES, SCORES.names, identity_key=theirs).to_pylist():
        at_us = row["ts_us"] if row["moment_us"] is None else row["moment_us"]
        found.setdefault(theirs[row["identity_key"]], []).append({**row, "at_us": at_us})
    return found


def _lowest(snapshot: Snapshot, sessions: Sequence[Mapping[str, Any]]) -> dict[str, LowestScore]:
    """The lowest answer of each session."""
    answers = _answers(snapshot, {row["person_key"] for row in sessions if row["person_key"] is not None})
    lowest = {}
    for row in sessions:
        placed = [
            ((one["value"] - one["scale_low"]) / (one["scale_high"] - one["scale_low"]), one["at_us"], one)
            for one in answers.get(row["person_key"], ())
            if one["value"] is not None
            and (one["scale_high"] or 0) > (one["scale_low"] or 0)
            and row["started_us"] <= one["at_us"] <= row["until_us"] + AROUND_US
        ]
        if placed:
            one = min(placed, key=lambda each: each[:2])[2]
            lowest[row["session_id"]] = LowestScore(one["metric"], one["value"], one["scale_low"], one["scale_high"])
    return lowest


def _moments(snapshot: Snapshot, summary: ReplaySummary) -> list[Moment]:
    """The session's events, those of the same person in that time that name no session, and their answers."""
    started_us, until_us = _span(summary)
    around, columns = (started_us - AROUND_US, until_us + AROUND_US), (*OF_A_MOMENT, "session_id")
    rows = snapshot.picked(EVENTS, columns, around, session_id=[summary.session_id])
    answers: list[dict[str, Any]] = []
    if summary.person_key is not None:
        identities = {summary.person_key, *links_of(snapshot, [summary.person_key], "person_key")}
        theirs = snapshot.picked(EVENTS, columns, around, identity_key=identities)
        rows = pa.concat_tables([rows, theirs.filter(pc.is_null(theirs["session_id"]))])
        answers = _answers(snapshot, [summary.person_key]).get(summary.person_key, [])
    loud = pc.invert(pc.is_in(rows["event"], pa.array([*QUIET, None], pa.string())))
    told = rows.filter(loud).sort_by("ts_us").slice(0, MOST_MOMENTS).to_pylist()
    moments = [moment for row in told if (moment := moment_of_event(row)) is not None]
    within = [row for row in answers if started_us <= row["at_us"] <= around[1]]
    return moments + [moment_of_score(row) for row in within[:MOST_MOMENTS]]


def _span(summary: ReplaySummary) -> tuple[int, int]:
    return summary.started_us, summary.started_us + summary.duration_us


def _steps(workspace: Workspace, summary: ReplaySummary) -> list[Moment]:
    """Where the person entered a step of a journey, and how that ended."""
    if summary.person_key is None:
        return []
    moments, until_us = [], summary.started_us + summary.duration_us
    for journey in (version.journey for version in list_journeys(workspace)):
        for row in visits_of_person(workspace, journey, summary.person_key):
            step, reference = journey.steps[row["step"]], f"{journey.id}/{journey.steps[row['step']].id}"
            ends = "completed" if row["completed"] else "failed" if row["failed"] else "left"
            for at_us, sentence in (
                (row["opened_us"], f"Began {step.name}"),
                (row["ended_us"], f"{step.name}: {ends}"),
            ):
                if summary.started_us <= at_us <= until_us:
                    moments.append(Moment(at_us, "step", sentence, "", "", "", reference))
    return moments
