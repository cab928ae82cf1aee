"""What is kept of a person in cases: told in their export, and erased with them; and what credits told of theirs."""

from collections.abc import Iterable
from typing import Final

from nousnous.base.mentions import Mentions
from nousnous.capabilities.cases.models import Case, CaseShape
from nousnous.runs.registry import Advance, Work
from nousnous.workspaces.models import Workspace
from nousnous.workspaces.naming import perhaps_naming

CREDIT_RUN: Final = "cases.credit"
TEXTS: Final = ("person", "said", "offer", "cause", "asked", "trouble")


def tell_cases(workspace: Workspace, _: int, identity_keys: Iterable[int]) -> dict[str, list[CaseShape]]:
    """The cases of a person."""
    return {"cases": [one.as_dict() for one in Case.objects.of_people(workspace, identity_keys)]}


def erase_cases(workspace: Workspace, identity_keys: Iterable[int], mentions: Mentions) -> int:
    """Erase the cases of a person, and those that name one of their ids; a clock that runs ends by itself."""
    near = perhaps_naming(Case.objects.of(workspace), mentions, *TEXTS)
    named = [one.pk for one in near if any(mentions.stand_in(getattr(one, name)) for name in TEXTS)]
    theirs = Case.objects.of_people(workspace, identity_keys).values_list("pk", flat=True)
    return Case.objects.filter(pk__in=[*named, *theirs]).delete()[0]


def perform_credit(work: Work) -> Advance:
    """Add what was granted to the newest case of whom it was granted."""
    fact = work.state
    rows = Case.objects.filter(workspace_id=fact["workspace_id"], identity_key__in=fact["identity_keys"])
    case = rows.order_by("-opened_at").first()
    if case is None:
        return Advance()
    return Advance(effect=lambda: _add(case, int(fact["cents"])))


def _add(case: Case, cents: int) -> None:
    fresh = Case.objects.select_for_update().get(pk=case.pk)
    fresh.cents += cents
    fresh.save(update_fields=["cents"])
