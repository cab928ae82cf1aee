"""People do things, Slack and the mail server listen, and a rota calls."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.capabilities.cases.planted import ROTA
from tests.mails import Inbox
from tests.plays.channels.conftest import Connected, Other, connected, other  # noqa: F401  # fixtures
from tests.plays.conftest import did, inbox, noon, standing  # noqa: F401  # fixtures

from nousnous.capabilities.cases.actions.rotas import apply_rota
from nousnous.capabilities.surveys.actions.versions import publish_survey, save_survey
from nousnous.workspaces.actions import add_member
from nousnous.workspaces.models import Workspace

MORE = 'slack = "our-slack"\nsurvey = "recovery"'
LINUS = '\n[[member]]\nemail = "linus@north.example"\n'
Calling = Callable[..., None]


@pytest.fixture
def calling(workspace: Workspace, connected: Connected, inbox: Inbox) -> Calling:  # noqa: F811  # fixtures
    """A rota of two with Slack and a recovery survey."""
    connected("slack")
    for name in ("grace", "linus"):
        add_member(workspace, f"{name}@north.example", "analyst")
    question: dict[str, Any] = {"id": "q", "kind": "csat", "text": "Did we make it good?"}
    document = {"id": "recovery", "name": "After the call", "questions": [question]}
    save_survey(workspace, json.dumps(document), "test")
    publish_survey(workspace, "recovery", "test")

    def calling(more: str = MORE, members: str = LINUS) -> None:
        text = ROTA.format(name="Paramedics", email="grace@north.example", more=more) + members
        apply_rota(workspace, text, None, "test")

    return calling
