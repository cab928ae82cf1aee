"""Keeping the lake's files few: what lands every second is joined now and then, and leftovers are removed.

Small files are joined into middle ones often, and middle ones into large ones seldom, so that no row is written anew
more than a few times.
"""

from dataclasses import dataclass

from django.conf import settings

from nousnous.base import clock
from nousnous.facts.columns import Table
from nousnous.runs.locks import exclusive
from nousnous.warehouse.lake import Lake
from nousnous.warehouse.maintenance import compact, vacuum

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


_tallies: dict[tuple[str, Table], _Tally] = {}


def touched(workspace_id: str, table: Table) -> None:
    """Count a commit."""
    tally = _tallies.setdefault((workspace_id, table), _Tally(vacuumed_us=clock.now_us()))
    tally.commits += 1


def tidy_next() -> None:
    """Tidy one table that needs it most, if one does."""
    due = [(tally.commits, place) for place, tally in _tallies.items() if tally.commits >= SMALL_COMMITS]
    if due:
        _, place = max(due, key=lambda pair: pair[0])
        _tidy(*place)


def _tidy(workspace_id: str, table: Table) -> None:
    tally = _tallies[workspace_id, table]
    lake = Lake(f"{settings.NOUS.lake_folder}/{workspace_id}")
    with exclusive(f"lake-{workspace_id}"):
        if table.name not in lake.snapshot(table).versions:
            del _tallies[workspace_id, table]
            return
        files = len(lake.open(table).file_uris())
        compact(lake, table, LARGE_BYTES if files >= 4 * SMALL_COMMITS else MIDDLE_BYTES)
        if clock.now_us() - tally.vacuumed_us > VACUUM_US:
            vacuum(lake, table.name, KEPT_HOURS)
            tally.vacuumed_us = clock.now_us()
    tally.commits = 0
