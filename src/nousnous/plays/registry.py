"""Which actions a play may take: the ways out of the house, and what capabilities offer in their own `plays.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string

from nousnous.base.errors import Missing
from nousnous.facts.plays import Firing, Outcome


@dataclass(frozen=True, slots=True)
class Action:
    """Something a play does.

    An `inner` action writes records alone and is performed in one transaction with the advance of the play: once. Any
    other goes out of the house: it is tried until it succeeds, under the same key, and the other side acts once on it.
    `check` refuses parameters of a play's file that the action cannot use; `purpose` is what a person must allow. An
    action that raises `Refused` or `Missing` is not tried again; any other trouble is.
    """

    perform: Callable[[Firing], Outcome]
    check: Callable[[Mapping[str, Any]], None]
    purpose: str = ""
    inner: bool = False


_paths: dict[str, str] = {}


def bind_actions(paths: Mapping[str, str]) -> None:
    """Say where each action stands, under the name that files give it; called once, by `site`."""
    _paths.clear()
    _paths.update(paths)


def action_named(name: str) -> Action:
    """The action, loaded when it is first asked for."""
    if name not in _paths:
        raise Missing(f"There is no action “{name}”; there are {', '.join(sorted(_paths))}.")
    found: Action = import_string(_paths[name])
    return found
