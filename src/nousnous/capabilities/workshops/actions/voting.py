"""Voting: what somebody at the address of a workshop sees, and the choice that is kept before they hear so.

A voter is a browser's token, or what a one-time letter holds; kept of it is a hash for this round alone. Until the vote
closes a voter may change their choice, also from another tab: the last one counts, and they count once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.db import transaction

from nousnous.base.errors import Missing, Place, Refused
from nousnous.base.ids import keyed_hash, random_id
from nousnous.capabilities.workshops.measures import RATINGS, Definition, Version, order_of, rated_by
from nousnous.capabilities.workshops.models import Round, Vote, Workshop

OPEN: Final = "vote_"
WAITING, VOTING, OVER = "waiting", "open", "over"
_signer = signing.Signer(sep=".", salt="workshops.letter")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a voter sees: the versions in their own order with the place of each, and what they chose before."""

    workshop: Workshop
    definition: Definition
    state: str
    versions: Sequence[tuple[int, Version]] = ()
    round: Round | None = None
    chosen: int | None = None
    group: str = ""
    rated: Version | None = None


def new_voter() -> str:
    """A token for a browser that has none."""
    return random_id("voter")


def letter_of(found: Round) -> str:
    """A link that takes one voter's choice in one round; signed, so that none can be made up, and kept nowhere."""
    return _signer.sign(f"{found.id}-{random_id('letter')}")


def sheet_of(link: str, voter: str) -> Sheet:
    """What is shown at a link to a browser with this token."""
    workshop, found, voter = _target(link, voter)
    definition = workshop.definition
    if found is None:
        return Sheet(workshop, definition, WAITING)
    if found.is_over:
        return Sheet(workshop, definition, OVER, round=found)
    places = range(found.slots) if definition.kind == "call" else order_of(found.id, voter, len(definition.versions))
    vote = Vote.objects.filter(round=found, voter=_hashed(found, voter)).first() if voter else None
    versions = [(place, definition.versions[place]) for place in places]
    state = VOTING if versions else WAITING
    chosen, group = (vote.place, vote.group) if vote else (None, "")
    drawn = rated_by(found.id, voter, len(definition.versions)) if definition.empathy else -1
    rated = dict(versions).get(drawn)
    return Sheet(workshop, definition, state, versions, found, chosen, group, rated)


def take_vote(link: str, voter: str, choice: str, group: str, ratings: tuple[str, str] = ("", "")) -> Sheet:
    """Keep a choice, in the place of an earlier one of this voter; Refused where it is none.

    `ratings` are those of today's wording and of the version that was drawn for the voter; who gives none gives none.

    After the closing nothing is kept, and the sheet says so. The round is held meanwhile, so that no vote comes
    between the count and the closing.
    """
    workshop, target, voter = _target(link, voter)
    if target is None:
        raise Refused("The vote has not begun; wait a moment.")
    if not voter:
        raise Refused("Your browser sent no token, without which somebody could vote twice; send your choice again.")
    definition = workshop.definition
    with transaction.atomic():
        found = Round.objects.select_for_update().get(pk=target.pk)
        if not found.is_over:
            place = _place(choice, found, definition)
            if definition.groups and group not in definition.groups:
                raise Refused("Say which of these you are.", Place(field="group"))
            kept: dict[str, Any] = {"place": place, "group": group if definition.groups else ""}
            if definition.empathy and any(ratings):
                drawn = rated_by(found.id, voter, len(definition.versions))
                today, new = map(_rating, ratings)
                kept |= {"rated": drawn, "today_rating": today, "version_rating": new}
            Vote.objects.update_or_create(round=found, voter=_hashed(found, voter), defaults=kept)
    return sheet_of(link, voter)


def _place(choice: str, found: Round, definition: Definition) -> int:
    if not choice.isascii() or not choice.isdigit() or len(choice) > 2:
        raise Refused("Choose one of the versions.", Place(field="choice"))
    place = int(choice)
    if place >= min(found.slots, len(definition.versions)):
        raise Refused("This version cannot be chosen yet.", Place(field="choice"))
    return place


def _rating(given: str) -> int:
    if given not in {str(one) for one in RATINGS}:
        raise Refused("Rate both wordings from 1 to 5, or neither.", Place(field="rating"))
    return int(given)


def _target(link: str, voter: str) -> tuple[Workshop, Round | None, str]:
    """The workshop of a link, the round that it leads to, and who votes by it."""
    if link.startswith(OPEN):
        workshop = Workshop.objects.select_related("workspace").filter(link=link).first()
        if workshop is not None:
            return workshop, workshop.current, voter
    else:
        try:
            round_id, _, letter = _signer.unsign(link).partition("-")
        except signing.BadSignature:
            round_id, letter = "", ""
        found = Round.objects.select_related("workshop__workspace").filter(pk=round_id).first()
        if found is not None:
            return found.workshop, found, letter
    raise Missing("There is no such vote; the link may be cut off.")


def _hashed(found: Round, voter: str) -> int:
    return keyed_hash(settings.SECRET_KEY.encode(), "workshops.voter", found.id, voter)
