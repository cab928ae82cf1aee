"""Every test session has a home of its own."""

import os
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from tests.counterparts import NOT_RUN

HOME = Path(tempfile.mkdtemp(prefix="nous-test-"))
os.environ["NOUS_HOME"] = str(HOME)
settings.NOUS = replace(settings.NOUS, home=HOME)  # pytest-django has read the settings before this file


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """No test is left out silently."""
    left_out: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        left_out.setdefault(reason.removeprefix("Skipped: ").removeprefix(NOT_RUN), []).append(report.nodeid)
    for reason, tests in left_out.items():
        terminalreporter.section(f"not run: {reason}")
        for test in sorted(tests):
            terminalreporter.write_line(test)
