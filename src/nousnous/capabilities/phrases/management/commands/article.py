"""`nous article`: the help that customers read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from django_typer.management import TyperCommand, command

from nousnous.capabilities.phrases.actions import articles
from nousnous.workspaces.actions import SHELL
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows, text_of

ArticleArgument = Annotated[str, typer.Argument(metavar="ARTICLE", help="Address of the article, such as late-orders.")]


class Command(TyperCommand):
    help = "Articles that customers look up: written in Markdown, published in versions."

    @command(name="list", help="List articles; with words, the published ones that have them.")
    def show_all(
        self,
        workspace: WorkspaceOption,
        search: Annotated[str, typer.Option(help="Words, or beginnings of them.")] = "",
        json: JsonOption = False,
    ) -> None:
        found = current_workspace(workspace)
        listed = articles.find_articles(found, search) if search else articles.list_articles(found)
        names = ("slug", "title", "locale", "state", "version", "helpful", "answered")
        told: list[Mapping[str, Any]] = [one.as_dict() for one in listed]
        rows = [{name: one[name] for name in names} for one in told]
        show_rows(rows, json_wanted=json, empty="No article is here; `nous article write` writes one.")

    @command(help="Keep a version of an article from a Markdown file; customers read it once it is published.")
    def write(
        self,
        article: ArticleArgument,
        file: Annotated[Path, typer.Argument(metavar="FILE", help="Markdown.")],
        workspace: WorkspaceOption,
        title: Annotated[str, typer.Option(help="Title of the article.")],
        locale: Annotated[str, typer.Option(help="Language, such as en or pt-br.")] = "en",
        json: JsonOption = False,
    ) -> None:
        draft = articles.Draft(article, title, text_of(file), locale)
        made = articles.write_article(current_workspace(workspace), draft, SHELL).as_dict()
        typer.echo(as_json(made) if json else f"{made['slug']}, version {made['version']}, is {made['state']}.")

    @command(help="Let customers read the newest version.")
    def publish(self, article: ArticleArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        made = articles.publish_article(current_workspace(workspace), article, SHELL).as_dict()
        typer.echo(as_json(made) if json else f"Customers read version {made['version']} of {made['slug']}.")

    @command(name="take-down", help="Let customers read it no more.")
    def take_down(self, article: ArticleArgument, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        gone = articles.take_down_article(current_workspace(workspace), article, SHELL).as_dict()
        typer.echo(as_json(gone) if json else f"Customers read {gone['slug']} no more.")
