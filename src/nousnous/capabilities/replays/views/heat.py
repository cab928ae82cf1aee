"""Heat maps: screens by trouble, and where one screen is clicked, over the page as somebody saw it."""

from dataclasses import asdict
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nousnous.capabilities.replays.actions.barriers import MOST_FRAMED
from nousnous.capabilities.replays.actions.heat import WIDTHS, Screen, ScreenHeat, list_screens, screen_heat
from nousnous.capabilities.replays.actions.scenes import scene_of
from nousnous.capabilities.replays.views.pieces import pieces_of
from nousnous.charts.words import number
from nousnous.facts.replays import address_of
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

PERIODS: Final = {"90": "90 days", "30": "30 days", "7": "7 days"}
SHOWN: Final = {
    "": "Everything",
    "clicks": "Clicks",
    "dead": "Dead clicks",
    "rage": "Rage clicks",
    "barriers": "Barriers",
}
MOST_ROWS: Final = 40


@permission("replays:read")
@require_safe
def heat(request: WorkspaceRequest) -> HttpResponse:
    days = request.GET.get("days", "") if request.GET.get("days") in PERIODS else "90"
    screen = request.GET.get("screen", "")
    if not screen:
        screens = list_screens(request.workspace, int(days))
        return render(request, "replays/screens.html", _screens(request, screens, days))
    found = screen_heat(request.workspace, screen, request.GET.get("width", ""), int(days))
    shown = request.GET.get("show", "") if request.GET.get("show") in SHOWN else ""
    context = {
        "title": title_of(found),
        "lead": lead_of(found),
        "heat": found,
        "rows": _rows(found),
        "filters": _filters(found, days, shown),
        "hidden": [("screen", screen)],
        **_scene(request, found, shown),
        "query": urlencode({"screen": screen}),
    }
    return render(request, "replays/heat.html", context)


def _rows(found: ScreenHeat) -> list[tuple[Any, str, Any]]:
    """Elements, what people call them, and the barrier that each is."""
    barriers = {one.element: one for one in found.barriers}
    return [
        (one, found.names.get(one.element, ""), barriers.get(one.element)) for one in found.map.elements[:MOST_ROWS]
    ]


def _scene(request: WorkspaceRequest, found: ScreenHeat, shown: str) -> dict[str, Any]:
    """The page as it was recorded, and the marks to lay over it."""
    scene = scene_of(request.workspace, found.screen, found.width)
    if scene is None or not (found.map.spots or found.barriers):
        return {}
    started_us = scene.replay.summary.started_us
    spots = [asdict(one) for one in found.map.spots if shown in {"", one.kind}]
    at_us = scene.at_us - started_us
    boxes = [asdict(one) for one in found.barriers[:MOST_FRAMED] if shown in {"", "barriers"}]
    recorded = {"start": started_us / 1000, "at": at_us / 1000, "spots": spots, "boxes": boxes}
    recorded["chunks"] = pieces_of(request, scene.replay, [scene.chunk])
    return {"map": recorded, "scene": address_of(request.workspace.slug, scene.replay.summary.session_id, at_us)}


def title_of(found: ScreenHeat) -> str:
    """What the map says: the element with most trouble, else the one most clicked."""
    if not found.map.elements:
        return f"Nobody clicked on {found.screen} at this width"
    first = found.map.elements[0]
    name = found.called(first.element)
    if first.rage:
        times = "once" if first.rage == 1 else f"{number(first.rage)} times"
        return f"On {found.screen} people raged {times} at {name}"
    if first.dead:
        return f"On {found.screen} {number(first.dead)} of {number(first.clicks)} clicks on {name} did nothing"
    return f"On {found.screen} most clicks go to {name}, and none were in vain"


def lead_of(found: ScreenHeat) -> str:
    clicks = sum(one.clicks for one in found.map.elements)
    persons = found.map.persons
    told = f"{number(clicks)} clicks of {number(persons)} {'person' if persons == 1 else 'people'} on {found.width}s."
    unknown = f" {number(found.unknown)} more came without the width of their window." if found.unknown else ""
    return told + unknown


def _screens(request: WorkspaceRequest, screens: list[Screen], days: str) -> dict[str, Any]:
    first = screens[0] if screens else None
    if first is None:
        title = "Nobody’s clicks are known yet"
    elif first.troubled:
        people = f"{number(first.troubled)} of {number(first.persons)}"
        title = f"{first.screen} has most people who clicked in vain: {people}"
    else:
        title = f"Nobody clicked in vain on {number(len(screens))} screen{'' if len(screens) == 1 else 's'}"
    address = page_address(request, "replays:heat")
    rows = [(one, f"{address}?{urlencode({'screen': one.screen, 'days': days})}") for one in screens]
    period = {"name": "days", "label": "Period", "options": [(key, text, key == days) for key, text in PERIODS.items()]}
    return {"title": title, "rows": rows, "filters": [period]}


def _filters(found: ScreenHeat, days: str, shown: str) -> list[dict[str, Any]]:
    widths = [(name, f"{name.capitalize()} ({number(found.counts[name])})", name == found.width) for name in WIDTHS]
    return [
        {"name": "width", "label": "Width", "options": widths},
        {"name": "show", "label": "Marks", "options": [(key, text, key == shown) for key, text in SHOWN.items()]},
        {"name": "days", "label": "Period", "options": [(key, text, key == days) for key, text in PERIODS.items()]},
    ]
