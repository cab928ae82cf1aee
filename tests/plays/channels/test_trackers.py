"""Issues in GitHub, Jira and Linear, against servers in their places."""

from importlib import import_module
from typing import Any

import pytest
from tests.plays.channels.conftest import Connected, Other

from nousnous.base.errors import Refused, Unavailable
from nousnous.facts.plays import Firing, Outcome
from nousnous.plays.channels.actions import test_channel
from nousnous.plays.channels.outward import Disconnected
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
TOLD = {"title": "Pay fails\nfor {plan}", "text": "Seen by {person}.", "links": ["https://shop.example/r/{session}"]}
TEXTS = {"github": "body", "jira": "description", "linear": "description"}
TITLES = {"github": "title", "jira": "summary", "linear": "title"}
KINDS = tuple(TEXTS)
handed_over = pytest.mark.parametrize("kind", KINDS)
try_channel = test_channel
del test_channel  # its name would make it a test


def perform(kind: str, workspace: Workspace, key: str = "fire_1-0", *, plan: str = "pro", **more: Any) -> Outcome:
    action = import_module(f"nousnous.plays.channels.{kind}").ACTION
    details = {"plan": plan, "session": "s1"}
    action.check(TOLD | more)
    answer: Outcome = action.perform(Firing(workspace.id, "pay", key, (1,), "ada", 1, details, TOLD | more))
    return answer


@handed_over
def test_an_issue_is_made_once_though_nobody_heard_of_the_first_attempt(
    kind: str, workspace: Workspace, other: Other, connected: Connected
) -> None:
    connected(kind)
    other.deaf = kind != "linear"
    if kind == "linear":  # the team is asked for first
        perform(kind, workspace, "fire_0-0")
        other.kept.clear()
        original = other.answer

        def deaf_at_creation(asked: Any) -> tuple[int, Any]:
            other.deaf = "issueCreate" in asked.body["query"] and not other.kept
            return original(asked)

        other.answer = deaf_at_creation  # type: ignore[method-assign]  # the line breaks at the second call
    with pytest.raises(Unavailable):
        perform(kind, workspace)
    references = {perform(kind, workspace).reference for _ in range(3)}
    assert len(references) == len(other.kept) == 1
    assert references.pop().startswith(("https://", other.url))
    perform(kind, workspace, "fire_1-1")
    assert len(other.kept) == 2


@handed_over
def test_an_issue_says_what_the_play_says_and_links_to_its_evidence(
    kind: str, workspace: Workspace, other: Other, connected: Connected
) -> None:
    connected(kind)
    assert perform(kind, workspace).said == f"Handed over to our-{kind}."
    (made,) = other.kept
    assert made[TITLES[kind]] == "Pay fails for pro"
    assert made[TEXTS[kind]].startswith("Seen by ada.")
    assert "\n- https://shop.example/r/s1\n- http://localhost:8000/w/north/plays/pay/" in made[TEXTS[kind]]


@handed_over
def test_a_revoked_token_is_told_on_the_channel_and_not_tried_again(
    kind: str, workspace: Workspace, other: Other, connected: Connected
) -> None:
    channel = connected(kind)
    assert try_channel(workspace, channel.name, "test").endswith(("this token.", "this key."))
    other.revoked = True
    with pytest.raises(Disconnected, match="any more; paste a new one"):
        perform(kind, workspace)
    channel.refresh_from_db()
    assert channel.trouble.endswith("any more; paste a new one.")
    assert other.kept == []


@handed_over
@pytest.mark.parametrize("status", [429, 503])
def test_a_tracker_that_is_busy_is_no_fault_of_the_channel(
    kind: str, status: int, workspace: Workspace, other: Other, connected: Connected
) -> None:
    channel = connected(kind)
    other.busy = status
    with pytest.raises(Unavailable, match="cannot take it now"):
        perform(kind, workspace)
    channel.refresh_from_db()
    assert channel.trouble == ""


def test_a_repository_that_the_token_may_not_see_is_told(
    workspace: Workspace, other: Other, connected: Connected
) -> None:
    connected("github", token="ghp-quokka", repository="north/gone", address=other.url)
    with pytest.raises(Disconnected, match="knows no repository north/gone"):
        perform("github", workspace)


@pytest.mark.parametrize(
    ("wrong", "trouble"),
    [
        ({"links": "https://x"}, "a list"),
        ({"links": ["javascript:x"]}, "no address"),
        ({"title": ""}, "“title”"),
        ({"assignee": "ada"}, "“assignee” is not known"),
    ],
)
def test_what_no_issue_has_is_refused_in_the_file(workspace: Workspace, wrong: dict[str, Any], trouble: str) -> None:
    with pytest.raises(Refused, match=trouble):
        perform("jira", workspace, **wrong)
