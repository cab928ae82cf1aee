"""Suggesting a journey from the events that came in."""

from nousnous.base.errors import Missing
from nousnous.facts.journeys import SIGNALS
from nousnous.journeys import measures
from nousnous.journeys.actions.seen import snapshot_of
from nousnous.journeys.suggestion import EVERYWHERE, TROUBLES, Name, sketch, words_of, written
from nousnous.workspaces.models import Workspace

NAMES_LOOKED_AT = 200


def suggest_journey(workspace: Workspace, journey_id: str = "journey") -> str:
    """A journey file for the events of a workspace, ready to be applied."""
    events = snapshot_of(workspace).events()
    rows = measures.names_in_order(events).to_pyarrow().to_pylist()
    names = [Name(**row) for row in rows if row["event"] not in SIGNALS]
    names = sorted(names, key=lambda name: (-name.n, name.event))[:NAMES_LOOKED_AT]
    if not names:
        raise Missing("No event of a person came in yet; import a file or send events, or start from a template.")
    troubles = [name.event for name in names if not TROUBLES.isdisjoint(words_of(name.event))]
    before: dict[str, tuple[int, str]] = {}
    telling = events.filter(events.event.notin(sorted(EVERYWHERE)))
    for row in measures.done_before(telling, troubles).to_pyarrow().to_pylist() if troubles else []:
        before[row["event"]] = max((row["n"], row["before"]), before.get(row["event"], (0, "")))
    found = sketch(names, {trouble: name for trouble, (_, name) in before.items()})
    return written(found, journey_id, workspace.currency, workspace.timezone)
