"""Pages, API endpoints and commands reach no database but through actions and models."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "nousnous"
DOORS = sorted(
    path
    for path in SOURCE.rglob("*.py")
    if path.stem in {"views", "api", "forms"} or path.parent.name in {"commands", "views"}
)


@pytest.mark.parametrize("door", DOORS, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_door_reaches_no_database(door: Path) -> None:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(door.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {f"{node.module}.{alias.name}" for alias in node.names}
    assert not [name for name in imported if name.startswith(("django.db", "duckdb", "deltalake"))]
