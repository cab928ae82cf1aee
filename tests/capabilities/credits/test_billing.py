"""The billing system, a real server, is told of credits under one key each, and again until it takes them."""

import pytest
from tests.capabilities.credits.planted import plant_credit
from tests.plays.channels.conftest import Connected, Other, connected, other  # noqa: F401  # fixtures

from nousnous.base import clock
from nousnous.capabilities.credits.actions import reverse_credit
from nousnous.capabilities.credits.models import Credit
from nousnous.runs.models import Run
from nousnous.runs.worker import work_all
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


def test_billing_confirms_a_credit_and_its_reversal_though_it_was_away(
    workspace: Workspace,
    other: Other,  # noqa: F811
    connected: Connected,  # noqa: F811
) -> None:
    channel = connected("webhook")
    channel.name = "billing"
    channel.save()
    credit = plant_credit(workspace, "ann", "k")
    other.busy = 503
    work_all()
    assert (Credit.objects.get().confirmed_at, other.kept) == (None, [])
    other.busy = 0
    Run.objects.update(due_at=clock.now())  # the pause is over; time itself is signed, and checked on the other side
    work_all()
    assert Credit.objects.get().confirmed_at is not None
    reverse_credit(workspace, credit.id, "a mistake", "test")
    work_all()
    granted, reversed_ = other.kept
    assert (granted["id"], granted["type"]) == (f"{credit.id}-granted", "credit.granted")
    assert (granted["data"]["cents"], granted["data"]["person"]) == (1_990, "ann")
    assert (reversed_["type"], reversed_["data"]["reason"]) == ("credit.reversed", "a mistake")
    assert Credit.objects.get().reversal_confirmed_at is not None


def test_billing_hears_nothing_of_a_person_who_was_erased_before_it_was_told(
    workspace: Workspace,
    other: Other,  # noqa: F811
    connected: Connected,  # noqa: F811
) -> None:
    connected("webhook", "billing", address=f"{other.url}/take", secret="whsec_" + "c2VjcmV0" * 6)
    plant_credit(workspace, "ann", "k")
    Credit.objects.update(person="", identity_key=None)
    work_all()
    assert other.asked == []
