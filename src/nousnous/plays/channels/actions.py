"""The verbs of channels: connect, try, remove; what the other side said last; what was sent under a key."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypedDict

from django.db import transaction
from django.db.models import QuerySet

from nousnous.base import clock
from nousnous.base.errors import Conflict, NousError, Place, Refused
from nousnous.base.shapes import Instant, shaped
from nousnous.plays.channels.kinds import checked, kind_named
from nousnous.plays.channels.models import Channel, Sent
from nousnous.plays.channels.outward import Disconnected
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Connection:
    """What is said of a channel when it is connected, or connected anew."""

    kind: str
    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


def list_channels(workspace: Workspace) -> QuerySet[Channel]:
    return Channel.objects.filter(workspace=workspace)


def channel_named(workspace: Workspace, name: str) -> Channel:
    return Channel.objects.named(workspace, name)


def channel_for(workspace_id: str, kind: str, name: str) -> Channel:
    """The channel that a play means: the one it names, or the only one of its kind."""
    rows = Channel.objects.of_kind(workspace_id, kind)
    found = list(rows.filter(name=name) if name else rows[:2])
    if not found:
        wanted = f" “{name}”" if name else ""
        raise Refused(f"No channel{wanted} to {kind_named(kind).title} is connected; connect it under Channels.")
    if len(found) > 1:
        raise Refused(
            f"There is more than one channel to {kind_named(kind).title}; name it: channel = “{found[0].name}”."
        )
    return found[0]


@transaction.atomic
def connect(workspace: Workspace, wanted: Connection, actor: str) -> Channel:
    """Connect a channel, or tell one that stands something new; what is left out stays as it is."""
    if not NAME.fullmatch(wanted.name):
        raise Refused("A name has small letters, digits and dashes, at most 60.", Place(field="name"))
    kind = kind_named(wanted.kind)
    standing = Channel.objects.select_for_update().filter(workspace=workspace, name=wanted.name).first()
    if standing is not None and standing.kind != kind.name:
        raise Conflict(f"There is a channel “{wanted.name}” of the kind {standing.kind}; choose another name.")
    kept = {**kind.made(), **(_kept(standing) if standing else {})}
    values = checked(kind, _with(kept, wanted.values, kind.secrets))
    channel = standing or Channel(workspace=workspace, kind=kind.name, name=wanted.name)
    channel.keep({name: value for name, value in values.items() if name in kind.secrets})
    channel.told = {name: value for name, value in values.items() if name not in kind.secrets}
    channel.connected_at, channel.connected_by = clock.now(), actor[:200]
    channel.trouble, channel.trouble_at = "", None
    channel.save()
    kind.announce(workspace.id, channel)
    audit(workspace, actor, "connect channel", str(channel))
    return channel


def test_channel(workspace: Workspace, name: str, actor: str) -> str:
    """Ask the other side whether it would take something; answers what it said."""
    channel = channel_named(workspace, name)
    audit(workspace, actor, "test channel", str(channel))
    return told(channel, lambda: kind_named(channel.kind).test(channel))


def remove_channel(workspace: Workspace, name: str, actor: str) -> Channel:
    """Forget a channel with its secrets; plays that name it fail, and say so."""
    channel = channel_named(workspace, name)
    Channel.objects.filter(pk=channel.pk).delete()
    kind_named(channel.kind).announce(workspace.id, None)
    audit(workspace, actor, "remove channel", str(channel))
    return channel


def told(channel: Channel, ask: Callable[[], str]) -> str:
    """Ask the other side something and note on the channel how that went.

    A connection that is refused is shown on the page until something is taken again; that a server is away is not.
    """
    try:
        answer = ask()
    except Disconnected as refusal:
        said = {"trouble": refusal.sentence[:500], "trouble_at": clock.now()}
        Channel.objects.filter(pk=channel.pk).update(**said)
        raise
    Channel.objects.filter(pk=channel.pk).update(used_at=clock.now(), trouble="", trouble_at=None)
    return answer


def sent_once(channel: Channel, key: str, find: Callable[[Sent], str], send: Callable[[], str]) -> Sent:
    """Send something under a key unless the other side has it; answers what is known of it.

    `find` looks for it on the other side: asked only where an attempt before this one never heard how it ended.
    """
    record, fresh = Sent.objects.get_or_create(channel=channel, key=key)
    if not record.reference:
        record.reference = told(channel, lambda: ("" if fresh else find(record)) or send())[:300]
        record.save(update_fields=["reference"])
    return record


class ChannelShape(TypedDict):
    name: str
    kind: str
    told: dict[str, str]
    secrets: list[str]
    connected_at: Instant
    connected_by: str
    used_at: Instant | None
    trouble: str
    trouble_at: Instant | None


def as_dict(channel: Channel) -> ChannelShape:
    """What may be seen of a channel: no secret, but which ones there are."""
    return shaped(ChannelShape, channel, secrets=_names_of_secrets(channel))


def _names_of_secrets(channel: Channel) -> list[str]:
    try:
        return sorted(channel.secrets)
    except NousError:
        return []


def _with(kept: dict[str, str], values: Mapping[str, Any], secrets: frozenset[str]) -> dict[str, Any]:
    """What is kept with what is said anew; an empty value takes away what is no secret, for secrets are not shown."""
    given = {name: value for name, value in values.items() if value not in {None, ""} or name not in secrets}
    return {**kept, **given}


def _kept(channel: Channel) -> dict[str, str]:
    try:
        return {**channel.told, **channel.secrets}
    except Refused:
        return {**channel.told}
