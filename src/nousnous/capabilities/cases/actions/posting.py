"""What is said of cases in Slack: the case with its button, its reminder and its escalation, and the digest at nine."""

from typing import Final

from nousnous.base.errors import NousError, Unavailable
from nousnous.capabilities.cases.actions.clocks import OPENED, REMINDED
from nousnous.capabilities.cases.actions.reading import war_room
from nousnous.capabilities.cases.actions.rotas import list_rotas, rota_of
from nousnous.capabilities.cases.measures.rota import Rota
from nousnous.capabilities.cases.models import Case
from nousnous.charts.words import counted, money
from nousnous.plays.channels import slack
from nousnous.plays.channels.actions import channel_for
from nousnous.runs.registry import Advance, Work
from nousnous.runs.schedules import keep_schedule
from nousnous.workspaces.access import whole_address
from nousnous.workspaces.models import Workspace

DIGEST_RUN: Final = "cases.digest"
AT_NINE: Final = "0 9 * * *"
CLAIM: Final = "claim_case"
MOST_LINES: Final = 20


def perform_post(work: Work) -> Advance:
    """Say one thing of a case; a Slack that refuses is a line on its page, and the clock goes on without it."""
    case = Case.objects.select_related("workspace").filter(pk=work.state["case"]).first()
    rota = rota_of(case.workspace, case.team).definition if case else None
    if case is None or rota is None or not rota.slack:
        return Advance()
    try:
        reference = _say(case, rota, work.state["what"])
    except Unavailable:
        raise
    except NousError as refusal:
        said = f"Slack was not told. {refusal.sentence}"
        return Advance(effect=lambda: _write(case, trouble=said))
    return Advance(effect=lambda: _write(case, reference=reference))


def perform_digest(work: Work) -> Advance:
    """Tell each team what stands, the patterns first; each line can be claimed."""
    workspace = Workspace.objects.filter(pk=work.workspace_id).first()
    for rota in list_rotas(workspace) if workspace else ():
        definition = rota.definition
        if workspace and definition.slack:
            channel = channel_for(workspace.id, "slack", definition.slack)
            slack.post(channel, digest(workspace, definition), f"digest-{definition.id}-{work.run_id}")
    return Advance()


def keep_all_digests() -> None:
    """At nine in the time zone of every workspace that has a rota."""
    for workspace in Workspace.objects.filter(rotas__isnull=False).distinct():
        name = f"digest-{workspace.id}"
        keep_schedule(name, AT_NINE, DIGEST_RUN, timezone=workspace.timezone, workspace_id=workspace.id)


def digest(workspace: Workspace, rota: Rota) -> slack.Message:
    """The message of the morning."""
    room = war_room(workspace, rota.id)
    patterns = "\n".join(f"• {one.count} × {slack.plain(one.said)}" for one in room.patterns)
    head = f"*{slack.plain(room.title)}*\n{patterns}".strip()
    lines = [_line(case, workspace) for case in room.cases[:MOST_LINES]]
    rest = len(room.cases) - len(lines)
    more = (slack.Part(f"{counted(rest, 'more case', 'more cases')} in <{whole_address(workspace, 'cases:list')}>"),)
    return (slack.Part(head), *lines, *(more if rest else ()))


def _line(case: Case, workspace: Workspace) -> slack.Part:
    stake = f", {money(case.stake, workspace.currency)} a year" if case.stake else ""
    clock = f", by {case.due_at:%H:%M} UTC" if case.state == Case.RUNNING and case.due_at else ""
    text = f"*{slack.plain(case.person)}*: {slack.plain(case.said)}{stake}{clock}"
    if case.state in {Case.WAITING, Case.RUNNING}:
        return slack.Part(text, (slack.Button("I call", CLAIM, case.id),))
    return slack.Part(f"{text} ({slack.plain(case.owner)} calls)")


def _say(case: Case, rota: Rota, what: str) -> str:
    channel = channel_for(case.workspace_id, "slack", rota.slack)
    name = next((one.slack for one in rota.members if one.email == case.owner), case.owner)
    if what == OPENED:
        sheet = slack.Button("Call sheet", address=whole_address(case.workspace, "cases:case", case=case.id))
        text = _line(case, case.workspace).text
        part = slack.Part(f"{text}\n@{slack.plain(name)}: listen, do not sell.", (_claim(case), sheet))
        return slack.post(channel, (part,), f"{case.id}-{what}").reference
    left = rota.minutes - rota.remind
    if what == REMINDED:
        text = f"@{slack.plain(name)}: {slack.plain(case.person)} is not called yet, {left} minutes are left."
    else:
        text = f"Nobody called {slack.plain(case.person)} in {rota.minutes} minutes. @{slack.plain(name)}, it is yours."
    slack.post(channel, (slack.Part(text, (_claim(case),)),), f"{case.id}-{what}", case.reference)
    return case.reference


def _claim(case: Case) -> slack.Button:
    return slack.Button("I call", CLAIM, case.id)


def _write(case: Case, **changes: str) -> None:
    Case.objects.filter(pk=case.pk).update(**changes)
