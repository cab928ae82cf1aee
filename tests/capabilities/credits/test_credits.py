"""Credits as they are granted, refused, reversed, told and erased."""

from datetime import timedelta

import pytest
from tests.capabilities.credits.planted import plant_credit

from nousnous.base import clock
from nousnous.base.errors import Conflict, NousError, Refused
from nousnous.base.mentions import Mentions
from nousnous.capabilities.credits.actions import (
    Receiver,
    Wish,
    erase_credits,
    grant_credit,
    grant_to,
    reverse_credit,
    set_budget,
    standing_of,
)
from nousnous.capabilities.credits.models import Credit, Posting
from nousnous.collector.accepting import accept_events
from nousnous.collector.loader import Loader
from nousnous.facts.plays import Firing
from nousnous.plays.registry import action_named
from nousnous.workspaces.models import Workspace

ANN = Receiver("ann", (1, 2))


def wish(key: str = "k", cents: int | None = None, month_cents: int | None = 2_000) -> Wish:
    return Wish(key, clock.now_us(), cents, month_cents)


def test_a_credit_is_a_month_of_the_subscription_that_the_newest_event_tells(
    workspace: Workspace,
) -> None:
    for hours, properties in ((2, {"total": 9.99}), (1, {"revenue": 120, "interval": "year"})):
        started = {"type": "track", "event": "Subscription Started", "userId": "ann", "messageId": str(hours)}
        when = (clock.now() - timedelta(hours=hours)).isoformat()
        accept_events(workspace, [started | {"timestamp": when, "properties": properties}], "test")
    Loader().load()
    set_budget(workspace, 5_000, 90, "test")
    with pytest.raises(Refused, match=r"at most a month of their subscription, 10\.00"):
        grant_to(workspace, "ann", wish(cents=1_001), "test")
    credit = grant_to(workspace, "ann", wish(), "test")
    assert (credit.cents, credit.person) == (1_000, "ann")
    assert clock.to_us(credit.valid_until) - clock.to_us(credit.granted_at) == 24 * clock.HOUR_US


def test_who_was_given_one_is_given_no_other_until_the_period_is_over_or_it_is_reversed(workspace: Workspace) -> None:
    set_budget(workspace, 10_000, 90, "test")
    first = grant_credit(workspace, ANN, wish(), "test")
    assert grant_credit(workspace, ANN, wish(), "test") == first
    with pytest.raises(Conflict, match="one in 90 days"):
        grant_credit(workspace, Receiver("ann@work", (2, 9, 1)), wish("other"), "test")
    with pytest.raises(Conflict, match="somebody else"):
        grant_credit(workspace, Receiver("bob", (7,)), wish(), "test")
    reverse_credit(workspace, first.id, "a test account", "test")
    with pytest.raises(Conflict, match="reversed already"):
        reverse_credit(workspace, first.id, "again", "test")
    assert (standing_of(workspace).left, standing_of(workspace).granted) == (10_000, 0)
    grant_credit(workspace, ANN, wish("other"), "test")
    with clock.frozen(clock.now_us() + 91 * clock.DAY_US):
        assert grant_credit(workspace, ANN, wish("third"), "test").id != first.id


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"cents": 2_001}, "at most a month"),
        ({"month_cents": None}, "say what a month costs"),
        ({"moment_us": clock.now_us() - 25 * clock.HOUR_US}, "within 24 hours"),
        ({"moment_us": clock.now_us() + clock.HOUR_US}, "within 24 hours"),
    ],
)
def test_a_credit_too_large_without_a_price_or_too_late_is_refused(
    workspace: Workspace, changed: dict[str, int | None], said: str
) -> None:
    set_budget(workspace, 10_000, 90, "test")
    told = {"key": "k", "moment_us": clock.now_us(), "cents": None, "month_cents": 2_000} | changed
    with pytest.raises(Refused, match=said):
        grant_credit(workspace, ANN, Wish(**told), "test")  # type: ignore[arg-type]  # as the cases say
    assert not Credit.objects.exists()


def test_a_budget_is_raised_and_lowered_but_never_under_what_is_granted(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="no budget"):
        grant_credit(workspace, ANN, wish(), "test")
    set_budget(workspace, 10_000, 90, "test")
    grant_credit(workspace, ANN, wish(), "test")
    assert set_budget(workspace, 2_500, 30, "test").left == 500
    with pytest.raises(Refused, match=r"20\.00 USD are granted"):
        set_budget(workspace, 1_999, 30, "test")
    with pytest.raises(Refused, match=r"has 5\.00 left"):
        grant_credit(workspace, Receiver("bob", (7,)), wish("b"), "test")
    postings = Posting.objects.of(workspace)
    accounts = (Posting.FUNDS, Posting.BUDGET, Posting.GRANTED)
    assert [postings.balance(account) for account in accounts] == [-2_500, 500, 2_000]


def test_a_play_grants_once_and_says_why_it_did_not(workspace: Workspace) -> None:
    set_budget(workspace, 2_000, 90, "test")
    action = action_named("grant_credit")
    firing = Firing(workspace.id, "rescue", "fire-1-0", (1,), "ann", clock.now_us(), parameters={"month": "19.90"})
    said = [action.perform(firing) for _ in range(2)]
    assert said[0] == said[1]
    assert said[0].said.startswith("A credit of 19.90 USD was granted, valid until")
    bob = Firing(workspace.id, "rescue", "fire-2-0", (7,), "bob", clock.now_us(), parameters={"month": "19.90"})
    assert action.perform(bob).said == "No credit was granted. The budget has 0.10 left, and this credit takes 19.90."
    for wrong in ({"amonut": 1}, {"amount": "much"}, {"month": 0}):
        with pytest.raises(NousError):
            action.check(wrong)


def test_an_erased_person_leaves_the_ledger_and_the_sums_stay(workspace: Workspace) -> None:
    credit = plant_credit(workspace, "ann", "credit for ann")
    other = plant_credit(workspace, "bob", "k", 7)
    reverse_credit(workspace, other.id, "meant for ann", "test")
    before = standing_of(workspace)
    assert erase_credits(workspace, [1], Mentions(("ann",))) == 2
    credit.refresh_from_db()
    other.refresh_from_db()
    assert (credit.identity_key, credit.person, credit.key) == (None, "", credit.id)
    assert (other.person, "ann" in other.reason) == ("bob", False)
    assert standing_of(workspace) == before
