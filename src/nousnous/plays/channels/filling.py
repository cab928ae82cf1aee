"""What the ways out share of a play's file: which lines they take, and texts with gaps for what the event says."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from nousnous.base.errors import Place, Refused
from nousnous.facts.plays import Firing

_GAP: Final = re.compile(r"\{([A-Za-z0-9_ -]+)\}")
_ADDRESS: Final = re.compile(r"https?://[^\s/?#{}@\\]+([/?#]\S*)?", re.IGNORECASE)
_MARKS: Final = re.compile(r"([\\`*_{}\[\]()<>!|~])")
_CALLS: Final = re.compile(r"(?<!\w)(@(?=\w)|#(?=\d))")


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


def leads_somewhere(what: str, address: Any, field: str) -> None:
    """Refuse what is no address, or lets an event say at which host it is."""
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        raise Refused(
            f"{what} leads to an address such as https://example.com/{{plan}}, whose host no event says; "
            f"“{str(address)[:100]}” is no address like that.",
            Place(field=field),
        )


def addressed(address: str, details: Mapping[str, Any]) -> str:
    """An address with the properties of the event; whatever they say, it leads to the host that the play names.

    >>> addressed("https://shop.example/go/{page}?of={person}", {"page": "a/b", "person": "x&admin=1#"})
    'https://shop.example/go/a/b?of=x%26admin%3D1%23'
    """
    leads_somewhere("It", address, "address")
    return filled(address, {name: quote(str(value), safe="/") for name, value in details.items()})


def unmarked(text: object) -> str:
    """A text for trackers, on one line: no mark, picture, link or mention of their own languages comes of it.

    >>> unmarked("![x](https://e.example) for a_b").replace(chr(92), "^")
    '^!^[x^]^(https://e.example^) for a^_b'
    >>> unmarked("@team and ada@shop.example") == f"@{chr(0x200B)}team and ada@shop.example"
    True
    """
    return _CALLS.sub("\\1\u200b", _MARKS.sub(r"\\\1", " ".join(str(text).split())))
