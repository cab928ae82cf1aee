"""A workspace whose lake holds 100 days of a small shop."""

from pathlib import Path

import pytest
from tests.capabilities.gaps.house import SHOP, apply, bring, people

from nousnous.base import clock
from nousnous.workspaces.models import Workspace


@pytest.fixture
def empty(transactional_db: None) -> Workspace:
    return Workspace.objects.create(slug="north", name="North", created_at=clock.now())


@pytest.fixture
def shop(empty: Workspace, tmp_path: Path) -> Workspace:
    bring(empty, people(300), tmp_path)
    apply(empty, SHOP)
    return empty
