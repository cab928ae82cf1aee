"""A journey is suggested from what came in, and templates are journeys."""

import pytest
from tests.collector.imports.conftest import bring
from tests.journeys.conftest import Came
from tests.places import SHARED_DATA

from nousnous.base.clock import DAY_US
from nousnous.base.errors import Missing
from nousnous.journeys.actions.suggest import suggest_journey
from nousnous.journeys.actions.templates import list_templates, template_of
from nousnous.journeys.actions.versions import apply_journey
from nousnous.journeys.definition import parse_journey
from nousnous.journeys.suggestion import Name, sketch
from nousnous.workspaces.models import Workspace


def test_names_that_begin_and_end_the_same_thing_become_a_step(workspace: Workspace, came: Came) -> None:
    for name in ("ada", "bob"):
        came(name, ("Check-in Opened", 1), ("Check-in Error", 2), ("Check-in Finished", 3), ("Rage Click", 4))
    text = suggest_journey(workspace, "travel").text
    step = parse_journey(text).journey.steps[0]
    assert (step.id, step.name) == ("check-in", "Check in")
    assert (step.starts[0].events, step.completes[0].events) == (("Check-in Opened",), ("Check-in Finished",))
    assert [one.events for one in step.fails] == [("Check-in Error",)]
    assert "# Begun by 2 people, 2 times in all." in text


def test_what_begins_is_ended_by_what_mostly_follows_and_takes_as_long_as_it_takes(
    workspace: Workspace, came: Came
) -> None:
    for day, name in enumerate(("ada", "bob", "eve")):
        came(name, ("Renewal Opened", 1), ("Lounge Entered", 1 + day), ("Subscription Renewed", 86_400 * 2 + day))
    steps = {step.id: step for step in parse_journey(suggest_journey(workspace).text).journey.steps}
    assert steps["renewal"].completes[0].events == ("Subscription Renewed",)
    assert steps["renewal"].within_us == 3 * DAY_US


def test_the_clickstream_of_a_shop_becomes_the_way_to_a_purchase(workspace: Workspace) -> None:
    bring(workspace, SHARED_DATA / "shop_clickstream.csv")
    found = suggest_journey(workspace)
    journey = parse_journey(found.text).journey
    pairs = [(step.id, step.starts[0].events[0], step.completes[0].events[0]) for step in journey.steps]
    assert pairs == [
        ("arrive", "home", "catalog"),
        ("find", "catalog", "product_view"),
        ("choose", "product_view", "add_to_cart"),
        ("cart", "add_to_cart", "shipping_details"),
        ("checkout", "shipping_details", "purchase"),
        ("payment", "payment_details", "purchase"),
    ]
    fails = {step.id: [name for one in step.fails for name in one.events] for step in journey.steps if step.fails}
    assert fails == {
        "find": ["error_page"],
        "checkout": ["payment_error", "checkout_bug"],
        "payment": ["payment_error"],
    }
    assert (found.id, journey.name) == ("home-to-purchase", "Home to purchase")
    assert '# In no step: "wishlist_add", "account_page"' in found.text


def test_orders_alone_become_steps_that_nobody_fails_and_say_so(workspace: Workspace, came: Came) -> None:
    for name in ("ada", "bob"):
        came(name, ("Order Completed", 1), ("Order Refunded", 2))
    text = suggest_journey(workspace).text
    assert [step.id for step in parse_journey(text).journey.steps] == ["order-completed", "order-refunded"]
    assert text.count("nobody fails it") == 2


def test_a_second_suggestion_does_not_take_the_place_of_the_first(workspace: Workspace, came: Came) -> None:
    came("ada", ("home", 1), ("purchase", 2))
    apply_journey(workspace, suggest_journey(workspace).text, None, "ann")
    assert [suggest_journey(workspace).id, suggest_journey(workspace, "mine").id] == ["home-to-purchase-2", "mine"]


def test_names_that_no_word_tells_apart_are_chained_in_the_order_of_peoples_stories() -> None:
    names = [Name("Kasse geöffnet", 9, 9, 0.5), Name("Bestellung bezahlt", 8, 8, 1.0), Name("Start", 9, 9, 0.0)]
    found = sketch(names, {}, {})
    assert [(step.starts, step.completes) for step in found.steps] == [
        (("Start",), ("Kasse geöffnet",)),
        (("Kasse geöffnet",), ("Bestellung bezahlt",)),
    ]


def test_names_of_a_shop_lead_from_one_part_of_the_way_to_the_next(workspace: Workspace, came: Came) -> None:
    for name in ("ada", "bob", "eve"):
        came(name, ("home", 1), ("search", 2), ("home", 3), ("cart", 4), ("payment_error", 5), ("purchase", 6))
    journey = parse_journey(suggest_journey(workspace).text).journey
    pairs = [(step.starts[0].events[0], step.completes[0].events[0]) for step in journey.steps]
    assert pairs == [("home", "search"), ("search", "cart"), ("cart", "purchase")]
    assert [step.stage for step in journey.steps] == ["awareness", "consideration", "evaluation"]
    assert [len(step.fails) for step in journey.steps] == [0, 0, 1]


def test_a_suggestion_is_applied_as_it_stands(workspace: Workspace, came: Came) -> None:
    odd = ('x"\n[[belief]]\nstep = "y', "del\x7f\x1b[2J", "line\u2028\x85end", "back\\", "{brace}'")
    came("ada", ('say "hi"', 1), ("größe", 2), *((name, 3 + number) for number, name in enumerate(odd)))
    text = suggest_journey(workspace).text
    applied = apply_journey(workspace, text, None, "ann")
    assert applied.warnings == ()
    assert parse_journey(text).beliefs == ()


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
