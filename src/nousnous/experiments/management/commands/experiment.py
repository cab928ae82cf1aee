"""Experiments: apply files, list them, read them out, end them; which arms somebody is in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from django_typer.management import TyperCommand, command

from nousnous.experiments.actions import flags, keeping, planning, reading
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows, text_of

SHELL = "shell"

ExperimentArgument = Annotated[str, typer.Argument(help="Id of the experiment.")]


class Command(TyperCommand):
    help = "Experiments: apply files, list them, read them out, end them; which arms somebody is in."

    @command(help="Make a file the current version of its experiment, and say what it can show.")
    def apply(
        self,
        file: Annotated[Path, typer.Argument(help="The experiment as TOML.")],
        workspace: WorkspaceOption,
        json: JsonOption = False,
    ) -> None:
        into = current_workspace(workspace)
        kept = keeping.apply_experiment(into, text_of(file), str(file), SHELL)
        plans = [one.as_dict() for one in planning.plans_of(into, kept.definition, kept)]
        if json:
            typer.echo(as_json({**kept.as_dict(), "plan": plans}))
            return
        typer.echo(f"{kept.version.name}, version {kept.version.number}, is {kept.status}.")
        rounded = [{name: _short(value) for name, value in one.items()} for one in plans]
        show_rows(rounded, json_wanted=False, empty="No metric of events: nothing can be planned.")

    @command(name="list", help="List the experiments of a workspace.")
    def show_all(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        names = ("id", "name", "version", "status", "start", "end")
        found: list[Mapping[str, Any]] = [
            one.as_dict() for one in keeping.list_experiments(current_workspace(workspace))
        ]
        rows = found if json else [{name: row[name] for name in names} for row in found]
        show_rows(rows, json_wanted=json, empty="No experiments; `nous experiment apply FILE` plans one.")

    @command(help="Print an experiment as a file.")
    def show(self, experiment: ExperimentArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = keeping.experiment_of(current_workspace(workspace), experiment)
        typer.echo(as_json({**found.as_dict(), "text": found.version.text}) if json else found.version.text, nl=json)

    @command(help="Read an experiment out, or a play's holdout: what was found comes first.")
    def read(self, experiment: ExperimentArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = reading.read_experiment(current_workspace(workspace), experiment)
        if json:
            typer.echo(as_json(found.as_dict()))
            return
        typer.echo(found.sentence)
        names = ("metric", "variant", "verdict", "p_adjusted")
        told: list[Mapping[str, Any]] = [line.as_dict() for line in found.lines]
        rows = [{name: _short(line[name]) for name in names} for line in told]
        show_rows(rows, json_wanted=False, empty="")

    @command(help="End a running experiment now: nobody is assigned any more.")
    def end(self, experiment: ExperimentArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        ended = keeping.end_experiment(current_workspace(workspace), experiment, SHELL)
        typer.echo(as_json(ended.as_dict()) if json else f"{ended.version.name} is ended.")

    @command(name="flags", help="Which arms somebody is in; nothing is noted.")
    def show_flags(
        self,
        person: Annotated[str, typer.Argument(help="The person's known id.")],
        workspace: WorkspaceOption,
        country: Annotated[str, typer.Option(help="Country of the person.")] = "",
        json: JsonOption = False,
    ) -> None:
        arms = flags.arms_of(current_workspace(workspace).id, flags.asking_of(person, "", country))
        rows = [{"experiment": name, "arm": arm} for name, arm in arms.items()]
        show_rows(rows, json_wanted=json, empty=f"{person} is in no experiment.")


def _short(value: object) -> object:
    return round(value, 3) if isinstance(value, float) else value
