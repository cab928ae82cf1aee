"""`nous browsers`: what customers' pages are asked to tell."""

from dataclasses import asdict, replace
from typing import Annotated, Any

from django_typer.management import TyperCommand, command
from typer import Option, echo

from nousnous.collector.capture import PARTS, asked_by_journeys, capture_of, choose_capture
from nousnous.workspaces.actions import SHELL
from nousnous.workspaces.models import Workspace, current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json


class Command(TyperCommand):
    help = "Show and choose what customers' pages are asked to tell."

    @command(help="What pages tell now.")
    def show(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        _show(current_workspace(workspace), json_wanted=json)

    @command(name="set", help="Ask pages for something else; what is not named stays as it is.")
    def choose(
        self,
        workspace: WorkspaceOption,
        parts: Annotated[str | None, Option(help=f"Parts to load, with commas: {', '.join(PARTS)}.")] = None,
        share: Annotated[int | None, Option(help="Per cent of the browsers that load them.")] = None,
        replay_share: Annotated[int | None, Option(help="Per cent of the sessions that are recorded.")] = None,
        show_text: Annotated[bool | None, Option(help="Whether recordings show the text of pages.")] = None,
        scan_share: Annotated[int | None, Option(help="Per cent of the sessions that look for barriers.")] = None,
        query: Annotated[str | None, Option(help="Query parameters to keep, with commas.")] = None,
        traits: Annotated[str | None, Option(help="Traits to keep, with commas.")] = None,
        properties: Annotated[str | None, Option(help="Properties of own events to keep, with commas.")] = None,
        json: JsonOption = False,
    ) -> None:
        found = current_workspace(workspace)
        named = {"parts": parts, "query": query, "traits": traits, "properties": properties}
        chosen: dict[str, Any] = {name: _names(text) for name, text in named.items() if text is not None}
        plain = {"share": share, "replay_share": replay_share, "show_text": show_text, "scan_share": scan_share}
        chosen |= {name: value for name, value in plain.items() if value is not None}
        choose_capture(found, replace(capture_of(found), **chosen), SHELL)
        _show(found, json_wanted=json)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _show(workspace: Workspace, *, json_wanted: bool) -> None:
    told = asdict(capture_of(workspace))
    if json_wanted:
        echo(as_json(told))
        return
    for name, value in told.items():
        echo(f"{name.replace('_', ' ')}: {', '.join(value) if isinstance(value, tuple) else value}")
    for name, values in asked_by_journeys(workspace).items():
        echo(f"asked for by journeys: {name} where it is {' or '.join(values)}")
