"""Events: read back what was stored."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated

import pyarrow as pa
import pyarrow.parquet as pq
import typer
from django_typer.management import TyperCommand, command, initialize

from nousnous.base.errors import Refused
from nousnous.collector.retrieval import COLUMNS, as_lines, stored_events, wanted_events
from nousnous.workspaces.actions import SHELL, audit
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import WorkspaceOption


class Form(StrEnum):
    JSONL = "jsonl"
    PARQUET = "parquet"


class Command(TyperCommand):
    help = "Events: read back what was stored."

    @initialize()
    def init(self) -> None:
        """Keep `export` a word of its own though it is the only one."""

    @command(help="Export events, oldest first: ids, times, the person, and all properties.")
    def export(
        self,
        workspace: WorkspaceOption,
        from_: Annotated[str, typer.Option("--from", help="First moment, such as 2024-01-31.")] = "",
        to: Annotated[str, typer.Option("--to", help="Moment before which it ends.")] = "",
        person: Annotated[str, typer.Option(help="Id of the person, known or anonymous.")] = "",
        format_: Annotated[Form, typer.Option("--format", help="jsonl or parquet.")] = Form.JSONL,
        output: Annotated[Path | None, typer.Option(help="File to write; else the standard output.")] = None,
    ) -> None:
        found = current_workspace(workspace)
        wanted = wanted_events(found, from_, to, person)
        if format_ is Form.PARQUET and output is None and sys.stdout.isatty():
            raise Refused("Parquet is not for the screen; name a file by --output.")
        audit(found, SHELL, "export events", person)
        with _opened(output) as stream:
            _write(stored_events(found, wanted), stream, format_)


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[bytes]]:
    if output is None:
        yield sys.stdout.buffer
    else:
        with output.open("wb") as stream:
            yield stream


def _write(parts: Iterator[pa.Table], stream: IO[bytes], form: Form) -> None:
    if form is Form.JSONL:
        for part in parts:
            stream.write(as_lines(part).encode())
        return
    kinds = {"ts_us": pa.int64(), "received_us": pa.int64()}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
    with pq.ParquetWriter(stream, schema) as writer:
        for part in parts:
            writer.write_table(part.cast(schema))
