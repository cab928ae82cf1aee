"""Commands of guides, each a process of its own that is forked from one which has loaded the libraries already.

Loading them takes longer than most commands do. A forked process gets its arguments, folder, environment and files from
whoever called, reads its settings anew, and runs and ends as the real command does. Usage: preforked.py SOCKET
"""

import gc
import importlib
import json
import os
import socket
import sys
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess as Process
from typing import Any, NoReturn

LIBRARIES = [
    *("asgiref.sync", "django.core.management", "django.core.serializers.json", "django.db.backends.sqlite3.base"),
    *("django.db.models", "django.template.defaulttags", "django.urls", "pydantic", "requests", "msgspec", "tomlkit"),
    *("numpy", "scipy.special", "scipy.stats", "statsmodels.api", "pyarrow.dataset", "pyarrow.parquet", "deltalake"),
    *("ibis", "ibis.backends.duckdb", "rich.console", "rich.markdown", "rich.progress", "rich.traceback", "typer"),
    *("typer.rich_utils", "typst"),
]
STANDARD = (0, 1, 2)


def serve(place: str) -> NoReturn:
    """Fork for everybody who calls, and tell them how it ended."""
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.freeze()  # a forked process that looks through what was loaded copies all of it
    calls: dict[Any, tuple[Process, socket.socket]] = {}
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(place)
        listening.listen()
        print("ready", flush=True)  # noqa: T201  # whoever started this waits for it
        while True:
            for ready in wait([listening, *calls]):
                if ready is listening:
                    process, asked = begun(listening.accept()[0])
                    calls[process.sentinel] = process, asked
                else:
                    finish(*calls.pop(ready))


def begun(asked: socket.socket) -> tuple[Process, socket.socket]:
    _, files, *_ = socket.recv_fds(asked, 1, len(STANDARD))
    with asked.makefile("rb") as reader:
        told = json.load(reader)
    process = get_context("fork").Process(target=run, args=(told, files))
    process.start()
    for file in files:
        os.close(file)
    return process, asked


def finish(process: Process, asked: socket.socket) -> None:
    process.join()
    asked.sendall(str(process.exitcode).encode())
    asked.close()


def run(told: dict[str, Any], files: list[int]) -> None:
    for standard, file in zip(STANDARD, files, strict=True):
        os.dup2(file, standard)
    sys.stdin = os.fdopen(0)
    os.chdir(told["folder"])
    os.environ.clear()
    os.environ.update(told["environment"])
    sys.argv = told["arguments"]
    from nousnous.site.command import main

    main()


if __name__ == "__main__":
    serve(sys.argv[1])
