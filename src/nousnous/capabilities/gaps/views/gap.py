"""The gap: what teams believe beside what customers live, and what to do about it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nousnous.capabilities.gaps.actions.standing import standing_report
from nousnous.capabilities.gaps.measures.headline import headline
from nousnous.capabilities.gaps.views import plots, tables
from nousnous.capabilities.gaps.views.downloads import FORMATS
from nousnous.capabilities.gaps.views.nothing import NO_GAP, without_journey
from nousnous.charts.words import capital, counted
from nousnous.journeys.actions.segments import list_segments
from nousnous.journeys.actions.versions import list_journeys
from nousnous.journeys.views.filters import asked_of, filters_of, hidden_of, query_of, spoken
from nousnous.workspaces.access import WorkspaceRequest, permission


@permission("gaps:read")
@require_safe
def gap(request: WorkspaceRequest) -> HttpResponse:
    """The page that the product is about."""
    journeys = [(one.journey_id, one.name) for one in list_journeys(request.workspace)]
    if not journeys:
        return without_journey(request, NO_GAP)
    given = (
        request.GET.dict()
        if request.GET.get("journey") or len(journeys) == 1
        else {**request.GET.dict(), "journey": journeys[0][0]}
    )
    report = standing_report(request.workspace, asked_of(given))
    work = tables.to_do(report)
    cards = plots.belief_cards(report) if not report.empty else []
    context = {
        "report": report,
        "headline": headline(report, plots.units()),
        "filters": filters_of(given, report, journeys, [one.name for one in list_segments(request.workspace)]),
        "hidden": hidden_of(given, report, journeys),
        "query": query_of(given),
        "figures": plots.figures_of(report),
        "cards": cards,
        "more_title": plots.more_title(report, cards[0].id) if cards else "",
        "flow": plots.flow_card(report) if not report.empty else None,
        "to_do": work,
        "to_do_title": capital(f"{counted(len(work), 'step')} to work on"),
        "splits": tables.splits(report.segments),
        "unbelieved": tables.unbelieved(report.steps),
        "period": spoken(report.from_at, report.to_at),
        "formats": FORMATS,
        "has_beliefs": any(row.beliefs for row in report.steps),
    }
    return render(request, "gaps/gap.html", context)
