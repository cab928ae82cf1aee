"""What the site binds by name is there, under the names that the parts use."""

import importlib
import subprocess
import sys

import pytest
from django.utils.module_loading import import_string

from nousnous.site.wiring import FOLLOWERS, KEEPERS, PERFORMERS, PLANNED


@pytest.mark.parametrize(("kind", "path"), PERFORMERS.items())
def test_a_kind_of_run_has_the_name_and_the_function_of_its_part(kind: str, path: str) -> None:
    module_name, _, function = path.rpartition(".")
    module = importlib.import_module(module_name)
    assert callable(getattr(module, function))
    beside = [one for name, one in sys.modules.items() if name.startswith(module.__package__ or "")]
    assert kind in {value for one in beside for name, value in vars(one).items() if name.endswith("_RUN")}


@pytest.mark.django_db
def test_schedules_of_workspaces_are_kept_under_the_name_of_their_part() -> None:
    for path in KEEPERS:
        import_string(path)()


def test_what_follows_or_is_planned_is_performed() -> None:
    assert {*FOLLOWERS, *PLANNED} <= set(PERFORMERS)


def test_a_command_that_measures_nothing_waits_for_no_library_of_measuring() -> None:
    """Each costs a second of every command, and of every process that a server starts."""
    slow = {"scipy", "sklearn", "statsmodels", "ibis", "duckdb", "pyarrow", "deltalake", "typst", "fontTools"}
    told = f"import django, sys; django.setup(); print({slow} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True).stdout == "set()\n"
