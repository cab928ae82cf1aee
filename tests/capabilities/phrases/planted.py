"""A phrase with a wording that is served and two that wait, as other tests need them."""

from nousnous.capabilities.phrases.actions.writing import Proposal, approve_wording, propose_wording
from nousnous.capabilities.phrases.models import Phrase
from nousnous.workspaces.models import Workspace


def plant_phrase(workspace: Workspace, key: str, word: str = "north") -> Phrase:
    if standing := Phrase.objects.filter(workspace=workspace, key=key).first():
        return standing
    said = {"jargon": f"{word} provisioning delay", "used_in": f"{word} mails", "evidence": f"{word} workshop"}
    first = propose_wording(workspace, Proposal(key, f"Your {word} order is late.", **said), f"{word} editor")
    approve_wording(workspace, key, first.number, f"{word} owner")
    propose_wording(workspace, Proposal(key, f"Sorry, your {word} order is late.", "empathetic"), f"{word} editor")
    propose_wording(workspace, Proposal(key, f"Delivery of your {word} order is delayed.", "legal"), f"{word} editor")
    return Phrase.objects.named(workspace, key)
