"""All questions, the largest low tail first."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nousnous.capabilities.spreads.actions.spreads import spreads_of
from nousnous.capabilities.spreads.measures.guilt import about_step
from nousnous.capabilities.spreads.measures.spreads import SpreadReport, StepSpread
from nousnous.capabilities.spreads.views import cards
from nousnous.charts.cards import Card
from nousnous.charts.words import capital, counted, interval, number, percent
from nousnous.journeys.actions.segments import list_segments
from nousnous.journeys.actions.versions import list_journeys
from nousnous.journeys.views.filters import Filter, asked_of, filters_of, hidden_of, query_of, spoken
from nousnous.stats.estimate import Estimate
from nousnous.workspaces.access import WorkspaceRequest, permission

WHOLE = "-"
"""Stands for the relationship as a whole in addresses, where a step's id would."""


@dataclass(frozen=True, slots=True)
class Line:
    """One question about one step as the list shows it."""

    place: str
    name: str
    question: str
    metric: str
    low: str
    ends: str
    change: str
    worse: bool
    value: str
    value_ends: str
    delay: str
    n: str


@permission("spreads:read")
@require_safe
def spreads(request: WorkspaceRequest) -> HttpResponse:
    """How answers are spread at each step."""
    given = request.GET.dict()
    survey = given.get("survey", "")
    report = spreads_of(request.workspace, asked_of(given), survey)
    context = {
        "report": report,
        "title": title_of(report),
        "lead": lead_of(report),
        "filters": _filters(request, given, report),
        "hidden": [*hidden_of(given, report, [("", ""), ("", "")]), *([("survey", survey)] if survey else [])],
        "survey": survey,
        "query": query_of(given),
        "lines": [line_of(row) for row in report.rows],
        "first": _first_card(report),
        "parts": parts_of(report.rows) if report.by else [],
        "values": sorted({value for row in report.rows for value in row.segments}),
        "period": spoken(report.from_at, report.to_at),
    }
    return render(request, "spreads/spreads.html", context)


def _first_card(report: SpreadReport) -> Card | None:
    card = cards.columns_card(report.rows[0]) if report.rows else None
    return None if card is None else replace(card, title=f"{report.rows[0].name}: {card.title}")


def title_of(report: SpreadReport) -> str:
    """What is worst."""
    known = [row for row in report.rows if row.score.low_tail.value is not None]
    if not report.rows:
        return "Nobody answered a survey in this period"
    if not known:
        return "Too few people answered to say how scores are spread"
    worst = known[0]
    about = about_step(worst.name)
    return f"{capital(about)} is where most answers are low: {percent(worst.score.low_tail.value)}"


def lead_of(report: SpreadReport) -> str:
    if not report.rows:
        return "A mean hides the customers who suffer; here stands the whole distribution of each score, low end first."
    asked = counted(len(report.rows), "question")
    return (
        f"{number(report.answered)} answers to {asked}. Low is 0 to 6 of 10, 1 and 2 of 5, on other scales the lowest "
        "two fifths. Each step shows which screen stands behind its low answers."
    )


def line_of(row: StepSpread) -> Line:
    tail, found = row.score.low_tail, row.proven_change
    value, value_ends = cards.value_of(row)
    return Line(
        row.step or WHOLE,
        row.name,
        cards.question(row),
        row.metric,
        percent(tail.value),
        ends_of(tail),
        cards.changed(row),
        found is not None and (found.value or 0.0) > 0,
        value,
        value_ends,
        cards.delay_of(row),
        number(row.n),
    )


def ends_of(one: Estimate) -> str:
    return "too few" if one.value is None else interval(one.low, one.high, "share")


def parts_of(rows: tuple[StepSpread, ...]) -> list[dict[str, Any]]:
    """The low tail of each question by the values of the splitting property."""
    values = sorted({value for row in rows for value in row.segments})
    found = []
    for row in rows:
        tails = [row.segments[value].low_tail if value in row.segments else None for value in values]
        cells = [("–", "") if one is None else (percent(one.value), ends_of(one)) for one in tails]
        found.append({"name": row.name, "question": cards.question(row), "cells": cells})
    return found


def _filters(request: WorkspaceRequest, given: dict[str, str], report: SpreadReport) -> list[Filter]:
    names = [(one.journey_id, one.name) for one in list_journeys(request.workspace)]
    journeys = [("", "All journeys"), *names] if len(names) > 1 else []
    return filters_of(given, report, journeys, [one.name for one in list_segments(request.workspace)])
