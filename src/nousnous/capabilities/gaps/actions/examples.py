"""Example visits of the step page: a few real ones with what happened in them."""

from dataclasses import replace
from typing import Any

import ibis
import pyarrow as pa

from nousnous.capabilities.gaps.actions.opening import OpenJourney, open_journey
from nousnous.capabilities.gaps.actions.reading import read_visits
from nousnous.capabilities.gaps.measures.debt import reference
from nousnous.capabilities.gaps.measures.examples import (
    ExampleVisit,
    Happening,
    outcome_of,
    position_of,
)
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions.segments import basis_of
from nousnous.journeys.periods import Period
from nousnous.journeys.windows import Asked, period_of, window_of
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.memory import remembered
from nousnous.workspaces.models import Workspace

EACH = 2
MOST_EVENTS = 40
SHOWN = ("person_key", "opened_us", "ended_us", "active_us", "completed", "failed", "country", "channel", "cause")


def example_visits(workspace: Workspace, asked: Asked, step: str, each: int = EACH) -> tuple[ExampleVisit, ...]:
    """The visits of a step that wasted most, of those that wasted nothing the longest: some of each outcome.

    They show single people: ask for `people:read`, and note in the audit log that they were read.
    """
    basis = ("examples", step, each, basis_of(workspace, asked))
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS, SCORES)
    return remembered(snapshot, basis, lambda: _found(workspace, asked, step, each))


def _found(workspace: Workspace, asked: Asked, step: str, each: int) -> tuple[ExampleVisit, ...]:
    opened = open_journey(workspace, asked.journey)
    position = position_of(tuple(one.id for one in opened.journey.steps), step)
    window = window_of(asked.from_text, asked.to_text, opened.timezone)
    period = period_of(window, opened.extent.last_day_us, opened.timezone)
    rows = _rows(opened, position, period, each)
    happened = _events(opened, rows)
    return tuple(_example(row, [one for one in happened if _belongs(one, row)]) for row in rows)


def _rows(opened: OpenJourney, position: int, period: Period, each: int) -> list[dict[str, Any]]:
    """The first visits of each outcome, the most wasted first; ties by opening and person, so that it repeats."""
    newest_us = opened.extent.newest_us or 0
    table = opened.sources.visits.filter(lambda visits: visits.step == position)
    (visits,), _ = read_visits(table, period, newest_us)
    bounds = reference(visits, opened.journey.steps[position].owners_us)
    inside = (table.opened_us >= period.from_us) & (table.opened_us < period.to_us)
    closed = table.filter(inside & (table.completed | (table.window_us <= newest_us)))
    allowed = ibis.ifelse(
        closed.completed,
        ibis.ifelse(closed.troubled, _bound(bounds.troubled_us), _bound(bounds.clean_us)),
        ibis.ifelse(closed.troubled, ibis.literal(0, "int64"), ibis.null("int64")),
    )
    wasted = ibis.greatest(ibis.coalesce(closed.active_us - allowed, 0), 0)
    outcome = closed.completed.ifelse(0, closed.failed.ifelse(1, 2))
    ranked = closed.mutate(wasted_us=wasted, outcome=outcome)
    order = [ibis.desc("wasted_us"), ibis.desc("active_us"), "opened_us", "person_key"]
    ranked = ranked.mutate(place=ibis.row_number().over(group_by="outcome", order_by=order))
    chosen = ranked.filter(ranked.place < each).order_by("outcome", "place")
    found: list[dict[str, Any]] = chosen.select(*SHOWN, "wasted_us").to_pyarrow().to_pylist()
    return found


def _bound(limit_us: int | None) -> Any:
    return ibis.null("int64") if limit_us is None else ibis.literal(limit_us, "int64")


def _events(opened: OpenJourney, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not rows:
        return []
    people = ibis.memtable(pa.table({"person_key": pa.array(sorted({row["person_key"] for row in rows}), pa.int64())}))
    events = opened.sources.events
    first, last = min(row["opened_us"] for row in rows), max(row["ended_us"] for row in rows)
    spans = (events.ts_us >= first) & (events.ts_us <= last)
    theirs = events.filter(spans).semi_join(people, "person_key")
    columns = ("person_key", "ts_us", "event", "element", "screen", "user_id", "anonymous_id")
    ordered = theirs.select(*columns).order_by("person_key", "ts_us", "event", "element", "screen")
    found: list[dict[str, Any]] = ordered.to_pyarrow().to_pylist()
    return found


def _belongs(event: dict[str, Any], row: dict[str, Any]) -> bool:
    return bool(event["person_key"] == row["person_key"] and row["opened_us"] <= event["ts_us"] <= row["ended_us"])


def _example(row: dict[str, Any], events: list[dict[str, Any]]) -> ExampleVisit:
    known = sorted({event["user_id"] for event in events if event["user_id"]})
    anonymous = sorted({event["anonymous_id"] for event in events if event["anonymous_id"]})
    happenings = [
        Happening(
            event["ts_us"],
            event["ts_us"] - row["opened_us"],
            event["event"],
            event["element"],
            event["screen"],
            cause=False,
        )
        for event in events
    ]
    first = next((place for place, one in enumerate(happenings) if one.event == row["cause"]), None)
    if first is not None:
        happenings[first] = replace(happenings[first], cause=True)
    return ExampleVisit(
        outcome_of(completed=row["completed"], failed=row["failed"]),
        (known or anonymous or [""])[0],
        row["opened_us"],
        row["ended_us"],
        row["active_us"],
        row["wasted_us"],
        row["country"],
        row["channel"],
        row["cause"],
        tuple(happenings[:MOST_EVENTS]),
        max(0, len(happenings) - MOST_EVENTS),
    )
