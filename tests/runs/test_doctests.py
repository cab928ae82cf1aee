"""What the docstrings of runs show is true."""

import doctest

from nousnous.runs import reasons


def test_the_examples_of_reasons_hold() -> None:
    assert doctest.testmod(reasons).failed == 0
