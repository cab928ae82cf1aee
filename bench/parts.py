"""Benchmarks whose parts are processes of their own, so that the memory and the time of each are its own."""

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Parts = Mapping[str, Callable[[int], None]]
Row = tuple[str, float, float | None]
NOTES = "BENCH_NOTES"


def measured(module: str, parts: Parts, events: int) -> dict[str, float]:
    """What the parts print as `name=value`, one after the other on one fresh home."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "NOUS_HOME": home, "DJANGO_SETTINGS_MODULE": "nousnous.site.settings"}
        for part in parts:
            command = [sys.executable, "-m", module, *sys.argv[1:], "--part", part, "--events", str(events)]
            made = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
            found |= {name: float(value) for name, value in (line.split("=") for line in made.stdout.split())}
    return found


def note(rows: Sequence[Row]) -> int:
    """Hand what was measured to `python -m bench`, where that asks; 1 if something is above what is allowed."""
    if NOTES in os.environ:
        with Path(os.environ[NOTES]).open("a") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    return int(any(allowed is not None and value > allowed for _, value, allowed in rows))


def show(rows: Sequence[Row]) -> int:
    """Print names, values and what is allowed; 1 if something is above that."""
    for name, value, allowed in rows:
        verdict = "" if allowed is None else f"  at most {allowed:g}  {'ok' if value <= allowed else 'TOO MUCH'}"
        print(f"{name:58}{value:12.3f}{verdict}")
    return note(rows)


def trial(table: Path, page: str, wrong: Sequence[str]) -> int:
    """The end of a long trial: its page, written where that is asked for, and what is not as asked; 1 if anything."""
    print(page)
    if "--write" in sys.argv:
        table.write_text(page)
    print("\n".join(wrong) or "everything is as asked", file=sys.stderr)
    return 1 if wrong else 0


def number(option: str, usual: int) -> int:
    """What the command line says; its last word counts."""
    said = [word for before, word in itertools.pairwise(sys.argv) if before == option]
    return int(said[-1]) if said else usual


def run(parts: Parts, main: Callable[[int], int], events: int) -> int:
    """The whole of a benchmark, or the part that the command line names."""
    asked = number("--events", events)
    if "--part" not in sys.argv:
        return main(asked)
    import django

    django.setup()
    parts[sys.argv[sys.argv.index("--part") + 1]](asked)
    return 0
