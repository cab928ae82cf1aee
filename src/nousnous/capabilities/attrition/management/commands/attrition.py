"""`nous attrition`: who fades, by which signs, and who is likely to leave."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from django_typer.management import TyperCommand, command

from nousnous.base.errors import Place, Refused
from nousnous.capabilities.attrition.actions.forecasting import train_forecast
from nousnous.capabilities.attrition.actions.reading import count_signals, list_fading
from nousnous.capabilities.attrition.actions.risks import list_risks, read_backtest, read_outlook
from nousnous.capabilities.attrition.actions.signals import change_thresholds, find_signals, limits_as_dict
from nousnous.capabilities.attrition.models import THRESHOLDS
from nousnous.capabilities.attrition.views.outlooks import title_of as outlook_title
from nousnous.capabilities.attrition.views.signs import title_of
from nousnous.charts.words import percent
from nousnous.workspaces.actions import SHELL
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, WorkspaceOption, as_json, show_rows


class Command(TyperCommand):
    help = "Who fades without a word, by which signs, and who is likely to leave."

    @command(help="Find signs of fading again now; a run does it by itself after events came in, and daily.")
    def signals(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        chosen = current_workspace(workspace)
        find_signals(chosen)
        counts = count_signals(chosen)
        typer.echo(as_json(counts.as_dict()) if json else title_of(counts))

    @command(help="Who shows signs of the last 30 days, with evidence; looking is noted in the audit log.")
    def people(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = list_fading(current_workspace(workspace), SHELL)
        if json:
            typer.echo(as_json({"items": [one.as_dict() for one in found]}))
            return
        rows = [
            {"person": one.person, "sign": sign["said"], "began": sign["began_at"]}
            for one in found
            for sign in one.signals
        ]
        show_rows(rows, json_wanted=False, empty="Nobody shows a sign of fading.")

    @command(help="Learn anew from who left before, and give everybody their chance; a run does it every Monday.")
    def train(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        chosen = current_workspace(workspace)
        train_forecast(chosen)
        outlook = read_outlook(chosen)
        if outlook is None:
            raise Refused(
                "There is nothing to learn from yet: it takes 120 days of events of customers who buy or subscribe."
            )
        typer.echo(as_json(outlook.as_dict()) if json else outlook_title(outlook))

    @command(help="The likeliest to leave within 30 days, and why; looking is noted in the audit log.")
    def risks(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = list_risks(current_workspace(workspace), SHELL)
        if json:
            typer.echo(as_json({"items": [one.as_dict() for one in found]}))
            return
        rows = [{"person": one.person, "chance": percent(one.chance), "why": "; ".join(one.reasons)} for one in found]
        show_rows(rows, json_wanted=False, empty="Nobody is told apart by their chance to leave.")

    @command(help="How good the forecast was on months that it had not seen.")
    def backtest(self, workspace: WorkspaceOption, json: JsonOption = False) -> None:
        found = read_backtest(current_workspace(workspace))
        if json:
            typer.echo(as_json(found))
            return
        tried: Mapping[str, Any] | None = found["backtest"]
        names = ("auc", "lift", "slope", "caught", "right", "lead_days")
        rows = [{"measure": name, **tried[name]} for name in names] if tried else []
        show_rows(rows, json_wanted=False, empty=f"It takes {found['fewest_leavers']} who left before to try it.")

    @command(help="Show the thresholds, or change some: --set log_ins=4.")
    def thresholds(
        self,
        workspace: WorkspaceOption,
        changes: Annotated[
            list[str] | None, typer.Option("--set", metavar="NAME=NUMBER", help="May be given again.")
        ] = None,
        json: JsonOption = False,
    ) -> None:
        chosen = current_workspace(workspace)
        if changes:
            change_thresholds(chosen, dict(read_change(one) for one in changes), SHELL)
        found = limits_as_dict(chosen)
        lines = "\n".join(f"{name} = {value}" for name, value in found.items())
        typer.echo(as_json(found) if json else lines)


def read_change(text: str) -> tuple[str, str | None]:
    """A name of a threshold and what it becomes; refuses a name that none has."""
    name, _, value = text.partition("=")
    if name not in THRESHOLDS:
        raise Refused(f"There is no threshold “{name}”; there are {', '.join(THRESHOLDS)}.", Place(field="set"))
    return name, value or None
