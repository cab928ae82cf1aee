import doctest
import importlib
import pkgutil

import pytest

import nousnous.charts


@pytest.mark.parametrize("name", [found.name for found in pkgutil.iter_modules(nousnous.charts.__path__)])
def test_the_examples_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"nousnous.charts.{name}")).failed == 0
