"""What programs are answered: one phrase, or all of them as a bundle, each with its entity tag."""

from typing import Any

from nousnous.base.errors import Missing
from nousnous.capabilities.phrases.measures import BundleShape, ServedShape, as_bundle, as_served, chosen, tag_of
from nousnous.capabilities.phrases.models import Phrase, Wording
from nousnous.workspaces.models import Workspace


def serve_phrase(workspace: Workspace, key: str, locale: str, tone: str) -> tuple[ServedShape, str]:
    """The approved wording that fits best, and its tag; Missing where none is approved."""
    rows = list(Wording.objects.served(workspace).filter(phrase__key=key))
    row = chosen(rows, locale, tone)
    if row is None:
        raise Missing(f"No wording of “{key}” is approved in this workspace.")
    answer = as_served(row)
    return answer, tag_of(answer)


class TaggedBundleShape(BundleShape):
    tag: str


def serve_bundle(workspace: Workspace) -> tuple[TaggedBundleShape, str]:
    """All approved wordings of a workspace, and their tag: a file to put at an edge."""
    answer = as_bundle(list(Wording.objects.served(workspace)))
    tag = tag_of(answer)
    return {**answer, "tag": tag.strip('"')}, tag


def list_phrases(workspace: Workspace, search: str = "") -> Any:
    """The phrases of a workspace by key; with a search those that hold it, in whichever text."""
    return Phrase.objects.holding(workspace, search).prefetch_related("wordings")


def phrase_named(workspace: Workspace, key: str) -> Phrase:
    return Phrase.objects.named(workspace, key)


def count_waiting(workspace: Workspace) -> int:
    """How many wordings wait for somebody who approves."""
    return int(Wording.objects.waiting(workspace).count())
