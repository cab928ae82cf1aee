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
from nousnous.facts import events, messages, scores, visits  # noqa: E402
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
    tables += [messages.REPLAY_CHUNKS, messages.QUARANTINE, visits.visits_table("KEY")]
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

    schema = api.get_openapi_schema()
    yield f"# API\n\nThe schema for programs is at `/api/openapi.json`.\n{DESCRIPTION}"
    sections: dict[str, list[str]] = {}
    for path, methods in sorted(schema["paths"].items()):
        for method, found in methods.items():
            lines = sections.setdefault(found["tags"][0], [])
            lines += endpoint_section(f"{method.upper()} {path}", found, schema)
    for tag, lines in sorted(sections.items()):
        yield f"\n## {tag}"
        yield from lines


def endpoint_section(name: str, found: dict[str, Any], schema: Any) -> Iterator[str]:
    yield f"\n### `{name}`\n\n{found['description']}"
    fields = [(one["name"], one["in"], one["schema"]) for one in found.get("parameters", [])]
    for content in found.get("requestBody", {}).get("content", {}).values():
        body = content["schema"]
        if "$ref" in body:
            body = schema["components"]["schemas"][body["$ref"].rsplit("/", 1)[-1]]
        fields += [(field, "body", described) for field, described in body.get("properties", {}).items()]
    if fields:
        yield "\n| field | in | meaning |\n| --- | --- | --- |"
    for field, place, described in fields:
        yield f"| `{field}` | {place} | {described.get('description', '').replace('|', ' or ')} |"


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
