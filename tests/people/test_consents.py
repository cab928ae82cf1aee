"""What a person did not allow is not kept."""

import json
from datetime import timedelta
from importlib import import_module

import pyarrow as pa
import pytest
from django.apps import apps

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.collector.landing import land
from nousnous.facts.events import EVENTS
from nousnous.people.actions.consents import decide_consent, need_consent, refused_keys
from nousnous.people.actions.erasure import erase_person
from nousnous.people.identity import anonymous_key, known_key
from nousnous.people.models import Consent, NeededConsent
from nousnous.workspaces.browsers import told_to_browsers
from nousnous.workspaces.models import Workspace


def choose(workspace: Workspace, number: int, who: dict[str, str], *, granted: bool) -> int:
    """Let a choice on a page land that was made at a second; how many rows of it may be kept."""
    context = {"context": {"consent": {"categoryPreferences": {"analytics": granted, "selling": True}}}}
    row = {"message_id": f"choice-{number}", "type": "track", "event": "Consent Updated"}
    row |= {"ts_us": number * clock.SECOND_US, "properties": json.dumps(context), **who}
    return land(workspace, EVENTS, pa.Table.from_pylist([row])).added


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


def test_what_somebody_chooses_on_a_page_decides_what_is_kept_from_then_on(workspace: Workspace) -> None:
    need_consent(workspace, "analytics", needed=True)
    assert choose(workspace, 20, {"anonymous_id": "browser"}, granted=True) == 1
    assert choose(workspace, 30, {"anonymous_id": "browser"}, granted=False) == 0
    key = anonymous_key(workspace, "browser")
    assert refused_keys(workspace.id, "events", [key]) == {key}
    assert set(Consent.objects.values_list("purpose", flat=True)) == {"analytics"}


def test_a_choice_that_comes_after_a_later_one_changes_nothing(workspace: Workspace) -> None:
    choose(workspace, 30, {"anonymous_id": "browser"}, granted=False)
    choose(workspace, 20, {"anonymous_id": "browser"}, granted=True)
    assert [one.state for one in Consent.objects.all()] == [Consent.DENIED]


def test_nothing_is_kept_of_a_choice_of_somebody_who_was_erased(workspace: Workspace) -> None:
    choose(workspace, 20, {"user_id": "ada"}, granted=True)
    erase_person(workspace, "ada")
    choose(workspace, 30, {"user_id": "ada"}, granted=True)
    assert not Consent.objects.exists()


def test_browsers_hear_of_a_need_also_where_it_is_older_than_their_script(workspace: Workspace) -> None:
    need_consent(workspace, "analytics", needed=True)
    assert told_to_browsers(workspace, "consent") == ["analytics"]
    need_consent(workspace, "analytics", needed=False)
    assert told_to_browsers(workspace, "consent") == []
    NeededConsent.objects.create(workspace=workspace, purpose="replays")
    import_module("nousnous.people.migrations.0003_tell_browsers").tell_browsers(apps, None)
    assert told_to_browsers(workspace, "consent") == ["replays"]
