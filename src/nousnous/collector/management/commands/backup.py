"""`nous backup`: a copy of all that this installation keeps, taken while it serves."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django_typer.management import TyperCommand
from rich.progress import DownloadColumn

from nousnous.base import clock
from nousnous.collector.copies import back_up
from nousnous.workspaces.shell import JsonOption, as_json, progress_bar


class Command(TyperCommand):
    help = "Write a copy of everything into one file, while the server runs; `nous restore` puts it back."

    def handle(
        self,
        archive: Annotated[Path, typer.Argument(help="The new file, such as monday.tar.gz.")],
        json: JsonOption = False,
    ) -> None:
        with progress_bar("Writing", archive.name, DownloadColumn()) as progress:
            copy = back_up(archive, progress)
        if json:
            typer.echo(as_json({"archive": str(archive), **asdict(copy)}))
            return
        moment = f"{clock.from_us(copy.taken_us):%Y-%m-%d %H:%M:%S}"
        typer.echo(f"{archive} holds everything as of {moment} UTC: {copy.files:,} files, {copy.bytes / 1e6:,.1f} MB.")
        if copy.lake:
            typer.echo(f"The lake lies in {copy.lake} and is not in it: let that bucket keep versions.")
        if copy.elsewhere:
            typer.echo(f"Recordings lie in {copy.elsewhere} and are not in it: keep copies there.")
        typer.echo("It holds the secret of this installation: guard it like the original.")
