"""Bad inputs: the fuzz tests of the collector, of importers and of workspaces beside each other, many times as long.

    python -m bench.strangers [--times 20] [--write]

Every pytest of it loads this module as its plugin, which lets each property be tried so many times as often as in
`make test`, from other seeds. All pages of a spoiled workspace are opened in Chromium besides.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import hypothesis
from bench.parts import number, trial

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "reference" / "strangers.md"
TIMES, TIMES_OF, SEED = 20, "STRANGERS_TIMES", 157
TESTS = (
    *("tests/collector/test_fuzz.py", "tests/collector/imports/test_fuzz.py", "tests/site/test_headers.py"),
    *("tests/base/test_sheets.py", "tests/capabilities/phrases/test_articles.py", "tests/journeys/test_definition.py"),
)
NAMED = re.compile(r"^(tests/\S+::\S+):$")
COUNTED = re.compile(r"(\d+) passing, (\d+) failing, and (\d+) invalid")
HEAD = """# Bad inputs

Written by `make soak-strangers`: the fuzz tests, {times} times as long as in `make test`, seed {seed}. An input of the
collector or of an importer is bytes; of workspaces a route, a role and ids of one's own, of another's and of nobody's.

{inputs:,} inputs, {failures} failures.

| what is tried | inputs | failures |
| --- | ---: | ---: |
"""


def pytest_itemcollected(item: Any) -> None:
    """Try a property more often."""
    test, times = getattr(item, "obj", None), int(os.environ[TIMES_OF])
    if (usual := getattr(test, "_hypothesis_internal_use_settings", None)) is not None:
        longer = hypothesis.settings(usual, max_examples=usual.max_examples * times, derandomize=False, database=None)
        test._hypothesis_internal_use_settings = longer  # noqa: SLF001  # what its decorator sets


def main() -> int:
    times = number("--times", TIMES)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "bench.strangers", "--timeout", "1800"]
    command += ["--hypothesis-show-statistics", f"--hypothesis-seed={SEED}", *TESTS]
    environment = {**os.environ, TIMES_OF: str(times), "EVERY_PAGE": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout, file=sys.stderr)
    counts = tried(done.stdout)
    wrong = [f"pytest ended with {done.returncode}"] if done.returncode else []
    return trial(TABLE, "\n".join(page(counts, times)) + "\n", wrong)


def tried(said: str) -> dict[str, tuple[int, int]]:
    """By test the inputs that were tried, and those that failed."""
    found: dict[str, tuple[int, int]] = {}
    name = ""
    for line in said.splitlines():
        name = named[1] if (named := NAMED.match(line)) else name
        if counted := COUNTED.search(line):
            passed, failed = found.get(name, (0, 0))
            found[name] = (passed + int(counted[1]) + int(counted[2]), failed + int(counted[2]))
    return found


def page(counts: Mapping[str, tuple[int, int]], times: int) -> Iterator[str]:
    inputs, failures = (sum(one[place] for one in counts.values()) for place in (0, 1))
    yield HEAD.format(times=times, seed=SEED, inputs=inputs, failures=failures).rstrip("\n")
    for name, (passed, failed) in counts.items():
        sentence = name.rsplit("::", 1)[-1].removeprefix("test_").replace("_", " ")
        yield f"| {sentence} | {passed:,} | {failed} |"


if __name__ == "__main__":
    sys.exit(main())
