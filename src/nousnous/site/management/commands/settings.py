"""`nous settings`: every setting, what it is now and what it means."""

from dataclasses import fields

from django.conf import settings
from django_typer.management import TyperCommand

from nousnous.base.configuration import Configuration
from nousnous.workspaces.shell import JsonOption, show_rows


class Command(TyperCommand):
    help = "List every setting (a variable of the environment), what it is now and what it means."

    def handle(self, json: JsonOption = False) -> None:
        rows = [
            {"setting": f"NOUS_{item.name.upper()}", "now": _shown(item.name), "meaning": item.metadata["help"]}
            for item in fields(Configuration)
        ]
        show_rows(rows, json_wanted=json, empty="")


def _shown(name: str) -> str:
    """The value, unless it holds a secret."""
    value = str(getattr(settings.NOUS, name))
    secret = "secret" in name or (name in {"database", "mail"} and "@" in value)
    return "(set)" if value and secret else value
