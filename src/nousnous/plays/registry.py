"""Which actions a play may take, and who answers buttons: capabilities add theirs in their own `plays.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nousnous.base.errors import Missing
from nousnous.facts.plays import Firing, Outcome, Pressed


@dataclass(frozen=True, slots=True)
class Action:
    """Something a play does.

    An `inner` action writes records alone and is performed in one transaction with the advance of the play: once. Any
    other goes out of the house: it is tried until it succeeds, under the same key, and the other side acts once on it.
    `check` refuses parameters of a play's file that the action cannot use. An action that raises `Refused` or
    `Missing` is not tried again; any other trouble is.
    """

    name: str
    words: str
    perform: Callable[[Firing], Outcome]
    check: Callable[[Mapping[str, Any]], None]
    inner: bool = False


_actions: dict[str, Action] = {}
_buttons: dict[str, Callable[[Pressed], str]] = {}


def register_action(action: Action) -> None:
    """Let plays take an action; the name is what stands under `do` in their files."""
    _actions[action.name] = action


def action_named(name: str) -> Action:
    if name not in _actions:
        raise Missing(f"There is no action “{name}”; actions are {', '.join(sorted(_actions))}.")
    return _actions[name]


def actions() -> tuple[Action, ...]:
    return tuple(_actions[name] for name in sorted(_actions))


def register_button(name: str, answer: Callable[[Pressed], str]) -> None:
    """Say who answers a button of our messages; the answer is a sentence that replaces the button."""
    _buttons[name] = answer


def answer_button(pressed: Pressed) -> str:
    if pressed.button not in _buttons:
        raise Missing(f"The button “{pressed.button}” stands for nothing any more.")
    return _buttons[pressed.button](pressed)
