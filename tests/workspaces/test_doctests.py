"""What the docstrings of roles show is true, and every word stands in one part."""

import doctest

import nousnous.workspaces.roles
from nousnous.workspaces.roles import PARTS, WORDS


def test_the_examples_of_roles_hold() -> None:
    assert doctest.testmod(nousnous.workspaces.roles).failed == 0


def test_every_word_stands_in_one_part() -> None:
    nouns = [noun for part in PARTS.values() for noun in part]
    assert sorted(nouns) == sorted({word.split(":")[0] for word in WORDS})
