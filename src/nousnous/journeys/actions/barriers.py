"""What browsers told of barriers on screens: read here for whoever ranks them and whoever shows them on a recording."""

from typing import Any, Final

import ibis

from nousnous.facts.barriers import SCANNED, Scan, newest_of, scan_of
from nousnous.facts.events import EVENTS
from nousnous.warehouse.lake import Snapshot

MOST_SCANS: Final = 5_000


def looks(events: Any) -> Any:
    """The looks among events (an Ibis table)."""
    return events.filter(events.event == SCANNED)


def newest_scans(events: Any) -> list[Scan]:
    """The newest look at each screen among events (an Ibis table)."""
    rows = looks(events).order_by(ibis.desc("ts_us"), "message_key").limit(MOST_SCANS)
    return _scans(rows.select("ts_us", "properties").to_pyarrow())


def scans_kept(snapshot: Snapshot) -> list[Scan]:
    """The newest look at each screen of a snapshot with events: for a page that asks for nothing else."""
    rows = snapshot.picked(EVENTS, ("ts_us", "message_key", "properties"), event=[SCANNED])
    return _scans(rows.sort_by([("ts_us", "descending"), ("message_key", "ascending")]).slice(0, MOST_SCANS))


def _scans(rows: Any) -> list[Scan]:
    told = rows.select(["ts_us", "properties"]).to_pylist()
    return newest_of(scan for row in told if (scan := scan_of(row["properties"], row["ts_us"])) is not None)
