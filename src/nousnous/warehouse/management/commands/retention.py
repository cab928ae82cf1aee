"""`nous retention`: how long each table is kept, and letting go of what is past its term."""

from typing import Annotated

from django_typer.management import TyperCommand, command
from typer import Argument, Option

from nousnous.warehouse import actions
from nousnous.workspaces.actions import SHELL
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import show_rows

WorkspaceOption = Annotated[str, Option("--workspace", "-w", help="Slug of the workspace.")]
JsonOption = Annotated[bool, Option("--json", help="Answer as JSON.")]


class Command(TyperCommand):
    help = "How long each table is kept, and letting go of what is past its term."

    @command(help="Show the terms of a workspace.")
    def show(self, workspace: WorkspaceOption, as_json: JsonOption = False) -> None:
        terms = actions.terms(current_workspace(workspace))
        rows = [{"table": table.name, "days": days} for table, days in terms.items()]
        show_rows(rows, json_wanted=as_json, empty="No table is kept.")

    @command(name="set", help="Change the term of a table.")
    def set_term(
        self,
        table: Annotated[str, Argument(help="events, scores, messages, replay_chunks, quarantine or audit.")],
        days: Annotated[int, Argument(help="Days until it is let go.")],
        workspace: WorkspaceOption,
    ) -> None:
        actions.set_term(current_workspace(workspace), table, days, SHELL)
        show_rows([{"table": table, "days": days}], json_wanted=False, empty="")

    @command(help="Let go of what is past its term now, and show the receipts; a daily run does the same.")
    def run(self, workspace: WorkspaceOption, as_json: JsonOption = False) -> None:
        receipts = actions.carry_out_retention(current_workspace(workspace))
        rows = [{"table": one.table, "before": one.before_at.isoformat(), "rows": one.rows} for one in receipts]
        show_rows(rows, json_wanted=as_json, empty="Nothing is past its term.")
