"""Readiness: what each journey lacks before a gap can lead to a decision, with the next action."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nousnous.capabilities.gaps.actions.readiness import readiness_of
from nousnous.capabilities.gaps.measures.readiness import AREAS, Area, Lack, Readiness
from nousnous.capabilities.gaps.views.nothing import NOT_READY, without_journey
from nousnous.charts.words import capital, counted, number
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

MEANINGS = {
    "people": "owners, a champion, a defender",
    "process": "steps whose design is written down",
    "platform": "steps with visits or answers",
    "participation": "steps with a sealed belief",
}


@permission("gaps:read")
@require_safe
def readiness(request: WorkspaceRequest) -> HttpResponse:
    found = readiness_of(request.workspace)
    if not found:
        return without_journey(request, NOT_READY)
    journeys = [
        (one, [_area(one, area) for area in AREAS], [(lack, _address(request, one, lack)) for lack in one.lacks])
        for one in found
    ]
    return render(request, "gaps/readiness.html", {"title": _title(found), "journeys": journeys})


def _title(found: tuple[Readiness, ...]) -> str:
    lacks = sum(len(one.lacks) for one in found)
    if not lacks:
        return "Everything is there for a decision"
    first = next(one for one in found if one.lacks)
    where = f" in {first.name}" if len(found) == 1 else ""
    return capital(f"{counted(lacks, 'thing is', 'things are')} missing{where}; begin with {first.lacks[0].about}")


def _area(found: Readiness, area: Area) -> dict[str, str]:
    figure, unit = number(found.ready[area]), f"of {number(found.checks[area])}"
    return {"label": capital(area), "figure": figure, "unit": unit, "basis": MEANINGS[area]}


def _address(request: WorkspaceRequest, found: Readiness, lack: Lack) -> str:
    """Where the lack is mended; empty for those who may not."""
    if lack.where == "import":
        return page_address(request, "collector:upload") if request.access.allows("imports:write") else ""
    if lack.where == "journey":
        may = request.access.allows("journeys:write")
        return page_address(request, "journeys:edit", journey=found.journey) if may else ""
    if not request.access.allows("beliefs:write"):
        return ""
    if lack.where == "beliefs":
        return page_address(request, "gaps:beliefs")
    return page_address(request, "gaps:write") + "?" + urlencode({"journey": found.journey, "step": lack.steps[0].id})
