"""A phrase with a wording that is served and two that wait, and an article, as other tests need them."""

from nousnous.capabilities.phrases.actions.articles import Draft, publish_article, write_article
from nousnous.capabilities.phrases.actions.writing import Proposal, approve_wording, propose_wording
from nousnous.capabilities.phrases.models import Article, Phrase
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


def plant_article(workspace: Workspace, slug: str, word: str = "north") -> Article:
    text = f"# Where is it?\n\nYour {word} order is *late*: it arrives on Friday.\n\n- Look into your mail.\n"
    write_article(workspace, Draft(slug, f"My {word} order is late", text), f"{word} editor")
    return publish_article(workspace, slug, f"{word} owner")
