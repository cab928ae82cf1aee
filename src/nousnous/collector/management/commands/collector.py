"""`nous collector`: signals in, alone, without the site."""

from typing import Annotated

import typer
from django_typer.management import TyperCommand

from nousnous.collector.app import application
from nousnous.collector.loader import Loader
from nousnous.collector.serving import run


class Command(TyperCommand):
    help = "Receive signals without the site, and load them into the lake."

    def handle(
        self,
        host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
        port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8000,
        load: Annotated[bool, typer.Option(help="Load what is received here; else another process does.")] = True,
    ) -> None:
        run(application, (host, port), "The collector", [Loader()] if load else [])
