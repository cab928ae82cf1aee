"""What docstrings show is true, and every part of the mathematics shows something."""

import doctest
import importlib

import pytest

from tests.places import ROOT

SOURCE = ROOT / "src"
SHOWING = sorted(path for path in (SOURCE / "nousnous").rglob("*.py") if ">>> " in path.read_text())
MODULES = [".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__") for path in SHOWING]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert (found.failed, found.attempted > 0) == (0, True)


def test_every_module_of_the_mathematics_shows_an_example() -> None:
    mathematics = {path for path in (SOURCE / "nousnous/stats").glob("*.py") if path.stem != "__init__"}
    assert mathematics <= set(SHOWING)
