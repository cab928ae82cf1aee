"""`nous runs`: what waits, what died and why, and trying it again."""

from typing import Annotated

from django_typer.management import TyperCommand, command
from typer import Argument, Option, echo

from nousnous.runs.actions import retry_run
from nousnous.runs.models import Run, Schedule
from nousnous.workspaces.actions import SHELL
from nousnous.workspaces.models import current_workspace
from nousnous.workspaces.shell import JsonOption, as_json, show_rows

STATUSES = (Run.WAITING, Run.DEAD, Run.DONE, Run.CANCELLED)


class Command(TyperCommand):
    help = "Durable work: what waits, what died and why, and trying it again."

    @command(name="list", help="List runs, the newest first.")
    def list_runs(
        self,
        status: Annotated[str, Option(help=f"{', '.join(STATUSES)}; else all.")] = "",
        workspace: Annotated[str, Option("--workspace", "-w", help="Only those of one workspace.")] = "",
        most: Annotated[int, Option(help="How many to list.")] = 50,
        json: JsonOption = False,
    ) -> None:
        within = Run.objects.of(current_workspace(workspace)) if workspace else Run.objects.all()
        rows = [
            {
                "run_id": run.id,
                "kind": run.kind,
                "stage": run.stage,
                "status": run.status,
                "failures": run.failures,
                "due_at": run.due_at,
                "trouble": run.trouble if json else run.last_words,
            }
            for run in within.newest(status, most)
        ]
        show_rows(rows, json_wanted=json, empty="There are no such runs.")

    @command(help="Let a dead run try again from the stage at which it died.")
    def retry(
        self, run_id: Annotated[str, Argument(help="The run, as `nous runs list` shows it.")], json: JsonOption = False
    ) -> None:
        run = retry_run(run_id, SHELL)
        echo(as_json({"run_id": run.id, "status": run.status}) if json else f"{run} is tried again by the next worker.")

    @command(help="What starts by the calendar, and when next.")
    def schedules(self, json: JsonOption = False) -> None:
        rows = [
            {"name": one.name, "cron": one.cron, "timezone": one.timezone, "next_at": one.next_at}
            for one in Schedule.objects.order_by("next_at")
        ]
        show_rows(rows, json_wanted=json, empty="Nothing is scheduled yet; a worker writes the schedules at its start.")
