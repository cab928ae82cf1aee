"""Keeping the lake's files few: what lands every second is joined now and then, and leftovers are removed.

Small files are joined into middle ones often, and middle ones into large ones seldom, so that no row is written anew
more than a few times.
"""

from dataclasses import dataclass

from nousnous.base import clock
from nousnous.facts.columns import Table
from nousnous.runs.locks import exclusive
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.maintenance import compact, vacuum
from nousnous.workspaces.models import Workspace

SMALL_COMMITS = 40
MIDDLE_COMMITS = 2_000
MIDDLE_BYTES = 8 * 1024 * 1024
LARGE_BYTES = 256 * 1024 * 1024
VACUUM_US = clock.DAY_US
KEPT_HOURS = 7 * 24
"""How long files that were joined stay for readers of older snapshots."""


@dataclass(slots=True)
class _Tally:
    commits: int = 0
    vacuumed_us: int = 0


_tallies: dict[tuple[Workspace, Table], _Tally] = {}


def touched(workspace: Workspace, table: Table) -> None:
    """Count a commit."""
    tally = _tallies.setdefault((workspace, table), _Tally(vacuumed_us=clock.now_us()))
    tally.commits += 1


def tidy_next() -> None:
    """Tidy one table that needs it most, if one does."""
    due = [(tally.commits, place) for place, tally in _tallies.items() if tally.commits >= SMALL_COMMITS]
    if due:
        _, place = max(due, key=lambda pair: pair[0])
        _tidy(*place)


def _tidy(workspace: Workspace, table: Table) -> None:
    tally = _tallies[workspace, table]
    lake = lake_of(workspace)
    with exclusive(f"lake-{workspace.id}"):
        if table.name not in lake.snapshot(table).versions:
            del _tallies[workspace, table]
            return
        files = len(lake.open(table).file_uris())
        compact(lake, table, LARGE_BYTES if files >= 4 * SMALL_COMMITS else MIDDLE_BYTES)
        if clock.now_us() - tally.vacuumed_us > VACUUM_US:
            vacuum(lake, table.name, KEPT_HOURS)
            tally.vacuumed_us = clock.now_us()
    tally.commits = 0
