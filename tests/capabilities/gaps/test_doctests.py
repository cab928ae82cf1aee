"""What the docstrings of measures and pages show is true."""

import doctest
import importlib
import pkgutil

import pytest

from nousnous.capabilities.gaps import measures, views

PARTS = (measures, views)
MODULES = [f"{part.__name__}.{one.name}" for part in PARTS for one in pkgutil.iter_modules(part.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_measure_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
