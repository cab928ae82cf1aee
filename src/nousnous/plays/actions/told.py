"""What is kept of a person in plays: told in their export, and erased with them."""

from collections.abc import Iterable

from nousnous.base.mentions import Mentions
from nousnous.plays.models import Firing, FiringShape
from nousnous.workspaces.models import Workspace
from nousnous.workspaces.naming import perhaps_naming


def tell_firings(workspace: Workspace, _: int, identity_keys: Iterable[int]) -> dict[str, list[FiringShape]]:
    """What plays did for a person."""
    return {"plays": [one.as_dict() for one in Firing.objects.of_people(workspace, identity_keys)]}


def erase_firings(workspace: Workspace, identity_keys: Iterable[int], mentions: Mentions) -> int:
    """Erase that plays fired for a person, and what names one of their ids; a run that is under way ends."""
    near = perhaps_naming(Firing.objects.of(workspace), mentions, "person", "said")
    named = [one.pk for one in near if mentions.stand_in(one.person) or mentions.stand_in(one.said)]
    theirs = Firing.objects.of_people(workspace, identity_keys).values_list("pk", flat=True)
    return Firing.objects.filter(pk__in=[*named, *theirs]).delete()[0]
