"""The audit in Slack: its answer, the groups it names, the dearest sentence, and where the rest stands."""

from typing import Final

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.capabilities.language.actions.auditing import LanguageAudit, audit_language
from nousnous.capabilities.language.measures.audit import Group
from nousnous.capabilities.language.measures.headline import name_of, title_of, verdict_of
from nousnous.charts.words import capital, number, signed
from nousnous.plays.channels.models import Channel
from nousnous.plays.channels.slack import Button, Message, Part, plain, post
from nousnous.workspaces.access import whole_address
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

CHANNEL: Final = "language"
"""The Slack channel that the audit is posted in; where none is so named the only one is taken."""
MOST_GROUPS: Final = 5
MOST_WORDS: Final = 5


def post_audit(workspace: Workspace, days: int, actor: str) -> str:
    """Post the audit of the last days; the name of the channel. The same day's audit of the same data stands once."""
    channel = _channel(workspace)
    report = audit_language(workspace, days)
    if not report.messages:
        raise Refused("No conversation has come in yet: there is nothing to post.")
    key = f"language-{report.days}-{report.to_us}-{report.messages}-{clock.now():%Y-%m-%d}"
    post(channel, message_of(report, workspace), key)
    audit(workspace, actor, "posted the language audit", channel.name)
    return channel.name


def message_of(report: LanguageAudit, workspace: Workspace) -> Message:
    """An audit as Slack shows it."""
    title = title_of(report.conversations, report.named, report.groups)
    period = f"{number(report.conversations)} conversations of {report.days} days, scorer {report.scorer}"
    told = [one for one in report.groups if one.verdict in {"gap", "likely"}][:MOST_GROUPS]
    lines = [f"*{plain(title)}*", plain(period), *map(_line, told)]
    if report.sentences:
        dear = report.sentences[0][0]
        lines.append(f"Customers sound worse by {number(dear.worse.value, 2)} after “{plain(dear.text)}”.")
    if report.jargon and report.jargon.terms:
        words = [f"“{plain(one.term)}”" for one in report.jargon.terms[:MOST_WORDS]]
        lines.append(f"Words after which customers are lost: {', '.join(words)}.")
    address = f"{whole_address(workspace, 'language:audit')}?days={report.days}"
    return (Part("\n".join(lines), (Button("Read the audit", address=address),)),)


def _line(one: Group) -> str:
    ends = f"{signed(one.gap.low, 2)} to {signed(one.gap.high, 2)}"
    return f"• {plain(capital(name_of(one)))}: {signed(one.gap.value, 2)} ({ends}), {verdict_of(one)}"


def _channel(workspace: Workspace) -> Channel:
    rows = Channel.objects.of_kind(workspace.id, "slack")
    found = list(rows.filter(name=CHANNEL)) or list(rows[:2])
    if not found:
        raise Refused("No Slack is connected yet; an admin connects it under Channels.")
    if len(found) > 1:
        raise Refused(f"Several Slack channels are connected; name the one for audits “{CHANNEL}”.")
    return found[0]
