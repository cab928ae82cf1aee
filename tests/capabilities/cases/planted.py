"""A rota and a case of somebody, as other tests need them."""

from nousnous.capabilities.cases.actions.opening import Cause, Whom, open_case
from nousnous.capabilities.cases.actions.rotas import apply_rota
from nousnous.capabilities.cases.models import Case
from nousnous.workspaces.actions import add_member
from nousnous.workspaces.models import Workspace

ROTA = """
[rota]
id = "paramedics"
name = "{name}"
minutes = 30
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
{more}

[[member]]
email = "{email}"
"""


CALLER = "caller@callers.example"
"""Who calls in every planted workspace."""


def plant_case(workspace: Workspace, person: str, key: str, identity_key: int = 1, name: str = "Paramedics") -> Case:
    add_member(workspace, CALLER, "analyst")
    apply_rota(workspace, ROTA.format(name=name, email=CALLER, more=""), None, "an admin")
    cause = Cause(key, "hover", f"{person} was let down", 1, "rescue", "restitution", f"{person} offer")
    return open_case(workspace, Whom(person, (identity_key,)), cause)[0]
