"""Keeping the visits of journeys beside the events, and up to date with them.

Rows are appended, never changed: a span of a person that is computed anew is withdrawn up to the number of that
computation, and readers leave out what was withdrawn. `KeptVisits` remembers the number up to which the rows are right,
and is written last: what a killed process left bears a higher number, and goes before the next computation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nousnous.base import clock
from nousnous.facts.columns import Table
from nousnous.facts.events import EVENTS, LINKS, RETRACTIONS
from nousnous.facts.journeys import Journey
from nousnous.facts.scores import SCORES
from nousnous.facts.visits import visits_table, withdrawn_table
from nousnous.journeys.actions.spans import touched_since
from nousnous.journeys.actions.versions import list_journeys
from nousnous.journeys.models import KeptVisits
from nousnous.journeys.recognition import found_in, projection, rows_of_visits, vocabulary
from nousnous.runs.locks import exclusive
from nousnous.runs.registry import Advance, Work
from nousnous.warehouse.fold import fold
from nousnous.warehouse.lake import Lake, Snapshot, lake_of, rows_of
from nousnous.warehouse.maintenance import vacuum
from nousnous.workspaces.models import Workspace

VISITS_RUN = "journeys.visits"
Progress = Callable[[float], None]
MOST_WITHDRAWN_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Kept:
    """Ibis tables of one snapshot: kept visits, events as stored, events and scores with `person_key`; and the snapshot
    that the visits were made of."""

    visits: Any
    stored: Any
    events: Any
    scores: Any
    source: Snapshot


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Where the visits of one journey are kept."""

    workspace: Workspace
    journey: Journey
    lake: Lake

    @property
    def visits(self) -> Table:
        return visits_table(self.journey.visits_key)

    @property
    def withdrawn(self) -> Table:
        return withdrawn_table(self.journey.visits_key)


def kept_visits(workspace: Workspace, journey: Journey, progress: Progress | None = None) -> Kept:
    """Bring the kept visits of a journey up to date and read them beside the events they were made of."""
    shelf = _Shelf(workspace, journey, lake_of(workspace))
    with exclusive(f"visits-{workspace.id}"):
        source = _caught_up(shelf, progress)
        snapshot = source.with_tables_of(_swept(shelf))
    return Kept(
        visits=_standing(snapshot, shelf),
        stored=snapshot.table(EVENTS),
        events=snapshot.events(),
        scores=snapshot.resolved(SCORES),
        source=source,
    )


def visits_of_person(workspace: Workspace, journey: Journey, person_key: int) -> list[dict[str, Any]]:
    """The kept visits of one person, brought up to date: for a page that asks for nothing else."""
    shelf = _Shelf(workspace, journey, lake_of(workspace))
    with exclusive(f"visits-{workspace.id}"):
        _caught_up(shelf, None)
        snapshot = _swept(shelf)
    names = ("step", "opened_us", "ended_us", "completed", "failed", "landed_us")
    gone = snapshot.picked(shelf.withdrawn, shelf.withdrawn.names, person_key=[person_key]).to_pylist()
    return [
        row
        for row in snapshot.picked(shelf.visits, names, person_key=[person_key]).to_pylist()
        if not any(
            one["from_us"] <= row["opened_us"] <= one["to_us"] and row["landed_us"] < one["landed_us"] for one in gone
        )
    ]


def perform_visits(work: Work) -> Advance:
    """The run that follows whatever changes events or persons: all journeys of the workspace catch up."""
    workspace = Workspace.objects.filter(pk=work.workspace_id).first()
    if workspace is not None:
        current = [version.journey for version in list_journeys(workspace)]
        for journey in current:
            kept_visits(workspace, journey)
        forget_unused(workspace, {journey.visits_key for journey in current})
    return Advance()


def forget_unused(workspace: Workspace, used: set[str]) -> None:
    """Delete the kept visits of versions that no journey has any more."""
    lake = lake_of(workspace)
    with exclusive(f"visits-{workspace.id}"):
        for old in KeptVisits.objects.filter(workspace=workspace).exclude(visits_key__in=used):
            lake.drop(visits_table(old.visits_key))
            lake.drop(withdrawn_table(old.visits_key))
            old.delete()


def _caught_up(shelf: _Shelf, progress: Progress | None) -> Snapshot:
    """Compute what changed since the last time; answers the snapshot that the kept visits belong to.

    Persons whose events were taken away meanwhile may stand in rows that were read before: then all is done again.
    """
    while True:
        state = KeptVisits.objects.filter(workspace=shelf.workspace, visits_key=shelf.journey.visits_key).first()
        since_us = state.landed_us if state else 0
        with exclusive(f"lake-{shelf.workspace.id}"):  # else tables of different moments, and a number that hides rows
            source = shelf.lake.snapshot(EVENTS, LINKS, RETRACTIONS, SCORES)
        landed_us = source.landed_us
        if landed_us <= since_us:
            return source
        _clear_leftovers(shelf, since_us)
        if since_us == 0:
            _compute_all(shelf, source, landed_us, progress)
        else:
            _compute_since(shelf, source, (since_us, landed_us))
        with exclusive(f"lake-{shelf.workspace.id}"):
            if shelf.lake.snapshot(RETRACTIONS).versions.get(RETRACTIONS.name) == source.versions.get(RETRACTIONS.name):
                _remember(shelf, landed_us)
                return source


def _clear_leftovers(shelf: _Shelf, since_us: int) -> None:
    """Take away what a computation left that did not come to its end."""
    for table in (shelf.visits, shelf.withdrawn):
        if since_us == 0:
            shelf.lake.drop(table)
        elif shelf.lake.newest_landed_us(table) > since_us:
            shelf.lake.delete(table, f"landed_us > {since_us}")
            vacuum(shelf.lake, table.name, hours=0)


def _remember(shelf: _Shelf, landed_us: int) -> None:
    KeptVisits.objects.update_or_create(
        workspace=shelf.workspace,
        visits_key=shelf.journey.visits_key,
        defaults={"landed_us": landed_us, "computed_at": clock.now()},
    )


def _compute_all(shelf: _Shelf, source: Snapshot, landed_us: int, progress: Progress | None) -> None:
    events, journey = source.events(), shelf.journey
    words = vocabulary(events, journey)
    rows = projection(events, journey, words)
    count = int(source.table(EVENTS).count().to_pyarrow().as_py())
    for found in fold(rows, count, lambda columns: found_in(columns, journey, words), progress):
        shelf.lake.append(shelf.visits, rows_of_visits(found, journey, words, landed_us))


def _compute_since(shelf: _Shelf, source: Snapshot, numbers: tuple[int, int]) -> None:
    """Recompute the touched pieces of touched persons, and withdraw what was kept of them."""
    journey, (since_us, landed_us) = shelf.journey, numbers
    for touched in touched_since(source, journey, since_us):
        found = found_in(touched.events, journey, touched.words)
        shelf.lake.append(shelf.visits, rows_of_visits(found, journey, touched.words, landed_us))
        spans = {**touched.withdrawn, "landed_us": [landed_us] * len(touched.withdrawn["person_key"])}
        shelf.lake.append(shelf.withdrawn, rows_of(shelf.withdrawn, spans))


def _standing(snapshot: Snapshot, shelf: _Shelf) -> Any:
    """The kept visits without those that were withdrawn."""
    visits = snapshot.table(shelf.visits)
    if shelf.withdrawn.name not in snapshot.versions:
        return visits
    gone = snapshot.table(shelf.withdrawn)
    return visits.anti_join(
        gone,
        [
            visits.person_key == gone.person_key,
            visits.opened_us >= gone.from_us,
            visits.opened_us <= gone.to_us,
            visits.landed_us < gone.landed_us,
        ],
    )


def _swept(shelf: _Shelf) -> Snapshot:
    """What is kept, written anew when much was withdrawn: neither readers nor disks carry it for ever."""
    kept = shelf.lake.snapshot(shelf.visits, shelf.withdrawn)
    if kept.count(shelf.withdrawn) <= MOST_WITHDRAWN_SHARE * kept.count(shelf.visits):
        return kept
    shelf.lake.replace(shelf.visits, _standing(kept, shelf))
    shelf.lake.delete(shelf.withdrawn, "landed_us > 0")
    for table in (shelf.visits, shelf.withdrawn):
        vacuum(shelf.lake, table.name, hours=1)
    return shelf.lake.snapshot(shelf.visits, shelf.withdrawn)
