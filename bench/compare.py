"""Two revisions in paired runs: what a change did to what the benchmarks measure.

Usage: python -m bench.compare REVISION [NAME …] [--pairs 6] [--events N]. Each pair measures REVISION and the tree as
it lies here, by the benchmarks of this tree, one right after the other and each first in every second pair. Shown is
the median of the ratios now / before with the interval that holds it in 19 of 20 cases or more (order statistics; at
six pairs from the smallest to the largest). Only what differs is marked.
"""

import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from bench.__main__ import rows_of
from bench.parts import number
from scipy.stats import binom

ROOT = Path(__file__).parents[1]
BUILT = "src/nousnous/site/static/built"
NAMES = ("imports", "visits")
PAIRS = 6


def main() -> int:
    revision, *told = sys.argv[1:]
    names = [one for one in told if not one.startswith("--") and not one.isdigit()]
    pairs = number("--pairs", PAIRS)
    options = ["--events", str(number("--events", 0))] if "--events" in sys.argv else []
    with _tree_of(revision) as before:
        for name in names or NAMES:
            print(f"== {name}: {revision} and this tree, {pairs} pairs", flush=True)
            ratios: dict[str, list[float]] = defaultdict(list)
            for turn in range(pairs):
                for said, one in _paired(name, before, options, turn):
                    ratios[said].append(one)
            for said, values in ratios.items():
                print(line(said, values))
    return 0


def _paired(name: str, before: Path, options: Sequence[str], turn: int) -> Iterator[tuple[str, float]]:
    """Of each thing measured, now / before; the order changes from turn to turn."""
    trees = (before, ROOT) if turn % 2 else (ROOT, before)
    found = {}
    for tree in trees:
        path = os.pathsep.join(str(one) for one in (tree / "src", tree / "demo", ROOT))
        rows, _ = rows_of(name, *options, PYTHONPATH=path)
        found[tree] = {said: value for said, value, _ in rows}
    for said, value in found[ROOT].items():
        if found[before].get(said):
            yield said, value / found[before][said]


def line(said: str, ratios: Sequence[float]) -> str:
    """A thing measured: the median ratio with its interval.

    >>> line("seconds", [0.5, 0.52, 0.49, 0.51, 0.5, 0.53])
    'seconds                                                       0.505  [0.490, 0.530]  differs'
    """
    low, high = median_interval(ratios)
    differs = "  differs" if len(ratios) >= PAIRS and (low > 1 or high < 1) else ""
    return f"{said:58}{np.median(ratios):9.3f}  [{low:.3f}, {high:.3f}]{differs}"


def median_interval(values: Sequence[float]) -> tuple[float, float]:
    """The narrowest pair of order statistics that holds the median in 19 of 20 cases; all of them if there are few.

    >>> median_interval([1, 2, 3, 4, 5, 6, 7, 8, 9])
    (2.0, 8.0)
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    skipped = max(0, int(binom.ppf(0.025, ordered.size, 0.5)) - 1)
    return float(ordered[skipped]), float(ordered[ordered.size - 1 - skipped])


@contextmanager
def _tree_of(revision: str) -> Iterator[Path]:
    """A working tree of a revision, with the browser files of this one."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        subprocess.run(["git", "worktree", "add", "--detach", "--quiet", tree, revision], cwd=ROOT, check=True)
        try:
            if (ROOT / BUILT).exists() and not (tree / BUILT).exists():
                (tree / BUILT).parent.mkdir(parents=True, exist_ok=True)
                (tree / BUILT).symlink_to(ROOT / BUILT)
            yield tree
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
