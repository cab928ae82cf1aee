"""The scorers of a workspace by their versions: the packaged ones, and heads that were learned here."""

from collections.abc import Callable, Sequence
from functools import partial

from nousnous.base.errors import Place, Refused
from nousnous.capabilities.language.measures import learning, semantic, sentiment
from nousnous.capabilities.language.measures.qualities import QUALITIES, SENTIMENT, Quality
from nousnous.capabilities.language.models import Head
from nousnous.stats.clusters import Floats
from nousnous.texts.embeddings import HOW_TO_GET, is_installed
from nousnous.workspaces.models import Workspace

Judge = Callable[[Sequence[str], Sequence[str | None]], Floats]
"""Texts and their languages in; a number for each, NaN where it cannot tell."""

PACKAGED: dict[str, Judge] = {sentiment.VERSION: sentiment.sentiments, semantic.VERSION: semantic.sentiments}


def judge_of(workspace: Workspace, version: str) -> Judge:
    """The scorer of that version; raises `Refused` where there is none, or where it needs what is not installed."""
    if version in PACKAGED:
        return PACKAGED[version]
    head = Head.objects.filter(workspace=workspace, version=version).first()
    if head is None:
        raise Refused(
            f"There is no scorer “{version}” here; `nous language scorers` lists them.", Place(field="version")
        )
    learned = learning.learned_of(bytes(head.weights))
    return partial(learning.judge, learned, head.base, QUALITIES[head.quality])


def versions_of(workspace: Workspace, quality: Quality) -> list[str]:
    """All that can be switched to for a quality, the newest learned first."""
    own = Head.objects.filter(workspace=workspace, quality=quality.name).values_list("version", flat=True)
    return [*own, *(PACKAGED if quality is SENTIMENT else ())]


def check_installed(version: str) -> None:
    """Raise `Refused` with how to get it where a version needs the extra `semantic` and it is not there."""
    if "semantic" in version and not is_installed():
        raise Refused(HOW_TO_GET)
