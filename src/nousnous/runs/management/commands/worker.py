"""`nous worker`: perform durable work in a process of its own."""

import signal
import threading

from django_typer.management import TyperCommand

from nousnous.runs.heaps import share_heaps
from nousnous.runs.worker import Worker


class Command(TyperCommand):
    help = "Perform durable work (schedules, clocks, what follows from facts) in a process of its own."

    def handle(self) -> None:
        share_heaps()
        worker, told_to_stop = Worker(), threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: told_to_stop.set())
        worker.start()
        told_to_stop.wait()
        worker.stop()
