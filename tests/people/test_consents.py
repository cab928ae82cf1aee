"""What a person did not allow is not kept."""

from datetime import timedelta

import pytest

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.people.actions.consents import decide_consent, need_consent, refused_keys
from nousnous.people.identity import known_key
from nousnous.workspaces.models import Workspace


def test_a_denied_purpose_refuses_its_table_alone(workspace: Workspace) -> None:
    decide_consent(workspace, "ada", "replays", "denied")
    key = known_key(workspace, "ada")
    assert refused_keys(workspace.id, "replay_chunks", [key]) == {key}
    assert refused_keys(workspace.id, "events", [key]) == frozenset()


def test_a_needed_consent_that_is_not_granted_refuses(workspace: Workspace) -> None:
    ada, bob = known_key(workspace, "ada"), known_key(workspace, "bob")
    need_consent(workspace, "analytics", needed=True)
    decide_consent(workspace, "ada", "analytics", "granted", expires_at=clock.now() + timedelta(days=1))
    assert refused_keys(workspace.id, "events", [ada, bob]) == {bob}
    with clock.frozen(clock.now_us() + 2 * clock.DAY_US):
        assert refused_keys(workspace.id, "events", [ada, bob]) == {ada, bob}


def test_the_decision_of_one_workspace_is_not_that_of_another(workspace: Workspace) -> None:
    other = Workspace.objects.create(slug="south", name="South", created_at=clock.now())
    decide_consent(workspace, "ada", "analytics", "revoked")
    assert refused_keys(other.id, "events", [known_key(workspace, "ada"), known_key(other, "ada")]) == frozenset()


def test_an_unknown_purpose_or_state_is_refused(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="no purpose 'selling'"):
        decide_consent(workspace, "ada", "selling", "granted")
    with pytest.raises(Refused, match="granted, denied or revoked"):
        decide_consent(workspace, "ada", "contact", "maybe")
