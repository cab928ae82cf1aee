"""`nous spreads`: how scores are spread, and the screens behind low ones, in the terminal and as JSON."""

from typing import Annotated

import typer
from django_typer.management import TyperCommand
from rich.console import Console
from rich.table import Table

from nousnous.base.errors import Place, Refused
from nousnous.capabilities.spreads.actions.screens import ScreensReport, screens_of
from nousnous.capabilities.spreads.actions.spreads import spreads_of
from nousnous.capabilities.spreads.measures.spreads import SpreadReport
from nousnous.capabilities.spreads.views import cards
from nousnous.capabilities.spreads.views.spreads import ends_of, line_of, title_of
from nousnous.capabilities.spreads.views.step import title_of as title_of_step
from nousnous.charts.words import number, percent
from nousnous.journeys.windows import Asked
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, printable


class Command(TyperCommand):
    help = "How answers are spread at each step, and which screens stand behind the low ones."

    def handle(
        self,
        workspace: WorkspaceOption,
        step: Annotated[str, typer.Option(help="Id of a step: the screens behind its low answers.")] = "",
        metric: Annotated[str, typer.Option(help="nps, csat, ces or rating: with --step, what was asked.")] = "",
        journey: Annotated[str, typer.Option(help="Id of a journey; answers about all steps if none.")] = "",
        from_: Annotated[str, typer.Option("--from", help="First day or instant, in the workspace's zone.")] = "",
        to: Annotated[str, typer.Option(help="Day or instant before which it ends.")] = "",
        by: Annotated[str, typer.Option(help="Split by country, channel or platform.")] = "",
        segment: Annotated[str, typer.Option(help="Only a part: country=DE, or the name of a saved segment.")] = "",
        json: JsonOption = False,
    ) -> None:
        asked = Asked(journey or None, from_ or None, to or None, by or None, segment or None)
        if bool(step) != bool(metric):
            raise Refused("Say both --step and --metric, or neither.", Place(field="metric" if step else "step"))
        found = (
            screens_of(current_workspace(workspace), asked, step, metric)
            if step
            else spreads_of(current_workspace(workspace), asked)
        )
        if json:
            typer.echo(as_json(found.as_dict()))
        elif isinstance(found, ScreensReport):
            _show_screens(found, Console(markup=False, emoji=False, highlight=False))
        else:
            _show(found, Console(markup=False, emoji=False, highlight=False))


def _show(report: SpreadReport, console: Console) -> None:
    console.print(title_of(report), style="bold", markup=False, highlight=False)
    table = _table("Step", "Question", "Low answers", "95% interval", "Change", "Score", "n")
    for row in report.rows:
        line = line_of(row)
        table.add_row(line.name, line.question, line.low, line.ends, line.change, line.value, line.n)
        for value, one in row.segments.items():
            tail = one.low_tail
            table.add_row(
                printable(f"  {report.by} {value}"), "", percent(tail.value), ends_of(tail), "", "", number(tail.n)
            )
    console.print(table)


def _show_screens(report: ScreensReport, console: Console) -> None:
    console.print(title_of_step(report), style="bold", markup=False, highlight=False)
    missing = cards.missing(report.screens)
    if missing:
        console.print(f"Need {missing} before a screen is named.", markup=False, highlight=False)
    table = _table("Screen", "Low sessions", "High sessions", "Chance", "People", "Named")
    for one in report.screens.screens:
        shares = (percent(one.low.value), percent(one.high.value))
        said = "guilty" if one.guilty else "not proven"
        table.add_row(printable(one.screen), *shares, cards.chance(one.adjusted), number(one.persons), said)
    console.print(table)


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", highlight=False)
    for name in names:
        table.add_column(name)
    return table
