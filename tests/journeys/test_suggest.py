"""A journey is suggested from what came in, and templates are journeys."""

import pytest
from tests.journeys.conftest import Came

from nousnous.base.errors import Missing
from nousnous.journeys.actions.suggest import suggest_journey
from nousnous.journeys.actions.templates import list_templates, template_of
from nousnous.journeys.actions.versions import apply_journey
from nousnous.journeys.definition import parse_journey
from nousnous.workspaces.models import Workspace


def test_names_that_begin_and_end_the_same_thing_become_a_step(workspace: Workspace, came: Came) -> None:
    for name in ("ada", "bob"):
        came(name, ("Check-in Opened", 1), ("Check-in Error", 2), ("Check-in Finished", 3), ("Rage Click", 4))
    text = suggest_journey(workspace, "travel")
    step = parse_journey(text).journey.steps[0]
    assert (step.id, step.name) == ("check-in", "Check in")
    assert (step.starts[0].events, step.completes[0].events) == (("Check-in Opened",), ("Check-in Finished",))
    assert [one.events for one in step.fails] == [("Check-in Error",)]
    assert "# 2 times by 2 people" in text


def test_other_names_are_chained_in_the_order_of_peoples_stories(workspace: Workspace, came: Came) -> None:
    for name in ("ada", "bob", "eve"):
        came(name, ("home", 1), ("search", 2), ("home", 3), ("cart", 4), ("payment_error", 5), ("purchase", 6))
    journey = parse_journey(suggest_journey(workspace)).journey
    pairs = [(step.starts[0].events[0], step.completes[0].events[0]) for step in journey.steps]
    assert pairs == [("home", "search"), ("search", "cart"), ("cart", "purchase")]
    assert [step.stage for step in journey.steps] == ["awareness", "consideration", "evaluation"]
    assert [len(step.fails) for step in journey.steps] == [0, 0, 1]


def test_a_suggestion_is_applied_as_it_stands(workspace: Workspace, came: Came) -> None:
    came("ada", ('say "hi"', 1), ("größe", 2))
    applied = apply_journey(workspace, suggest_journey(workspace), None, "ann")
    assert applied.warnings == ()


def test_without_events_there_is_nothing_to_suggest(workspace: Workspace, other: Workspace, came: Came) -> None:
    came("ada", ("home", 1), into=other)
    with pytest.raises(Missing):
        suggest_journey(workspace)


@pytest.mark.parametrize("template", list_templates(), ids=lambda one: one.name)
def test_a_template_is_a_journey(template: object) -> None:
    assert len(parse_journey(template.text).journey.steps) >= 4  # type: ignore[attr-defined]


def test_a_template_that_is_not_there_is_missing() -> None:
    with pytest.raises(Missing, match="shop, subscription, remediation"):
        template_of("bakery")
