"""Each fault that the tests cause, what was told meanwhile, and what became of the events that were accepted.

Usage: python -m bench.faults [--write]. It runs the tests; a row of the table is what a test saw, and a test that fails
or was not run is said below it.
"""

import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

from bench.parts import trial

ROOT = Path(__file__).parents[1]
TESTS = ("test_faults.py", "test_full_disk.py", "test_kills.py", "test_away.py", "test_several.py")
TESTS += ("test_restored.py",)
TABLE = ROOT / "docs" / "reference" / "faults.md"
HEAD = """# Faults survived

Written by `make soak-faults` from what the tests of `tests/collector` saw. After each fault the next start, or the same
process once the fault is over, went on without a hand; lost is what was accepted and is not in the lake.

| fault | what is told meanwhile | accepted events | lost | twice |
| --- | --- | ---: | ---: | ---: |
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        seen = Path(folder) / "seen.xml"
        tests = [f"tests/collector/{name}" for name in TESTS]
        command = [sys.executable, "-m", "pytest", "-q", "-o", "junit_family=xunit1", f"--junitxml={seen}", *tests]
        subprocess.run(command, cwd=ROOT, check=False, stdout=sys.stderr, env={"SEVERAL_KILLS": "2", **os.environ})
        cases = list(ET.parse(seen).getroot().iter("testcase"))
    page, wrong = HEAD, []
    for case in cases:
        if any(case.find(state) is not None for state in ("failure", "error", "skipped")):
            wrong.append(f"{case.get('name')} failed, or was not run")
            continue
        for found in case.iter("property"):
            row = json.loads(str(found.get("value")))
            page += f"| {row['fault']} | {row['told']} | {row['accepted']:,} | {row['lost']} | {row['twice']} |\n"
    return trial(TABLE, page, wrong)


if __name__ == "__main__":
    sys.exit(main())
