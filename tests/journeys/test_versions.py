"""A journey is applied version by version; what stood stays readable."""

from importlib import import_module

import pytest
from django.apps import apps
from tests.journeys.conftest import Came
from tests.journeys.texts import SHOP

from nousnous.base.errors import Missing, Refused
from nousnous.collector.capture import configuration_of
from nousnous.journeys.actions import versions
from nousnous.journeys.models import JourneyVersion
from nousnous.runs.models import OutboxEntry
from nousnous.workspaces.browsers import tell_browsers, told_to_browsers
from nousnous.workspaces.models import AuditEntry, Workspace


def apply(workspace: Workspace, text: str = SHOP) -> versions.Applied:
    return versions.apply_journey(workspace, text, "shop.toml", "ann")


def test_a_changed_text_is_a_new_version_and_the_old_one_stays(workspace: Workspace) -> None:
    first = apply(workspace)
    second = apply(workspace, SHOP.replace("Web shop", "Shop on the web"))
    assert (first.changed, second.changed) == (True, True)
    assert versions.journey_of(workspace, "shop").number == 2
    assert versions.journey_of(workspace).journey.name == "Shop on the web"
    assert versions.version_of(workspace, "shop", 1).text == SHOP
    assert [one.number for one in versions.list_versions(workspace, "shop")] == [2, 1]


def test_an_unchanged_text_makes_no_new_version(workspace: Workspace) -> None:
    apply(workspace)
    again = apply(workspace)
    assert (again.changed, again.version.number) == (False, 1)
    assert AuditEntry.objects.filter(workspace=workspace, verb="apply journey").count() == 1


def test_applying_tells_the_rest_of_the_house(workspace: Workspace) -> None:
    apply(workspace)
    entry = OutboxEntry.objects.get(fact="JourneyApplied")
    assert entry.payload == {"workspace_id": workspace.id, "journey": "shop", "number": 1}


def test_a_refused_text_changes_nothing(workspace: Workspace) -> None:
    with pytest.raises(Refused):
        apply(workspace, SHOP.replace("30.0", '"much"'))
    assert not JourneyVersion.objects.exists()


def test_the_only_journey_needs_no_name_and_two_do(workspace: Workspace) -> None:
    with pytest.raises(Missing):
        versions.journey_of(workspace)
    apply(workspace)
    assert versions.journey_of(workspace).journey_id == "shop"
    apply(workspace, SHOP.replace('"shop"', '"app"'))
    with pytest.raises(Refused, match="app, shop"):
        versions.journey_of(workspace)


def test_a_journey_that_is_put_away_comes_back_when_it_is_applied(workspace: Workspace) -> None:
    apply(workspace)
    versions.archive_journey(workspace, "shop", "ann")
    assert versions.list_journeys(workspace) == []
    assert [one.journey_id for one in versions.archived_journeys(workspace)] == ["shop"]
    assert versions.journey_of(workspace, "shop").number == 1
    assert apply(workspace).changed is False
    assert [one.journey_id for one in versions.list_journeys(workspace)] == ["shop"]


def test_browsers_hear_what_standing_journeys_ask_of_properties(workspace: Workspace) -> None:
    asking = SHOP.replace('event = "purchase"', 'event = "purchase", where = { seat = ["window", 2] }')
    assert asking != SHOP
    apply(workspace, asking)
    app = asking.replace('"shop"', '"app"').replace('"window", 2', '"aisle"')
    apply(workspace, app)
    assert told_to_browsers(workspace, "journeys")["seat"] == ["2", "aisle", "window"]
    versions.archive_journey(workspace, "app", "ann")
    assert told_to_browsers(workspace, "journeys")["seat"] == ["2", "window"]
    configuration = configuration_of(workspace.browsers.parts)
    assert {"seat,2", "seat,window"} < set(configuration["properties"])
    tell_browsers(workspace, "journeys", None)
    import_module("nousnous.journeys.migrations.0003_tell_browsers").tell_browsers(apps, None)
    assert told_to_browsers(workspace, "journeys")["seat"] == ["2", "window"]


def test_two_workspaces_have_journeys_of_their_own(workspace: Workspace, other: Workspace) -> None:
    apply(workspace)
    apply(workspace, SHOP + "\n")
    with pytest.raises(Missing):
        versions.journey_of(other, "shop")
    assert apply(other).version.number == 1
    assert versions.list_journeys(other)[0].workspace_id == other.id


def test_names_that_never_came_are_told_with_the_nearest_three(workspace: Workspace, came: Came) -> None:
    came("ada", ("Purchase", 1), ("shipping_details", 2), ("payment_errors", 3), ("error_page", 4), ("seen", 5))
    warnings = apply(workspace).warnings
    assert len(warnings) == 2
    assert "“purchase”" in warnings[1]
    assert warnings[0].startswith(
        "Checkout: no event “payment_error” came in yet; the nearest names are “payment_errors”"
    )
    assert warnings[1].count("“") == 4
    assert "“Purchase”" in warnings[1].split("nearest")[1]


def test_another_currency_than_the_workspaces_is_told(workspace: Workspace) -> None:
    warnings = apply(workspace, SHOP.replace('"USD"', '"EUR"')).warnings
    assert warnings[0].startswith("The journey counts in EUR, the workspace in USD")
