"""The language gap in the API."""

from typing import Any

from ninja import Field, Query, Router, Schema

from nousnous.capabilities.language.actions import auditing, reading
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
