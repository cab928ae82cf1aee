"""Suggesting a journey from the events that came in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from nousnous.base.clock import DAY_US, HOUR_US, MINUTE_US
from nousnous.base.errors import Missing
from nousnous.facts.journeys import SIGNALS
from nousnous.journeys import measures
from nousnous.journeys.actions.seen import snapshot_of
from nousnous.journeys.drafting import drafted, identity_of
from nousnous.journeys.models import JourneyVersion
from nousnous.journeys.suggestion import (
    EVERYWHERE,
    Name,
    Suggested,
    calm_names,
    endless,
    is_trouble,
    sketch,
    title_of,
)
from nousnous.workspaces.models import Workspace

NAMES_LOOKED_AT = 200
WITHIN = {"30m": 30 * MINUTE_US, "2h": 2 * HOUR_US, "1d": DAY_US, "3d": 3 * DAY_US, "14d": 14 * DAY_US}
ENOUGH_ENDED = 0.3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A journey file, and the id that it gives the journey."""

    id: str
    text: str


def suggest_journey(workspace: Workspace, journey_id: str = "") -> Suggestion:
    """A journey file for the events of a workspace, ready to be applied; without an id it gets one that is free."""
    events = snapshot_of(workspace).events()
    rows = measures.names_in_order(events).to_pyarrow().to_pylist()
    names = [Name(**row) for row in rows if row["event"] not in SIGNALS]
    names = sorted(names, key=lambda name: (-name.n, name.event))[:NAMES_LOOKED_AT]
    if not names:
        raise Missing("No event of a person came in yet; import a file or send events, or start from a template.")
    found = sketch(names, _ended_by(events, names), _before_trouble(events, names))
    found = replace(found, steps=tuple(replace(step, within=_within(events, step)) for step in found.steps))
    taken = JourneyVersion.objects.filter(workspace=workspace).values_list("journey_id", flat=True)
    identity = journey_id or identity_of(title_of(found), taken)
    return Suggestion(identity, drafted(found, identity, workspace.currency, workspace.timezone))


def _ended_by(events: Any, names: Sequence[Name]) -> dict[str, str]:
    """What mostly ends a beginning that no name ends by its words, where enough of them are ended so."""
    starts, ends = endless(calm_names(names))
    often = {name.event: name.n for name in names}
    commonest: dict[str, tuple[int, str]] = {}
    pairs = measures.done_after(events, starts, ends, WITHIN["14d"]).to_pyarrow().to_pylist() if starts and ends else []
    for row in pairs:
        commonest[row["before"]] = max((row["n"], row["event"]), commonest.get(row["before"], (0, "")))
    return {start: end for start, (n, end) in sorted(commonest.items()) if n >= ENOUGH_ENDED * often[start]}


def _before_trouble(events: Any, names: Sequence[Name]) -> dict[str, str]:
    """What people did just before each name of trouble, most often."""
    troubles = [name.event for name in names if is_trouble(name.event)]
    before: dict[str, tuple[int, str]] = {}
    telling = events.filter(events.event.notin(sorted(EVERYWHERE)))
    for row in measures.done_before(telling, troubles).to_pyarrow().to_pylist() if troubles else []:
        before[row["event"]] = max((row["n"], row["before"]), before.get(row["event"], (0, "")))
    return {trouble: name for trouble, (_, name) in before.items()}


def _within(events: Any, step: Suggested) -> str:
    """The shortest usual time in which nine of ten endings come; half an hour where people look around."""
    if not step.completes or step.lingers:
        return next(iter(WITHIN))
    rows = measures.done_after(events, [*step.starts], [*step.completes], WITHIN["14d"]).to_pyarrow().to_pylist()
    took_us = max((row["took_us"] for row in rows), default=0)
    return next((written for written, most_us in WITHIN.items() if took_us <= most_us), "14d")
