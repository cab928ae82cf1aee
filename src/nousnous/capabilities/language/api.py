"""The language gap in the API."""

from typing import Literal, TypedDict

from ninja import Field, Query, Router, Schema

from nousnous.base.shapes import shaped
from nousnous.capabilities.language.actions import auditing, bringing, labelling, posting, reading, switching
from nousnous.capabilities.language.actions.auditing import LanguageAuditShape
from nousnous.capabilities.language.measures.qualities import quality_of
from nousnous.workspaces.access import WorkspaceRequest, permission

router = Router(tags=["language"])


class Wanted(Schema):
    days: int = Field(auditing.USUAL_DAYS, ge=1, le=auditing.MOST_DAYS, description="Days before the newest message.")


class PostedShape(TypedDict):
    channel: str


class LandedShape(TypedDict):
    added: int
    repeated: int
    refused: int
    empty: int


class ConversationShape(TypedDict):
    conversation: str
    person: str
    topic: str
    channel: str
    messages: int
    items: list[reading.Line]


@router.get("/language/audit")
@permission("language:read")
def audit(request: WorkspaceRequest, wanted: Query[Wanted]) -> LanguageAuditShape:
    """How much better the company sounds than its customers, by group; what it said; words that lose people."""
    report = auditing.audit_language(request.workspace, wanted.days).as_dict()
    return report if request.access.allows("people:read") else without_conversations(report)


@router.post("/language/audit/post")
@permission("language:write")
def post(request: WorkspaceRequest, wanted: Query[Wanted]) -> PostedShape:
    """Post the audit's summary in Slack; the same audit stands there once a day."""
    return {"channel": posting.post_audit(request.workspace, wanted.days, request.access.actor)}


Of = Literal["sentiment", "reaction", "interpretation", "exploration"]


class LabelsWanted(Schema):
    of: Of = Field("sentiment", description="What is judged: sentiment, or a part of empathy.")


class LevelOfQualityShape(TypedDict):
    value: float
    means: str


class ToJudgeShape(labelling.LabelCountsShape):
    of: str
    question: str
    levels: list[LevelOfQualityShape]
    messages: list[labelling.AskedMessageShape]


@router.get("/language/labels")
@permission("language:write")
def labels(request: WorkspaceRequest, wanted: Query[LabelsWanted]) -> ToJudgeShape:
    """The next 20 messages to judge, the most uncertain first, masked as they are kept; looking is noted."""
    request.access.require("people:read")
    found = labelling.next_messages(request.workspace, wanted.of, request.access.actor)
    quality = quality_of(wanted.of)
    levels: list[LevelOfQualityShape] = [{"value": value, "means": words} for value, words in quality.levels]
    counts = labelling.count_labels(request.workspace, quality)
    return {
        "of": wanted.of,
        "question": quality.question,
        "levels": levels,
        **counts.as_dict(),
        "messages": [one.as_dict() for one in found],
    }


class GivenLabel(Schema):
    message: str = Field(description="The message, as the list of messages to judge names it.", pattern=r"^-?\d{1,19}$")
    value: float | None = Field(None, description="One of the levels; null: cannot tell.")


class Labels(LabelsWanted):
    labels: list[GivenLabel] = Field(min_length=1, max_length=labelling.MOST_A_CALL)


class KeptLabelsShape(labelling.LabelCountsShape):
    kept: int


@router.post("/language/labels")
@permission("language:write")
def label(request: WorkspaceRequest, body: Labels) -> KeptLabelsShape:
    """Keep labels of messages; from 80 on a scorer is learned from them, and tried on customers held out."""
    request.access.require("people:read")
    told = {int(one.message): one.value for one in body.labels}
    kept = labelling.keep_labels(request.workspace, body.of, told, request.access.actor)
    return {"kept": kept, **labelling.count_labels(request.workspace, quality_of(body.of)).as_dict()}


class ScorersShape(TypedDict):
    scorers: list[switching.QualityShape]


@router.get("/language/scorers")
@permission("language:read")
def scorers(request: WorkspaceRequest) -> ScorersShape:
    """What judges sentiment and each part of empathy, how well, what else there is, and who decided what and why."""
    return {"scorers": [one.as_dict() for one in switching.list_scorers(request.workspace)]}


class ScorerWanted(LabelsWanted):
    scorer: str = Field(description="The version to switch to.", max_length=60)
    why: str = Field(description="The reason; it stands with the decision.", min_length=1, max_length=1_000)


@router.post("/language/scorers")
@permission("language:write")
def switch(request: WorkspaceRequest, body: ScorerWanted) -> switching.DecisionShape:
    """Decide for another scorer: all history is scored by it in the background, then it takes its place."""
    made = switching.switch_scorer(request.workspace, body.of, body.scorer, body.why, request.access.actor)
    return switching.decision_as_dict(made)


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
def bring(request: WorkspaceRequest, conversation_id: str, body: Messages) -> LandedShape:
    """Keep messages of a conversation; sent again, they add nothing."""
    told = [{**one.dict(), "conversation": conversation_id} for one in body.messages]
    landed = bringing.bring_messages(request.workspace, told, "api")
    return shaped(LandedShape, landed)


@router.get("/conversations/{path:conversation_id}")
@permission("people:read")
def conversation(request: WorkspaceRequest, conversation_id: str) -> ConversationShape:
    """The first 500 messages of a conversation; looking is noted in the audit log."""
    request.access.require("language:read")
    found = reading.read_conversation(request.workspace, conversation_id, request.access.actor)
    return {
        "conversation": found.conversation,
        "person": found.person,
        "topic": found.topic,
        "channel": found.channel,
        "messages": found.messages,
        "items": list(found.lines),
    }


def without_conversations(report: LanguageAuditShape) -> LanguageAuditShape:
    """The report without the ids of single conversations, for those who may not see single people."""
    for sentence in report["sentences"]:
        sentence["conversation"] = None
    for term in report["jargon"]["terms"] if report["jargon"] else ():
        term["conversation"] = None
    return report
