"""What who calls should know: the call sheet, and what somebody spent in the year before."""

from dataclasses import dataclass
from typing import Any, Final, TypedDict

import ibis

from nousnous.base import clock
from nousnous.capabilities.cases.models import Case
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.scores import SCORES
from nousnous.people.identity import OF_PEOPLE, person_with
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.memory import remembered

YEAR_US: Final = 365 * clock.DAY_US
ORDERED: Final = "Order Completed"
MOST_NEWEST: Final = 8


class HappenedShape(TypedDict):
    at: str
    event: str


class SheetShape(TypedDict):
    since: str
    orders: int
    spent: float
    newest: list[HappenedShape]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Who it is in figures, what they did last, and what they answered last."""

    since: str
    orders: int
    spent: float
    newest: tuple[tuple[str, str], ...]
    answers: tuple[dict[str, Any], ...]

    def as_dict(self) -> SheetShape:
        newest: list[HappenedShape] = [{"at": moment, "event": event} for moment, event in self.newest]
        return {"since": self.since, "orders": self.orders, "spent": self.spent, "newest": newest}


def spent_before(case: Case) -> float:
    """What they ordered for in the year before the case was opened, in the workspace's currency."""
    return _figures(_events(case), clock.to_us(case.opened_at))["spent"] or 0.0


def sheet_of(case: Case) -> Sheet:
    """The call sheet; empty figures where nothing is known of them any more."""
    snapshot = lake_of(case.workspace).snapshot(*OF_PEOPLE, LINKS)
    return remembered(snapshot, ("call sheet", case.identity_key), lambda: _sheet(case))


def _sheet(case: Case) -> Sheet:
    events = _events(case)
    figures = _figures(events, clock.now_us())
    newest = events.filter(events.event.notnull()).order_by(ibis.desc("ts_us"), "event").limit(MOST_NEWEST)
    did = tuple((_day(row["ts_us"]), row["event"]) for row in newest.select("ts_us", "event").to_pyarrow().to_pylist())
    since = _day(figures["first_us"]) if figures["first_us"] else ""
    return Sheet(since[:10], int(figures["orders"] or 0), figures["spent"] or 0.0, did, tuple(_answers(case)))


def _events(case: Case) -> Any:
    events = lake_of(case.workspace).snapshot(EVENTS, LINKS).events()
    return events.filter(events.person_key == _person_key(case))


def _person_key(case: Case) -> int:
    person = person_with(case.workspace, case.identity_key)
    return case.identity_key if person is None else person.key


def _figures(events: Any, until_us: int) -> dict[str, Any]:
    before = events.filter(events.ts_us <= until_us)
    lately = (before.event == ORDERED) & (before.ts_us > until_us - YEAR_US)
    figures = before.agg(
        first_us=before.ts_us.min(),
        orders=before.event.count(where=lately),
        spent=ibis.coalesce(before.revenue, before.total).sum(where=lately),
    )
    found: dict[str, Any] = figures.to_pyarrow().to_pylist()[0]
    return found


def _answers(case: Case) -> list[dict[str, Any]]:
    scores = lake_of(case.workspace).snapshot(SCORES, LINKS).resolved(SCORES)
    mine = scores.filter(scores.person_key == _person_key(case)).order_by(ibis.desc("ts_us"), "score_key").limit(3)
    rows = mine.select("ts_us", "metric", "value", "scale_high", "comment", "step").to_pyarrow().to_pylist()
    return [row | {"day": _day(row["ts_us"])[:10]} for row in rows]


def _day(moment_us: int) -> str:
    return f"{clock.from_us(moment_us):%Y-%m-%d %H:%M}"
