"""The pieces of a recording, as the player asks for them."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from nousnous.capabilities.replays.actions.reading import Replay, chunk_events
from nousnous.capabilities.replays.measures.sessions import Chunk
from nousnous.facts.barriers import route_of
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission


@permission("replays:read")
@require_safe
def piece(request: WorkspaceRequest, session: str, number: int) -> HttpResponse:
    return HttpResponse(chunk_events(request.workspace, session, number), content_type="application/json")


def recording(request: WorkspaceRequest, replay: Replay, window: str) -> dict[str, Any]:
    """What the player has to know of one window: where its pieces are, and where one is missing; milliseconds."""
    summary = replay.summary
    known = [_piece(request, replay, one) for one in replay.chunks if one.window_id == window]
    missing = [
        _span(summary.started_us, one.from_us, one.to_us) | {"route": "", "whole": False, "shift": 0, "address": ""}
        for one in replay.gaps
        if one.window_id == window
    ]
    length = max(1, summary.duration_us // 1000)
    pieces = sorted([*known, *missing], key=lambda one: one["from"])
    return {"start": summary.started_us / 1000, "length": length, "chunks": pieces}


def pieces_of(request: WorkspaceRequest, replay: Replay, chunks: Sequence[Chunk]) -> list[dict[str, Any]]:
    """Some pieces of a replay as the player knows them."""
    return [_piece(request, replay, one) for one in chunks]


def _piece(request: WorkspaceRequest, replay: Replay, chunk: Chunk) -> dict[str, Any]:
    summary = replay.summary
    address = page_address(request, "replays:piece", session=summary.session_id, number=chunk.number)
    span = _span(summary.started_us, chunk.from_us, chunk.to_us)
    route = route_of(chunk.screen)
    return span | {"route": route, "whole": chunk.whole, "shift": chunk.shift_us / 1000, "address": address}


def _span(started_us: int, from_us: int, to_us: int) -> dict[str, Any]:
    return {"from": (from_us - started_us) / 1000, "to": (to_us - started_us) / 1000}
