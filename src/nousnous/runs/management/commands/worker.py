"""`nous worker`: perform durable work in a process of its own."""

import signal

from django_typer.management import TyperCommand

from nousnous.runs.worker import Worker


class Command(TyperCommand):
    help = "Perform durable work (schedules, clocks, what follows from facts) in a process of its own."

    def handle(self) -> None:
        worker = Worker()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: worker.stop(patience_s=0))
        worker.serve()
