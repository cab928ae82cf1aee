"""Kept visits equal those computed anew, after any history of landings, merges, undos, erasures and retention."""

import json
from contextlib import suppress
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.capabilities.gaps.test_worlds import JOURNEY, START, events_of
from tests.journeys.test_visits import in_order, landed, new_workspace

from nousnous.base import clock
from nousnous.base.errors import NousError
from nousnous.collector.imports.actions import undo_import
from nousnous.collector.models import Import
from nousnous.facts.journeys import Journey, Matcher
from nousnous.journeys.actions.visits import kept_visits
from nousnous.journeys.definition import journey_in
from nousnous.journeys.models import KeptVisits
from nousnous.people.actions.erasure import erase_person
from nousnous.people.actions.merges import merge_persons, unmerge_person
from nousnous.warehouse.actions import carry_out_retention, set_term
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
JOURNEY_KEPT = journey_in(JOURNEY)
COMPUTED_ANEW = replace(JOURNEY_KEPT, frustration=(*JOURNEY_KEPT.frustration, Matcher(("Never",))))
"""Recognises the same visits under another key."""
DAYS_LATER_US = START + 50 * 3_600_000_000


def rows_of(workspace: Workspace, journey: Journey) -> list[dict[str, Any]]:
    return in_order(kept_visits(workspace, journey).visits.drop("landed_us").to_pyarrow().to_pylist())


def computed_anew(workspace: Workspace) -> list[dict[str, Any]]:
    KeptVisits.objects.filter(workspace=workspace, visits_key=COMPUTED_ANEW.visits_key).delete()
    return rows_of(workspace, COMPUTED_ANEW)


@dataclass
class History:
    """What can happen to the events of one workspace, drawn at random."""

    random: Random
    workspace: Workspace = field(default_factory=new_workspace)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)

    def land(self) -> None:
        count = self.random.randint(1, 30)
        part, self.waiting = self.waiting[:count], self.waiting[count:]
        if not part:
            return
        source = None
        if self.random.random() < 0.4:
            record = Import.objects.create(workspace=self.workspace, kind="events", state=Import.DONE)
            self.imports.append(record.id)
            source = record.id
        landed(self.workspace, part, source)

    def merge(self) -> None:
        merge_persons(self.workspace, self.somebody(), self.somebody())

    def unmerge(self) -> None:
        unmerge_person(self.workspace, self.somebody())

    def erase(self) -> None:
        erase_person(self.workspace, self.somebody())

    def undo(self) -> None:
        if self.imports:
            undo_import(self.workspace, self.imports.pop())

    def retain(self) -> None:
        set_term(self.workspace, "events", 1, "test")
        with clock.frozen(self.random.choice(self.moments)):
            carry_out_retention(self.workspace)

    def catch_up(self) -> None:
        assert rows_of(self.workspace, JOURNEY_KEPT) == computed_anew(self.workspace)

    def somebody(self) -> str:
        return f"{self.random.choice('uua')}{self.random.randint(0, 4)}"

    def live(self) -> None:
        self.waiting = events_of(self.random)
        self.moments = [event["ts_us"] + clock.DAY_US for event in self.waiting]
        happenings = [self.land] * 5 + [self.merge, self.unmerge] * 2 + [self.erase, self.undo, self.retain]
        for _ in range(self.random.randint(3, 14)):
            with suppress(NousError):
                self.random.choice(happenings)()
            if self.random.random() < 0.4:
                self.catch_up()
        self.catch_up()


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_kept_visits_are_those_computed_anew_after_any_history(seed: int) -> None:
    History(Random(seed)).live()


def event(name: str, ts_us: int, user_id: str, **properties: object) -> dict[str, Any]:
    said = {"event": name, "ts_us": ts_us, "user_id": user_id, "anonymous_id": None, "properties": properties}
    return {"message_id": f"{user_id}-{ts_us}-{name}", "type": "track", **said}


def test_nothing_of_an_erased_person_is_left_with_those_they_were_taken_out_of_shortly_before() -> None:
    workspace = new_workspace()
    hers = [event("Checkout", DAYS_LATER_US, "u2"), event("Payment Error", DAYS_LATER_US + 5, "u2")]
    landed(workspace, [event("Checkout", START, "u1"), *hers])
    merge_persons(workspace, "u2", "u1")
    assert len(rows_of(workspace, JOURNEY_KEPT)) == 2
    unmerge_person(workspace, "u2")
    erase_person(workspace, "u2")
    assert [row["opened_us"] for row in rows_of(workspace, JOURNEY_KEPT)] == [START]


class KilledError(Exception):
    """Stands for the end of a process."""


def killed(_share: float) -> None:
    raise KilledError


def test_what_an_interrupted_computation_left_counts_nowhere() -> None:
    workspace = new_workspace()
    landed(workspace, events_of(Random(3)))
    with pytest.raises(KilledError):
        kept_visits(workspace, JOURNEY_KEPT, killed)
    assert not KeptVisits.objects.filter(workspace=workspace).exists()
    assert rows_of(workspace, JOURNEY_KEPT) == computed_anew(workspace) != []


def test_an_interrupted_update_leaves_nothing_either() -> None:
    workspace, events = new_workspace(), events_of(Random(5))
    landed(workspace, events[:-1])
    kept_visits(workspace, JOURNEY_KEPT)
    before = KeptVisits.objects.get(workspace=workspace, visits_key=JOURNEY_KEPT.visits_key).landed_us
    landed(workspace, events[-1:])
    kept_visits(workspace, JOURNEY_KEPT)
    KeptVisits.objects.filter(workspace=workspace, visits_key=JOURNEY_KEPT.visits_key).update(landed_us=before)
    assert rows_of(workspace, JOURNEY_KEPT) == computed_anew(workspace)


def test_properties_with_any_name_can_be_asked_for() -> None:
    workspace = new_workspace()
    names = ("$browser", "a.b", "/path", "*", "it's", '"', "plain")
    for number, name in enumerate(names):
        where = f'starts = {{ event = "Home", where = {{ {json.dumps(name)} = "yes" }} }}'
        text = f'[journey]\nid = "j"\ncurrency = "EUR"\nhourly_wage = 1.0\n[[step]]\nid = "s"\n{where}\n'
        landed(workspace, [event("Home", START + number, f"u{number}", **{name: "yes"})])
        assert [row["opened_us"] for row in rows_of(workspace, journey_in(text))] == [START + number]
