"""All benchmarks one after the other, and one table of what they measured.

Usage: python -m bench [NAME …] [--write]. `--write` puts the table into docs/reference/speed.md. The end is 1 where
something is above what is allowed; what comes after it is measured all the same.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.parts import NOTES, Row

ALL = (
    *("collector", "imports", "visits", "report", "attrition", "waiting", "conversations", "sentiment", "replays"),
    *("phrases", "pages", "overhead", "report --days 200"),
)
TABLE = Path(__file__).parents[1] / "docs" / "reference" / "speed.md"


def rows_of(name: str, *options: str, **environment: str) -> tuple[list[Row], bool]:
    """What a benchmark measures, and whether it ended well."""
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        command = [sys.executable, "-m", f"bench.{name}", *options]
        done = subprocess.run(command, env={**os.environ, NOTES: str(notes), **environment}, check=False)
        lines = notes.read_text().splitlines() if notes.exists() else []
    return [(found[0], found[1], found[2]) for found in map(json.loads, lines)], done.returncode == 0


def page(found: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    yield "# Speed\n"
    yield "Written by `make bench`. Each figure that is judged is a ratio within one run, or processor time: what else"
    yield "the machine does changes it little. `make bench-compare REV=…` says what a change did to them.\n"
    yield "| benchmark | measured | value | at most | |\n| --- | --- | --- | --- | --- |"
    for name, rows in found.items():
        for said, value, allowed in rows:
            most = "" if allowed is None else f"{allowed:g}"
            verdict = "" if allowed is None else "ok" if value <= allowed else "**too much**"
            yield f"| {name} | {said} | {_shown(value)} | {most} | {verdict} |"


def _shown(value: float) -> str:
    """Three digits that say something.

    >>> _shown(1234567.8), _shown(0.01234), _shown(0.0)
    ('1,234,568', '0.0123', '0')
    """
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def main() -> int:
    names = [one for one in sys.argv[1:] if not one.startswith("--")] or ALL
    found, fine = {}, True
    for name in names:
        print(f"\n== {name}", flush=True)
        found[name], well = rows_of(*name.split())
        fine &= well
    if "--write" in sys.argv:
        TABLE.write_text("\n".join(page(found)) + "\n")
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())
