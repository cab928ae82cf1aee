"""What the map must know of parts above it, handed in by `site`: who keeps the beliefs of a journey file."""

from collections.abc import Iterable
from typing import Protocol

from nousnous.base.errors import Unavailable
from nousnous.facts.beliefs import Statement
from nousnous.workspaces.models import Workspace


class Beliefs(Protocol):
    """Keeps beliefs and says which stand."""

    def keep(self, workspace: Workspace, statements: Iterable[Statement], actor: str) -> None:
        """Keep the statements of a file; stating again what stands changes nothing."""

    def of_journey(self, workspace: Workspace, journey_id: str) -> list[Statement]:
        """The beliefs that stand about a journey."""


_beliefs: list[Beliefs] = []


def bind_beliefs(beliefs: Beliefs) -> None:
    """Say who keeps beliefs; called once, by `site`."""
    _beliefs[:] = [beliefs]


def beliefs() -> Beliefs:
    if not _beliefs:
        raise Unavailable("No part of this installation keeps beliefs; leave [[belief]] out of the file.")
    return _beliefs[0]
