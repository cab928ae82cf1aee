"""What the commands of every part share: options that mean the same everywhere, and rows as a table or JSON."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from nousnous.base.errors import Missing

WorkspaceOption = Annotated[str, typer.Option("--workspace", "-w", help="Slug of the workspace.")]
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def text_of(file: Path) -> str:
    """The text of a file that a command was given, without the mark that some editors put before it."""
    if not file.is_file():
        raise Missing(f"There is no file {file}.")
    return file.read_text(encoding="utf-8-sig")


def printable(text: str) -> str:
    """A text that only shows: what a terminal would obey is shown as what it is not.

    >>> printable("red" + chr(27) + "[31m" + chr(0x9b) + "2J")
    'red�[31m�2J'
    """
    return _OBEYED.sub("\ufffd", text)


@contextmanager
def progress_bar(doing: str, name: str, amounts: ProgressColumn | None = None) -> Iterator[Callable[[int, int], None]]:
    """A bar on the standard error for who waits; yields what is told how much is done, and of how much."""
    columns = (TextColumn("{task.description}"), BarColumn(), amounts or MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"{doing} {name}", total=None)

        def show(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        yield show


def as_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, default=str, indent=indent)


def show_rows(rows: Sequence[Mapping[str, Any]], *, json_wanted: bool, empty: str) -> None:
    """Print rows as JSON or as a table; says what is missing when there are none."""
    if json_wanted:
        typer.echo(as_json(list(rows)))
    elif not rows:
        typer.echo(empty)
    else:
        table = Table(box=None, pad_edge=False)
        for column in rows[0]:
            table.add_column(column.replace("_", " "), overflow="fold", no_wrap=column.endswith("id"))
        for row in rows:
            table.add_row(*("" if value is None else _text(value) for value in row.values()))
        Console(soft_wrap=True, markup=False, emoji=False, highlight=False).print(table)


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return printable(", ".join(value) if isinstance(value, list) else str(value))
