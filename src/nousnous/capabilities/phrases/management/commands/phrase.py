"""`nous phrase`: how we say it, who approved it, and the bundle for an edge."""

from pathlib import Path
from typing import Annotated

import typer
from django_typer.management import TyperCommand, command

from nousnous.capabilities.phrases.actions import serving, writing
from nousnous.workspaces.actions import SHELL
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows

KeyArgument = Annotated[str, typer.Argument(metavar="KEY", help="Key of the phrase.")]
NumberArgument = Annotated[int, typer.Argument(metavar="VERSION", help="Number of the wording.")]
ReasonOption = Annotated[str, typer.Option(help="Why it is not served.")]


class Command(TyperCommand):
    help = "The phrase book: wordings in tones and languages, approved and served."

    @command(name="list", help="List every wording.")
    def show_all(
        self,
        workspace: WorkspaceOption,
        search: Annotated[str, typer.Option(help="Only phrases that hold this text.")] = "",
        json: JsonOption = False,
    ) -> None:
        found = serving.list_phrases(current_workspace(workspace), search)
        names = ("version", "locale", "tone", "status", "plain")
        rows = [
            {"key": one.key, **{name: wording.as_dict()[name] for name in names}}
            for one in found
            for wording in one.wordings.all()
        ]
        show_rows(rows, json_wanted=json, empty="No phrase stands here yet; `nous phrase propose` proposes one.")

    @command(help="Show what is served for a key.")
    def show(
        self,
        key: KeyArgument,
        workspace: WorkspaceOption,
        locale: Annotated[str, typer.Option(help="Language, such as de or pt-br.")] = "",
        tone: Annotated[str, typer.Option(help="Tone, such as empathetic.")] = "",
        json: JsonOption = False,
    ) -> None:
        answer, _ = serving.serve_phrase(current_workspace(workspace), key, locale, tone)
        typer.echo(as_json(answer) if json else answer["plain"])

    @command(help="Put a wording before who approves.")
    def propose(
        self,
        key: KeyArgument,
        plain: Annotated[str, typer.Argument(metavar="TEXT", help="What the customer reads.")],
        workspace: WorkspaceOption,
        tone: Annotated[str, typer.Option(help="A word such as plain, empathetic, legal.")] = "plain",
        locale: Annotated[str, typer.Option(help="Language, such as en or pt-br.")] = "en",
        jargon: Annotated[str, typer.Option(help="How it is said among ourselves.")] = "",
        used_in: Annotated[str, typer.Option(help="Where it stands.")] = "",
        evidence: Annotated[str, typer.Option(help="What says that customers understand it.")] = "",
        json: JsonOption = False,
    ) -> None:
        proposal = writing.Proposal(key, plain, tone, locale, jargon, used_in, evidence)
        made = writing.propose_wording(current_workspace(workspace), proposal, SHELL)
        typer.echo(as_json(made.as_dict()) if json else f"{made} waits for approval.")

    @command(help="Serve a wording from now on.")
    def approve(
        self, key: KeyArgument, number: NumberArgument, workspace: WorkspaceOption, json: JsonOption = False
    ) -> None:
        made = writing.approve_wording(current_workspace(workspace), key, number, SHELL)
        typer.echo(as_json(made.as_dict()) if json else f"{made} is served.")

    @command(help="Say why a proposed wording will not be served.")
    def decline(
        self,
        key: KeyArgument,
        number: NumberArgument,
        workspace: WorkspaceOption,
        reason: ReasonOption,
        json: JsonOption = False,
    ) -> None:
        gone = writing.decline_wording(current_workspace(workspace), key, number, reason, SHELL)
        typer.echo(as_json(gone.as_dict()) if json else f"{gone} is declined.")

    @command(help="Serve a wording no more.")
    def withdraw(
        self,
        key: KeyArgument,
        number: NumberArgument,
        workspace: WorkspaceOption,
        reason: ReasonOption,
        json: JsonOption = False,
    ) -> None:
        gone = writing.withdraw_wording(current_workspace(workspace), key, number, reason, SHELL)
        typer.echo(as_json(gone.as_dict()) if json else f"{gone} is withdrawn.")

    @command(help="Write every approved wording as one JSON document, for an edge.")
    def bundle(
        self,
        workspace: WorkspaceOption,
        output: Annotated[Path | None, typer.Option(help="File to write; without it the document is printed.")] = None,
    ) -> None:
        answer, _ = serving.serve_bundle(current_workspace(workspace))
        text = as_json(answer)
        if output is None:
            typer.echo(text)
        else:
            output.write_text(f"{text}\n", encoding="utf-8")
            typer.echo(f"{len(answer['phrases'])} phrases are in {output}.")
