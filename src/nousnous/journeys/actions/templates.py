"""Journeys to start from."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from nousnous.base.errors import Missing

TEMPLATES: Final = {
    "shop": "A web shop: find, choose, checkout, return, support",
    "subscription": "A subscription: sign up, first use, subscribe, support, downgrade, cancel",
    "remediation": "When something went wrong: tell us, send it back, money back, come back",
}


@dataclass(frozen=True, slots=True)
class Template:
    """A journey file to start from."""

    name: str
    meaning: str
    text: str


def template_of(name: str) -> Template:
    """The template of that name."""
    if name not in TEMPLATES:
        raise Missing(f"There is no template “{name}”; templates are {', '.join(TEMPLATES)}.")
    text = (files("nousnous.journeys") / "starting_points" / f"{name}.toml").read_text()
    return Template(name, TEMPLATES[name], text)


def list_templates() -> list[Template]:
    return [template_of(name) for name in TEMPLATES]
