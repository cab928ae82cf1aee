"""What a play would have done: for whom it would have fired in the last thirty days of what is kept."""

from dataclasses import dataclass
from typing import Any, Final

from nousnous.base import clock
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions.segments import People, persons_in, segment_of
from nousnous.plays.definition import Play as Definition
from nousnous.plays.measures import would_have_fired
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

DAYS: Final = 30
MOST_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class DryRun:
    """How many people and events; the newest of the people with the moment that would have pulled the trigger."""

    persons: int
    events: int
    holdout: float
    newest: tuple[tuple[str, str], ...]

    @property
    def sentence(self) -> str:
        if not self.persons:
            return f"It would have fired for nobody in the last {DAYS} days."
        people = "1 person" if self.persons == 1 else f"{self.persons} people"
        alone = round(self.persons * self.holdout)
        held = f", some {alone} of them left alone to compare" if alone else ""
        return f"It would have fired for {people} in the last {DAYS} days{held}."

    def as_dict(self, *, people: bool) -> dict[str, Any]:
        newest = [{"person": person, "moment": moment} for person, moment in self.newest] if people else None
        return {
            "days": DAYS,
            "persons": self.persons,
            "events": self.events,
            "said": self.sentence,
            **({"newest": newest} if people else {}),
        }


def dry_run(workspace: Workspace, definition: Definition) -> DryRun:
    """Look through the last thirty days of the events that are kept; limits between plays are left aside."""
    source = lake_of(workspace).snapshot(EVENTS, LINKS, SCORES)
    events = source.events()
    newest_us = events.ts_us.max().to_pyarrow().as_py()
    if newest_us is None:
        return DryRun(0, 0, definition.holdout, ())
    found = would_have_fired(events, definition, newest_us - DAYS * clock.DAY_US, newest_us)
    if definition.audience:
        segment = segment_of(workspace, definition.audience)
        found = found.semi_join(persons_in(workspace, segment, People(events, source.resolved(SCORES))), "person_key")
    people = found.group_by("person_key").agg(
        n=found.count(), moment_us=found.ts_us.max(), person=found.user_id.fill_null(found.anonymous_id).max()
    )
    totals = people.agg(persons=people.count(), events=people.n.sum()).to_pyarrow().to_pylist()[0]
    newest = people.order_by(people.moment_us.desc(), people.person).limit(MOST_SHOWN).to_pyarrow().to_pylist()
    shown = tuple((row["person"], clock.from_us(row["moment_us"]).isoformat()) for row in newest)
    return DryRun(totals["persons"], int(totals["events"] or 0), definition.holdout, shown)
