"""Who answers the buttons of our messages: bound by `site` under the names that messages give them."""

from collections.abc import Callable, Mapping

from django.utils.module_loading import import_string

from nousnous.base.errors import Missing
from nousnous.facts.plays import Pressed

_paths: dict[str, str] = {}


def bind_buttons(paths: Mapping[str, str]) -> None:
    """Say where the answer to each button stands; called once, by `site`."""
    _paths.clear()
    _paths.update(paths)


def answer_button(pressed: Pressed) -> str:
    """The sentence that replaces the button. Asked again it answers the same: a press may be told twice."""
    if pressed.button not in _paths:
        raise Missing(f"The button “{pressed.button}” stands for nothing any more.")
    answer: Callable[[Pressed], str] = import_string(_paths[pressed.button])
    return answer(pressed)
