"""Proposing a wording, approving and declining it, withdrawing what stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from nousnous.base import clock
from nousnous.base.errors import Conflict, Place, Refused
from nousnous.capabilities.phrases.actions.telling import CLOCK_RUN, tell_change
from nousnous.capabilities.phrases.models import Phrase, Wording
from nousnous.facts.phrases import KEY, LOCALE, TONE, ToneChosen
from nousnous.runs.actions import start_run
from nousnous.runs.registry import Advance, Work
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

MOST_LETTERS: Final = 5_000
PROPOSAL_RUN: Final = "phrases.proposal"
DECIDED_WITHIN: Final = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A wording as somebody proposes it; jargon and where it is used are kept where they are said."""

    key: str
    plain: str
    tone: str = "plain"
    locale: str = "en"
    jargon: str = ""
    used_in: str = ""
    evidence: str = ""
    source: str = ""


@transaction.atomic
def propose_wording(workspace: Workspace, proposal: Proposal, actor: str) -> Wording:
    """Put a wording before who approves; of the same source it is the same one, however often it is told."""
    checked = check_proposal(proposal)
    phrase, _ = Phrase.objects.get_or_create(workspace=workspace, key=checked.key)
    phrase = Phrase.objects.select_for_update().get(pk=phrase.pk)
    wordings = Wording.objects.filter(phrase=phrase)
    standing = wordings.filter(source=checked.source).first() if checked.source else None
    if standing is not None:
        return standing
    same = wordings.filter(locale=checked.locale, tone=checked.tone, plain=checked.plain)
    if said := same.filter(status__in=(Wording.PROPOSED, Wording.PUBLISHED)).first():
        raise Conflict(f"Version {said.number} says just that, and is {said.status}.", Place(field="plain"))
    for name in ("jargon", "used_in"):
        setattr(phrase, name, getattr(checked, name) or getattr(phrase, name))
    phrase.save(update_fields=["jargon", "used_in"])
    newest = wordings.order_by("-number").first()
    told = {name: getattr(checked, name) for name in ("plain", "tone", "locale", "evidence", "source")}
    now = clock.now()
    made = Wording.objects.create(
        phrase=phrase,
        number=newest.number + 1 if newest else 1,
        proposed_by=actor,
        proposed_at=now,
        due_at=now + DECIDED_WITHIN,
        **told,
    )
    start_run(CLOCK_RUN, {"wording": made.pk}, workspace_id=workspace.id, key=f"wording-{made.pk}")
    audit(workspace, actor, "propose wording", str(made))
    return made


@transaction.atomic
def approve_wording(workspace: Workspace, key: str, number: int, actor: str) -> Wording:
    """Let a wording be served from now on; what was served in its tone and language is replaced."""
    wording = _open(workspace, key, number)
    phrase, now = wording.phrase, clock.now()
    beside = Wording.objects.filter(phrase=phrase, locale=wording.locale, tone=wording.tone, status=Wording.PUBLISHED)
    beside.update(status=Wording.REPLACED)
    _decide(wording, Wording.PUBLISHED, actor, "")
    served = Wording.objects.filter(phrase=phrase, status=Wording.PUBLISHED).exclude(pk=wording.pk)
    if wording.source or not served.exists():  # what customers chose is what is said where nobody asks for a tone
        phrase.tone, phrase.locale = wording.tone, phrase.locale if served.exists() else wording.locale
        phrase.save(update_fields=["tone", "locale"])
    tell_change(wording, clock.to_us(now))
    audit(workspace, actor, "approve wording", str(wording))
    return wording


@transaction.atomic
def decline_wording(workspace: Workspace, key: str, number: int, reason: str, actor: str) -> Wording:
    """Say why a proposed wording will not be served."""
    wording = _open(workspace, key, number)
    _decide(wording, Wording.DECLINED, actor, _reason(reason))
    audit(workspace, actor, "decline wording", str(wording))
    return wording


@transaction.atomic
def withdraw_wording(workspace: Workspace, key: str, number: int, reason: str, actor: str) -> Wording:
    """Serve a wording no more, without another in its place."""
    wording = _held(workspace, key, number)
    if wording.status != Wording.PUBLISHED:
        raise Conflict(f"Version {number} is {wording.status}; only what is published can be withdrawn.")
    _decide(wording, Wording.WITHDRAWN, actor, _reason(reason))
    tell_change(wording, clock.now_us())
    audit(workspace, actor, "withdraw wording", str(wording))
    return wording


def perform_proposal(work: Work) -> Advance:
    """What customers chose in a workshop waits for approval; told twice it waits once."""
    fact = ToneChosen(**work.state)
    workspace = Workspace.objects.get(pk=fact.workspace_id)
    said = {name: getattr(fact, name) for name in ("key", "plain", "tone", "locale", "jargon", "evidence", "source")}

    def propose() -> None:
        try:
            with transaction.atomic():
                propose_wording(workspace, Proposal(**said), fact.source)
        except Conflict:  # it stands already, or waits: the winner is what is said
            return

    return Advance(effect=propose)


def check_proposal(proposal: Proposal) -> Proposal:
    """The proposal as it is kept; Refused with the field that is wrong."""
    said = {name: " ".join(getattr(proposal, name).lower().split()) for name in ("key", "tone", "locale")}
    said["locale"] = said["locale"].replace("_", "-")
    if not KEY.fullmatch(said["key"]):
        wanted = "A key is small letters, digits, dots, dashes and underscores, at most 100: refund.delay."
        raise Refused(wanted, Place(field="key"))
    if not TONE.fullmatch(said["tone"]):
        raise Refused("A tone is a word such as legal, empathetic or conversational.", Place(field="tone"))
    if not LOCALE.fullmatch(said["locale"]):
        raise Refused("A language is written en, de or pt-br.", Place(field="locale"))
    texts = {name: checked_text(getattr(proposal, name), name) for name in ("plain", "jargon", "used_in", "evidence")}
    if not texts["plain"]:
        raise Refused("Write the words that a customer reads.", Place(field="plain"))
    return Proposal(**said, **texts, source=proposal.source[:200])


def checked_text(text: str, field: str) -> str:
    if len(text) > MOST_LETTERS or "\0" in text:
        raise Refused(
            f"A text has at most {MOST_LETTERS} letters, and none that cannot be written.", Place(field=field)
        )
    return text.strip()


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Refused("Say why.", Place(field="reason"))
    return checked_text(reason, "reason")[:500]


def _held(workspace: Workspace, key: str, number: int) -> Wording:
    """The wording, while its phrase is held: of two who decide at once, one finds it decided."""
    found = Wording.objects.numbered(workspace, key, number)
    Phrase.objects.select_for_update().get(pk=found.phrase_id)
    found.refresh_from_db(fields=["status"])
    return found


def _open(workspace: Workspace, key: str, number: int) -> Wording:
    wording = _held(workspace, key, number)
    if wording.status != Wording.PROPOSED:
        raise Conflict(f"Version {number} is {wording.status} already; propose a new one.")
    return wording


def _decide(wording: Wording, status: str, actor: str, reason: str) -> None:
    decided: Mapping[str, Any] = {
        "status": status,
        "decided_at": clock.now(),
        "decided_by": actor[:200],
        "reason": reason,
    }
    for name, value in decided.items():
        setattr(wording, name, value)
    wording.save(update_fields=list(decided))
