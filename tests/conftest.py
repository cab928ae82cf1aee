"""Every test session has a home of its own."""

import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.conf import settings

from tests.counterparts import NOT_RUN
from tests.places import SHARED_DATA

if TYPE_CHECKING:
    from nousnous.workspaces.models import Workspace

READERS = ("SHARED_DATA", "shop_events", "retail_events", "survey_rows", "captures", "rated")

hypothesis.settings.register_profile("here", deadline=None)  # a busy machine makes no test wrong
hypothesis.settings.load_profile("here")

HOME = Path(tempfile.mkdtemp(prefix="nous-test-"))
os.environ["NOUS_HOME"] = str(HOME)
settings.NOUS = replace(settings.NOUS, home=HOME)  # pytest-django has read the settings before this file


@pytest.fixture
def workspace(transactional_db: None) -> "Workspace":
    """A workspace in which nothing stands yet."""
    from nousnous.workspaces.models import Workspace

    return Workspace.objects.create(slug="north", name="North")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Real inputs are no part of the tree: where they are not beside it, what reads them is listed as not run."""
    module = getattr(item, "module", None)
    if not SHARED_DATA.is_dir() and any(hasattr(module, name) for name in READERS):
        absence = "the real inputs are not beside the checkout (SHARED_DATA names their folder)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(NOT_RUN + absence)


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
