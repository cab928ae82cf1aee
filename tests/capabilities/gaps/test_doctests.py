"""What the docstrings of measures show is true."""

import doctest
import importlib
import pkgutil

import pytest

from nousnous.capabilities.gaps import measures

MODULES = [f"{measures.__name__}.{found.name}" for found in pkgutil.iter_modules(measures.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_measure_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
