"""The page of red zones."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from nousnous.base.errors import NousError
from nousnous.capabilities.accessibility.actions import RedZones, hand_over_zone, key_of, read_zones
from nousnous.capabilities.accessibility.measures import Left, Zone
from nousnous.charts.words import counted, interval, number, percent, signed
from nousnous.journeys.views.filters import asked_of, filters_of
from nousnous.plays.channels.trackers import trackers_of
from nousnous.stats.estimate import Estimate
from nousnous.workspaces.access import WorkspaceRequest, permission

WORDS: Final = {
    "button-name": "Buttons without a name",
    "color-contrast": "Text too pale to read",
    "document-title": "A page without a title",
    "form-error-by-colour": "Errors told by colour alone",
    "html-has-lang": "A page that does not say its language",
    "image-alt": "Pictures without words",
    "input-button-name": "Buttons of forms without a name",
    "label": "Fields without a label",
    "link-in-text-block": "Links told from text by colour alone",
    "link-name": "Links without a name",
    "select-name": "Lists to choose from without a label",
    "target-size": "Targets too small to hit",
}
OWN: Final = {"form-error-by-colour": "https://www.w3.org/WAI/WCAG22/Understanding/use-of-color"}
HELP: Final = "https://dequeuniversity.com/rules/axe/4.14/"
MOST_ELEMENTS: Final = 3


@permission("accessibility:read")
@require_http_methods(["GET", "HEAD", "POST"])
def zones(request: WorkspaceRequest) -> HttpResponse:
    """What stands in the way, the most people at the highest risk first; one form a row hands it over."""
    if request.method == "POST":
        request.access.require("accessibility:write")
        _hand_over(request)
        return redirect(request.get_full_path())
    asked = asked_of(request.GET)
    found = read_zones(request.workspace, asked.from_text, asked.to_text)
    context = {
        "found": found,
        "title": _title(found),
        "looked": counted(len(found.routes), "screen was", "screens were"),
        "rows": [_row(zone, found) for zone in found.zones],
        "left": [_left(one) for one in found.left],
        "trackers": trackers_of(request.workspace) if request.access.allows("accessibility:write") else [],
        "filters": [one for one in filters_of(request.GET, found, [], []) if one.name == "period"],
    }
    return render(request, "accessibility/zones.html", context)


def _hand_over(request: WorkspaceRequest) -> None:
    named = (request.POST.get("route", ""), request.POST.get("rule", ""))
    try:
        hand_over_zone(request.workspace, named, request.POST.get("channel", ""), request.access.actor)
    except NousError as trouble:
        messages.error(request, trouble.sentence)
    else:
        messages.success(request, "The barrier is handed over; its issue stands beside it.")


def _left(found: Left) -> dict[str, Any]:
    difference = found.difference
    certain = difference.low is not None and (difference.low > 0 or (difference.high or 0) < 0)
    points = None if difference.value is None else round(100 * difference.value)
    return {
        "name": found.name,
        "people": number(found.persons),
        "theirs": _share(found.theirs),
        "others": _share(found.others),
        "difference": "–" if points is None else f"{signed(points)} points",
        "ends": "" if difference.low is None else _ends(difference),
        "verdict": "" if points is None else ("worse" if points > 0 else "better") if certain else "not proven",
    }


def _ends(difference: Estimate) -> str:
    return f"{signed(round(100 * (difference.low or 0)))} to {signed(round(100 * (difference.high or 0)))}"


def _share(found: Estimate) -> str:
    return f"n {number(found.n)}, too few" if found.value is None else percent(found.value)


def _title(found: RedZones) -> str:
    if not found.routes:
        return "No screen has been looked at yet"
    if not found.zones:
        return f"Nothing stands in the way on {counted(len(found.routes), 'screen', 'screens')}"
    first = found.zones[0]
    people = counted(first.affected, "person", "people")
    whole = '{} on <span class="clause">{}</span> stand in the way of {}'  # an address breaks at none of its hyphens
    return format_html(whole, _words(first.rule), first.route, people)


def _row(zone: Zone, found: RedZones) -> dict[str, Any]:
    people = zone.people
    return {
        "zone": zone,
        "words": _words(zone.rule),
        "help": OWN.get(zone.rule, f"{HELP}{zone.rule}"),
        "affected": number(zone.affected),
        "share": percent(people.value) if people.value is not None else f"n {number(people.n)}, too few",
        "ends": interval(people.low, people.high, "share"),
        "elements": zone.elements[:MOST_ELEMENTS],
        "untold": number(zone.untold) if zone.untold else "",
        "more": number(more) if (more := zone.count - len(zone.elements[:MOST_ELEMENTS])) > 0 else "",
        "replay": found.replays.get(zone.route),
        "issue": found.issues.get(key_of(zone), ""),
        "clicked": number(zone.clicked),
    }


def _words(rule: str) -> str:
    return WORDS.get(rule, rule.replace("-", " ").capitalize())
