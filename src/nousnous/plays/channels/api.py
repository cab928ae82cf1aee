"""Channels in the API; secrets go in, and never come out."""

from typing import TypedDict

from ninja import Field, Query, Router, Schema

from nousnous.base.shapes import Page
from nousnous.plays.channels import actions
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.paging import Paging, page_of

router = Router(tags=["plays"])


class ChannelBody(Schema):
    kind: str = Field(..., max_length=20, description="email, slack, webhook, github, jira or linear.")
    values: dict[str, str] = Field(
        ..., description="What the kind asks for, as its form does; secrets that are left out stay as they are."
    )


class TestedShape(TypedDict):
    said: str


class RemovedChannelShape(TypedDict):
    name: str


@router.get("/channels")
@permission("plays:read")
def channels(request: WorkspaceRequest, paging: Query[Paging]) -> Page[actions.ChannelShape]:
    """The channels by which plays go out, with what the other side said last, and the names of their secrets."""
    return page_of(actions.list_channels(request.workspace), paging, actions.as_dict)


@router.put("/channels/{channel}")
@permission("plays:write")
def connect(request: WorkspaceRequest, channel: str, body: ChannelBody) -> actions.ChannelShape:
    """Connect a channel, or tell one that stands something new."""
    wanted = actions.Connection(body.kind, channel, body.values)
    return actions.as_dict(actions.connect(request.workspace, wanted, request.access.actor))


@router.post("/channels/{channel}/test")
@permission("plays:write")
def test(request: WorkspaceRequest, channel: str) -> TestedShape:
    """Ask the other side whether it would take something; in Slack a message tells."""
    return {"said": actions.test_channel(request.workspace, channel, request.access.actor)}


@router.delete("/channels/{channel}")
@permission("plays:write")
def remove(request: WorkspaceRequest, channel: str) -> RemovedChannelShape:
    """Forget a channel with its secrets."""
    return {"name": actions.remove_channel(request.workspace, channel, request.access.actor).name}
