"""What the docstrings of facts show is true."""

import doctest
import importlib
import pkgutil

import pytest

from nousnous import facts

MODULES = [f"{facts.__name__}.{found.name}" for found in pkgutil.iter_modules(facts.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_fact_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
