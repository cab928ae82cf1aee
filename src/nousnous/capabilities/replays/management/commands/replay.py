"""`nous replay`: what sessions showed, listed, told and taken out."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from django_typer.management import TyperCommand, command

from nousnous.capabilities.replays.actions.exporting import export_replay
from nousnous.capabilities.replays.actions.heat import list_screens, screen_heat
from nousnous.capabilities.replays.actions.reading import ReplayQuery, list_replays, read_replay
from nousnous.capabilities.replays.actions.telling import replay_as_dict, summary_as_dict
from nousnous.collector.retrieval import wanted_events
from nousnous.workspaces.actions import SHELL, audit
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows

SessionArgument = Annotated[str, typer.Argument(metavar="SESSION", help="The session, as `nous replay list` shows it.")]
LISTED = ("session", "person", "started_at", "duration_s", "signals", "errors", "pieces")


class Command(TyperCommand):
    help = "Recordings of sessions: list them, tell their moments, take one out as a file."

    @command(name="list", help="List recorded sessions, the newest first.")
    def show_all(
        self,
        workspace: WorkspaceOption,
        person: Annotated[str, typer.Option(help="Id of the person, known or anonymous.")] = "",
        screen: Annotated[str, typer.Option(help="Path of a page or name of a screen that was seen.")] = "",
        signal: Annotated[str, typer.Option(help="Name of an event that happened, such as “Rage Click”.")] = "",
        from_: Annotated[str, typer.Option("--from", help="First start.")] = "",
        to: Annotated[str, typer.Option(help="Moment before which it started.")] = "",
        most: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
        json: JsonOption = False,
    ) -> None:
        owner = current_workspace(workspace)
        period = wanted_events(owner, from_, to)
        found = list_replays(owner, ReplayQuery(person, screen, signal, period.from_us, period.to_us, most))
        rows: list[Mapping[str, Any]] = [summary_as_dict(owner.slug, one) for one in found]
        shown = rows if json else [{name: row[name] for name in LISTED} for row in rows]
        show_rows(shown, json_wanted=json, empty="No recordings yet; `nous import replay FILE` brings one in.")

    @command(help="Tell the moments of a replay.")
    def show(self, session: SessionArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        owner = current_workspace(workspace)
        told = replay_as_dict(owner.slug, read_replay(owner, session))
        audit(owner, SHELL, "watch replay", session)
        if json:
            typer.echo(as_json(told))
            return
        typer.echo(f"{told['duration_s']:g} s of {told['person'] or 'nobody known'}, {told['started_at']}")
        for gap in told["gaps"]:
            typer.echo(f"{gap['pieces']} pieces are missing between {gap['from_s']:g} and {gap['to_s']:g} s.")
        rows = [{name: one[name] for name in ("at_s", "kind", "sentence", "screen")} for one in told["moments"]]
        show_rows(rows, json_wanted=False, empty="No event or answer of this session is known.")

    @command(
        help="Where people click on a screen, and where nothing answers; without a screen, which screens there are."
    )
    def heat(
        self,
        workspace: WorkspaceOption,
        screen: Annotated[str, typer.Option(help="Path of a page or name of a screen.")] = "",
        width: Annotated[str, typer.Option(help="phone, tablet or desktop; the most common one if not given.")] = "",
        days: Annotated[int, typer.Option(min=1, max=800, help="So many days back from now.")] = 90,
        json: JsonOption = False,
    ) -> None:
        owner = current_workspace(workspace)
        if screen:
            found = screen_heat(owner, screen, width, days)
            if json:
                typer.echo(as_json(asdict(found)))
                return
        rows = [asdict(one) for one in (found.map.elements if screen else list_screens(owner, days))]
        show_rows(rows, json_wanted=json, empty="No clicks are known; a line on your pages sends them.")

    @command(help="Write a replay as a JSON array of rrweb events; `nous import replay` takes it back.")
    def export(
        self,
        session: SessionArgument,
        workspace: WorkspaceOption,
        output: Annotated[Path | None, typer.Option(help="File to write; the terminal if not given.")] = None,
        json: JsonOption = False,
    ) -> None:
        owner = current_workspace(workspace)
        body, lost = export_replay(owner, session)
        audit(owner, SHELL, "export replay", session)
        if output is None:
            typer.echo(body.decode())
            return
        output.write_bytes(body)
        sentence = f"{output} holds the replay" + (f" without {lost} pieces that are gone or damaged." if lost else ".")
        typer.echo(as_json({"output": str(output), "lost": lost}) if json else sentence)
