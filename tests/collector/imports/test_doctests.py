import doctest
import importlib

import pytest

MODULES = [
    "collector.imports.engine",
    "collector.imports.mapping",
    "collector.imports.questions",
    "collector.imports.telling",
    "warehouse.engine",
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_hold(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"nousnous.{name}"))
    assert (result.failed, result.attempted > 0) == (0, True)
