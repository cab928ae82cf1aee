"""Every word of a role stands in one part."""

from nousnous.workspaces.roles import PARTS, WORDS


def test_every_word_stands_in_one_part() -> None:
    nouns = [noun for part in PARTS.values() for noun in part]
    assert sorted(nouns) == sorted({word.split(":")[0] for word in WORDS})
