"""The list of replays: those that went worst first, or the newest, each as a sentence."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nousnous.base import clock as time
from nousnous.capabilities.replays.actions.reading import ReplayQuery, ReplaySummary, list_replays
from nousnous.capabilities.replays.measures.headline import clock, is_low
from nousnous.charts.words import number
from nousnous.facts.journeys import SIGNALS
from nousnous.facts.replays import address_of
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.actions import audit

PERIODS: Final = {"": "Any time", "90": "90 days", "30": "30 days", "7": "7 days", "1": "24 hours"}
ORDERS: Final = {"worst": "Worst first", "newest": "Newest first"}
ANSWERS: Final = {"": "Any or none", "low": "A low one"}
LOOKED_AT: Final = 200
"""So many of the newest are put into order."""


@permission("replays:read")
@require_safe
def replays(request: WorkspaceRequest) -> HttpResponse:
    given = {"order": "worst", **{name: value for name, value in request.GET.dict().items() if value}}
    found = list_replays(request.workspace, _query(given))
    if person := given.get("person", ""):
        audit(request.workspace, request.access.actor, "list replays", person)
    shown = [one for one in found if given.get("answer") != "low" or _is_low(one)]
    if given["order"] != "newest":
        shown.sort(key=_badness)
    context = {
        "title": title_of(shown, filtered=len(given) > 1),
        "lead": "What customers saw and did, second by second. That somebody watches is in the audit log.",
        "rows": [_row(request, one) for one in shown],
        "anything": bool(found) or len(request.GET) > 0,
        "filters": _filters(given, found),
        "person": person,
        "next": _next(given, found),
    }
    return render(request, "replays/list.html", context)


def title_of(shown: Sequence[ReplaySummary], *, filtered: bool) -> str:
    """How many there are, and how many of them show trouble."""
    if not shown:
        return "No session is like this" if filtered else "Nothing is recorded yet"
    troubled = sum(1 for one in shown if one.signals or one.errors or _is_low(one))
    count = f"{number(len(shown))} replay{'' if len(shown) == 1 else 's'}"
    if not troubled:
        return f"{count}, and none shows trouble"
    return f"{number(troubled)} of {count} {'shows' if troubled == 1 else 'show'} trouble"


def _query(given: dict[str, str]) -> ReplayQuery:
    days = given.get("days", "")
    after = given.get("after", "").partition(".")
    return ReplayQuery(
        person=given.get("person", ""),
        screen=given.get("screen", ""),
        signal=given.get("signal", ""),
        from_us=time.now_us() - int(days) * time.DAY_US if days in PERIODS and days else None,
        limit=LOOKED_AT,
        after=(int(after[0]), after[2]) if after[0].isdecimal() and len(after[0]) < 18 else None,
    )


def _is_low(one: ReplaySummary) -> bool:
    return one.lowest is not None and is_low(one.lowest.value, one.lowest.scale_low, one.lowest.scale_high)


def _badness(one: ReplaySummary) -> tuple[Any, ...]:
    return (not _is_low(one), -one.signals, -one.errors, -one.started_us)


def _row(request: WorkspaceRequest, one: ReplaySummary) -> dict[str, Any]:
    lowest = one.lowest
    return {
        "address": address_of(request.workspace.slug, one.session_id),
        "words": sentence_of(one),
        "place": one.person_id if request.access.allows("people:read") else "",
        "began": time.from_us(one.started_us).strftime("%Y-%m-%d %H:%M"),
        "length": clock(one.duration_us),
        "signals": one.signals,
        "answer": "" if lowest is None else f"{lowest.value:g} of {lowest.scale_high:g}",
        "low": _is_low(one),
    }


def sentence_of(one: ReplaySummary) -> str:
    """What happened, in one sentence: trouble, then where.

    >>> seen = {"started_us": 0, "duration_us": 0, "active_us": 0, "width": 1, "height": 1, "chunks": 1, "source": ""}
    >>> told = {"screens": ("/cart", "/pay"), "signals": 2, "errors": 1, "lowest": None}
    >>> sentence_of(ReplaySummary(session_id="s", person_id="", person_key=None, **seen, **told))
    'Two signals and an error on /cart, /pay'
    """
    counts = [(one.signals, "signal", "A signal"), (one.errors, "error", "an error")]
    told = [alone if n == 1 else f"{_numeral(n)} {noun}s" for n, noun, alone in counts if n]
    trouble = " and ".join(told)
    screens = ", ".join(one.screens[:2]) + (f" and {len(one.screens) - 2} more" if len(one.screens) > 2 else "")
    place = f" on {screens}" if screens else ""
    said = f"{trouble[0].upper()}{trouble[1:]}{place}" if trouble else f"No trouble{place}"
    return said if one.lowest is None else f"{said}, then answered {one.lowest.value:g} of {one.lowest.scale_high:g}"


def _numeral(count: int) -> str:
    names = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return names[count] if count < len(names) else number(count)


def _filters(given: dict[str, str], found: Sequence[ReplaySummary]) -> list[dict[str, Any]]:
    screens = sorted({screen for one in found for screen in one.screens} | {given.get("screen", "")} - {""})
    choices = {
        "order": ("Order", ORDERS),
        "days": ("Period", PERIODS),
        "screen": ("Screen", {"": "Any", **{one: one for one in screens if one}}),
        "signal": ("Signal", {"": "Any or none", **{one: one for one in SIGNALS}}),
        "answer": ("Answer", ANSWERS),
    }
    return [
        {"name": name, "label": label, "options": [(key, text, key == given.get(name, "")) for key, text in of.items()]}
        for name, (label, of) in choices.items()
    ]


def _next(given: dict[str, str], found: Sequence[ReplaySummary]) -> str:
    if len(found) < LOOKED_AT:
        return ""
    last = found[-1]
    return "?" + urlencode({**given, "after": f"{last.started_us}.{last.session_id}"})
