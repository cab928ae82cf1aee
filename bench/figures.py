"""One table of what held: load, faults and bad inputs, gathered from the tables that the soaks wrote.

Usage: python -m bench.figures [--write]. `make soak` ends with it. It fails where a table no longer says its figure.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.parts import trial

REFERENCE: Final = Path(__file__).parents[1] / "docs" / "reference"
TABLE: Final = REFERENCE / "figures.md"
FOUND: Final = (
    ("load held", "events sent to a server with pages and questions beside", "soak", r"([\d,]+) events in"),
    ("load held", "accepted ones of them that are missing", "soak", r"accepted events that are missing \| (\d+)"),
    ("load held", "answers of 400 and above", "soak", r"answers of 400 and above \| (\d+)"),
    ("load held", "events per CPU-second of the collector", "collector", r"of the server \| ([\d,]+)"),
    ("load held", "events of the largest report", "scaling", r"\| ([\d]+ million) \| slope"),
    (
        "bad inputs tried",
        "requests to the API, by its schema and against it",
        "contract",
        r"operations, ([\d,]+) requests",
    ),
    ("bad inputs tried", "of them answered otherwise than promised", "contract", r"requests, ([\d,]+) failures"),
    ("bad inputs tried", "requests of a scanner", "scan", r"forms, ([\d,]+) requests"),
    ("bad inputs tried", "its findings", "scan", r"requests, ([\d,]+) findings"),
    ("bad inputs tried", "random bodies, files, routes and ids", "strangers", r"([\d,]+) inputs, \d"),
    ("bad inputs tried", "of them that failed", "strangers", r"inputs, ([\d,]+) failures"),
)
"""Which figure stands in which table, and after or before which words."""
HEAD: Final = """# Load, faults and bad inputs

Gathered by `make soak` from the tables that its trials wrote.

| | what | figure | told in |
| --- | --- | ---: | --- |
"""


def rows() -> Iterator[tuple[str, str, str, str]]:
    """What was done, what of it, the figure (empty where its table does not say it) and the name of the table."""
    for kind, what, name, pattern in FOUND:
        found = re.search(pattern, (REFERENCE / f"{name}.md").read_text())
        yield kind, what, found[1] if found else "", name
    faults = [
        line.split("|")[1:-1] for line in (REFERENCE / "faults.md").read_text().splitlines() if line.endswith("|")
    ]
    counts = [[int(cell.replace(",", "")) for cell in line[-3:]] for line in faults[2:]]
    yield "faults survived", "kinds of faults", str(len(counts)), "faults"
    for place, what in enumerate(("events accepted around them", "of them lost", "of them twice")):
        yield "faults survived", what, f"{sum(one[place] for one in counts):,}", "faults"


def main() -> int:
    told = sorted(rows(), key=lambda row: ("load held", "faults survived", "bad inputs tried").index(row[0]))
    wrong = [f"{name}.md does not say: {what}" for _, what, figure, name in told if not figure]
    lines = [f"| {kind} | {what} | {figure} | [{name}]({name}.md) |\n" for kind, what, figure, name in told]
    return trial(TABLE, HEAD + "".join(lines), wrong)


if __name__ == "__main__":
    sys.exit(main())
