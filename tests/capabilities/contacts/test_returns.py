"""Contacts that come back: the definition read slowly, the seven days, who hurries, and what a workspace is told."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from nousnous.base import clock
from nousnous.base.clock import DAY_US
from nousnous.base.errors import Refused
from nousnous.capabilities.contacts.actions import contact_report
from nousnous.capabilities.contacts.measures.returns import Contacts, Resolved, lines_of, net_minutes, returns_of
from nousnous.collector.landing import land
from nousnous.facts.events import EVENTS
from nousnous.workspaces.models import Workspace


def drawn(random: Any, size: int) -> Contacts:
    topics = random.choice(["bill", "bags", ""], size)
    times = random.integers(0, 30, size) * DAY_US // 2
    return Contacts(
        random.integers(0, 6, size), times, random.random(size) < 0.5, random.uniform(1, 9, size), {"topic": topics}
    )


def slowly(contacts: Contacts, *, same: bool) -> list[bool]:
    rows = list(zip(contacts.persons, contacts.ts_us, contacts.resolved, contacts.groups["topic"], strict=True))
    return [
        any(
            who == person and not ended and 0 < at - when <= 7 * DAY_US and (not same or topic == about)
            for who, at, ended, topic in rows
        )
        for person, when, resolved, about in rows
        if resolved
    ]


def test_the_fast_reading_is_the_slow_one_in_any_order() -> None:
    random = np.random.default_rng(3)
    for size in (0, 1, 40, 80):
        contacts = drawn(random, size)
        found = returns_of(contacts)
        assert found.came_back.tolist() == slowly(contacts, same=False)
        assert found.same_topic.tolist() == slowly(contacts, same=True)


def test_who_gets_faster_while_more_come_back_is_marked_and_the_bill_is_told() -> None:
    """Before, calls took 10 minutes and nobody came back; now they take 4, and half come back."""
    people = np.arange(200)
    ends = np.where(people < 100, 0, 40 * DAY_US)
    again = people[(people >= 100) & (people % 2 == 0)]
    persons = np.concatenate([people, again])
    made = Contacts(
        persons,
        np.concatenate([ends, ends[again] + DAY_US]),
        np.concatenate([np.full(200, fill_value=True), np.full(50, fill_value=False)]),
        np.concatenate([np.where(people < 100, 10.0, 4.0) + people % 3 * 0.1, np.full(50, np.nan)]),
        {"channel": np.full(250, "phone"), "topic": np.full(250, "")},
    )
    found = returns_of(made)
    late = found.ts_us > DAY_US
    whole, phone = lines_of(found.chosen(late), found.chosen(~late), 99 * DAY_US)
    assert (whole.avoidance.value, phone.hurried, whole.hurried) == (0.5, True, True)
    assert whole.net_minutes is not None
    assert whole.net_minutes.value == pytest.approx(100 * (0.5 * 4.1 - 6.0), abs=1)
    assert (whole.net_minutes.n, (whole.net_minutes.high or 0) < 0) == (100, True)  # faster by more than repeats cost
    young = lines_of(found.chosen(late), found.chosen(~late), 39 * DAY_US)[0]
    assert (young.maturing, young.avoidance.value, young.hurried) == (100, None, False)


def made(random: Any, stays: float, minutes: float) -> Resolved:
    """60 people with one to four contacts each; who comes back took longer, and of a third nobody counted minutes."""
    persons = np.repeat(np.arange(60), random.integers(1, 5, 60))
    habit = random.normal(0, 1, 60)[persons]
    back = random.random(persons.size) > np.clip(stays + 0.1 * habit, 0, 1)
    spent = minutes + habit + 2 * (back - (1 - stays)) + random.normal(0, 1, persons.size)
    spent[random.random(persons.size) < 0.3] = np.nan
    return Resolved(persons, np.zeros(persons.size, np.int64), spent, back, back, {})


def test_the_interval_of_the_net_cost_holds_the_truth_about_as_often_as_it_says() -> None:
    random, held = np.random.default_rng(8), 0
    for _ in range(400):
        before, now = made(random, 0.8, 9.0), made(random, 0.7, 8.0)
        found = net_minutes(now, before)
        each = (8.0 - 9.0) - (0.7 - 0.8) * 8.0  # a minute faster; of ten contacts one more comes back, at 8 minutes
        held += (found.low or 0) <= now.persons.size * each <= (found.high or 0)
    assert 0.925 <= held / 400 <= 0.98


def test_a_workspace_is_told_of_its_contacts(workspace: Workspace) -> None:
    assert contact_report(workspace).lines == ()
    now_us = clock.now_us()
    rows = [
        {"message_id": f"{person}-{name}-{days}", "event": name, "user_id": f"p{person}", "topic": "bill",
         "channel": "chat", "properties": '{"team": "Desk"}', "handling_minutes": 5.0, "ts_us": now_us - days * DAY_US}
        for person in range(20)
        for name, days in (("Contact Resolved", 20), ("Contact Started", 18), ("Contact Resolved", 2))
        if name == "Contact Resolved" or person < 5
    ]  # fmt: skip
    land(workspace, EVENTS, pa.Table.from_pylist(rows))
    report = contact_report(workspace)
    assert (report.contacts, [one.name for one in report.lines]) == (40, ["all contacts", "Desk", "bill", "chat"])
    assert report.whole is not None
    assert (report.whole.avoidance.value, report.whole.avoidance.n, report.whole.maturing) == (0.75, 20, 20)
    assert report.as_dict()["lines"][0]["minutes"]["value"] == 5.0
    with pytest.raises(Refused, match="8 to 400 days"):
        contact_report(workspace, 7)
