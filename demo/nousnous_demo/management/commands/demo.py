"""`nous demo build`: a made-up company to look at."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from django.conf import settings
from django_typer.management import TyperCommand, command
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from nousnous.workspaces.shell import JsonOption, as_json
from nousnous_demo.build import OWNER, Share, Stage, build_demo, sign_in_secret
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
        begun_s = time.monotonic()
        with _stages() as stage:
            built = build_demo(Plan(people, seed, days, workspace), stage)
        if json:
            plan = {"workspace": workspace, "people": people, "seed": seed, "days": days}
            typer.echo(as_json({**plan, **built.counts, "truth": str(built.files.truth), "made_up": LABEL}))
            return
        told = ", ".join(f"{count:,} {name}" for name, count in built.counts.items())
        typer.echo(f"{NAME} stands in the workspace “{workspace}” after {time.monotonic() - begun_s:.0f} s.")
        typer.echo(f"{people:,} people over {days} days: {told}.\nWhat was planted: {built.files.truth}")

    @command(name="sign-in", help=f"Print a one-time address that signs {OWNER}, who owns the demo, in.")
    def sign_in(self, workspace: WorkspaceOption = WORKSPACE, json: JsonOption = False) -> None:
        address = f"{settings.NOUS.address.rstrip('/')}/sign-in/{sign_in_secret(workspace)}"
        typer.echo(as_json({"address": address, "email": OWNER}) if json else f"Sign in once as {OWNER}: {address}")


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
