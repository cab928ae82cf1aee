"""Readiness: what each journey lacks before a gap can lead to a decision, with the next action."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nousnous.capabilities.gaps.actions.readiness import readiness_of
from nousnous.capabilities.gaps.measures.readiness import AREAS, Lack, Readiness
from nousnous.charts.words import capital, counted
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

MEANINGS = {
    "people": "an owner, a champion for the customers, a defender for the employees",
    "process": "what was designed is written down",
    "platform": "visits are seen",
    "participation": "beliefs are written and sealed",
}


@permission("gaps:read")
@require_safe
def readiness(request: WorkspaceRequest) -> HttpResponse:
    found = readiness_of(request.workspace)
    if not found:
        return render(request, "gaps/nothing.html", {"missing": "journey"})
    journeys = [(one, [_area(request, one, area) for area in AREAS]) for one in found]
    return render(request, "gaps/readiness.html", {"title": _title(found), "journeys": journeys})


def _title(found: tuple[Readiness, ...]) -> str:
    lacks = sum(len(one.lacks) for one in found)
    if not lacks:
        return "Everything is there for a decision"
    first = next(one for one in found if one.lacks)
    where = f" in {first.name}" if len(found) == 1 else ""
    return capital(f"{counted(lacks, 'thing is', 'things are')} missing{where}; begin with the {first.lacks[0].area}")


def _area(request: WorkspaceRequest, found: Readiness, area: str) -> dict[str, Any]:
    lacks = [lack for lack in found.lacks if lack.area == area]
    return {
        "name": capital(area),
        "meaning": MEANINGS[area],
        "ready": found.ready[area],  # type: ignore[index]  # one of AREAS
        "of": found.checks[area],  # type: ignore[index]  # as above
        "lacks": [(lack, _address(request, found, lack)) for lack in lacks],
    }


def _address(request: WorkspaceRequest, found: Readiness, lack: Lack) -> str:
    """Where the lack is mended; empty for those who may not."""
    if lack.where == "import":
        return page_address(request, "collector:upload") if request.access.allows("imports:write") else ""
    if lack.where == "journey":
        may = request.access.allows("journeys:write")
        return page_address(request, "journeys:edit", journey=found.journey) if may else ""
    if not request.access.allows("beliefs:write"):
        return ""
    if "sealed" in lack.sentence:
        return page_address(request, "gaps:beliefs")
    return page_address(request, "gaps:write") + "?" + urlencode({"journey": found.journey, "step": lack.step or ""})
