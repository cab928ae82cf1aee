"""Changing one thing of a journey's text and leaving the rest, comments too, as it stands."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import tomlkit
from tomlkit.items import AoT, Table

from nousnous.journeys.lines import lines_of

STEP_ORDER: Final = (
    "id",
    "name",
    "stage",
    "channel",
    "owner",
    "service",
    "designed",
    "backstage",
    "starts",
    "completes",
    "fails",
    "within",
)


def with_step(text: str, fields: Mapping[str, Any], after: str | None) -> str:
    """A text with one more step, after the step of an id, or before all others.

    Fields that say nothing (empty, false) are left out.
    """
    written = tomlkit.table()
    for key in STEP_ORDER:
        if fields.get(key):
            written.add(key, _item(fields[key]))
    block = ["[[step]]", *tomlkit.dumps(written).splitlines(), ""]
    lines = text.splitlines()
    place = _line_after(text, after)
    before = lines[:place]
    if before and before[-1].strip():
        before.append("")
    return "\n".join([*before, *block, *lines[place:]]).rstrip() + "\n"


def with_fields(text: str, step: str, fields: Mapping[str, Any]) -> str:
    """A text in which fields of a step are changed; what is empty is taken out."""
    document = tomlkit.parse(text)
    tables = document.get("step")
    if isinstance(tables, AoT):
        for table in tables:
            if table.get("id") == step:
                _change(table, fields)
    return tomlkit.dumps(document)


def with_people(text: str, people: Mapping[str, str]) -> str:
    """A text in which the journey's owner, champion and defender are changed."""
    document = tomlkit.parse(text)
    table = document.get("journey")
    if isinstance(table, Table):
        _change(table, people)
    return tomlkit.dumps(document)


def _change(table: Table, fields: Mapping[str, Any]) -> None:
    for key, value in fields.items():
        standing = table.get(key)
        if not value:
            if standing is not None:
                table.remove(key)
        elif standing != value:
            item = _item(value)
            if standing is not None:
                item.trivia.comment_ws = standing.trivia.comment_ws if hasattr(standing, "trivia") else ""
                item.trivia.comment = standing.trivia.comment if hasattr(standing, "trivia") else ""
                table[key] = item
            else:
                _insert(table, key, item)


def _insert(table: Table, key: str, item: Any) -> None:
    """Put a new field behind the last one that is there, before the blank line that ends the table."""
    names = list(table.keys())
    if names:
        table.value._insert_after(names[-1], key, item)  # noqa: SLF001  # tomlkit has no public way that keeps the blank line
    else:
        table.add(key, item)


def _item(value: Any) -> Any:
    if isinstance(value, Mapping):
        inline = tomlkit.inline_table()
        for key, inner in value.items():
            inline.append(key, _item(inner))
        return inline
    if isinstance(value, Sequence) and not isinstance(value, str):
        array = tomlkit.array()
        for inner in value:
            array.append(_item(inner))
        return array
    return tomlkit.item(value)


def _line_after(text: str, step: str | None) -> int:
    """How many lines stand before the place of a new step; comments belong to what follows them."""
    lines = text.splitlines()
    heads = sorted({line for path, line in lines_of(text).items() if isinstance(path[-1], int)})
    steps = [line for path, line in lines_of(text).items() if len(path) == 2 and path[0] == "step"]
    ids = tomlkit.parse(text).get("step", [])
    known = [str(table.get("id", "")) for table in ids]
    if step in known:
        own = sorted(steps)[known.index(step)]
        following = [line for line in heads if line > own]
    else:
        following = sorted(steps)
    if not following:
        return len(lines)
    place = following[0] - 1
    while place > 0 and lines[place - 1].startswith("#"):
        place -= 1
    return place
