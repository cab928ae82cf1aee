"""From a described table to Arrow and to Delta's settings."""

from typing import Any

import pyarrow as pa
from deltalake import ColumnProperties, WriterProperties

from nousnous.facts.columns import ColumnType, Table

ARROW: dict[ColumnType, Any] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "bytes": pa.binary(),
    "integers": pa.list_(pa.int64()),
    "numbers": pa.list_(pa.float64()),
    "texts": pa.list_(pa.string()),
}


def arrow_schema(table: Table) -> Any:
    """The Arrow schema of a table; every column may be null."""
    return pa.schema([pa.field(column.name, ARROW[column.type]) for column in table.columns])


def delta_settings(table: Table) -> dict[str, str | None]:
    """Table properties: only times carry statistics, for statistics of ids would outlive an erasure."""
    times = [name for name in (table.time, "landed_us") if name in table.names]
    return {
        "delta.dataSkippingStatsColumns": ",".join(map(str, times)),
        "delta.checkpointInterval": "100",
    }


def writing(table: Table) -> WriterProperties:
    """How files are written: numbers that hardly repeat get no dictionary, which would be built only to be given up."""
    hardly_repeat = [column.name for column in table.columns if column.type == "integer" and _is_own(column.name)]
    hardly_repeat += [f"{column.name}.list.element" for column in table.columns if column.type == "integers"]
    plain = {name: ColumnProperties(dictionary_enabled=False) for name in hardly_repeat}
    return WriterProperties(compression="SNAPPY", column_properties=plain)


def _is_own(name: str) -> bool:
    return name.endswith(("_us", "_key")) and name != "landed_us"
