"""`nous restore`: put a copy back into an empty home."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django_typer.management import TyperCommand
from rich.progress import DownloadColumn

from nousnous.base import clock
from nousnous.collector.copies import restore
from nousnous.workspaces.shell import JsonOption, as_json, progress_bar


class Command(TyperCommand):
    help = "Put what `nous backup` wrote into an empty home."

    def handle(
        self,
        archive: Annotated[Path, typer.Argument(help="The file that `nous backup` wrote.")],
        json: JsonOption = False,
    ) -> None:
        with progress_bar("Unpacking", archive.name, DownloadColumn()) as progress:
            copy = restore(archive, progress)
        if json:
            typer.echo(as_json({"archive": str(archive), "home": str(settings.NOUS.home), **asdict(copy)}))
            return
        moment = f"{clock.from_us(copy.taken_us):%Y-%m-%d %H:%M:%S}"
        typer.echo(f"{settings.NOUS.home} holds everything as of {moment} UTC: {copy.files:,} files.")
        typer.echo("Whom you erased since then stands in it again: erase them again.")
