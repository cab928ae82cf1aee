"""One question about one step: its spread, and the screen where it turned."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nousnous.base import clock
from nousnous.capabilities.spreads.actions.people import people_of
from nousnous.capabilities.spreads.actions.screens import ScreensReport, screens_of
from nousnous.capabilities.spreads.actions.spreads import metrics_of
from nousnous.capabilities.spreads.measures.guilt import GuiltyScreen, about_step, sentence
from nousnous.capabilities.spreads.measures.moments import Moment
from nousnous.capabilities.spreads.views import cards
from nousnous.capabilities.spreads.views.spreads import WHOLE, ends_of
from nousnous.charts.words import capital, counted, duration, interval, number, percent
from nousnous.facts.replays import address_of
from nousnous.journeys.actions.segments import list_segments
from nousnous.journeys.catalogue import metric_of
from nousnous.journeys.views.filters import Filter, asked_of, filters_of, hidden_of, query_of, spoken
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.actions import audit


@dataclass(frozen=True, slots=True)
class Look:
    """One low answer as pages show it; without an address there is no recording that this member may watch."""

    value: str
    day: str
    delay: str
    about: str
    second: str
    address: str
    person: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A guilty screen as the ranked table shows it."""

    screen: str
    low: str
    low_ends: str
    high: str
    high_ends: str
    more: str
    more_ends: str
    persons: str
    looks: list[Look]


@permission("spreads:read")
@require_safe
def step(request: WorkspaceRequest, step: str) -> HttpResponse:
    """Everything that is known of the answers to one question about one step."""
    given, step_id = request.GET.dict(), "" if step == WHOLE else step
    asked = asked_of(given)
    name, metrics = metrics_of(request.workspace, asked, step_id)
    if not metrics:
        return render(request, "spreads/unasked.html", {"name": name, "query": query_of(given)})
    metric = given["metric"] if given.get("metric") in metrics else metrics[0]
    report = screens_of(request.workspace, asked, step_id, metric)
    row, looking = report.spread, _Looking(request, report)
    context = {
        "report": report,
        "row": row,
        "title": title_of(report),
        "lead": lead_of(report),
        "filters": [*_questions(metrics, metric), *_filters(request, given, report)],
        "hidden": hidden_of(given, report, []),
        "query": query_of(given),
        "figures": figures_of(report),
        "columns": cards.columns_card(row),
        "screens": cards.screens_card(report.screens),
        "suspects": [looking.suspect(one) for one in report.screens.guilty],
        "missing": cards.missing(report.screens),
        "looks": looking.latest(),
        "people_offered": looking.offered(),
        "weeks": cards.weeks_card(row, report.to_at),
        "percentiles": cards.percentiles(row),
        "parts": [
            (value, percent(one.low_tail.value), ends_of(one.low_tail), number(one.low_tail.n))
            for value, one in row.segments.items()
        ],
        "period": spoken(report.from_at, report.to_at),
    }
    return render(request, "spreads/step.html", context)


def title_of(report: ScreensReport) -> str:
    """The screen where it turned, or why none is named."""
    row, about = report.spread, about_step(report.spread.name)
    if report.screens.guilty:
        return sentence(report.screens.guilty[0], about if row.step else "relationship")
    tail = row.score.low_tail.value
    if tail is None:
        return f"{capital(about)}: {counted(row.n, 'answer')}, too few to judge"
    return f"{capital(about)}: {percent(tail)} of the answers are low, and no screen stands behind them"


def lead_of(report: ScreensReport) -> str:
    row = report.spread
    tail, change, half = row.score.low_tail, cards.changed(row), cards.delay_of(row)
    first = f"{percent(tail.value)} of {counted(row.n, 'answer')} are low" if tail.value is not None else ""
    since = f", {change} against the time before" if change else ""
    memory = f"Half of the people answered within {half} of the moment: surveys measure memory." if half else ""
    return " ".join(one for one in (f"{first}{since}." if first else "", memory) if one)


def figures_of(report: ScreensReport) -> list[dict[str, Any]]:
    """Low answers, the metric's own value, the delay."""
    row = report.spread
    value, ends = cards.value_of(row)
    found = [
        {
            "label": "Low answers",
            "figure": percent(row.score.low_tail.value),
            "unit": "",
            "basis": f"95% interval {ends_of(row.score.low_tail)}, n {number(row.n)}",
        },
        {"label": cards.question(row), "figure": value, "unit": "", "basis": f"95% interval {ends}"},
    ]
    half, late = row.delay.get("p50"), row.delay.get("p90")
    if half is not None and half.value is not None and late is not None:
        basis = f"the latest tenth after {duration(late.value)} or more, n {number(half.n)}"
        found.append({"label": "Moment to answer, median", "figure": duration(half.value), "unit": "", "basis": basis})
    return found


def _questions(metrics: list[str], metric: str) -> list[Filter]:
    if len(metrics) < 2:
        return []
    return [Filter("metric", "Question", [(one, metric_of(one).name, one == metric) for one in metrics])]


def _filters(request: WorkspaceRequest, given: dict[str, str], report: ScreensReport) -> list[Filter]:
    return filters_of(given, report, [], [one.name for one in list_segments(request.workspace)])


class _Looking:
    """What this member may see of single people: replays with their word, timelines with theirs, when they ask."""

    def __init__(self, request: WorkspaceRequest, report: ScreensReport) -> None:
        self._request, self._report = request, report
        self._replays = request.access.allows("replays:read")
        self._may = request.access.allows("people:read")
        self._people: dict[int, str] = {}
        if self._may and "people" in request.GET:
            moments = [one for found in report.moments.values() for one in found] + list(report.latest)
            self._people = people_of(request.workspace, [one.person_key for one in moments])
            audit(request.workspace, request.access.actor, "read low answers", report.spread.step or WHOLE)

    def offered(self) -> str:
        """The address that shows who it was; empty where that is not theirs to see, or shown already."""
        if not self._may or self._people or not self._report.latest:
            return ""
        given = self._request.GET.dict()
        metric = {"metric": given["metric"]} if given.get("metric") else {}
        return query_of(given, people="1", **metric)

    def latest(self) -> list[Look]:
        """Low answers one by one, for those who may see single people or what was recorded of them."""
        if not (self._replays or self._may):
            return []
        return [self._look(one) for one in self._report.latest]

    def suspect(self, screen: GuiltyScreen) -> Suspect:
        found, looks = self._report.moments.get(screen.screen, ()), []
        if self._replays or self._people:
            looks = [self._look(one) for one in found]
        more = screen.difference
        return Suspect(
            screen.screen,
            percent(screen.low.value),
            ends_of(screen.low),
            percent(screen.high.value),
            ends_of(screen.high),
            f"+{100 * (more.value or 0.0):.0f} points",
            interval(more.low, more.high, "share").replace("%", ""),
            number(screen.persons),
            [one for one in looks if one.address or one.person],
        )

    def _look(self, one: Moment) -> Look:
        instant = clock.from_us(one.about_us)
        address = ""
        if one.recorded and one.session and self._replays:
            address = address_of(self._request.workspace.slug, one.session, one.at_us)
        delay = max(0, one.answered_us - one.about_us) / 1_000_000
        return Look(
            f"{one.value:g}",
            f"{instant.day} {instant:%b, %H:%M}",
            duration(delay) if delay else "at once",
            _turned(one),
            duration(max(0.0, one.at_s)),
            address,
            self._people.get(one.person_key, ""),
        )


def _turned(one: Moment) -> str:
    if one.turn.at_s is not None:
        return f"turned at {duration(one.turn.at_s)}, {counted(one.turn.n, 'signal')}"
    return f"{counted(one.turn.n, 'signal')} of frustration"
