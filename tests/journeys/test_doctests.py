"""What the docstrings of the map show is true."""

import doctest
import importlib

import pytest

MODULES = (
    "lines",
    "fields",
    "matching",
    "suggestion",
    "drafting",
    "actions.answers",
    "actions.seen",
    "actions.versions",
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"nousnous.journeys.{name}")).failed == 0
