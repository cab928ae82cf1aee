"""Every part of the house has the anatomy that `docs/architecture.md` describes."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "nousnous"
FLOORS = {
    "site",
    "capabilities",
    "plays",
    "experiments",
    "journeys",
    "people",
    "collector",
    "warehouse",
    "runs",
    "workspaces",
    "charts",
    "facts",
    "stats",
    "texts",
    "base",
}
CAPABILITY = {
    "__init__",
    "apps",
    "models",
    "migrations",
    "admin",
    "measures",
    "actions",
    "metrics",
    "plays",
    "views",
    "urls",
    "forms",
    "templates",
    "templatetags",
    "static",
    "locale",
    "api",
    "browser",
    "navigation",
    "management",
}
BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "service", "services", "core"}

PACKAGES = sorted(path for path in SOURCE.rglob("*") if path.is_dir() and list(path.glob("*.py")))
MODULES = sorted(path for path in SOURCE.rglob("*.py"))
CAPABILITIES = sorted(path for path in (SOURCE / "capabilities").iterdir() if (path / "__init__.py").exists())


def named(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def test_the_floors_are_those_of_the_house() -> None:
    assert {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()} == FLOORS


@pytest.mark.parametrize("package", PACKAGES, ids=named)
def test_every_package_says_that_it_is_one(package: Path) -> None:
    assert (package / "__init__.py").exists()


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_no_name_attracts_everything(module: Path) -> None:
    assert BANNED.isdisjoint({module.stem, module.parent.name})


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda path: path.name)
def test_a_capability_has_the_anatomy_of_all(capability: Path) -> None:
    inside = {path.stem for path in capability.iterdir() if path.name != "__pycache__"}
    assert inside <= CAPABILITY
    assert (ast.get_docstring(ast.parse((capability / "__init__.py").read_text())) or "").count("\n") >= 2


@pytest.mark.parametrize(
    "module", [path for path in MODULES if "migrations" not in path.parts and path.stat().st_size], ids=named
)
def test_every_module_says_what_it_is_for(module: Path) -> None:
    assert ast.get_docstring(ast.parse(module.read_text())) or module.name == "__init__.py"
