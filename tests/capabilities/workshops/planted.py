"""A workshop with an open round, as other tests need one."""

from typing import Any

from nousnous.capabilities.workshops.actions.holding import create_workshop, open_round
from nousnous.capabilities.workshops.models import Workshop
from nousnous.workspaces.models import Workspace


def document(word: str = "north", **said: Any) -> dict[str, Any]:
    versions = [
        {"tone": "legal", "text": f"{word}: refunds are subject to a processing period."},
        {"tone": "empathetic", "text": f"{word}: we know waiting is hard; your money is back on Friday."},
        {"tone": "conversational", "text": f"{word}: your money is on its way, Friday at the latest."},
    ]
    sentence = f"{word} refund provisioning takes three to five business days."
    told = {"name": f"{word} refunds", "key": "refund.delay", "sentence": sentence, "versions": versions}
    return told | said


def plant_workshop(workspace: Workspace, word: str = "north", **said: Any) -> Workshop:
    made = create_workshop(workspace, document(word, **said), f"{word} editor")
    open_round(workspace, made.id, f"{word} editor")
    return made
