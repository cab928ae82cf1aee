"""One replay: the player, the moments beside it, and one form that makes a moment a fracture."""

from math import isnan
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from nousnous.base import clock as time
from nousnous.base.errors import NousError
from nousnous.capabilities.replays.actions.barriers import Risk, barriers_as_dict, barriers_on, framed, risk_of_clicks
from nousnous.capabilities.replays.actions.fractures import Noted, fractures_of, note_fracture
from nousnous.capabilities.replays.actions.reading import Replay, read_replay
from nousnous.capabilities.replays.forms import MomentForm
from nousnous.capabilities.replays.measures.headline import clock, headline, is_low
from nousnous.capabilities.replays.views.lanes import lanes_of
from nousnous.capabilities.replays.views.pieces import recording
from nousnous.charts.words import number
from nousnous.facts.replays import address_of, offset_of
from nousnous.journeys.actions.versions import list_journeys
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.actions import audit

SECOND_US: Final = time.SECOND_US


@permission("replays:read")
@require_http_methods(["GET", "HEAD", "POST"])
def player(request: WorkspaceRequest, session: str) -> HttpResponse:
    """One session, second by second. That somebody watched it is noted."""
    replay = read_replay(request.workspace, session)
    at_us = _at(request.GET.get("t", ""), replay)
    form = _form(request, replay, at_us)
    if request.method == "POST":
        request.access.require("replays:write")
        if form is not None and form.is_valid() and (kept := _noted(request, replay, form)):
            messages.success(request, "The fracture is kept under its step.")
            return redirect(kept)
    audit(request.workspace, request.access.actor, "watch replay", session)
    window = _window(request, replay)
    shown = recording(request, replay, window)
    barriers = barriers_on(request.workspace, replay.summary.screens)
    context = {
        "title": title_of(replay),
        "lead": lead_of(replay),
        "person_id": replay.summary.person_id,
        "windows": _windows(replay, window),
        "seconds": shown["length"] / 1000,
        "at_s": at_us / SECOND_US,
        "lanes": lanes_of(replay.moments, replay.summary.started_us, replay.summary.duration_us),
        "moments": [_row(replay, one, window) for one in replay.moments],
        "fracture_form": form,
        "fractures": fractures_of(request.workspace, session),
        "facts": facts_of(replay, risk_of_clicks(request.workspace, replay, barriers) if barriers else None),
        "barriers": sum(map(len, barriers.values())),
        "framed": sum(map(len, framed(barriers).values())),
        "layered": "barriers" in request.GET,
        "replay": {**shown, "at": at_us / 1000, "barriers": barriers_as_dict(framed(barriers))},
    }
    return render(request, "replays/player.html", context)


def title_of(replay: Replay) -> str:
    summary, lowest = replay.summary, replay.summary.lowest
    low = lowest is not None and is_low(lowest.value, lowest.scale_low, lowest.scale_high)
    return headline(replay.moments, summary.started_us, summary.duration_us, low=low)


def lead_of(replay: Replay) -> str:
    summary = replay.summary
    began = time.from_us(summary.started_us).strftime("%-d %b %Y, %H:%M")
    return f"{began} UTC, {clock(summary.duration_us)} long."


def facts_of(replay: Replay, risk: Risk | None) -> list[tuple[str, str]]:
    """What is known of the session besides its moments."""
    summary, screens = replay.summary, replay.summary.screens
    found = [
        ("Began", time.from_us(summary.started_us).strftime("%Y-%m-%d %H:%M:%S UTC")),
        ("Length", f"{clock(summary.duration_us)}, active {clock(summary.active_us)}"),
    ]
    if summary.width and summary.height:
        found.append(("Window", f"{summary.width} × {summary.height} px"))
    if screens:
        found.append(("Screens", ", ".join(screens)))
    found.append(("Signals", number(summary.signals)))
    found.append(("Errors", number(summary.errors)))
    if risk is not None:
        found.append(
            ("Clicks on barriers", f"{number(risk.on_barriers)} of {number(risk.clicks)}, risk {number(risk.risk)}")
        )
    if replay.gaps:
        missing = sum(one.to_us - one.from_us for one in replay.gaps)
        found.append(("Missing", f"{clock(missing)} never arrived"))
    return found


def _at(text: str, replay: Replay) -> int:
    """Where to begin: what the address says, held within the session."""
    try:
        seconds = offset_of(float(text or 0), replay.summary.started_us)
    except ValueError:
        seconds = 0.0
    if isnan(seconds):
        return 0
    return round(min(max(0.0, seconds), replay.summary.duration_us / SECOND_US) * SECOND_US)


def _window(request: WorkspaceRequest, replay: Replay) -> str:
    names = [one.window_id for one in replay.windows]
    wanted = request.GET.get("window", "")
    return wanted if wanted in names else names[0]


def _windows(replay: Replay, shown: str) -> list[dict[str, Any]]:
    return [
        {
            "id": one.window_id,
            "shown": one.window_id == shown,
            "words": f"Tab {place}, from {clock(one.from_us - replay.summary.started_us)}",
        }
        for place, one in enumerate(replay.windows, 1)
    ]


def _row(replay: Replay, moment: Any, window: str) -> dict[str, Any]:
    at_us = max(0, moment.at_us - replay.summary.started_us)
    query = {"t": f"{at_us / SECOND_US:.3f}".rstrip("0").rstrip(".")}
    if len(replay.windows) > 1:
        query["window"] = window
    place = "" if moment.kind == "page" else moment.screen
    return {
        "query": urlencode(query),
        "at_ms": at_us // 1000,
        "at": clock(at_us),
        "words": moment.sentence,
        "place": place,
    }


def _form(request: WorkspaceRequest, replay: Replay, at_us: int) -> MomentForm | None:
    """The form for who may write it, once a journey has steps."""
    journeys = [version.journey for version in list_journeys(request.workspace)]
    if not request.access.allows("replays:write") or not journeys:
        return None
    rows = [_row(replay, one, "") for one in replay.moments]
    near = [(one["at_ms"], f"{one['at']} {one['words']}") for one in rows]
    steps = [(one.name, [(f"{one.id}/{step.id}", step.name) for step in one.steps]) for one in journeys]
    here = (at_us // 1000, f"Where the player is, {clock(at_us)}")
    return MomentForm(request.POST or None, moments=[here, *near], steps=steps)


def _noted(request: WorkspaceRequest, replay: Replay, form: MomentForm) -> str | None:
    """Keep what the form says; answers where the moment is."""
    given = form.cleaned_data
    journey, _, step = given["step"].partition("/")
    at_us = min(given["moment"] * 1000, replay.summary.duration_us)
    noted = Noted(at_us, journey, step, given["meant"], given["felt"], float(given["weight"]))
    try:
        note_fracture(request.workspace, replay, noted, request.access.actor)
    except NousError as error:
        form.add_error(None, error.sentence)
        return None
    return address_of(request.workspace.slug, replay.summary.session_id, at_us)
