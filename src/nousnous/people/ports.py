"""What erasures and exports must know of other parts: who else keeps something of a person, handed in by `site`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nousnous.base.mentions import Mentions
from nousnous.workspaces.models import Workspace

Eraser = Callable[[Workspace, Iterable[int], Mentions], int]
"""Deletes the records of identities, and those that name one of some ids; answers how many."""

Teller = Callable[[Workspace, int, Iterable[int]], Mapping[str, Sequence[Mapping[str, Any]]]]
"""Tells what is kept of a person (by key and identities), row by row under the names of its kinds."""

_erasers: list[Eraser] = []
_tellers: list[Teller] = []


def bind_erasers(*erasers: Eraser) -> None:
    """Say who else erases; called once, by `site`."""
    _erasers[:] = erasers


def erasers() -> tuple[Eraser, ...]:
    return tuple(_erasers)


def bind_tellers(*tellers: Teller) -> None:
    """Say who else has something to tell when a person is exported; called once, by `site`."""
    _tellers[:] = tellers


def tellers() -> tuple[Teller, ...]:
    return tuple(_tellers)
