"""Planted topics are found, named by their words, and none is made up."""

from collections import Counter
from random import Random

import numpy as np
import pytest
from tests.capabilities.themes.spoken import TOPICS, spoken

from nousnous.capabilities.themes.measures.finding import FEWEST_ANSWERS, find_themes
from nousnous.capabilities.themes.measures.texts import languages_of, sentiments_of


@pytest.mark.parametrize("seed", range(3))
def test_each_planted_topic_is_a_theme_and_its_answers_are_about_it(seed: int) -> None:
    answers = spoken(300, seed)
    found = find_themes([text for _, text in answers])
    about: dict[int, Counter[str]] = {}
    for (topic, _), theme in zip(answers, found.belongs.tolist(), strict=True):
        about.setdefault(theme, Counter())[topic] += 1
    unsorted = about.pop(-1)
    purity = sum(max(one.values()) for one in about.values()) / sum(one.total() for one in about.values())
    assert purity >= 0.95
    assert {max(one, key=lambda topic: one[topic]) for one in about.values()} >= set(TOPICS)
    assert unsorted.total() < 100


def test_the_same_answers_in_another_order_make_the_same_themes() -> None:
    texts = [text for _, text in spoken(300)]
    mixed = list(texts)
    Random(5).shuffle(mixed)
    one, other = find_themes(texts), find_themes(mixed)
    assert sorted(one.names) == sorted(other.names)


def test_too_few_answers_make_no_theme() -> None:
    found = find_themes([text for _, text in spoken(FEWEST_ANSWERS - 1)])
    assert (found.rules, found.names) == ((), ())
    assert set(found.belongs.tolist()) == {-1}


def test_a_kept_rule_takes_its_answers_first_and_others_are_found_beside_it() -> None:
    texts = [text for _, text in spoken(300)]
    first = find_themes(texts)
    again = find_themes(texts, first.rules[:1])
    assert again.rules[0] == first.rules[0]
    theirs = first.belongs == 0
    assert bool((again.belongs[theirs] == 0).all())
    assert bool((again.nearness[theirs] > 0).all())
    assert not set(again.names) & {first.names[0]}


def test_languages_and_moods_are_told_where_they_can_be() -> None:
    texts = [
        "Das war wirklich ein furchtbarer Service",
        "What a wonderful, helpful team",
        "hm",
        "C'était très bien, merci",
    ]
    languages = languages_of(texts)
    assert languages == ["de", "en", None, "fr"]
    moods = sentiments_of(texts, languages)
    assert np.isnan(moods).tolist() == [True, False, True, True]
    assert moods[1] > 0.5
