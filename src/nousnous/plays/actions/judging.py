"""Whether a firing may act, and for which arm: what the lake, consents and other firings say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from nousnous.base import clock
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions.segments import People, persons_in, segment_of
from nousnous.people.actions.consents import refuses
from nousnous.people.identity import OF_PEOPLE, Person, person_with
from nousnous.plays.actions.people import details_of
from nousnous.plays.measures import matching
from nousnous.plays.models import Firing, Play, PlayVersion
from nousnous.plays.registry import action_named
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.workspaces.models import Workspace

OFF: Final = (Firing.CANCELLED, "The play was switched off.")
NOBODY: Final = Person(0, (), (), ())
"""Whom a metric concerns that passed its value."""


@dataclass(frozen=True, slots=True)
class Case:
    """A firing with what it needs to be judged."""

    firing: Firing
    workspace: Workspace
    version: PlayVersion
    person: Person
    source: Snapshot
    details: Mapping[str, Any]

    @property
    def concerns_somebody(self) -> bool:
        return bool(self.person.identities)

    @property
    def events(self) -> Any:
        """All events of the person."""
        events = self.source.table(EVENTS)
        mine = events.filter(events.identity_key.isin(self.person.identities))
        return mine.mutate(person_key=self.person.key)


def case_of(firing: Firing) -> Case | None:
    """None where what pulled the trigger, or whom it is about, is not there any more."""
    workspace = firing.play.workspace
    source = lake_of(workspace).snapshot(*OF_PEOPLE, LINKS)
    details = firing.details if firing.details is not None else details_of(source, firing.message_key)
    key = firing.identity_key
    person = NOBODY if key is None else person_with(workspace, key, source)
    if details is None or person is None:
        return None
    return Case(firing, workspace, firing.play.versions.get(number=firing.version), person, source, details)


def is_off(case: Case) -> bool:
    """Whether the play was switched off meanwhile."""
    return not Play.objects.filter(pk=case.firing.play_id, on=True).exists()


def why_not(case: Case) -> tuple[str, str] | None:
    """The state and the sentence of a firing that does not act, as far as the lake and consents say."""
    definition = case.version.definition
    if is_off(case):
        return OFF
    if definition.trigger.without:
        came = matching(case.events, definition.trigger.without)
        until_us = case.firing.moment_us + definition.trigger.within_us
        in_time = came.filter((came.ts_us > case.firing.moment_us) & (came.ts_us <= until_us))
        if in_time.count().to_pyarrow().as_py():
            return Firing.CANCELLED, "They did it in time."
    if definition.audience and not definition.trigger.calendar:  # which chose its people a moment ago
        segment = segment_of(case.workspace, definition.audience)
        inside = persons_in(case.workspace, segment, People(case.source.events(), case.source.resolved(SCORES)))
        if not inside.filter(inside.person_key == case.person.key).count().to_pyarrow().as_py():
            return Firing.LEFT_OUT, f"They are not in the segment {definition.audience}."
    return without_consent(case) or _closed(case)


def without_consent(case: Case) -> tuple[str, str] | None:
    """The same of one who does not allow what the play does; asked once more when the time to act has come."""
    for purpose in sorted({action_named(step.action).purpose for step in case.version.definition.steps} - {""}):
        if refuses(case.workspace.id, purpose, case.person.identities):
            return Firing.LEFT_OUT, f"They did not allow it ({purpose})."
    return None


def _closed(case: Case) -> tuple[str, str] | None:
    for step in case.version.definition.steps:
        reason = action_named(step.action).closed(case.workspace.id, step.parameters)
        if reason:
            return Firing.LEFT_OUT, reason
    return None


def settle(firing: Firing, state: str, said: str) -> None:
    """Write what became of a firing."""
    firing.state, firing.said, firing.decided_at = state, said, clock.now()
    firing.save(update_fields=["state", "arm", "said", "decided_at", "references", "cost_cents"])
