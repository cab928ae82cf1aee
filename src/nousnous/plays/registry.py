"""What pulls triggers besides events, and which actions a play may take.

Both are ways out of the house, or what capabilities offer in their own `plays.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.module_loading import import_string

from nousnous.base.errors import Missing
from nousnous.facts.plays import Firing, Outcome, Told
from nousnous.workspaces.models import Workspace


def _open(_workspace_id: str, _parameters: Mapping[str, Any]) -> str:
    return ""


def _free(_parameters: Mapping[str, Any]) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Ask:
    """One line of a play's file that an action takes, as a form asks for it."""

    name: str
    needed: bool = True
    kind: Literal["line", "text", "number", "lines"] = "line"
    help: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something a play does.

    An `inner` action writes records alone and is performed in one transaction with the advance of the play: once. Any
    other goes out of the house: it is tried until it succeeds, under the same key, and the other side acts once on it.
    `check` refuses parameters of a play's file that the action cannot use; `purpose` is what a person must allow. An
    action that raises `Refused` or `Missing` is not tried again; any other trouble is. `closed` says why it can be
    taken for nobody now, such as a budget that is spent: then nobody enters any arm, and the arms stay comparable.
    `cost` is the most that one costs, in cents of the workspace's currency, for the budget of a play. An action that is
    not `personal` can be taken where what pulled the trigger concerns nobody. `asks` are the lines that it takes, and
    `label` is what it does, for a form.
    """

    perform: Callable[[Firing], Outcome]
    check: Callable[[Mapping[str, Any]], None]
    purpose: str = ""
    inner: bool = False
    closed: Callable[[str, Mapping[str, Any]], str] = _open
    cost: Callable[[Mapping[str, Any]], int] = _free
    personal: bool = True
    label: str = ""
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True, slots=True)
class FactTrigger:
    """A fact of a capability that pulls triggers.

    `names` are the details that conditions may name. `told` answers whom a fact is about, from its fields; None where
    that is not there any more. `past` are those of a workspace since a moment, for a dry run.
    """

    names: tuple[str, ...]
    told: Callable[[Mapping[str, Any]], Told | None]
    past: Callable[[Workspace, int], Iterable[Told]]


_paths: dict[str, str] = {}
_triggers: dict[str, str] = {}


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


def actions() -> dict[str, Action]:
    """All actions by their names."""
    return {name: action_named(name) for name in _paths}


def triggers() -> dict[str, FactTrigger]:
    """All facts that pull triggers by their names."""
    return {name: trigger_named(name) for name in _triggers}


def bind_triggers(paths: Mapping[str, str]) -> None:
    """Say where each fact that pulls triggers stands, under the name that files give it; called once, by `site`."""
    _triggers.clear()
    _triggers.update(paths)


def trigger_named(name: str) -> FactTrigger:
    """The trigger, loaded when it is first asked for."""
    if name not in _triggers:
        raise Missing(f"No part tells “{name}”; there are {', '.join(sorted(_triggers))}.")
    found: FactTrigger = import_string(_triggers[name])
    return found
