"""`nous worker`: perform durable work in a process of its own."""

import signal
import threading
from typing import Annotated

import typer
from django_typer.management import TyperCommand

from nousnous.collector.loader import Loader
from nousnous.collector.serving import Background
from nousnous.runs.heaps import tidy_heaps
from nousnous.runs.worker import STOP_PATIENCE_S, Worker


class Command(TyperCommand):
    help = "Perform durable work (schedules, clocks, what follows from facts) in a process of its own."

    def handle(
        self,
        load: Annotated[
            bool, typer.Option(help="Load what the work itself accepts; else another process does.")
        ] = True,
    ) -> None:
        tidy_heaps()
        background: list[Background] = [Worker()]
        background += [Loader()] if load else []
        told_to_stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: told_to_stop.set())
        for work in background:
            work.start()
        told_to_stop.wait()
        for work in background:
            work.stop(STOP_PATIENCE_S)
