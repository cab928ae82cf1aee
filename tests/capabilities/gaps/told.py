"""Events, scores and journeys of the oracle told to the product: as Ibis tables and as a plan."""

from typing import Any

import ibis
import pyarrow as pa
from tests.journeys.kept import kept_row
from tests.oracle.identity import owners, person_of
from tests.oracle.matchers import property_text
from tests.oracle.report import report
from tests.oracle.visits import visits

from nousnous.base.ids import keyed_hash
from nousnous.capabilities.gaps.actions.cases import Question, report_of
from nousnous.capabilities.gaps.actions.following import follow_up
from nousnous.capabilities.gaps.actions.reading import Sources
from nousnous.capabilities.gaps.measures.assembly import HeldBelief
from nousnous.capabilities.gaps.measures.beliefs import Stated
from nousnous.facts.events import EVENTS
from nousnous.facts.journeys import Amplification, Journey, Step
from nousnous.facts.scores import SCORES
from nousnous.facts.visits import visits_table
from nousnous.journeys.catalogue import METRICS
from nousnous.journeys.parts import Part
from nousnous.journeys.periods import Extent, Period
from nousnous.warehouse.lake import rows_of
from nousnous.warehouse.schemas import arrow_schema

World = dict[str, Any]


def key_of(person: tuple[str, str] | None) -> int | None:
    return None if person is None else keyed_hash(b"test", *person)


def sources(events: list[World], scores: list[World], journey: World) -> Sources:
    """The tables that a workspace with these events and scores would have."""
    owned = owners(events)
    stored = _table(EVENTS, [_event(event, owned) for event in events])
    answers = _table(SCORES, [_score(score, owned) for score in scores])
    kept = [kept_row(visit, key_of(visit.person)) for visit in visits(events, journey)]
    named = ibis.memtable(pa.Table.from_pylist(kept, schema=arrow_schema(visits_table("x"))))
    return Sources(named, stored, _with_person(stored), _with_person(answers), "test")


def plan_of(journey: World) -> Journey:
    head = journey["journey"]
    wage = head["hourly_wage"]
    steps = tuple(
        Step(
            step["id"],
            step.get("name", step["id"]),
            active_clock=step.get("clock") == "active",
            owners_us=None if step.get("reference_s") is None else round(step["reference_s"] * 1_000_000),
        )
        for step in journey["step"]
    )
    wages = wage if isinstance(wage, dict) else {"default": wage}
    amplification = Amplification(**head.get("amplification", {}))
    return Journey(head["id"], head.get("name", ""), head["currency"], steps, wages, amplification)


def told_report(
    events: list[World], scores: list[World], journey: World, window: tuple[int, int], by: str | None = None
) -> World:
    """The product's report as its JSON."""
    times = [event["ts_us"] for event in events]
    beliefs = [_belief(number, belief) for number, belief in enumerate(journey.get("belief", []))]
    question = Question(plan_of(journey), Period(*window), "UTC", beliefs, by)
    extent = Extent(min(times), max(times), max(times))
    read = sources(events, scores, journey)
    return follow_up(report_of("test", read, question, extent, Part(by)), read, question, extent, Part(by)).as_dict()


def oracle_report(
    events: list[World], scores: list[World], journey: World, window: tuple[int, int], by: str | None = None
) -> World:
    found: World = report(events, scores, journey, window, by=by)
    return found


def _belief(number: int, belief: World) -> HeldBelief:
    metric = METRICS[belief["metric"]]
    tolerance = belief.get("tolerance", metric.tolerance)
    span = belief.get("range")
    stated = Stated(metric.id, belief["value"], tolerance, tuple(span) if span else None, belief.get("expected_gap"))
    return HeldBelief(
        f"bel_{number}",
        belief["step"],
        "team",
        "",
        stated,
        belief.get("sealed_us"),
        metric.scale(),
        metric.unit,
        metric.own_scale,
    )


def _table(table: Any, rows: list[World]) -> Any:
    return ibis.memtable(rows_of(table, {name: [row.get(name) for row in rows] for name in table.names}))


def _with_person(rows: Any) -> Any:
    return rows.mutate(person_key=rows.identity_key)


def _event(event: World, owned: World) -> World:
    properties = event.get("properties") or {}
    promoted = {name: property_text(event, name) for name in ("country", "channel", "element")}
    minutes = {name: properties.get(name) for name in ("customer_minutes", "handling_minutes", "revenue")}
    key = key_of(person_of(event, owned))
    return {"ts_us": event["ts_us"], "event": event["event"], "identity_key": key, **promoted, **minutes}


def _score(score: World, owned: World) -> World:
    low, high = score.get("scale") or {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "rating": (1, 5)}[score["metric"]]
    return {
        "ts_us": score["ts_us"],
        "identity_key": key_of(person_of(score, owned)),
        "metric": score["metric"],
        "step": score["step"],
        "value": score["value"],
        "scale_low": low,
        "scale_high": high,
        "weight": score.get("weight"),
        "country": property_text(score, "country"),
    }
