"""Write the reference pages from the code: settings, commands, stored tables, API. Usage: generate.py [--check]."""

import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import django
from django.core.management import get_commands, load_command_class

django.setup()

from nousnous.base.configuration import Configuration  # noqa: E402  # after Django's apps
from nousnous.facts import attrition, events, messages, replays, scores, sentiments, themes, visits  # noqa: E402
from nousnous.facts.columns import Table  # noqa: E402

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Written by `make docs` from the code; change it there. -->\n\n"


def settings_page() -> Iterator[str]:
    yield "# Settings\n\nAll settings are variables of the environment.\n"
    yield "| setting | default | meaning |\n| --- | --- | --- |"
    for item in fields(Configuration):
        default = "" if item.default in ("", False) else f"`{item.default}`"
        yield f"| `NOUS_{item.name.upper()}` | {default} | {item.metadata['help']} |"


def tables_page() -> Iterator[str]:
    yield "# Stored tables\n\nEach workspace has a folder of its own; each table in it is a Delta table."
    tables = [events.EVENTS, events.LINKS, events.RETRACTIONS, scores.SCORES, messages.MESSAGES]
    tables += [
        replays.REPLAY_CHUNKS,
        replays.REPLAY_SESSIONS,
        messages.QUARANTINE,
        visits.visits_table("KEY"),
        themes.ANSWER_THEMES,
    ]
    tables += [themes.TALK_THEMES]
    tables += [attrition.SIGNS_OF_FADING, attrition.RISKS, sentiments.SENTIMENTS]
    for table in tables:
        yield from table_section(table)


def table_section(table: Table) -> Iterator[str]:
    yield f"\n## {table.name}\n\n{table.meaning} Version {table.version}.\n"
    yield "| column | type | meaning |\n| --- | --- | --- |"
    for column in table.columns:
        yield f"| `{column.name}` | {column.type} | {column.meaning} |"


def commands_page() -> Iterator[str]:
    yield "# Commands\n\nEvery command prints its help with `--help`."
    for name, app in sorted(get_commands().items()):
        if str(app).startswith("nousnous"):
            yield from command_section(f"nous {name}", load_command_class(app, name))


def command_section(name: str, command: Any) -> Iterator[str]:
    yield f"\n## {name}\n\n{command.help}"
    click_command = command.typer_app and command.get_subcommand().click_command
    subcommands = getattr(click_command, "commands", {})
    for part, sub in sorted(subcommands.items()) if subcommands else [("", click_command)]:
        if part:
            yield f"\n### {name} {part}\n\n{sub.help or ''}"
        rows = [row for row in map(parameter_row, sub.params) if row]
        if rows:
            yield "\n| argument | meaning |\n| --- | --- |"
            yield from rows


def parameter_row(parameter: Any) -> str | None:
    if parameter.name in {"help", "verbosity", "version", "settings", "pythonpath", "traceback"}:
        return None
    spelled = ", ".join(f"`{one}`" for one in parameter.opts if one.startswith("-")) or f"`{parameter.name.upper()}`"
    return f"| {spelled} | {(getattr(parameter, 'help', None) or '').replace('|', ' or ')} |"


def api_page() -> Iterator[str]:
    from nousnous.site.api import DESCRIPTION, api
    from nousnous.site.reference import endpoints_by_part

    schema = api.get_openapi_schema()
    yield f"# API\n\nThe schema for programs is at `/api/openapi.json`.\n{DESCRIPTION}"
    for part, endpoints in endpoints_by_part(schema).items():
        yield f"\n## {part}"
        for endpoint in endpoints:
            yield from endpoint_section(endpoint)


def endpoint_section(found: Any) -> Iterator[str]:
    scope = f"\n\nScope: `{found.scope}`." if found.scope else ""
    yield f"\n### `{found.method} {found.path}`\n\n{found.meaning}{scope}"
    if found.fields:
        yield "\n| field | in | meaning |\n| --- | --- | --- |"
    for field in found.fields:
        yield f"| `{field.name}` | {field.place} | {field.meaning.replace('|', ' or ')} |"


PAGES = {"api.md": api_page, "settings.md": settings_page, "tables.md": tables_page, "commands.md": commands_page}


def main() -> int:
    stale = []
    for name, page in PAGES.items():
        text, path = NOTE + "\n".join(page()) + "\n", REFERENCE / name
        if not path.exists() or path.read_text() != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text)
    if stale and "--check" in sys.argv:
        sys.stderr.write(f"Stale reference pages: {', '.join(stale)}. Run `make docs` and commit them.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
