"""What was found out about a file, in words: how it is written, and what of it will not do."""

from collections.abc import Mapping
from typing import Any

from nousnous.collector.imports.encodings import ENCODINGS
from nousnous.collector.imports.numbers import MIXED

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
DECIMALS = {
    ",": "numbers with a decimal comma (1.234,50)",
    ".": "numbers with a decimal point (1,234.50)",
    MIXED: "numbers with a decimal comma or point, each as it is written",
}


def how_read(mapping: Mapping[str, Any]) -> str:
    """One sentence on the encoding, the separator and the numbers that a kept mapping names; empty where it names none.

    >>> how_read({"encoding": "cp1252", "delimiter": ";", "decimal": ","})
    'Read as Windows (cp1252) text, with semicolons between the columns and numbers with a decimal comma (1.234,50).'
    """
    encoding, delimiter, decimal = (mapping.get(name) or "" for name in ("encoding", "delimiter", "decimal"))
    if not encoding:
        return ""
    parts = [f"{DELIMITERS.get(delimiter, delimiter)} between the columns"] if delimiter else []
    parts += [DECIMALS[decimal]] if decimal else []
    return f"Read as {ENCODINGS.get(encoding, encoding)} text{', with ' if parts else ''}{' and '.join(parts)}."


def what_is_missing(kind: str, mapping: Mapping[str, Any], *, stored: bool) -> str:
    """A word where no row can belong to anybody, and what to do; empty where some can."""
    fields = mapping.get("fields") or {}
    if kind != "events" or any(fields.get(name, ["nothing"])[0] != "nothing" for name in ("user_id", "anonymous_id")):
        return ""
    trouble = "No column was found that says who it was, and rows without a person belong to no visit."
    column = "say which it is (“Who” on the page, `--map user_id=COLUMN` in the shell)"
    return (
        f"{trouble} Undo this import, {column}, and import again."
        if stored
        else f"{trouble} {column[0].upper()}{column[1:]}."
    )
