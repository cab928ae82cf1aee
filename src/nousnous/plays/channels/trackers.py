"""What the trackers share: an issue with its evidence, handed over once under a key."""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.utils.module_loading import import_string

from nousnous.base.errors import Place, Refused, Unavailable
from nousnous.facts.plays import Firing, Outcome
from nousnous.plays.channels import outward
from nousnous.plays.channels.actions import channel_for, list_channels, sent_once
from nousnous.plays.channels.filling import addressed, filled, known, leads_somewhere, sound, unmarked
from nousnous.plays.channels.models import Channel, Sent
from nousnous.plays.registry import Ask
from nousnous.workspaces.models import Workspace

TRACKERS: Final = {kind: f"nousnous.plays.channels.{kind}.TRACKER" for kind in ("github", "jira", "linear")}
PARAMETERS: Final = {"title": True, "text": True, "channel": False}
MOST_LINKS: Final = 20


ASKS: Final = (
    Ask("title", help="{person} is who it is about, {plan} a property of the event."),
    Ask("text", kind="text"),
    Ask("channel", needed=False, help="Which channel, if several are connected."),
    Ask("links", needed=False, kind="lines", help="Addresses of evidence, one a line."),
)


@dataclass(frozen=True, slots=True)
class Issue:
    """What is handed over; `mark` is a word of the key, by which it is found again."""

    mark: str
    title: str
    text: str
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tracker:
    """A tracker by its kind: how to find an issue again, and how to make it; both answer its reference."""

    kind: str
    find: Callable[[Channel, Issue, Sent], str]
    create: Callable[[Channel, Issue], str]


def hand_over(tracker: Tracker, channel: Channel, issue: Issue, key: str) -> str:
    """Make an issue unless there is one under the key already; answers what the tracker calls it."""
    return sent_once(
        channel, key, lambda before: tracker.find(channel, issue, before), lambda: tracker.create(channel, issue)
    ).reference


def trackers_of(workspace: Workspace) -> list[Channel]:
    """The channels that lead to a tracker."""
    return list(list_channels(workspace).filter(kind__in=list(TRACKERS)))


def tracker_of(channel: Channel) -> Tracker:
    if channel.kind not in TRACKERS:
        raise Refused(f"“{channel.name}” leads to no tracker; connect {', '.join(TRACKERS)} under Channels.")
    found: Tracker = import_string(TRACKERS[channel.kind])
    return found


def handed_over(workspace: Workspace, keys: Sequence[str]) -> dict[str, str]:
    """What trackers call the issues that were handed over under some keys."""
    rows = Sent.objects.filter(channel__workspace=workspace, channel__kind__in=list(TRACKERS), key__in=keys)
    return dict(rows.exclude(reference="").values_list("key", "reference"))


def perform(tracker: Tracker, firing: Firing) -> Outcome:
    """Hand over what a play says."""
    asked = firing.parameters
    channel = channel_for(firing.workspace_id, tracker.kind, str(asked.get("channel", "")))
    reference = hand_over(tracker, channel, issue_of(firing), firing.key)
    return Outcome(f"Handed over to {channel.name}.", reference)


def issue_of(firing: Firing) -> Issue:
    """The issue of a firing: what the play says, with links to the evidence and to the play."""
    asked, slug = firing.parameters, Workspace.objects.get(pk=firing.workspace_id).slug
    own = f"{settings.NOUS.address.rstrip('/')}/w/{slug}/plays/{firing.play}/"
    details = known(firing)
    quiet = {name: unmarked(value) for name, value in details.items()}
    evidence = [addressed(one, details) for one in asked.get("links", ())]
    title = " ".join(filled(asked["title"], details).split())[:250]
    return Issue(mark_of(firing.key), title, filled(asked["text"], quiet), (*evidence, own))


def check(parameters: Mapping[str, Any]) -> None:
    """An issue has a title and a text, and may have links to evidence."""
    links = parameters.get("links", [])
    if not isinstance(links, list) or len(links) > MOST_LINKS or not all(isinstance(one, str) for one in links):
        raise Refused(f"Links are a list of at most {MOST_LINKS} addresses.", Place(field="links"))
    for one in links:
        leads_somewhere("A link", one, "links")
    sound("An issue", PARAMETERS, {name: value for name, value in parameters.items() if name != "links"})


def mark_of(key: str) -> str:
    """A word that stands for a key, as labels and texts may hold it.

    >>> mark_of("fire_1-0")
    'nous-fa776a4b488c41c7'
    """
    return f"nous-{hashlib.blake2b(key.encode(), digest_size=8).hexdigest()}"


def listed(links: tuple[str, ...]) -> str:
    return "".join(f"\n- {link}" for link in links)


def basic(user: str, secret: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{secret}'.encode()).decode()}"


def judged(name: str, answer: outward.Answer, unknown: str) -> Any:
    """What a tracker answered, as JSON; its refusals as ours. `unknown` says what a 404 means."""
    spent = answer.headers.get("x-ratelimit-remaining") == "0" or "retry-after" in answer.headers
    if answer.status == 429 or answer.status >= 500 or (answer.status == 403 and spent):
        raise Unavailable(f"{name} cannot take it now ({answer.status}).")
    if answer.status == 401:
        raise outward.Disconnected(f"{name} does not know the token any more; paste a new one.")
    if answer.status == 403:
        raise outward.Disconnected(f"{name} does not let this token make issues; give it the right, or paste another.")
    if answer.status in {404, 410} or 300 <= answer.status < 400:
        raise outward.Disconnected(unknown)
    if answer.status >= 400:
        raise Refused(f"{name} refuses the issue ({answer.status}): {_reason(answer.json())}")
    return answer.json()


def _reason(body: Any) -> str:
    """The sentence in an answer that refuses; trackers put it in different places."""
    found = body if isinstance(body, dict) else {}
    fields = found.get("errors")
    told = [found.get("message"), *(found.get("errorMessages") or [])]
    told += [f"{name}: {text}" for name, text in fields.items()] if isinstance(fields, dict) else []
    return "; ".join(str(one) for one in told if one)[:300] or "it does not say why."
