"""The language gap in the API."""

from typing import Any, Literal

from ninja import Field, Query, Router, Schema

from nousnous.capabilities.language.actions import auditing, bringing, posting, reading
from nousnous.workspaces.access import WorkspaceRequest, permission

router = Router(tags=["language"])


class Wanted(Schema):
    days: int = Field(auditing.USUAL_DAYS, ge=1, le=auditing.MOST_DAYS, description="Days before the newest message.")


@router.get("/language/audit")
@permission("language:read")
def audit(request: WorkspaceRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """How much better the company sounds than its customers, by group; what it said; words that lose people."""
    report = auditing.audit_language(request.workspace, wanted.days).as_dict()
    return report if request.access.allows("people:read") else without_conversations(report)


@router.post("/language/audit/post")
@permission("language:write")
def post(request: WorkspaceRequest, wanted: Query[Wanted]) -> dict[str, str]:
    """Post the audit's summary in Slack; the same audit stands there once a day."""
    return {"channel": posting.post_audit(request.workspace, wanted.days, request.access.actor)}


class Message(Schema):
    id: str = Field(description="The message's own id: the same id is the same message.", max_length=500)
    at: str = Field(description="When it was written, such as 2026-01-05T09:00:00Z.")
    side: Literal["customer", "agent", "bot"]
    text: str = Field(description="What was written, as text or HTML; cleaned and masked before it is kept.")
    person: str | None = Field(None, description="The customer of the conversation, as events name them.")
    anonymous: str | None = Field(None, description="Their anonymous id, where nobody knows who they are.")
    channel: str | None = None
    topic: str | None = None
    group: str | None = Field(None, description="The group of agents.")
    bot_version: str | None = None
    language: str | None = Field(None, description="ISO 639-1; found where it is not told.")


class Messages(Schema):
    messages: list[Message] = Field(min_length=1, max_length=bringing.MOST_A_CALL)


@router.post("/conversations/{conversation_id}/messages")
@permission("language:write")
def bring(request: WorkspaceRequest, conversation_id: str, body: Messages) -> dict[str, int]:
    """Keep messages of a conversation; sent again, they add nothing."""
    told = [{**one.dict(), "conversation": conversation_id} for one in body.messages]
    landed = bringing.bring_messages(request.workspace, told, "api")
    return {name: getattr(landed, name) for name in ("added", "repeated", "refused", "empty")}


@router.get("/conversations/{path:conversation_id}")
@permission("people:read")
def conversation(request: WorkspaceRequest, conversation_id: str) -> dict[str, Any]:
    """The first 500 messages of a conversation; looking is noted in the audit log."""
    request.access.require("language:read")
    found = reading.read_conversation(request.workspace, conversation_id, request.access.actor)
    return {
        "conversation": found.conversation,
        "person": found.person,
        "topic": found.topic,
        "channel": found.channel,
        "messages": found.messages,
        "items": [
            {"side": one.side, "at": one.at, "text": one.text, "sentiment": one.sentiment} for one in found.lines
        ],
    }


def without_conversations(report: dict[str, Any]) -> dict[str, Any]:
    """The report without the ids of single conversations, for those who may not see single people."""
    for one in (*report["sentences"], *((report["jargon"] or {}).get("terms") or ())):
        one["conversation"] = None
    return report
