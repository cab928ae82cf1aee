"""Files: bring events, survey answers, conversations and recordings in, list and undo what was brought."""

from pathlib import Path
from typing import Annotated

import typer
from django_typer.management import TyperCommand, command

from nousnous.base.errors import Missing, Refused
from nousnous.collector.imports.actions import Preview, Upload, import_file, preview_file, undo_import
from nousnous.collector.imports.conversations import (
    PACKAGED,
    ConversationMapping,
    conversation_mapping,
    packaged_mapping,
)
from nousnous.collector.imports.mapping import EventMapping, event_mapping
from nousnous.collector.imports.questions import survey_mapping
from nousnous.collector.imports.rejects import read_rejects, reject_path
from nousnous.collector.imports.replays import RecordingMapping
from nousnous.collector.imports.telling import how_read, what_is_missing
from nousnous.collector.models import Import
from nousnous.workspaces.models import Workspace, current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, progress_bar, show_rows

FileArgument = Annotated[Path, typer.Argument(help="The file: CSV, JSON lines or Parquet, gzipped or not.")]
RecordingArgument = Annotated[
    Path, typer.Argument(help="The file: a JSON array of rrweb events, or one a line; gzipped or not.")
]
MappingOption = Annotated[Path | None, typer.Option(help="TOML file whose values are expressions over the columns.")]
MapOption = Annotated[list[str] | None, typer.Option("--map", help="field=column; may be given more than once.")]
ConstOption = Annotated[list[str] | None, typer.Option("--const", help="field=value; may be given more than once.")]
TimezoneOption = Annotated[str, typer.Option(help="Time zone of times that name none; UTC if not given.")]
TimeFormatOption = Annotated[
    str, typer.Option(help="How times are written: day-first, month-first, or %d/%m/%Y %H:%M.")
]
DelimiterOption = Annotated[str, typer.Option(help="What separates the columns of a CSV; guessed if not given.")]
EncodingOption = Annotated[str, typer.Option(help="utf-8, utf-16 or cp1252 (Windows); guessed if not given.")]
DecimalOption = Annotated[str, typer.Option(help="Mark before decimals, . or ,; guessed if not given.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show the first rows as they would be stored.")]

LISTED = ("id", "kind", "file_name", "state", "added", "repeated", "refused", "rejected", "started_at", "started_by")
SHOWN = ("id", "file_name", "state", "added", "rejected")
COUNTS = ("rows_read", "added", "repeated", "refused", "rejected", "blank", "empty")
FIRST_REJECTS = 3


class Command(TyperCommand):
    help = "Files: bring events, survey answers, conversations and recordings in, list and undo what was brought."

    @command(help="Bring in the events of a file. Running it again adds nothing, and finishes what was interrupted.")
    def events(
        self,
        file: FileArgument,
        workspace: WorkspaceOption,
        map_: MapOption = None,
        const: ConstOption = None,
        mapping: MappingOption = None,
        timezone: TimezoneOption = "",
        time_format: TimeFormatOption = "",
        delimiter: DelimiterOption = "",
        encoding: EncodingOption = "",
        decimal: DecimalOption = "",
        dry_run: DryRunOption = False,
        json: JsonOption = False,
    ) -> None:
        asked = event_mapping(_text_of(mapping), mapping.name) if mapping else EventMapping()
        asked = asked.with_sources(map_ or [], "column").with_sources(const or [], "constant")
        asked = asked.with_options(
            timezone=timezone, time_format=time_format, delimiter=delimiter, encoding=encoding, decimal=decimal
        )
        _perform(Upload(file, asked), current_workspace(workspace), dry_run=dry_run, json_wanted=json)

    @command(help="Bring in the answers of a survey, one column for each question. Running it again adds nothing.")
    def survey(
        self,
        file: FileArgument,
        workspace: WorkspaceOption,
        mapping: Annotated[
            Path, typer.Option(help="TOML file that says whose answers, when, and what each column is.")
        ],
        timezone: TimezoneOption = "",
        time_format: TimeFormatOption = "",
        delimiter: DelimiterOption = "",
        encoding: EncodingOption = "",
        decimal: DecimalOption = "",
        dry_run: DryRunOption = False,
        json: JsonOption = False,
    ) -> None:
        asked = survey_mapping(_text_of(mapping), mapping.name).with_options(
            timezone=timezone, time_format=time_format, delimiter=delimiter, encoding=encoding, decimal=decimal
        )
        _perform(Upload(file, asked), current_workspace(workspace), dry_run=dry_run, json_wanted=json)

    @command(
        help="Bring in messages of conversations. Running it again adds nothing, and finishes what was interrupted."
    )
    def conversations(
        self,
        file: Annotated[
            Path,
            typer.Argument(
                help="The file: JSON lines of Zendesk or Intercom, CSV, JSON lines or Parquet, gzipped or not; or a "
                "folder or ZIP with the tables of Zendesk or Intercom from a warehouse."
            ),
        ],
        workspace: WorkspaceOption,
        tool: Annotated[str, typer.Option(help=f"Whose export it is, by a mapping here: {', '.join(PACKAGED)}.")] = "",
        map_: MapOption = None,
        mapping: MappingOption = None,
        timezone: TimezoneOption = "",
        time_format: TimeFormatOption = "",
        delimiter: DelimiterOption = "",
        encoding: EncodingOption = "",
        dry_run: DryRunOption = False,
        json: JsonOption = False,
    ) -> None:
        asked = packaged_mapping(tool) if tool else ConversationMapping()
        asked = conversation_mapping(_text_of(mapping), mapping.name) if mapping else asked
        asked = asked.with_columns(dict(_pair(one) for one in map_ or []))
        asked = asked.with_options(timezone=timezone, time_format=time_format, delimiter=delimiter, encoding=encoding)
        _perform(Upload(file, asked), current_workspace(workspace), dry_run=dry_run, json_wanted=json)

    @command(help="Bring in the recording of a session (rrweb's JSON). Running it again adds nothing.")
    def replay(
        self,
        file: Annotated[
            Path, typer.Argument(help="The file: a JSON array of rrweb events, or one a line; gzipped or not.")
        ],
        workspace: WorkspaceOption,
        person: Annotated[str, typer.Option(help="Whose recording it is: an id as events name it.")] = "",
        dry_run: DryRunOption = False,
        json: JsonOption = False,
    ) -> None:
        upload = Upload(file, RecordingMapping(person))
        _perform(upload, current_workspace(workspace), dry_run=dry_run, json_wanted=json)

    @command(name="list", help="List the imports of a workspace, newest first.")
    def show(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        rows = list(current_workspace(workspace).imports.values(*(LISTED if json else SHOWN)))
        show_rows(rows, json_wanted=json, empty="No imports yet; `nous import events FILE` makes one.")

    @command(help="Remove again what an import brought.")
    def undo(
        self,
        import_id: Annotated[str, typer.Argument(metavar="ID", help="The import, as `nous import list` shows it.")],
        workspace: WorkspaceOption,
        json: JsonOption = False,
    ) -> None:
        record = undo_import(current_workspace(workspace), import_id)
        typer.echo(as_json({"id": record.id, "state": record.state}) if json else f"{record.id} is undone.")


def _perform(upload: Upload, workspace: Workspace, *, dry_run: bool, json_wanted: bool) -> None:
    if dry_run:
        _show_preview(preview_file(upload), upload.kind, json_wanted=json_wanted)
        return
    with progress_bar("Importing", upload.path.name) as progress:
        record = import_file(workspace, upload, progress)
    _show_record(record, json_wanted=json_wanted)


def _pair(text: str) -> tuple[str, str]:
    name, equals, column = text.partition("=")
    if not equals or not name.strip() or not column.strip():
        raise Refused(f"“{text}” is no pair; write field=column.")
    return name.strip(), column.strip()


def _text_of(path: Path) -> str:
    if not path.is_file():
        raise Missing(f"There is no mapping file {path}.")
    return path.read_text("utf-8")


def _show_preview(preview: Preview, kind: str, *, json_wanted: bool) -> None:
    fields = preview.mapping.fields if isinstance(preview.mapping, EventMapping) else {}
    sources = {name: f"{one.kind} {one.text}" for name, one in fields.items()}
    kept = preview.mapping.as_dict()
    reading, missing = how_read(kept), what_is_missing(kind, kept, stored=False)
    if json_wanted:
        told = {"mapping": sources, "reading": reading, "rows": preview.rows, "rejected": preview.rejected}
        typer.echo(as_json(told))
        return
    if sources:
        show_rows([{"field": name, "comes_from": text} for name, text in sources.items()], json_wanted=False, empty="")
        typer.echo("")
    names, values = preview.table()
    rows = [dict(zip(names, row, strict=True)) for row in values]
    show_rows(rows, json_wanted=False, empty="None of the first rows can be read.")
    if preview.rejected:
        typer.echo("\nThese of the first rows cannot be read, and would be left out:")
        show_rows(preview.rejected, json_wanted=False, empty="")
    _say("", reading, missing, "Nothing was stored. The same command without --dry-run imports the file.")


def _show_record(record: Import, *, json_wanted: bool) -> None:
    rejects = str(reject_path(record.id)) if record.rejected else None
    reading = how_read(record.mapping)
    if json_wanted:
        counts = {name: getattr(record, name) for name in COUNTS}
        typer.echo(as_json({"id": record.id, "state": record.state, **counts, "reading": reading, "rejects": rejects}))
        return
    typer.echo(f"{record.file_name} ({record.id}): {record.added:,} added, {record.repeated:,} were there already.")
    _say(record.reason, reading, _blank_rows(record.blank), what_is_missing(record.kind, record.mapping, stored=True))
    if record.empty:
        typer.echo(f"{record.empty:,} hold no words of a person (notices, quotes, attachments) and were left out.")
    if record.refused:
        typer.echo(f"{record.refused:,} belong to people of whom nothing may be kept.")
    if not record.rows_read:
        typer.echo("The file has column names and no rows below them; export it again with its rows.")
    if rejects:
        typer.echo(f"{record.rejected:,} could not be read; each is in {rejects}. The first:")
        for one in read_rejects(record.id, FIRST_REJECTS):
            typer.echo(f"  line {one['line']}: {one['field']} {one['reason']}")
        typer.echo(
            f"Mend these lines, or say more about the file (`nous import {record.kind} --help`), and import it again: "
            "what is there already is not added twice."
        )


def _blank_rows(count: int) -> str:
    return f"{count:,} blank row{'' if count == 1 else 's'} left out." if count else ""


def _say(*sentences: str) -> None:
    for sentence in sentences:
        if sentence:
            typer.echo(sentence)
