"""One conversation as its two sides wrote it, for members who may see single people."""

from dataclasses import dataclass
from typing import Final

from nousnous.base import clock
from nousnous.base.errors import Missing
from nousnous.capabilities.language.models import pinned_scorer
from nousnous.facts.messages import MESSAGES
from nousnous.facts.sentiments import SENTIMENTS
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

MOST_MESSAGES: Final = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One message: who wrote it when, and how it sounds (None: not judged)."""

    side: str
    at: str
    text: str
    sentiment: float | None


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: its customer, and its first messages of so many."""

    conversation: str
    person: str
    topic: str
    channel: str
    messages: int
    lines: tuple[Line, ...]


def read_conversation(workspace: Workspace, conversation: str, actor: str) -> Talk:
    """The first messages of a conversation; looking is noted in the audit log."""
    snapshot = lake_of(workspace).snapshot(MESSAGES, SENTIMENTS)
    messages, scored = snapshot.table(MESSAGES), snapshot.table(SENTIMENTS)
    mine = messages.filter(messages.conversation_id == conversation)
    own = scored.filter(scored.scorer == pinned_scorer(workspace)).select(scored_key="message_key", told="sentiment")
    joined = mine.left_join(own, mine.message_key == own.scored_key)
    rows = joined.order_by("ts_us", "message_key").limit(MOST_MESSAGES).to_pyarrow().to_pylist()
    if not rows:
        raise Missing(f"There is no conversation “{conversation}” here; ids are written exactly as they came.")
    count = int(mine.count().to_pyarrow().as_py())
    audit(workspace, actor, "read a conversation", f"{count} messages")
    first = rows[0]
    lines = tuple(
        Line(row["side"], clock.from_us(row["ts_us"]).strftime("%Y-%m-%d %H:%M"), row["text"], row["told"])
        for row in rows
    )
    person = first["user_id"] or first["anonymous_id"] or ""
    return Talk(conversation, person, first["topic"] or "", first["channel"] or "", count, lines)
