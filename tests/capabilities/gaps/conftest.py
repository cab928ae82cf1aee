"""A workspace whose lake holds 100 days of a small shop."""

from pathlib import Path

import pytest
from tests.capabilities.gaps.house import SHOP, apply, bring, people

from nousnous.workspaces.models import Workspace


@pytest.fixture
def empty(workspace: Workspace) -> Workspace:
    return workspace


@pytest.fixture
def shop(empty: Workspace, tmp_path: Path) -> Workspace:
    bring(empty, people(300), tmp_path)
    apply(empty, SHOP)
    return empty
