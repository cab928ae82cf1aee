"""`nous serve`: the site, the API and the collector, with the work in the background, in one process."""

from typing import Annotated

import typer
from django_typer.management import TyperCommand

from nousnous.collector.loader import Loader
from nousnous.collector.serving import Background, run
from nousnous.runs.worker import Worker


class Command(TyperCommand):
    help = "Serve the site, the API and the collector, and work in the background."

    def handle(
        self,
        host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
        port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8000,
        worker: Annotated[bool, typer.Option(help="Do the work in the background here too.")] = True,
        load: Annotated[bool, typer.Option(help="Load what is received here; else another process does.")] = True,
    ) -> None:
        from nousnous.site.asgi import application

        background: list[Background] = [Loader()] if load else []
        background += [Worker()] if worker else []
        run(application, (host, port), "Nous-Nous", background)
