"""Journeys: apply files, start from suggestions and templates, look at versions."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from django_typer.management import TyperCommand, command
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from nousnous.base.errors import Place, Refused
from nousnous.journeys.actions import versions
from nousnous.journeys.actions.suggest import suggest_journey
from nousnous.journeys.actions.templates import list_templates, template_of
from nousnous.journeys.actions.visits import kept_visits
from nousnous.journeys.definition import Definition, study_journey
from nousnous.workspaces.models import Workspace, current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows, text_of

SHELL = "shell"

IdArgument = Annotated[str | None, typer.Argument(help="Id of the journey; not needed where there is only one.")]


class Command(TyperCommand):
    help = "Journeys: apply files, start from suggestions and templates, look at versions."

    @command(help="Make a file the current version of its journey, and compute its visits over what is there.")
    def apply(
        self,
        file: Annotated[Path, typer.Argument(help="The journey as TOML.")],
        workspace: WorkspaceOption,
        json: JsonOption = False,
    ) -> None:
        into, text = current_workspace(workspace), text_of(file)
        if not json:
            _tell_all(study_journey(text, str(file)).troubles, str(file))
        applied = versions.apply_journey(into, text, str(file), SHELL)
        version = applied.version
        _compute(into, applied.definition, quiet=json)
        if json:
            typer.echo(as_json({**version.as_dict(), "changed": applied.changed, "warnings": applied.warnings}))
            return
        for warning in applied.warnings:
            typer.echo(f"Warning: {warning}", err=True)
        said = f"saved as version {version.number}" if applied.changed else f"unchanged, still version {version.number}"
        typer.echo(f"{version.name}: {said}. `nous gap` shows its report.")

    @command(help="Print a journey suggested from the events that came in, as a file to apply.")
    def suggest(
        self,
        workspace: WorkspaceOption,
        id: Annotated[str, typer.Option(help="Id of the journey; made of its steps if not given.")] = "",
        json: JsonOption = False,
    ) -> None:
        found = suggest_journey(current_workspace(workspace), id)
        typer.echo(as_json({"id": found.id, "text": found.text}) if json else found.text, nl=json)

    @command(help="List the journeys to start from.")
    def templates(self, json: JsonOption = False) -> None:
        rows = [{"name": one.name, "meaning": one.meaning} for one in list_templates()]
        show_rows(rows, json_wanted=json, empty="There are no templates.")

    @command(help="Print a journey to start from, as a file to apply.")
    def template(
        self, name: Annotated[str, typer.Argument(help="Name of the template.")], json: JsonOption = False
    ) -> None:
        found = template_of(name)
        typer.echo(as_json({"name": name, "text": found.text}) if json else found.text, nl=json)

    @command(name="list", help="List the journeys of a workspace.")
    def show_all(
        self,
        workspace: WorkspaceOption,
        archived: Annotated[bool, typer.Option("--archived", help="Those that were put away instead.")] = False,
        json: JsonOption = False,
    ) -> None:
        of = current_workspace(workspace)
        found = versions.archived_journeys(of) if archived else versions.list_journeys(of)
        rows = [{**one.as_dict(), "steps": len(one.journey.steps)} for one in found]
        show_rows(rows, json_wanted=json, empty="No journeys; `nous journey suggest` proposes one.")

    @command(help="Print the current text of a journey, or that of an older version.")
    def show(
        self,
        workspace: WorkspaceOption,
        journey: IdArgument = None,
        version: Annotated[int | None, typer.Option(help="An older version.")] = None,
        json: JsonOption = False,
    ) -> None:
        of = current_workspace(workspace)
        found = versions.journey_of(of, journey)
        if version is not None:
            found = versions.version_of(of, found.journey_id, version)
        typer.echo(as_json({**found.as_dict(), "text": found.text}) if json else found.text, nl=json)

    @command(help="List the versions of a journey, newest first.")
    def history(self, workspace: WorkspaceOption, journey: IdArgument = None, json: JsonOption = False) -> None:
        of = current_workspace(workspace)
        found = versions.list_versions(of, versions.journey_of(of, journey).journey_id)
        rows = [
            {"version": one.number, "name": one.name, "actor": one.actor, "applied_at": one.applied_at} for one in found
        ]
        show_rows(rows, json_wanted=json, empty="No versions.")

    @command(help="Put a journey away; applying it again brings it back.")
    def archive(
        self,
        journey: Annotated[str, typer.Argument(help="Id of the journey.")],
        workspace: WorkspaceOption,
        json: JsonOption = False,
    ) -> None:
        versions.archive_journey(current_workspace(workspace), journey, SHELL)
        typer.echo(as_json({"archived": journey}) if json else f"{journey} is put away.")


def _tell_all(troubles: Sequence[Refused], file: str) -> None:
    """Applying refuses by the first trouble; where there are more, one look is to mend them all."""
    if len(troubles) > 1:
        for trouble in troubles:
            typer.echo(str(trouble), err=True)
        raise Refused(f"{len(troubles)} things are wrong; mend them and apply it again.", Place(file))


def _compute(workspace: Workspace, definition: Definition, *, quiet: bool) -> Any:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=Console(stderr=True, quiet=quiet), transient=True) as bars:
        task = bars.add_task("Visits", total=1.0)
        kept_visits(workspace, definition.journey, lambda share: bars.update(task, completed=share))
