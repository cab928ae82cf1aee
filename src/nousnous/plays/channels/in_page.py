"""Messages on customers' pages: left for a person's browsers, asked for by the script when a page opens, shown once.

Only an anonymous id opens a message: a browser makes its own and tells nobody else, while ids of customers are guessed.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from django.conf import settings

from nousnous.base import clock
from nousnous.base.errors import Missing, Place, Refused
from nousnous.base.mentions import Mentions
from nousnous.facts.plays import Firing, Outcome
from nousnous.people.identity import anonymous_key
from nousnous.plays.channels.filling import addressed, filled, leads_somewhere, sound
from nousnous.plays.channels.models import PageMessage
from nousnous.plays.registry import Action, Ask
from nousnous.workspaces.browsers import tell_browsers, told_to_browsers
from nousnous.workspaces.models import Workspace, WriteKey
from nousnous.workspaces.naming import perhaps_naming

PURPOSE: Final = "contact"
PART: Final = "messages"
KEPT: Final = timedelta(days=7)
PARAMETERS: Final = {"title": True, "text": True, "button": False, "address": False}


def check(parameters: Mapping[str, Any]) -> None:
    """A message on a page has a title and a text, and may have a button that leads somewhere."""
    sound("A message on a page", PARAMETERS, parameters)
    if ("button" in parameters) != ("address" in parameters):
        raise Refused("A button needs an address, and an address a button.", Place(field="button"))
    if "address" in parameters:
        leads_somewhere("The button", parameters["address"], "address")


def leave(firing: Firing) -> Outcome:
    """Leave a message for each identity of the person; the first of their browsers that asks shows it."""
    workspace = Workspace.objects.get(pk=firing.workspace_id)
    site = {"address": settings.NOUS.address.rstrip("/")}
    if told_to_browsers(workspace, PART) != site:
        tell_browsers(workspace, PART, site)
    asked = firing.parameters
    said = {name: filled(str(asked.get(name, "")), firing.details) for name in PARAMETERS}
    if asked.get("address"):
        said["address"] = addressed(str(asked["address"]), firing.details)
    common = {"workspace": workspace, "key": firing.key, "until": clock.now() + KEPT, **said}
    rows = [PageMessage(identity_key=one, **common) for one in firing.identity_keys]
    PageMessage.objects.bulk_create(rows, ignore_conflicts=True)
    return Outcome(f"A message waits on their next page, for {KEPT.days} days.", firing.key)


def next_message(key: str, anonymous_id: str) -> dict[str, str] | None:
    """The message that waits for a browser, which has it from now on; None where none does."""
    found = WriteKey.objects.valid().select_related("workspace").filter(key=key).first()
    if found is None:
        raise Missing("There is no such key.")
    waiting = PageMessage.objects.waiting(found.workspace, anonymous_key(found.workspace, anonymous_id)).first()
    if waiting is None:
        return None
    same = PageMessage.objects.filter(workspace=found.workspace, key=waiting.key)
    if not same.filter(shown_at=None).update(shown_at=clock.now()):
        return None
    return {name: getattr(waiting, name) for name in PARAMETERS}


def tell_messages(workspace: Workspace, _: int, identity_keys: Iterable[int]) -> dict[str, list[dict[str, Any]]]:
    """What was left for a person, for their export."""
    rows = {one.key: one for one in PageMessage.objects.of_people(workspace, identity_keys)}
    return {"page_messages": [one.as_dict() for _, one in sorted(rows.items())]}


def erase_messages(workspace: Workspace, identity_keys: Iterable[int], mentions: Mentions) -> int:
    """Erase what was left for a person, and what names one of their ids."""
    near = perhaps_naming(PageMessage.objects.filter(workspace=workspace), mentions, *PARAMETERS)
    named = [one.pk for one in near if any(mentions.stand_in(getattr(one, name)) for name in PARAMETERS)]
    theirs = PageMessage.objects.of_people(workspace, identity_keys).values_list("pk", flat=True)
    return PageMessage.objects.filter(pk__in=[*named, *theirs]).delete()[0]


ASKS: Final = (Ask("title"), Ask("text", kind="text"), Ask("button", needed=False), Ask("address", needed=False))
ACTION: Final = Action(leave, check, PURPOSE, inner=True, label="Leave a message on their next page", asks=ASKS)
