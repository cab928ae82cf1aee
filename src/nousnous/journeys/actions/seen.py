"""Which event names came in, and which of a journey never did."""

import difflib

import ibis

from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.journeys import SIGNALS, Journey
from nousnous.journeys.matching import names_in
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.workspaces.models import Workspace

NEAREST = 3


def snapshot_of(workspace: Workspace) -> Snapshot:
    """The events of a workspace and who is who, as they stand."""
    return lake_of(workspace).snapshot(EVENTS, LINKS)


def seen_names(workspace: Workspace) -> dict[str, int]:
    """How often each event name came, commonest first."""
    events = snapshot_of(workspace).table(EVENTS)
    counted = events.filter(events.event.notnull()).group_by("event").agg(n=ibis._.count())
    rows = counted.order_by(counted.n.desc(), counted.event).to_pyarrow().to_pylist()
    return {row["event"]: row["n"] for row in rows}


def unseen_warnings(workspace: Workspace, journey: Journey) -> list[str]:
    """A sentence for each name of the steps' matchers that never came, with the nearest three that did."""
    seen = list(seen_names(workspace))
    if not seen:
        return ["No event came in yet, so no name could be checked."]
    warnings = []
    for step in journey.steps:
        used = names_in(step.matchers)
        warnings += [_warning(step.name, name, seen) for name in sorted(used.difference(seen, SIGNALS))]
    return warnings


def nearest_names(name: str, seen: list[str]) -> list[str]:
    """The names most like one, whatever their case.

    >>> nearest_names("order completed", ["Page Viewed", "Order Completed", "Order Refunded"])
    ['Order Completed', 'Order Refunded', 'Page Viewed']
    """
    plain: dict[str, str] = {}
    for one in seen:
        plain.setdefault(one.lower(), one)
    return [plain[one] for one in difflib.get_close_matches(name.lower(), plain, n=NEAREST, cutoff=0.0)]


def _warning(step: str, name: str, seen: list[str]) -> str:
    nearest = nearest_names(name, seen)
    return f"{step}: no event “{name}” came in yet; the nearest names are {', '.join(f'“{one}”' for one in nearest)}."
