"""Times as files write them, to microseconds since 1970 in UTC, as SQL.

A text is read value by value only where it can mean one thing. Whether 1/2/2024 begins with the day or with the month
is decided once for a whole column.
"""

from collections.abc import Iterable

from nousnous.collector.imports.engine import literal

ZONED = r":\d\d(\.\d+)?\s*(Z|z|UTC|GMT|[+-]\d\d(:?\d\d)?)$"
SLASHED = r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})\b"
CLOCKS = (" %H:%M:%S", " %H:%M", "", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
PLAIN_DATES = ("%d.%m.%Y", "%Y.%m.%d", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y")
MAIL_TIMES = ("%a, %d %b %Y %H:%M:%S %Z", "%a, %d %b %Y %H:%M:%S %z", "%a %b %d %Y %H:%M:%S %z")
DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y")
MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y")


def typed_us(value: str, kind: str, zone: str) -> str:
    """Microseconds of a value that has the type of a time or of a number."""
    if kind.startswith("TIMESTAMP WITH"):
        return f"epoch_us({value})"
    if kind.startswith(("TIMESTAMP", "DATE")):
        return _local_us(f"cast({value} AS TIMESTAMP)", zone)
    return _number_us(f"cast({value} AS VARCHAR)", zone)


def text_us(value: str, zone: str, dates: tuple[str, ...] = (), time_format: str = "") -> str:
    """Microseconds of a text; `dates` are the forms of a date with slashes, `time_format` the only one to be read."""
    if time_format:
        parsed = f"try_strptime({value}, {literal(time_format)})"
        return f"epoch_us({parsed})" if "%z" in time_format.lower() else _local_us(parsed, zone)
    formats = _list(day + clock for day in (*dates, *PLAIN_DATES) for clock in CLOCKS)
    iso = f"CASE WHEN regexp_matches({value}, '^\\d{{4}}[-/]') THEN try_cast({value} AS TIMESTAMP) END"
    joined = f"regexp_replace({value}, '\\s+([+-]\\d\\d)', '\\1')"
    return (
        f"CASE WHEN regexp_full_match({value}, '-?\\d+(\\.\\d+)?') THEN {_number_us(value, zone)} "
        f"WHEN regexp_matches({value}, {literal(ZONED)}) THEN coalesce("
        f"epoch_us(try_cast({joined} AS TIMESTAMPTZ)), epoch_us(try_strptime({value}, {_list(MAIL_TIMES)}))) "
        f"ELSE {_local_us(f'coalesce({iso}, try_strptime({value}, {formats}))', zone)} END"
    )


def _local_us(moment: str, zone: str) -> str:
    return f"epoch_us({moment})" if zone == "UTC" else f"epoch_us(timezone({literal(zone)}, {moment}))"


def _number_us(text: str, zone: str) -> str:
    """Seconds, milliseconds, microseconds or nanoseconds by their size; 8 and 14 digits are a date."""
    number = f"try_cast({text} AS DECIMAL(38, 6))"
    compact = f"try_strptime({text}, ['%Y%m%d', '%Y%m%d%H%M%S'])"
    return (
        f"CASE WHEN regexp_full_match({text}, '(19|20)\\d{{6}}(\\d{{6}})?') THEN {_local_us(compact, zone)} "
        f"WHEN abs({number}) < 100000000 THEN NULL "
        f"WHEN abs({number}) < 100000000000 THEN cast({number} * 1000000 AS BIGINT) "
        f"WHEN abs({number}) < 100000000000000 THEN cast({number} * 1000 AS BIGINT) "
        f"WHEN abs({number}) < 100000000000000000 THEN cast({number} AS BIGINT) "
        f"WHEN abs({number}) < 10000000000000000000 THEN cast({number} / 1000 AS BIGINT) END"
    )


def _list(texts: Iterable[str]) -> str:
    return "[" + ", ".join(literal(text) for text in texts) + "]"
