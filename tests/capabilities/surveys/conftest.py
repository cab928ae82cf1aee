"""A workspace with a survey that is asked, and what stands in its lake of the answers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.capabilities.surveys.documents import document

from nousnous.capabilities.surveys.actions.versions import publish_survey, save_survey, survey_of
from nousnous.capabilities.surveys.models import Survey
from nousnous.collector.loader import Loader
from nousnous.facts.columns import Table
from nousnous.facts.scores import SCORES
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.actions import add_member
from nousnous.workspaces.models import Workspace

Published = Callable[..., Survey]
Kept = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def client(workspace: Workspace) -> Client:
    """Of an editor."""
    found = Client()
    found.force_login(add_member(workspace, "ed@north.example", "editor").user)
    return found


@pytest.fixture
def published(workspace: Workspace) -> Published:
    def published(**changes: Any) -> Survey:
        survey_id = save_survey(workspace, document(**changes), "test").survey_id
        publish_survey(workspace, survey_id, "test")
        return survey_of(workspace, survey_id)

    return published


@pytest.fixture
def kept(workspace: Workspace) -> Kept:
    """Rows of the workspace's lake after the log was loaded, oldest first."""

    def kept(table: Table = SCORES) -> list[dict[str, Any]]:
        Loader().load()
        rows = lake_of(workspace).snapshot(table).table(table)
        found: list[dict[str, Any]] = rows.order_by("ts_us").to_pyarrow().to_pylist()
        return found

    return kept
