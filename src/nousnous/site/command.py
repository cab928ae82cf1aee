"""The `nous` command: Django's management commands under our name."""

import os
import sys

import django
from django.core.management import BaseCommand, execute_from_command_line, get_commands, load_command_class
from django_typer.management import TyperCommand

from nousnous.base.errors import NousError
from nousnous.runs.heaps import ALLOCATORS
from nousnous.workspaces.shell import as_json, printable

WITHOUT_RECORDS = {
    "help",
    "migrate",
    "makemigrations",
    "shellcompletion",
    "settings",
    "status",
    "restore",
    "doctor",
    "check",
    "collectstatic",
}

LASTING = {"serve", "collector", "worker"}

OPTIONS_OF_DJANGO = {
    "--settings",
    "--pythonpath",
    "--traceback",
    "--show-locals",
    "--no-color",
    "--force-color",
    "--skip-checks",
    "--version",
    "--verbosity",
}
OVERVIEW = {(), ("help",), ("--help",), ("-h",)}
BEGIN = """Nous-Nous measures the gap between what teams believe and what customers live.

Begin with these, in this order (`nous COMMAND --help` says more):

  nous workspace create acme
  nous import events export.csv --workspace acme
  nous journey suggest --workspace acme > journey.toml
  nous journey apply journey.toml --workspace acme
  nous gap --workspace acme
  nous member sign-in you@example.org --workspace acme
  nous serve

All commands:
"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nousnous.site.settings")
    arguments = sys.argv[1:]
    sys.argv[0] = "nous"  # as help calls it, however it was started
    if LASTING.intersection(arguments[:1]):
        for name, setting in ALLOCATORS.items():
            os.environ.setdefault(name, setting)
    BaseCommand.requires_system_checks = []  # `nous check` runs them; they load every page, which takes seconds
    TyperCommand.suppressed_base_arguments = OPTIONS_OF_DJANGO
    try:
        django.setup()
        if tuple(arguments) in OVERVIEW:
            sys.stdout.write(_overview())
            return
        if arguments and not arguments[0].startswith("-") and arguments[0] not in WITHOUT_RECORDS:
            from nousnous.site.records import prepare_records

            prepare_records()
        execute_from_command_line(sys.argv)
    except NousError as error:
        _end_with(error, arguments)
    except Exception as error:
        from nousnous.site.errors import told_of

        if (told := told_of(error)) is None:
            raise
        _end_with(told, arguments)


def _end_with(error: NousError, arguments: list[str]) -> None:
    sys.stderr.write(_as_text(error, json_wanted="--json" in arguments) + "\n")
    sys.exit(1)


def _overview() -> str:
    """Our commands, each with what it is for; those of the framework are run as well, and left out here."""
    ours = sorted((name, app) for name, app in get_commands().items() if app.startswith("nousnous"))
    helps = {name: str(load_command_class(app, name).help) for name, app in ours}
    width = max(map(len, helps))
    return BEGIN + "\n" + "".join(f"  {name:<{width}}  {said}\n" for name, said in helps.items())


def _as_text(error: NousError, *, json_wanted: bool) -> str:
    if not json_wanted:
        return printable(str(error))
    place = {name: getattr(error.place, name) for name in ("file", "line", "field")} if error.place else None
    return as_json({"error": error.sentence, "place": place})
