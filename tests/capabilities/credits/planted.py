"""A budget with a credit for somebody, as other tests need them."""

from nousnous.base import clock
from nousnous.capabilities.credits.actions import Receiver, Wish, grant_credit, set_budget
from nousnous.capabilities.credits.models import Credit
from nousnous.workspaces.models import Workspace


def plant_credit(workspace: Workspace, person: str, key: str, identity_key: int = 1) -> Credit:
    set_budget(workspace, 50_000, 90, "an admin")
    wish = Wish(key, clock.now_us(), 1_990, 1_990)
    return grant_credit(workspace, Receiver(person, (identity_key,)), wish, "an admin")
