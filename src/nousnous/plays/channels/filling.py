"""What the ways out share of a play's file: which lines they take, and texts with gaps for what the event says."""

import re
from collections.abc import Mapping
from typing import Any, Final

from nousnous.base.errors import Place, Refused
from nousnous.facts.plays import Firing

_GAP: Final = re.compile(r"\{([A-Za-z0-9_ -]+)\}")


def sound(what: str, names: Mapping[str, bool], parameters: Mapping[str, Any]) -> None:
    """Refuse parameters that are unknown, no texts, or missing where they are needed."""
    if unknown := sorted(set(parameters) - set(names)):
        raise Refused(f"“{unknown[0]}” is not known here; {what} takes {', '.join(names)}.", Place(field=unknown[0]))
    for name, needed in names.items():
        value = parameters.get(name, "")
        if not isinstance(value, str) or (needed and not value.strip()):
            raise Refused(f"{what} needs “{name}” as a text.", Place(field=name))


def known(firing: Firing) -> dict[str, Any]:
    """What texts for members may name: what the event says, and `person`, the id of who did it."""
    return {**firing.details, "person": firing.person}


def filled(text: str, details: Mapping[str, Any]) -> str:
    """A text with the properties of the event where it names them in braces; what the event does not say is empty.

    >>> filled("Your plan {plan} is ready{x}.", {"plan": "pro"})
    'Your plan pro is ready.'
    """
    return _GAP.sub(lambda gap: str(details.get(gap[1], "")), text)
