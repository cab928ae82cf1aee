import doctest
import importlib
import pkgutil

import pytest

import nousnous.collector

MODULES = [
    found.name
    for found in pkgutil.walk_packages(nousnous.collector.__path__, "nousnous.collector.")
    if not {"management", "migrations"} & set(found.name.split("."))
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
