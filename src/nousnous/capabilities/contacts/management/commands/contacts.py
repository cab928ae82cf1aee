"""`nous contacts`: who has to come back after a contact was called resolved."""

from typing import Annotated

import typer
from django_typer.management import TyperCommand

from nousnous.capabilities.contacts.actions import USUAL_DAYS, contact_report
from nousnous.capabilities.contacts.views import came_back, change_of, ends_of, title_of
from nousnous.charts.words import number
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows


class Command(TyperCommand):
    help = "Contacts that come back within 7 days, by channel, topic and team, with handling time beside them."

    def handle(
        self,
        workspace: WorkspaceOption,
        days: Annotated[int, typer.Option(help="How many days before the newest event.")] = USUAL_DAYS,
        source: Annotated[str, typer.Option(help="Read from events or conversations; by itself what is there.")] = "",
        json: JsonOption = False,
    ) -> None:
        report = contact_report(current_workspace(workspace), days, source)
        if json:
            typer.echo(as_json(report.as_dict()))
            return
        typer.echo(title_of(report))
        rows = [
            {"group": one.name, "of": one.dimension, "came_back": came_back(one), "interval": ends_of(one),
             "change": change_of(one),
             "minutes": number(one.minutes.value, 1), "contacts": one.avoidance.n, "maturing": one.maturing,
             "mark": "faster, more repeats" if one.hurried else ""}
            for one in report.lines
        ]  # fmt: skip
        show_rows(rows, json_wanted=False, empty="Contact Started and Contact Resolved are the events it reads.")
