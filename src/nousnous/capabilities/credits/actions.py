"""The verbs of credits: set a budget, grant, reverse; tell and erase what is kept of a person."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal, TypedDict

import ibis
from django.db import transaction
from django.db.models import Max

from nousnous.base import clock
from nousnous.base.errors import Conflict, Place, Refused
from nousnous.base.ids import random_id
from nousnous.base.mentions import Mentions
from nousnous.base.shapes import shaped
from nousnous.capabilities.credits.measures import month_price
from nousnous.capabilities.credits.models import Budget, Credit, CreditShape, Posting
from nousnous.facts.credits import CreditGranted
from nousnous.facts.events import EVENTS, LINKS
from nousnous.people.identity import find_person
from nousnous.plays.channels.models import Channel
from nousnous.plays.channels.webhook import deliver
from nousnous.runs import outbox
from nousnous.runs.actions import start_run
from nousnous.runs.registry import Advance, Work
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace
from nousnous.workspaces.naming import perhaps_naming

VALID: Final = timedelta(hours=24)
OFFERED_WITHIN: Final = timedelta(hours=24)
MOST_CENTS: Final = 10**12
PRICED: Final = ("Subscription Started", "Subscription Downgraded")
BILLING_RUN: Final = "credits.billing"
BILLING: Final = "billing"
"""The webhook that leads to the billing system, by its name among channels; without one nobody is told."""

Told = Literal["granted", "reversed"]
CONFIRMED: Final[dict[str, str]] = {"granted": "confirmed_at", "reversed": "reversal_confirmed_at"}


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is given something: their id as it is shown, and all identities that are theirs."""

    person: str
    identities: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be granted: without `cents` one month; `month_cents` counts only where no event tells the price."""

    key: str
    moment_us: int
    cents: int | None = None
    month_cents: int | None = None


class BudgetShape(TypedDict):
    currency: str
    total: int
    granted: int
    left: int
    period_days: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a budget stands, in cents: put in, granted and not reversed, left."""

    currency: str
    total: int
    granted: int
    left: int
    period_days: int | None

    def as_dict(self) -> BudgetShape:
        return shaped(BudgetShape, self)


def cents_of(amount: Any, field: str) -> int:
    """An amount as somebody wrote it, in cents.

    >>> cents_of("19.90", "amount")
    1990
    """
    try:
        cents = Decimal(str(amount).strip()) * 100
        whole = cents == cents.to_integral_value() and 0 <= cents <= MOST_CENTS
    except InvalidOperation:
        whole = False
    if not whole:
        raise Refused(f"“{str(amount)[:40]}” is no amount; write one such as 19.90.", Place(field=field))
    return int(cents)


def standing_of(workspace: Workspace) -> Standing:
    postings = Posting.objects.of(workspace)
    budget = Budget.objects.filter(workspace=workspace).first()
    granted, left = postings.balance(Posting.GRANTED), postings.balance(Posting.BUDGET)
    return Standing(workspace.currency, granted + left, granted, left, budget.period_days if budget else None)


def largest_credit(workspace: Workspace) -> int:
    """The most that one person was given so far, in cents; 0 where nobody was given anything."""
    return Credit.objects.of(workspace).aggregate(most=Max("cents"))["most"] or 0


def list_credits(workspace: Workspace) -> Any:
    """The credits of a workspace, newest first."""
    return Credit.objects.of(workspace)


def credit_named(workspace: Workspace, credit_id: str) -> Credit:
    return Credit.objects.named(workspace, credit_id)


@transaction.atomic
def set_budget(workspace: Workspace, cents: int, period_days: int, actor: str) -> Standing:
    """Say how much may be given in all, and to one person once in how many days."""
    if not 1 <= period_days <= 3_650:
        raise Refused("The period is 1 to 3650 days.", Place(field="period_days"))
    Budget.objects.get_or_create(workspace=workspace)
    budget = Budget.objects.select_for_update().get(workspace=workspace)
    now = standing_of(workspace)
    if cents < now.granted:
        said = f"{now.granted / 100:.2f} {now.currency} are granted already; the budget cannot be less."
        raise Refused(said, Place(field="amount"))
    if cents != now.total:
        way = (Posting.FUNDS, Posting.BUDGET) if cents > now.total else (Posting.BUDGET, Posting.FUNDS)
        _post(workspace, way, abs(cents - now.total), actor)
    budget.period_days = period_days
    budget.save(update_fields=["period_days"])
    audit(workspace, actor, "set credit budget", f"{cents / 100:.2f} {workspace.currency}")
    return standing_of(workspace)


def grant_to(workspace: Workspace, person_id: str, wish: Wish, actor: str) -> Credit:
    """Grant by hand; a wish without a key gets one of its own."""
    person = find_person(workspace, person_id)
    keyed = wish if wish.key else Wish(random_id("hand"), wish.moment_us, wish.cents, wish.month_cents)
    credit = grant_credit(workspace, Receiver(person.id, person.identities), keyed, actor)
    audit(workspace, actor, "grant credit", credit.id)
    return credit


def grant_credit(workspace: Workspace, receiver: Receiver, wish: Wish, actor: str) -> Credit:
    """Give somebody at most a month of their own subscription: within a day of its cause, once a period, from the
    budget; the same key answers the same credit."""
    standing = Credit.objects.of(workspace).filter(key=wish.key).first()
    if standing is not None:
        return _same(standing, receiver)
    month = _month_of(workspace, receiver.identities) or wish.month_cents
    if not month:
        raise Refused("No event tells the price of their subscription; say what a month costs.", Place(field="month"))
    cents = month if wish.cents is None else wish.cents
    if not 0 < cents <= month:
        said = f"A credit is more than nothing and at most a month of their subscription, {month / 100:.2f}."
        raise Refused(said, Place(field="amount"))
    with transaction.atomic():
        budget = Budget.objects.select_for_update().filter(workspace=workspace).first()
        if budget is None:
            raise Refused("There is no budget for credits yet; `nous credit budget --amount 500` sets one.")
        standing = Credit.objects.of(workspace).filter(key=wish.key).first()
        if standing is not None:
            return _same(standing, receiver)
        _check(budget, receiver, cents, clock.from_us(wish.moment_us))
        now = clock.now()
        credit = Credit.objects.create(
            workspace=workspace,
            key=wish.key,
            identity_key=min(receiver.identities),
            person=receiver.person,
            cents=cents,
            month_cents=month,
            signalled_at=clock.from_us(wish.moment_us),
            granted_at=now,
            granted_by=actor,
            valid_until=now + VALID,
        )
        _post(workspace, (Posting.BUDGET, Posting.GRANTED), cents, actor, credit)
        outbox.record(CreditGranted(workspace.id, receiver.identities, cents))
        tell_billing(credit, "granted")
    return credit


@transaction.atomic
def reverse_credit(workspace: Workspace, credit_id: str, reason: str, actor: str) -> Credit:
    """Take a credit back with a reason; its sum returns to the budget, and the person may be given another."""
    if not reason.strip():
        raise Refused("Say why it is reversed.", Place(field="reason"))
    Budget.objects.select_for_update().filter(workspace=workspace).first()
    credit = Credit.objects.named(workspace, credit_id)
    if credit.reversed_at is not None:
        raise Conflict(f"It was reversed already, on {credit.reversed_at:%Y-%m-%d} by {credit.reversed_by}.")
    credit.reversed_at, credit.reversed_by, credit.reason = clock.now(), actor, reason.strip()[:500]
    credit.save(update_fields=["reversed_at", "reversed_by", "reason"])
    _post(workspace, (Posting.GRANTED, Posting.BUDGET), credit.cents, actor, credit)
    if credit.identity_key is not None:
        outbox.record(CreditGranted(workspace.id, (credit.identity_key,), -credit.cents))
    tell_billing(credit, "reversed")
    audit(workspace, actor, "reverse credit", credit.id)
    return credit


def tell_billing(credit: Credit, told: Told) -> None:
    """Start the run that tells; in the transaction of whoever granted or reversed."""
    if Channel.objects.of_kind(credit.workspace_id, "webhook").filter(name=BILLING).exists():
        state, key = {"credit": credit.id, "told": told}, f"{credit.id}-{told}"
        start_run(BILLING_RUN, state, workspace_id=credit.workspace_id, key=key)


def perform_billing(work: Work) -> Advance:
    """Hand a credit to the billing system under a key that is the same however often it is tried."""
    rows = Credit.objects.select_related("workspace").filter(workspace_id=work.workspace_id)
    credit = rows.filter(pk=work.state["credit"]).first()
    if credit is None or not credit.person:  # erased meanwhile
        return Advance()
    told = work.state["told"]
    data = {
        "credit": credit.id,
        "person": credit.person,
        "cents": credit.cents,
        "currency": credit.workspace.currency,
        "granted_at": credit.granted_at.isoformat(),
        "valid_until": credit.valid_until.isoformat(),
        "reason": credit.reason,
    }
    deliver(Channel.objects.named(credit.workspace, BILLING), f"credit.{told}", data, f"{credit.id}-{told}")
    confirmed = {CONFIRMED[told]: clock.now()}
    return Advance(effect=lambda: _confirm(credit.pk, confirmed))


def tell_credits(workspace: Workspace, _: int, identity_keys: Iterable[int]) -> dict[str, list[CreditShape]]:
    """What a person was given."""
    return {"credits": [one.as_dict() for one in Credit.objects.of_people(workspace, identity_keys)]}


def erase_credits(workspace: Workspace, identity_keys: Iterable[int], mentions: Mentions) -> int:
    """Take a person's name out of credits, and out of keys and reasons that name them; the sums stay."""
    theirs = Credit.objects.of_people(workspace, identity_keys)
    near = perhaps_naming(Credit.objects.of(workspace), mentions, "person", "key", "reason")
    changed = 0
    for one in {*theirs, *near}:
        if one.identity_key in set(identity_keys) or mentions.stand_in(one.person):
            one.identity_key, one.person, one.key = None, "", one.id
        elif not (mentions.stand_in(one.key) or mentions.stand_in(one.reason)):
            continue
        one.key = one.id if mentions.stand_in(one.key) else one.key
        one.reason = mentions.without(one.reason)
        one.save(update_fields=["identity_key", "person", "key", "reason"])
        changed += 1
    return changed


def _same(standing: Credit, receiver: Receiver) -> Credit:
    if standing.identity_key not in receiver.identities:
        raise Conflict("This key belongs to the credit of somebody else.", Place(field="key"))
    return standing


def _check(budget: Budget, receiver: Receiver, cents: int, signalled_at: Any) -> None:
    """Refuse what comes too late, too often or would overspend; asked while the budget's row is held."""
    now = clock.now()
    if not now - OFFERED_WITHIN <= signalled_at <= now:
        raise Refused("A credit is offered within 24 hours of its cause, not before and not later.")
    since = now - timedelta(days=budget.period_days)
    earlier = Credit.objects.of_people(budget.workspace, receiver.identities)
    last = earlier.filter(reversed_at=None, granted_at__gt=since).first()
    if last is not None:
        raise Conflict(f"They were given one on {last.granted_at:%Y-%m-%d}: one in {budget.period_days} days.")
    left = Posting.objects.of(budget.workspace).balance(Posting.BUDGET)
    if left < cents:
        raise Refused(f"The budget has {left / 100:.2f} left, and this credit takes {cents / 100:.2f}.")


def _post(workspace: Workspace, way: tuple[str, str], cents: int, actor: str, credit: Credit | None = None) -> None:
    entry = {"cents": cents, "credit": credit, "posted_by": actor, "posted_at": clock.now()}
    Posting.objects.create(workspace=workspace, out_of=way[0], into=way[1], **entry)


def _month_of(workspace: Workspace, identities: Iterable[int]) -> int | None:
    """What a month of a person's subscription costs, from the newest event that tells a price in our currency."""
    events = lake_of(workspace).snapshot(EVENTS, LINKS).events()
    amount = events.total.coalesce(events.revenue)
    theirs = events.filter(events.identity_key.isin(list(identities)), events.event.isin(PRICED), amount.notnull())
    newest = theirs.order_by(ibis.desc("ts_us"), ibis.desc("message_key")).limit(1)
    rows = newest.select("total", "revenue", "currency", "properties").to_pyarrow().to_pylist()
    if not rows or (rows[0]["currency"] or workspace.currency).upper() != workspace.currency:
        return None
    row = rows[0]
    interval = json.loads(row["properties"] or "{}").get("interval", "")
    return month_price(row["revenue"] if row["total"] is None else row["total"], str(interval or ""))


def _confirm(credit_id: str, confirmed: Mapping[str, Any]) -> None:
    Credit.objects.filter(pk=credit_id).update(**confirmed)
