"""Plays in the API: their texts, dry runs, switches, and what they did."""

from typing import TypedDict

from ninja import Field, Query, Router, Schema

from nousnous.base.shapes import Page
from nousnous.plays.actions import firing, versions
from nousnous.plays.actions.dry_run import DryRunShape, dry_run
from nousnous.plays.actions.results import results_of
from nousnous.plays.models import FiringShape, Play, PlayShape
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.paging import Paging, page_of

router = Router(tags=["plays"])


class PlayText(Schema):
    text: str = Field(..., max_length=100_000, description="The play as TOML.")


class ListedPlayShape(PlayShape):
    firings: dict[str, int]


class PlayTextShape(PlayShape):
    text: str


class RetriedShape(TypedDict):
    id: str
    state: str


@router.get("/plays")
@permission("plays:read")
def list_plays(request: WorkspaceRequest, paging: Query[Paging]) -> Page[ListedPlayShape]:
    """All plays, with how many of their firings ended in which way."""
    results = results_of(request.workspace)
    rows = Play.objects.filter(workspace=request.workspace).prefetch_related("versions")
    return page_of(rows, paging, lambda one: {**one.as_dict(), "firings": results[one.pk].counts})


@router.post("/plays")
@permission("plays:write")
def apply_play(request: WorkspaceRequest, text: PlayText) -> PlayTextShape:
    """Keep a text as the newest version of the play that it names; a new play is off."""
    return _whole(versions.apply_play(request.workspace, text.text, None, request.access.actor))


@router.get("/plays/{play}")
@permission("plays:read")
def get_play(request: WorkspaceRequest, play: str) -> PlayTextShape:
    """A play with its text."""
    return _whole(versions.play_of(request.workspace, play))


@router.get("/plays/{play}/dry-run")
@permission("plays:read")
def try_play(request: WorkspaceRequest, play: str) -> DryRunShape:
    """For how many people it would have fired in the last 30 days; who they are needs people:read."""
    definition = versions.play_of(request.workspace, play).current.definition
    return dry_run(request.workspace, definition).as_dict(people=request.access.allows("people:read"))


@router.post("/plays/{play}/on")
@permission("plays:write")
def switch_on(request: WorkspaceRequest, play: str) -> PlayShape:
    """Let it fire from now on."""
    return versions.switch_play(request.workspace, play, request.access.actor, on=True).as_dict()


@router.post("/plays/{play}/off")
@permission("plays:write")
def switch_off(request: WorkspaceRequest, play: str) -> PlayShape:
    """Let it fire no more; what waits is cancelled when its time comes."""
    return versions.switch_play(request.workspace, play, request.access.actor, on=False).as_dict()


@router.get("/plays/{play}/firings")
@permission("people:read")
def list_firings(request: WorkspaceRequest, play: str, paging: Query[Paging], state: str = "") -> Page[FiringShape]:
    """What pulled its trigger, for whom, and what came of it; of one state or of all."""
    rows = versions.play_of(request.workspace, play).firings.select_related("play")
    return page_of(rows.filter(state=state) if state else rows, paging, lambda one: one.as_dict())


@router.post("/firings/{firing_id}/retry")
@permission("plays:write")
def retry(request: WorkspaceRequest, firing_id: str) -> RetriedShape:
    """Let a firing that failed try again."""
    found = firing.retry_firing(request.workspace, firing_id, request.access.actor)
    return {"id": found.id, "state": found.state}


def _whole(play: Play) -> PlayTextShape:
    return {**play.as_dict(), "text": play.current.text}
