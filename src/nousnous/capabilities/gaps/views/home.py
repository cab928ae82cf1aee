"""Home: the loop at a glance, or the way to the first gap."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nousnous.capabilities.gaps.actions.beliefs import list_beliefs
from nousnous.capabilities.gaps.actions.standing import standing_report
from nousnous.capabilities.gaps.measures.headline import beliefs_of, said, with_verdict, worst
from nousnous.capabilities.gaps.measures.lines import cost_of
from nousnous.capabilities.gaps.measures.readiness import Standing, readiness
from nousnous.capabilities.gaps.measures.report import GapReport, StepRow
from nousnous.capabilities.gaps.models import Belief
from nousnous.capabilities.gaps.views import plots
from nousnous.charts.words import capital, counted, in_words, money, number
from nousnous.facts.journeys import Journey
from nousnous.journeys.actions.seen import seen_names
from nousnous.journeys.actions.versions import list_journeys
from nousnous.journeys.views.filters import spoken
from nousnous.journeys.windows import Asked
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

MOST_JOURNEYS, MOST_GAPS = 6, 5


@dataclass(frozen=True, slots=True)
class Task:
    """One thing on the way to the first gap."""

    name: str
    about: str
    done: bool
    address: str
    action: str


@permission("gaps:read")
@require_safe
def home(request: WorkspaceRequest) -> HttpResponse:
    journeys = list_journeys(request.workspace)[:MOST_JOURNEYS]
    reports = [standing_report(request.workspace, Asked(journey.journey_id)) for journey in journeys]
    found = list_beliefs(request.workspace)
    seen = [report for report in reports if report.empty is None]
    if not seen or not found:
        return _first_minutes(request, bool(journeys), seen, found)
    pairs = [(version.journey, report) for version, report in zip(journeys, reports, strict=True)]
    context = {
        "title": _title(seen),
        "lead": _lead(seen),
        "gaps": _dearest(seen),
        "loop": _loop(request, seen, found),
        "decisions": _decisions(request, found, pairs),
        "period": spoken(seen[0].from_at, seen[0].to_at),
    }
    return render(request, "gaps/home.html", context)


def _first_minutes(
    request: WorkspaceRequest, has_journey: bool, seen: list[GapReport], found: list[Belief]
) -> HttpResponse:
    has_events = bool(seen) or bool(seen_names(request.workspace))
    may = request.access.allows
    tasks = [
        Task(
            "Bring in what customers do",
            "Import a file of events, or point the client of your app at this address.",
            has_events,
            page_address(request, "collector:upload") if may("imports:write") else "",
            "Import a file",
        ),
        Task(
            "Draw the journey",
            "Say which events open and end each step, or start from a proposal made of your own event names.",
            has_journey,
            page_address(request, "journeys:new") if may("journeys:write") else "",
            "Draw a journey",
        ),
        Task(
            "Write down one belief",
            "One sentence from the team that owns a step, such as “95% finish mobile check-in”.",
            bool(found),
            page_address(request, "gaps:write") if may("beliefs:write") and has_journey else "",
            "Write a belief",
        ),
    ]
    left = sum(not task.done for task in tasks)
    title = (
        capital(f"{counted(left, 'step', 'steps')} to your first gap")
        if left
        else "Visits come in with the first events"
    )
    first = next((task for task in tasks if not task.done and task.address), None)
    return render(request, "gaps/first.html", {"title": title, "tasks": tasks, "first": first})


def _rows(reports: list[GapReport]) -> list[tuple[GapReport, StepRow]]:
    pairs = [(report, row) for report in reports for row in report.steps if with_verdict(beliefs_of([row]), "gap")]
    return sorted(pairs, key=lambda pair: -(pair[1].debt.debt.money.value or 0.0))


def _title(reports: list[GapReport]) -> str:
    rows = _rows(reports)
    if not rows:
        judged = [pair for report in reports for pair in beliefs_of(report.steps)]
        right = len(with_verdict(judged, "confirmed"))
        if right:
            return f"No gap is proven: {counted(right, 'belief holds', 'beliefs hold')} so far"
        return "No gap is proven: beliefs wait for more evidence"
    cost, _ = cost_of(rows[0][1].debt)
    if not rows[0][1].debt.debt.money.value:
        return f"Begin with {rows[0][1].step.name}: customers get less than its team believes"
    often = " a year" if rows[0][1].debt.debt.per_year else ""
    return f"Begin with {rows[0][1].step.name}: its gap costs customers {cost}{often}"


def _lead(reports: list[GapReport]) -> str:
    worse = len(_rows(reports))
    steps = sum(len(report.steps) for report in reports)
    if not worse:
        return f"{capital(counted(steps, 'step'))} watched, week by week."
    verb = "is" if worse == 1 else "are"
    whose = "its team believes" if worse == 1 else "their team believes"
    return f"{capital(in_words(worse))} of {counted(steps, 'step')} {verb} worse than {whose}."


def _dearest(reports: list[GapReport]) -> list[dict[str, Any]]:
    found = []
    for report, row in _rows(reports)[:MOST_GAPS]:
        pair = worst(beliefs_of([row]))
        cost, ends = cost_of(row.debt)
        sentence = capital(said(pair, plots.units())) if pair else ""
        found.append(
            {
                "journey": report.journey.id,
                "step": row.step.id,
                "name": row.step.name,
                "said": sentence,
                "cost": cost,
                "ends": ends,
                "owner": row.step.owner or "nobody yet",
            }
        )
    return found


def _loop(request: WorkspaceRequest, reports: list[GapReport], found: list[Belief]) -> list[dict[str, str]]:
    """Believe, observe, measure: what stands at these parts of the loop."""
    sealed = sum(belief.sealed_at is not None for belief in found)
    people = sum(report.journey.passage.entered for report in reports)
    visits = sum(row.visits.n for report in reports for row in report.steps)
    pairs = [pair for report in reports for pair in beliefs_of(report.steps)]
    worse = len(with_verdict(pairs, "gap"))
    right = len(with_verdict(pairs, "confirmed"))
    better = len(with_verdict(pairs, "delight"))
    debts = [report.journey.debt for report in reports]
    yearly = [debt.debt.per_year.value or 0.0 for debt in debts if debt.debt.per_year]
    cost = money(sum(yearly), debts[0].currency) + " a year" if yearly else "no year observed yet"
    return [
        {
            "verb": "Believe",
            "figure": number(len(found)),
            "noun": "belief" if len(found) == 1 else "beliefs",
            "about": f"{number(sealed)} sealed",
            "address": page_address(request, "gaps:beliefs"),
        },
        {
            "verb": "Observe",
            "figure": number(visits),
            "noun": "visits",
            "about": f"of {number(people)} people",
            "address": page_address(request, "gaps:gap"),
        },
        {
            "verb": "Measure",
            "figure": number(worse),
            "noun": "worse",
            "about": f"{number(right)} as believed, {number(better)} better",
            "address": page_address(request, "gaps:gap"),
        },
        {
            "verb": "Cost",
            "figure": cost.split(" a year")[0],
            "noun": "a year" if yearly else "",
            "about": "of customers’ time",
            "address": page_address(request, "gaps:gap"),
        },
    ]


def _decisions(
    request: WorkspaceRequest, found: list[Belief], journeys: list[tuple[Journey, GapReport]]
) -> list[dict[str, str]]:
    """What waits for somebody to decide."""
    waiting = []
    unsealed = sum(belief.sealed_at is None for belief in found)
    if unsealed and request.access.allows("beliefs:seal"):
        about, address = "Only a sealed belief counts in calibration.", page_address(request, "gaps:beliefs")
        waiting.append({"name": f"Seal {counted(unsealed, 'belief')}", "about": about, "address": address})
    for journey, report in journeys:
        lacks = readiness(journey, _standing(report)).lacks
        people = [lack for lack in lacks if lack.area == "people"]
        if people:
            more = len(lacks) - 1
            about = people[0].action + (f" {number(more)} more under Readiness." if more else "")
            address = page_address(request, "gaps:readiness")
            waiting.append({"name": f"{journey.name}: {people[0].sentence}", "about": about, "address": address})
    return waiting


def _standing(report: GapReport) -> Standing:
    return Standing(
        {row.step.id: row.visits.n + row.visits.open for row in report.steps},
        {row.step.id for row in report.steps if row.beliefs},
        {row.step.id for row in report.steps if any(belief.sealed for belief in row.beliefs)},
    )
