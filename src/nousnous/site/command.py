"""The `nous` command: Django's management commands under our name."""

import os
import sys

import django
from django.core.management import BaseCommand, execute_from_command_line

from nousnous.base.errors import NousError
from nousnous.workspaces.shell import as_json

WITHOUT_RECORDS = {
    "help",
    "migrate",
    "makemigrations",
    "shellcompletion",
    "settings",
    "status",
    "check",
    "collectstatic",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nousnous.site.settings")
    arguments = sys.argv[1:]
    BaseCommand.requires_system_checks = []  # `nous check` runs them; they load every page, which takes seconds
    try:
        django.setup()
        if arguments and not arguments[0].startswith("-") and arguments[0] not in WITHOUT_RECORDS:
            from nousnous.site.records import prepare_records

            prepare_records()
        execute_from_command_line(sys.argv)
    except NousError as error:
        sys.stderr.write(_as_text(error, json_wanted="--json" in arguments) + "\n")
        sys.exit(1)


def _as_text(error: NousError, *, json_wanted: bool) -> str:
    if not json_wanted:
        return str(error)
    place = {name: getattr(error.place, name) for name in ("file", "line", "field")} if error.place else None
    return as_json({"error": error.sentence, "place": place})
