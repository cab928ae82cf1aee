"""The modules of one name in all installed parts of the house."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps


def modules(name: str) -> list[ModuleType]:
    """`urls`, `api`, `navigation`, `browser`… of every part that has it, in the order of INSTALLED_APPS."""
    parts = [app.name for app in apps.get_app_configs() if app.name.startswith("nousnous.")]
    return [
        import_module(f"{part}.{name}") for part in parts if part != "nousnous.site" and find_spec(f"{part}.{name}")
    ]
