"""A workspace with the shop whose seat map stands behind its low answers."""

from pathlib import Path

import pytest
from tests.capabilities.spreads.house import open_shop

from nousnous.workspaces.models import Workspace


@pytest.fixture
def shop(workspace: Workspace, tmp_path: Path) -> Workspace:
    open_shop(workspace, tmp_path)
    return workspace
