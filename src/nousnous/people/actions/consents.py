"""What each person allows, per purpose."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.people.identity import anonymous_key, known_key
from nousnous.people.models import Consent, Erasure, NeededConsent
from nousnous.workspaces.browsers import tell_browsers
from nousnous.workspaces.models import Workspace

PURPOSES = {
    "analytics": "Events: what the person did.",
    "surveys": "Scores: what the person answered.",
    "replays": "Recordings of sessions.",
    "conversations": "Messages of chats and tickets.",
    "contact": "Being written to or called.",
    "mail-tracking": "Seeing whether they open mails and follow the button; only where granted.",
}
PURPOSE_OF_TABLE = {
    "events": "analytics",
    "scores": "surveys",
    "replay_chunks": "replays",
    "messages": "conversations",
}
STATES = (Consent.GRANTED, Consent.DENIED, Consent.REVOKED)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose for a purpose, and when."""

    identity_key: int
    purpose: str
    granted: bool
    decided_at: datetime


def decide_consent(
    workspace: Workspace, person_id: str, purpose: str, state: str, expires_at: datetime | None = None
) -> None:
    """Keep a person's decision; it holds for the id as a known and as an anonymous one, also before it ever came."""
    check_purpose(purpose)
    if state not in STATES:
        raise Refused(f"A consent is granted, denied or revoked, not {state!r}.")
    until = workspace.instant(expires_at) if expires_at else None
    for key in (known_key(workspace, person_id), anonymous_key(workspace, person_id)):
        Consent.objects.decide(workspace, key, purpose, (state, clock.now(), until))


def note_choices(workspace: Workspace, choices: Iterable[Choice]) -> None:
    """Keep what people chose on a page, those apart who were erased: of them nothing is kept any more.

    A choice that was made before one that stands comes too late.
    """
    erased = set(Erasure.objects.filter(workspace=workspace).values_list("identity_key", flat=True))
    for one in choices:
        own = Consent.objects.filter(workspace=workspace, identity_key=one.identity_key, purpose=one.purpose)
        too_late = own.filter(decided_at__gte=one.decided_at).exists()
        if one.purpose in PURPOSES and one.identity_key not in erased and not too_late:
            state = Consent.GRANTED if one.granted else Consent.DENIED
            Consent.objects.decide(workspace, one.identity_key, one.purpose, (state, one.decided_at, None))


def need_consent(workspace: Workspace, purpose: str, *, needed: bool) -> None:
    """Keep nothing for a purpose without a granted consent, or keep it unless denied."""
    check_purpose(purpose)
    if needed:
        NeededConsent.objects.get_or_create(workspace=workspace, purpose=purpose)
    else:
        NeededConsent.objects.filter(workspace=workspace, purpose=purpose).delete()
    tell_browsers(workspace, "consent", sorted(NeededConsent.objects.of(workspace)))


def refused_keys(workspace_id: str, table_name: str, keys: Iterable[int]) -> frozenset[int]:
    """Of some identities, those of which nothing may be kept in a table: erased, denied, or without needed consent."""
    wanted = frozenset(keys)
    erased = Erasure.objects.filter(workspace_id=workspace_id).values_list("identity_key", flat=True)
    refused = wanted.intersection(erased.iterator())
    purpose = PURPOSE_OF_TABLE.get(table_name)
    return refused | refused_for(workspace_id, purpose, wanted) if purpose else refused


def refused_for(workspace_id: str, purpose: str, keys: Iterable[int]) -> frozenset[int]:
    """Of some identities, those who denied a purpose, or have not granted it where that is needed."""
    wanted = frozenset(keys)
    standing = Consent.objects.standing(workspace_id).filter(purpose=purpose)
    granted = standing.filter(state=Consent.GRANTED)
    if NeededConsent.objects.filter(workspace_id=workspace_id, purpose=purpose).exists():
        return wanted - set(granted.values_list("identity_key", flat=True))
    denied = standing.exclude(state=Consent.GRANTED)
    return wanted.intersection(denied.values_list("identity_key", flat=True))


def refuses(workspace_id: str, purpose: str, identity_keys: Iterable[int]) -> bool:
    """Whether somebody, by all their identities, denied a purpose, or never granted it where that is needed."""
    standing = Consent.objects.standing(workspace_id).filter(purpose=purpose, identity_key__in=list(identity_keys))
    states = set(standing.values_list("state", flat=True))
    if states - {Consent.GRANTED}:
        return True
    return not states and NeededConsent.objects.filter(workspace_id=workspace_id, purpose=purpose).exists()


def grants(workspace_id: str, purpose: str, identity_keys: Iterable[int]) -> bool:
    """Whether somebody said yes to a purpose by any of their identities, and by none of them no."""
    standing = Consent.objects.standing(workspace_id).filter(purpose=purpose, identity_key__in=list(identity_keys))
    return set(standing.values_list("state", flat=True)) == {Consent.GRANTED}


def check_purpose(purpose: str) -> None:
    if purpose not in PURPOSES:
        raise Refused(f"There is no purpose {purpose!r}; choose one of {', '.join(PURPOSES)}.")
