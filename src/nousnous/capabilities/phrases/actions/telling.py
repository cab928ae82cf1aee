"""What others are told of phrases: who approves, in Slack, by a clock; programs, by a signed webhook."""

from datetime import timedelta
from typing import Final

from django.conf import settings

from nousnous.base import clock
from nousnous.capabilities.phrases.models import Wording
from nousnous.plays.channels.models import Channel
from nousnous.plays.channels.slack import Button, Part, plain, post
from nousnous.plays.channels.webhook import deliver
from nousnous.runs.actions import start_run
from nousnous.runs.registry import Advance, Work

CLOCK_RUN: Final = "phrases.clock"
TELLING_RUN: Final = "phrases.telling"
CHANNEL: Final = "phrases"
"""The webhook that programs are told by, by its name among channels."""
APPROVALS: Final = "approvals"
"""The Slack channel of who approves; where none is so named the only one is taken."""
REMINDERS: Final = {"start": "remind", "remind": "last", "last": "late", "late": None}
"""The stages of the clock, each with the one after it."""
BEFORE_DUE: Final = {"remind": timedelta(hours=24), "last": timedelta(hours=4), "late": timedelta(0)}
WORDS: Final = {
    "start": "A wording waits for approval, within 48 hours",
    "remind": "A wording waits for approval; a day is left",
    "last": "A wording waits for approval; four hours are left",
    "late": "A wording was not decided within 48 hours; it is not served",
}


def tell_change(wording: Wording, moment_us: int) -> None:
    """Start the run that tells programs; in the transaction of whoever changed what is served."""
    workspace_id = wording.phrase.workspace_id
    if Channel.objects.of_kind(workspace_id, "webhook").filter(name=CHANNEL).exists():
        key = f"phrase-{wording.pk}-{wording.status}-{moment_us}"
        state = {"wording": wording.pk, "status": wording.status, "key": key}
        start_run(TELLING_RUN, state, workspace_id=workspace_id, key=key)


def perform_telling(work: Work) -> Advance:
    """Hand a change to the webhook, under a key that is the same however often it is tried."""
    wording = Wording.objects.select_related("phrase__workspace").filter(pk=work.state["wording"]).first()
    if wording is None:
        return Advance()
    told = {name: getattr(wording, name) for name in ("plain", "tone", "locale")}
    data = {"key": wording.phrase.key, "version": wording.number, "status": work.state["status"], **told}
    channel = Channel.objects.named(wording.phrase.workspace, CHANNEL)
    deliver(channel, "phrase.changed", data, str(work.state["key"]))
    return Advance()


def perform_clock(work: Work) -> Advance:
    """Remind who approves, until somebody decided or the time is over."""
    wording = Wording.objects.select_related("phrase__workspace").filter(pk=work.state["wording"]).first()
    if wording is None or wording.status != Wording.PROPOSED:
        return Advance()
    channel = _slack(wording.phrase.workspace_id)
    if channel is not None:
        post(channel, _message(wording, work.stage), f"wording-{wording.pk}-{work.stage}")
    following = REMINDERS[work.stage]
    if following is None:
        return Advance()
    return Advance(following, due_at=max(wording.due_at - BEFORE_DUE[following], clock.now()), state=work.state)


def _slack(workspace_id: str) -> Channel | None:
    """Where who approves is told; None where nothing is connected, or nobody can say which is meant."""
    rows = Channel.objects.of_kind(workspace_id, "slack")
    found = list(rows.filter(name=APPROVALS)) or list(rows[:2])
    return found[0] if len(found) == 1 else None


def _message(wording: Wording, stage: str) -> tuple[Part, ...]:
    phrase = wording.phrase
    address = f"{settings.NOUS.address.rstrip('/')}/w/{phrase.workspace.slug}/phrases/{phrase.key}/"
    said = f"*{WORDS[stage]}*\n`{phrase.key}` ({wording.locale}, {wording.tone}): “{plain(wording.plain)}”"
    evidence = f"\n{plain(wording.evidence)}" if wording.evidence else ""
    return (Part(said + evidence, (Button("Read and decide", address=address),)),)
