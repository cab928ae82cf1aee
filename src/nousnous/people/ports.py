"""What an erasure must know of other parts: who else keeps records about a person, handed in by `site`."""

from collections.abc import Callable, Iterable

from nousnous.workspaces.models import Workspace

Eraser = Callable[[Workspace, Iterable[int], Iterable[str]], int]
"""Deletes the records of identities, and those that name one of some ids; answers how many."""

_erasers: list[Eraser] = []


def bind_erasers(*erasers: Eraser) -> None:
    """Say who else erases; called once, by `site`."""
    _erasers[:] = erasers


def erasers() -> tuple[Eraser, ...]:
    return tuple(_erasers)
