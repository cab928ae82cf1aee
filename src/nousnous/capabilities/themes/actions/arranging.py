"""Arranging themes: other names, one into another, pinned; and all of it as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from django.db import transaction

from nousnous.base.errors import Place, Refused
from nousnous.capabilities.themes.actions.finding import find_of
from nousnous.capabilities.themes.models import WORDS, FiledThemeShape, Finding, Theme, new_theme_id
from nousnous.texts.embeddings import VERSION as VERSION_OF_MEANINGS
from nousnous.texts.network import WIDTH
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

FORMAT, VERSION = "nousnous-themes", 1
LONGEST_NAME, MOST_THEMES, MOST_WORDS = 80, 200, 500
NOWHERE = ""
CHANGED = -3
"""No version that was ever read: the names that stand beside conversations are written anew by the next run."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What changes; None stays. `parent` is the id of the theme to merge into, empty to stand by itself again."""

    name: str | None = None
    pinned: bool | None = None
    parent: str | None = None


def arrange(workspace: Workspace, theme_id: str, wanted: Arrangement, actor: str) -> Theme:
    """Change a theme, so that it stays when themes are found again."""
    theme = Theme.objects.named(workspace, theme_id)
    if wanted.name is not None:
        theme.name, theme.renamed = _checked_name(wanted.name), True
    if wanted.pinned is not None:
        theme.pinned = wanted.pinned
    if wanted.parent is not None:
        theme.parent = _checked_parent(theme, wanted.parent)
    theme.save()
    Finding.objects.filter(workspace=workspace).update(scores_version=CHANGED)
    audit(workspace, actor, "arrange theme", f"{theme.id} {theme.name}")
    return theme


class ThemeFileShape(TypedDict):
    format: str
    version: int
    themes: list[FiledThemeShape]


def write_file(workspace: Workspace) -> ThemeFileShape:
    """The themes of a workspace, as another one can take them."""
    themes = [theme.as_filed() for theme in Theme.objects.of(workspace)]
    return {"format": FORMAT, "version": VERSION, "themes": themes}


def read_file(workspace: Workspace, document: Any, actor: str) -> int:
    """Take the themes of a file in; answers how many. All of them stay from now on, and one that stood here is changed.

    Of those that stand here besides, the ones that nobody arranged are found again in the answers that are left.
    """
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise Refused(f"This is no file of themes: “format” must be “{FORMAT}”.", Place(field="format"))
    if document.get("version") != VERSION:
        said = str(document.get("version"))[:20]
        raise Refused(
            f"The file is of version {said}, and version {VERSION} is read here; export it again from there.",
            Place(field="version"),
        )
    entries = document.get("themes")
    if not isinstance(entries, list) or len(entries) > MOST_THEMES:
        raise Refused(f"“themes” must be a list of at most {MOST_THEMES}.", Place(field="themes"))
    read = {str(_field(entry, "id")): _fields_of(entry, number) for number, entry in enumerate(entries)}
    parents = {str(_field(entry, "id")): str(entry.get("parent")) for entry in entries}
    with transaction.atomic():
        stood = set(Theme.objects.of(workspace).values_list("pk", flat=True))
        taken = {
            given: Theme.objects.update_or_create(
                pk=given if given in stood else new_theme_id(), defaults={**fields, "workspace": workspace}
            )[0]
            for given, fields in read.items()
        }
        for given, theme in taken.items():
            parent = taken.get(parents[given])
            theme.parent = None if parent is theme or parents.get(parents[given]) in taken else parent
            theme.save()
        audit(workspace, actor, "import themes", f"{len(taken)} themes")
    find_of(workspace, anew=True)
    return len(taken)


def _field(entry: Any, name: str) -> Any:
    return entry.get(name) if isinstance(entry, Mapping) else None


def _fields_of(entry: Any, number: int) -> dict[str, Any]:
    field = f"themes[{number}]"
    if not isinstance(_field(entry, "id"), str):
        raise Refused("A theme is an object with id, name, words and reach.", Place(field=field))
    words, reach = entry.get("words"), entry.get("reach")
    if not isinstance(words, Mapping) or not 0 < len(words) <= MOST_WORDS or not all(map(_is_share, words.values())):
        raise Refused("“words” must be words with weights from 0 to 1.", Place(field=f"{field}.words"))
    if reach is None or not _is_share(reach):
        raise Refused("“reach” must be a number from 0 to 1.", Place(field=f"{field}.reach"))
    name = _checked_name(str(entry.get("name", "")), f"{field}.name")
    renamed = entry.get("renamed") is True
    rule = {"words": dict(words), "reach": float(reach), **_meaning_of(entry, field)}
    return {"name": name, "pinned": True, "renamed": renamed, **rule}


def _meaning_of(entry: Mapping[str, Any], field: str) -> dict[str, Any]:
    """The center of a theme that this release's model found; any other one is taken by its words."""
    if entry.get("method") != VERSION_OF_MEANINGS:
        return {"method": WORDS, "center": [], "closeness": 0.0}
    center, closeness = entry.get("center"), entry.get("closeness")
    numbers = [one for one in center if _is_number(one) and abs(one) <= 1] if isinstance(center, list) else []
    if len(numbers) != WIDTH or not _is_share(closeness):
        raise Refused(
            f"“center” must be {WIDTH} numbers from −1 to 1, and “closeness” a number from 0 to 1.",
            Place(field=f"{field}.center"),
        )
    return {"method": VERSION_OF_MEANINGS, "center": numbers, "closeness": closeness}


def _is_share(value: Any) -> bool:
    return _is_number(value) and 0 <= value <= 1


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _checked_name(name: str, field: str = "name") -> str:
    plain = " ".join(name.split())
    if not plain:
        raise Refused("A theme needs a name.", Place(field=field))
    if len(plain) > LONGEST_NAME:
        raise Refused(f"The name has {len(plain)} letters; {LONGEST_NAME} are the most.", Place(field=field))
    return plain


def _checked_parent(theme: Theme, parent_id: str) -> Theme | None:
    if parent_id == NOWHERE:
        return None
    parent = Theme.objects.named(theme.workspace, parent_id)
    if parent.pk == theme.pk:
        raise Refused("A theme cannot be merged into itself; choose another one.", Place(field="parent"))
    if parent.parent_id:
        raise Refused(f"“{parent}” is part of another theme itself; merge into that one.", Place(field="parent"))
    if theme.children.exists():
        raise Refused(f"“{theme}” has parts itself; take them out first.", Place(field="parent"))
    return parent
