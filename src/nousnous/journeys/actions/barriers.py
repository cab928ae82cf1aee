"""What browsers told of barriers on screens: read here for whoever ranks them and whoever shows them on a recording."""

from typing import Any, Final

import ibis

from nousnous.facts.barriers import SCANNED, Scan, newest_of, scan_of

MOST_SCANS: Final = 5_000


def looks(events: Any) -> Any:
    """The looks among events (an Ibis table)."""
    return events.filter(events.event == SCANNED)


def newest_scans(events: Any) -> list[Scan]:
    """The newest look at each screen among events (an Ibis table)."""
    rows = looks(events).order_by(ibis.desc("ts_us"), "message_key").limit(MOST_SCANS)
    told = rows.select("ts_us", "properties").to_pyarrow().to_pylist()
    return newest_of(scan for row in told if (scan := scan_of(row["properties"], row["ts_us"])) is not None)
