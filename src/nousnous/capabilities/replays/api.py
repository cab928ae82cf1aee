"""Replays in the API: listed, opened, their pieces, and brought in from files."""

from typing import Annotated, Any, TypedDict

from ninja import Field, Form, Query, Router, Schema, UploadedFile
from ninja.responses import Status

from nousnous.base.errors import NousError, Place, Refused
from nousnous.base.shapes import Items, Page
from nousnous.capabilities.replays.actions.barriers import (
    BarrierShape,
    Risk,
    barriers_as_dict,
    barriers_on,
    risk_of_clicks,
)
from nousnous.capabilities.replays.actions.heat import Screen, ScreenHeat, list_screens, screen_heat
from nousnous.capabilities.replays.actions.reading import ReplayQuery, chunk_events, list_replays, read_replay
from nousnous.capabilities.replays.actions.telling import ReplayShape, SummaryShape, replay_as_dict, summary_as_dict
from nousnous.collector.imports import uploads
from nousnous.collector.retrieval import wanted_events
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.actions import audit
from nousnous.workspaces.paging import Paging, cursor_of, place_of
from nousnous.workspaces.written import Written

router = Router(tags=["replays"])

Days = Annotated[int, Query(90, ge=1, le=800, description="So many days back from now.")]


class Which(Schema):
    person: str = Field("", description="Id of the person, known or anonymous.")
    screen: str = Field("", description="Path of a page or name of a screen that was seen.")
    signal: str = Field("", description="Name of an event that happened, such as Rage Click.")
    from_: str = Field("", alias="from", description="First start, in the workspace's time zone if it names none.")
    to: str = Field("", description="Moment before which it started.")


class BroughtShape(TypedDict):
    id: str
    state: str


class WatchedReplayShape(ReplayShape):
    barriers: list[BarrierShape]
    clicks: Risk


class RrwebEventShape(TypedDict):
    """One event as rrweb recorded it."""

    type: int
    timestamp: float
    data: Any


@router.get("/replays")
@permission("replays:read")
def replays(request: WorkspaceRequest, which: Query[Which], paging: Query[Paging]) -> Page[SummaryShape]:
    """Recorded sessions, the newest first, with what their events and answers tell."""
    period = wanted_events(request.workspace, which.from_, which.to)
    query = ReplayQuery(
        which.person,
        which.screen,
        which.signal,
        period.from_us,
        period.to_us,
        paging.limit + 1,
        _place(paging.cursor),
    )
    found = list_replays(request.workspace, query)
    shown = found[: paging.limit]
    audit(request.workspace, request.access.actor, "list replays", which.person)
    after = cursor_of(shown[-1].started_us, shown[-1].session_id) if len(found) > len(shown) else None
    return {"items": [summary_as_dict(request.workspace.slug, one) for one in shown], "next": after}


@router.post("/replays", response={202: dict[str, Any]})
@permission("replays:write")
def bring_replay(request: WorkspaceRequest, file: UploadedFile, person: Form[str] = "") -> Status[BroughtShape]:
    """Import a recording (rrweb's JSON) in the background; `GET /imports/{id}` tells how it went."""
    actor = request.access.actor
    record = uploads.keep_upload(request.workspace, "replay", file.name or "file", file.chunks(), actor)
    try:
        uploads.map_upload(record, uploads.Asked(columns={"person": person}))
        uploads.start_upload(record, actor)
    except NousError:
        uploads.discard_upload(record, actor)
        raise
    return Status(202, {"id": record.id, "state": record.state})


@router.get("/replays/{session}")
@permission("replays:read")
def replay(request: WorkspaceRequest, session: str) -> WatchedReplayShape:
    """One replay: its windows, the index of its pieces, what is missing, its moments, barriers on its screens."""
    found = read_replay(request.workspace, session)
    audit(request.workspace, request.access.actor, "watch replay", session)
    barriers = barriers_on(request.workspace, found.summary.screens)
    return {
        **replay_as_dict(request.workspace.slug, found),
        "barriers": barriers_as_dict(barriers),
        "clicks": risk_of_clicks(request.workspace, found, barriers),
    }


@router.get("/replays/{session}/chunks/{number}")
@permission("replays:read")
def chunk(request: WorkspaceRequest, session: str, number: int) -> Written[list[RrwebEventShape]]:
    """The rrweb events of one piece, as a JSON array."""
    return Written(chunk_events(request.workspace, session, number), content_type="application/json")


class Where(Schema):
    screen: str = Field(..., description="Path of a page or name of a screen, as `GET /heat` lists them.")
    width: str = Field("", description="phone, tablet or desktop; the most common one if none.")
    days: int = Field(90, ge=1, le=800, description="So many days back from now.")


@router.get("/heat")
@permission("replays:read")
def screens(request: WorkspaceRequest, days: Days = 90) -> Items[Screen]:
    """Screens with clicks, those on which most people clicked in vain or raged first."""
    return {"items": list_screens(request.workspace, days)}


@router.get("/heat/screen")
@permission("replays:read")
def screen(request: WorkspaceRequest, where: Query[Where]) -> ScreenHeat:
    """Clicks, dead clicks and rages of a screen by element, and by place within the element's box."""
    return screen_heat(request.workspace, where.screen, where.width, where.days)


def _place(cursor: str) -> tuple[int, str] | None:
    match place_of(cursor):
        case []:
            return None
        case [int(started_us), str(session_id)]:
            return started_us, session_id
    raise Refused("This is no cursor; take `next` of the page before.", Place(field="cursor"))
