"""`nous demo build`: a made-up company to look at."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command
from django_typer.management import TyperCommand, command
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from nousnous.workspaces.shell import JsonOption, as_json
from nousnous_demo.build import OWNER, Share, Stage, build_demo, is_built, sign_in_secret
from nousnous_demo.company import LABEL, NAME
from nousnous_demo.plan import DAYS, PEOPLE, SEED, WORKSPACE, Plan

WorkspaceOption = Annotated[str, typer.Option("--workspace", "-w", help="Slug of the workspace to build it in.")]


class Command(TyperCommand):
    help = "A made-up company to look at, with planted truths."

    @command(help="Build the made-up company: people, months of events, answers, a journey, beliefs, what is planted.")
    def build(
        self,
        people: Annotated[int, typer.Option(help="How many customers it has.")] = PEOPLE,
        seed: Annotated[int, typer.Option(help="The same seed draws the same world.")] = SEED,
        days: Annotated[int, typer.Option(help="How many days it spans, up to yesterday.")] = DAYS,
        workspace: WorkspaceOption = WORKSPACE,
        json: JsonOption = False,
    ) -> None:
        _build(Plan(people, seed, days, workspace), json_wanted=json)

    @command(
        name="open", help="Build the demo where it is missing, print its gaps and a sign-in address, and serve it."
    )
    def open_(
        self,
        port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
        workspace: WorkspaceOption = WORKSPACE,
        json: JsonOption = False,
    ) -> None:
        if not is_built(workspace):
            _build(Plan(workspace=workspace), json_wanted=json)
        call_command("gap", "--workspace", workspace, *(["--json"] if json else []))
        _show_address(workspace, json_wanted=json)
        call_command("serve", "--port", str(port))

    @command(name="sign-in", help=f"Print a one-time address that signs {OWNER}, who owns the demo, in.")
    def sign_in(self, workspace: WorkspaceOption = WORKSPACE, json: JsonOption = False) -> None:
        _show_address(workspace, json_wanted=json)


def _build(plan: Plan, *, json_wanted: bool) -> None:
    begun_s = time.monotonic()
    with _stages() as stage:
        built = build_demo(plan, stage)
    if json_wanted:
        asked = {"workspace": plan.workspace, "people": plan.people, "seed": plan.seed, "days": plan.days}
        typer.echo(as_json({**asked, **built.counts, "truth": str(built.files.truth), "made_up": LABEL}))
        return
    told = ", ".join(f"{count:,} {name}" for name, count in built.counts.items())
    typer.echo(f"{NAME} stands in the workspace “{plan.workspace}” after {time.monotonic() - begun_s:.0f} s.")
    typer.echo(f"{plan.people:,} people over {plan.days} days: {told}.\nWhat was planted: {built.files.truth}\n")


def _show_address(workspace: str, *, json_wanted: bool) -> None:
    address = f"{settings.NOUS.address.rstrip('/')}/sign-in/{sign_in_secret(workspace)}"
    answer = as_json({"address": address, "email": OWNER})
    typer.echo(answer if json_wanted else f"\nSign in once as {OWNER}: {address}")


@contextmanager
def _stages() -> Iterator[Stage]:
    """Each stage is one line with its bar and its seconds."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:

        @contextmanager
        def stage(name: str) -> Iterator[Share]:
            task = bars.add_task(name, total=None)

            def share(done: float) -> None:
                bars.update(task, total=1.0, completed=done)

            yield share
            bars.update(task, total=1.0, completed=1.0)

        yield stage
