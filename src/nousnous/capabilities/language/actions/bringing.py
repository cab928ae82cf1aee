"""Messages that come one by one: by the API, and live from Zendesk and Intercom."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from nousnous.base import clock
from nousnous.base.errors import Forbidden, Missing, Place, Refused
from nousnous.capabilities.language.measures.deliveries import TOOLS, is_signed, messages_in
from nousnous.capabilities.language.models import Hook
from nousnous.collector.landing import Landed, land
from nousnous.collector.tidying import touched
from nousnous.collector.times import moment_us
from nousnous.facts.messages import MESSAGES
from nousnous.warehouse.schemas import arrow_schema
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

MOST_A_CALL: Final = 1_000
MOST_BYTES: Final = 1_000_000
SIDES: Final = ("customer", "agent", "bot")
TEXTS: Final = {"channel": "channel", "topic": "topic", "group": "agent_group", "bot_version": "bot_version"}


@dataclass(frozen=True, slots=True)
class HookAddress:
    """Where a tool delivers to, below the installation's own address."""

    tool: str
    path: str


def bring_messages(workspace: Workspace, messages: Iterable[Mapping[str, Any]], source: str) -> Landed:
    """Keep messages, cleaned and masked; those that stand already stay as they are. Refuses what cannot be read."""
    rows = [_row(one, place, source) for place, one in enumerate(messages)]
    if len(rows) > MOST_A_CALL:
        raise Refused(f"A call brings at most {MOST_A_CALL:,} messages; send them in several.")
    if not rows:
        return Landed(0, 0, 0)
    made = [field for field in arrow_schema(MESSAGES) if field.name in rows[0]]
    landed = land(workspace, MESSAGES, pa.Table.from_pylist(rows, pa.schema(made)))
    touched(workspace, MESSAGES)
    return landed


def keep_hook(workspace: Workspace, tool: str, secret: str, actor: str) -> HookAddress:
    """Let a tool deliver live, by the secret that it signs with; a new secret takes the place of the old one."""
    if tool not in TOOLS:
        raise Refused(f"“{tool}” delivers nothing here; there are {', '.join(TOOLS)}.", Place(field="tool"))
    if not secret.strip():
        raise Refused(f"Paste the secret that {tool.capitalize()} signs its deliveries with.", Place(field="secret"))
    hook = Hook.objects.filter(workspace=workspace, tool=tool).first() or Hook(workspace=workspace, tool=tool)
    hook.keep(secret.strip())
    hook.save()
    audit(workspace, actor, "connected live conversations", tool)
    return HookAddress(tool, f"/conversations/{hook.pk}/")


def hear(hook_id: str, body: bytes, headers: Mapping[str, str]) -> Landed:
    """Keep the messages of a delivery; Forbidden where the tool did not sign it. Delivered again, it adds nothing."""
    hook = Hook.objects.select_related("workspace").filter(pk=hook_id).first()
    if hook is None:
        raise Missing("Nothing is delivered here.")
    if len(body) > MOST_BYTES or not is_signed(hook.tool, hook.secret, body, headers):
        raise Forbidden(f"This was not signed by {hook.tool.capitalize()} with the secret that is kept here.")
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused("A delivery is a JSON object.") from None
    Hook.objects.filter(pk=hook.pk).update(heard_at=clock.now())
    return bring_messages(hook.workspace, messages_in(hook.tool, told), f"hook:{hook.tool}")


def _row(message: Mapping[str, Any], place: int, source: str) -> dict[str, Any]:
    """One message as a row of its table."""
    texts = {column: _text(message.get(name)) for name, column in TEXTS.items()}
    conversation, own = _text(message.get("conversation")), _text(message.get("id"))
    at_us, side = moment_us(message.get("at")), message.get("side")
    where = Place(field=f"messages[{place}]")
    if conversation is None or own is None:
        raise Refused("A message has an id and a conversation.", where)
    if at_us is None:
        raise Refused("Its time `at` is none that can be read; write 2026-01-05T09:00:00Z.", where)
    if at_us > clock.now_us() + clock.DAY_US:
        raise Refused("It lies more than a day ahead.", where)
    if side not in SIDES:
        raise Refused("Its side is customer, agent or bot.", where)
    person, anonymous = _text(message.get("person")), _text(message.get("anonymous"))
    nobody = f"conversation:{conversation}" if person is None and anonymous is None else anonymous
    return {
        "message_id": own,
        "conversation_id": conversation,
        "ts_us": at_us,
        "received_us": clock.now_us(),
        "user_id": person,
        "anonymous_id": None if person else nobody,
        "side": side,
        "language": _text(message.get("language")),
        "text": _text(message.get("text")),
        "source": source,
        **texts,
    }


def _text(value: Any) -> str | None:
    """A text without what no column can hold; an empty one is none."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode().strip() or None
