"""Reading fields of a TOML text with the place of every trouble; troubles are collected, so that all are told."""

import json
import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from nousnous.base.errors import Place, Refused
from nousnous.journeys.lines import Path, lines_of

Table = Mapping[str, Any]
EXAMPLES = {"id": "checkout", "currency": "EUR", "step": "checkout", "metric": "completion", "author": "shop team"}


@dataclass(slots=True)
class Reader:
    """One text being read: where its keys stand, and what is wrong with it so far."""

    file: str | None
    lines: Mapping[Path, int]
    troubles: list[Refused] = field(default_factory=list)

    def place(self, path: Path) -> Place:
        """Where a key stands, or the table that lacks it."""
        nearest = next((path[:length] for length in range(len(path), 0, -1) if path[:length] in self.lines), ())
        names = [str(part) for part in path if isinstance(part, str)]
        return Place(self.file, self.lines.get(nearest, 1), ".".join(names) or None)

    def refuse(self, path: Path, sentence: str) -> None:
        self.troubles.append(Refused(sentence, self.place(path)))

    def only(self, table: Table, path: Path, known: Iterable[str]) -> None:
        """Refuse keys that mean nothing."""
        names = list(known)
        for key in table:
            if key not in names:
                self.refuse((*path, key), f"“{key}” is not known here; known are {', '.join(names)}.")

    def text(self, table: Table, path: Path, key: str, default: str | None = None) -> str:
        value, shown = table.get(key, default), f'{key} = "{EXAMPLES.get(key, "…")}"'
        if value is None:
            self.refuse((*path, key), f"“{key}” is missing; write {shown}.")
        elif not isinstance(value, str):
            self.refuse((*path, key), f"“{key}” is a text; write it in quotes, as in {shown}.")
        elif not value.strip() and default is None:
            self.refuse((*path, key), f"“{key}” is empty; write it between the quotes, as in {shown}.")
        else:
            return value.strip()
        return ""

    def flag(self, table: Table, path: Path, key: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self.refuse((*path, key), f"“{key}” is true or false, without quotes: {key} = true.")
            return False
        return value

    def number(self, table: Table, path: Path, key: str) -> float | None:
        """A finite number; None where there is none, which is refused only if something else stands there."""
        value = table.get(key)
        if value is None:
            return None
        if is_number(value):
            return float(value)
        self.refuse((*path, key), f"“{key}” is a number, without quotes and with a decimal point: {key} = 0.5.")
        return None

    def instant(self, table: Table, path: Path, key: str) -> datetime | None:
        value = table.get(key)
        if value is None or isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day)  # noqa: DTZ001  # without zone, like any time of the file
        self.refuse((*path, key), f"“{key}” is a time such as 2024-01-01T00:00:00Z, without quotes.")
        return None

    def tables(self, document: Table, key: str) -> list[Table]:
        """The tables under `[[key]]`."""
        value = document.get(key, [])
        if isinstance(value, list) and all(isinstance(one, dict) for one in value):
            return value
        self.refuse((key,), f"“{key}” is a list of tables: write [[{key}]].")
        return []

    def table(self, document: Table, path: Path, key: str) -> Table:
        value = document.get(key, {})
        if isinstance(value, dict):
            return value
        self.refuse((*path, key), f"“{key}” is a table: write [{key}], or {key} = {{ … }}.")
        return {}


def reader_of(text: str, file: str | None) -> tuple[Reader, Table]:
    """A reader of a text and its document; Refused, with the line, where the text is no TOML."""
    try:
        return Reader(file, lines_of(text)), tomllib.loads(text)
    except RecursionError:
        raise Refused("The text nests lists or tables deeper than anybody can read.", Place(file)) from None
    except tomllib.TOMLDecodeError as error:
        sentence, _, where = str(error).partition(" (at ")
        line = next((int(word.rstrip(",)")) for word in where.split() if word.rstrip(",)").isdigit()), None)
        last = text.count("\n") + 1
        told = f"This line is not valid TOML ({sentence}); texts stand in quotes, lists in [ ]."
        raise Refused(told, Place(file, line or last)) from None


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def as_text(value: Any) -> str | None:
    """A value under `where` as it is compared: texts as they are, numbers and flags as JSON writes them.

    >>> as_text(True), as_text(5), as_text(1.0), as_text("DE"), as_text([1])
    ('true', '5', '1.0', 'DE', None)
    """
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, bool) or is_number(value) else None
