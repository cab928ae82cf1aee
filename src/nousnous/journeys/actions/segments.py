"""Keeping segments, and finding who is in them."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import reduce
from typing import Any, Protocol

import ibis

from nousnous.base import clock
from nousnous.base.errors import Missing, Place, Refused
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.scores import SCORES
from nousnous.journeys import measures
from nousnous.journeys.actions.versions import journey_of, list_journeys
from nousnous.journeys.actions.visits import kept_visits
from nousnous.journeys.models import JourneyVersion, Segment
from nousnous.journeys.segments import (
    Demand,
    Did,
    Property,
    Ranked,
    Reached,
    SegmentDefinition,
    Trait,
    parse_segment,
)
from nousnous.journeys.windows import Asked, start_of_today_us
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.warehouse.memory import remembered
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace


class Tables(Protocol):
    """Events and scores with `person_key`, at one snapshot."""

    @property
    def events(self) -> Any: ...

    @property
    def scores(self) -> Any: ...


def apply_segment(workspace: Workspace, text: str, file: str | None, actor: str) -> Segment:
    """Keep a segment under the name that its text says."""
    definition = parse_segment(text, file)
    _check_journeys(workspace, definition, file)
    standing = Segment.objects.filter(workspace=workspace, name=definition.name).first()
    if standing is not None and standing.text == text:
        return standing
    segment, _ = Segment.objects.update_or_create(
        workspace=workspace,
        name=definition.name,
        defaults={"text": text, "actor": actor, "changed_at": clock.now()},
    )
    audit(workspace, actor, "apply segment", definition.name)
    return segment


def list_segments(workspace: Workspace) -> list[Segment]:
    return list(Segment.objects.filter(workspace=workspace))


def segment_of(workspace: Workspace, name: str) -> Segment:
    """The segment of that name."""
    found = Segment.objects.filter(workspace=workspace, name=name).first()
    if found is None:
        raise Missing(f"There is no segment “{name}” in this workspace; write country=DE for a property.")
    return found


def basis_of(workspace: Workspace, asked: Asked | None = None) -> tuple[Hashable, ...]:
    """What an answer rests on besides the lake: the question, its saved segment, the journeys, and the day."""
    named = asked.segment if asked and asked.segment and "=" not in asked.segment else None
    versions = list_journeys(workspace)
    zones = {workspace.timezone, *(one.journey.timezone or workspace.timezone for one in versions)}
    days = tuple(sorted((zone, start_of_today_us(zone)) for zone in zones))
    return asked, segment_of(workspace, named).text if named else "", tuple(one.pk for one in versions), days


def remove_segment(workspace: Workspace, name: str, actor: str) -> None:
    """Forget a segment; the people in it stay."""
    segment_of(workspace, name).delete()
    audit(workspace, actor, "remove segment", name)


def persons_in(workspace: Workspace, segment: Segment | SegmentDefinition, kept: Tables) -> Any:
    """The persons of a segment as an Ibis table with `person_key`, counted once and held in memory."""
    definition = segment.definition if isinstance(segment, Segment) else segment
    found = [_persons(workspace, demand, kept) for demand in definition.demands]
    together = reduce(_either if definition.any_suffices else _both, found)
    return ibis.memtable(together.select("person_key").distinct().to_pyarrow())


@dataclass(frozen=True, slots=True)
class People:
    """Events and scores of one snapshot."""

    events: Any
    scores: Any


def size_now(workspace: Workspace, segment: Segment | SegmentDefinition) -> tuple[int, int]:
    """How many persons are in a segment as things stand, and how many there are."""
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS, SCORES)
    definition = segment.definition if isinstance(segment, Segment) else segment
    asked = ("size of a segment", definition, basis_of(workspace))
    return remembered(snapshot, asked, lambda: _sized(workspace, definition, snapshot))


def _sized(workspace: Workspace, segment: SegmentDefinition, snapshot: Snapshot) -> tuple[int, int]:
    kept = People(snapshot.events(), snapshot.resolved(SCORES))
    inside = int(persons_in(workspace, segment, kept).count().to_pyarrow().as_py())
    return inside, int(measures.everybody(kept.events, kept.scores).count().to_pyarrow().as_py())


def _persons(workspace: Workspace, demand: Demand, kept: Tables) -> Any:
    events = kept.events
    match demand:
        case Trait():
            return _held(measures.with_trait(events, demand))
        case Property():
            return _held(measures.with_property(events, demand))
        case Did():
            newest_us = events.filter(events.person_key.notnull()).ts_us.max().to_pyarrow().as_py() or 0
            persons = measures.everybody(events, kept.scores)
            return _held(measures.who_did(events, persons, demand, newest_us))
        case Reached():
            return _reached(workspace, demand)
        case Ranked():
            return _held(measures.who_ranks(events, demand))


def _reached(workspace: Workspace, demand: Reached) -> Any:
    found = []
    for version in _journeys(workspace, demand):
        steps = version.journey.steps
        positions = [
            place
            for place, step in enumerate(steps)
            if (step.stage == demand.stage if demand.stage else step.id == demand.step)
        ]
        visits = kept_visits(workspace, version.journey).visits
        found.append(_held(measures.who_reached(visits, positions)))
    return reduce(_either, found) if found else ibis.memtable({"person_key": []}, schema={"person_key": "int64"})


def _journeys(workspace: Workspace, demand: Reached) -> list[JourneyVersion]:
    if demand.journey is not None:
        return [journey_of(workspace, demand.journey)]
    having = list_journeys(workspace)
    return having if demand.stage else [one for one in having if _has(one, demand.step)]


def _has(version: JourneyVersion, step: str | None) -> bool:
    return any(one.id == step for one in version.journey.steps)


def _check_journeys(workspace: Workspace, definition: SegmentDefinition, file: str | None) -> None:
    """A segment names steps that exist; a step of two journeys needs its journey."""
    for demand in definition.demands:
        if not isinstance(demand, Reached) or demand.step is None:
            continue
        having = [one for one in _journeys(workspace, demand) if _has(one, demand.step)]
        if not having:
            raise Refused(f"There is no step “{demand.step}”.", Place(file, field="condition.step"))
        if len(having) > 1:
            names = ", ".join(one.journey_id for one in having)
            raise Refused(f"Say which journey has the step: {names}.", Place(file, field="condition.journey"))


def _held(persons: Any) -> Any:
    return ibis.memtable(persons.select("person_key").to_pyarrow())


def _both(one: Any, other: Any) -> Any:
    return one.semi_join(other, "person_key")


def _either(one: Any, other: Any) -> Any:
    return one.union(other)
