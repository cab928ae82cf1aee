"""What people chose on a page about their data, as it stands in events (Segment's consent of a context)."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from nousnous.base.ids import keyed_hash
from nousnous.collector.parsing import object_of

CHOSEN = ("Consent Updated", "Segment Consent Preference Updated")
CHOICES = pa.schema(
    [("identity_key", pa.int64()), ("purpose", pa.string()), ("granted", pa.bool_()), ("ts_us", pa.int64())]
)


def choices_in(rows: Any, salt: bytes) -> Any:
    """Arrow rows as in `CHOICES`, oldest first, for each id of those who chose; None if nobody did."""
    chosen = rows.filter(pc.is_in(rows["event"], pa.array(CHOSEN))).sort_by("ts_us")
    found = [
        {"identity_key": keyed_hash(salt, kind, row[f"{name}_id"]), "purpose": purpose, "granted": granted} | moment
        for row in chosen.select(["ts_us", "user_id", "anonymous_id", "properties"]).to_pylist()
        for moment in [{"ts_us": row["ts_us"]}]
        for purpose, granted in _preferences(row["properties"])
        for name, kind in (("user", "known"), ("anonymous", "anonymous"))
        if row[f"{name}_id"]
    ]
    return pa.Table.from_pylist(found, CHOICES) if found else None


def _preferences(properties: str) -> list[tuple[str, bool]]:
    value: Any = object_of(properties.encode())
    for name in ("context", "consent", "categoryPreferences"):
        value = value.get(name) if isinstance(value, dict) else None
    return (
        [(name, given) for name, given in value.items() if isinstance(given, bool)] if isinstance(value, dict) else []
    )
