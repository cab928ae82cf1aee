"""Themes in the API."""

from typing import Any, TypedDict

from ninja import Field, Query, Router, Schema

from nousnous.capabilities.themes.actions import arranging, finding, reading
from nousnous.capabilities.themes.models import ThemeShape
from nousnous.workspaces.access import WorkspaceRequest, permission

router = Router(tags=["themes"])


class Days(Schema):
    """Take it as `days: Query[Days]`."""

    from_: str | None = Field(None, alias="from", description="First day or instant; by default 90 days before `to`.")
    to: str | None = Field(None, description="Day or instant outside of it; by default after the newest answer.")


class Arrangement(Schema):
    name: str | None = Field(None, description="Another name; it stays.", max_length=arranging.LONGEST_NAME)
    pinned: bool | None = Field(None, description="Whether it stays when themes are found again.")
    parent: str | None = Field(None, description="Id of the theme to merge it into; empty to take it out again.")


class ThemeFile(Schema):
    format: str
    version: int
    themes: list[dict[str, Any]]


class TakenInShape(TypedDict):
    themes: int


class SortedShape(TypedDict):
    answers: int


@router.get("/themes")
@permission("themes:read")
def list_themes(request: WorkspaceRequest, days: Query[Days]) -> reading.ThemesShape:
    """What open answers are about: shares with intervals, sentiment, change, and the nearest answers, masked."""
    return reading.read_themes(request.workspace, days.from_, days.to).as_dict()


@router.get("/themes/file")
@permission("themes:read")
def export_themes(request: WorkspaceRequest) -> arranging.ThemeFileShape:
    """All themes as a file that another workspace can take."""
    return arranging.write_file(request.workspace)


@router.put("/themes/file")
@permission("themes:write")
def import_themes(request: WorkspaceRequest, document: ThemeFile) -> TakenInShape:
    """Take the themes of a file in; they stay, beside those that stand."""
    return {"themes": arranging.read_file(request.workspace, document.dict(), request.access.actor)}


@router.post("/themes/find")
@permission("themes:write")
def find(request: WorkspaceRequest) -> SortedShape:
    """Find themes again now; those that were arranged stay. A run does it after answers came in."""
    return {"answers": finding.find_of(request.workspace, anew=True)}


@router.get("/themes/{theme}")
@permission("themes:read")
def read_theme(request: WorkspaceRequest, theme: str, days: Query[Days]) -> reading.ThemeTalkShape:
    """One theme with up to fifty of its answers."""
    return reading.read_theme(request.workspace, theme, days.from_, days.to)[1].as_dict()


@router.put("/themes/{theme}")
@permission("themes:write")
def arrange(request: WorkspaceRequest, theme: str, wanted: Arrangement) -> ThemeShape:
    """Rename a theme, pin it, or merge it into another one; what is not given stays."""
    change = arranging.Arrangement(wanted.name, wanted.pinned, wanted.parent)
    return arranging.arrange(request.workspace, theme, change, request.access.actor).as_dict()
