"""The examples in the docstrings of the mathematics are true."""

import doctest
import importlib
import pkgutil

import pytest

import nousnous.stats

MODULES = [module.name for module in pkgutil.iter_modules(nousnous.stats.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"nousnous.stats.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
