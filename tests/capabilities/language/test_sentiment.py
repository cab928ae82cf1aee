"""Sentiment beside people's judgement and beside VADER on the same texts; what it does with what it cannot read."""

import numpy as np
import pyarrow as pa
from bench.sentiment import agreement, rated

from nousnous.capabilities.language.measures.jargon import jargon, reading_grade
from nousnous.capabilities.language.measures.replies import Said, answered
from nousnous.capabilities.language.measures.sentences import dearest_sentences
from nousnous.capabilities.language.measures.sentiment import NEUTRAL, figures, sentiments


def test_it_agrees_with_people_about_as_well_as_the_lexicon_that_was_judged_on_these_tweets() -> None:
    texts, felt = rated("tweets")
    ours, vader = sentiments(texts, ["en"] * len(texts)), figures(texts)[:, 0]
    (rank, f1), (of_vader, _) = agreement(ours, felt, NEUTRAL), agreement(vader, felt, 0.05)
    assert rank > of_vader - 0.02
    assert f1 > 0.6


def test_other_languages_are_judged_by_their_signs_alone_and_sarcasm_is_turned() -> None:
    texts = ["Das ist schrecklich", "Das ist schrecklich 😠", "Schön :)", "What a great day /s", "What a great day", ""]
    found = sentiments(texts, ["de", "de", "de", "en", "en", "en"])
    assert np.isnan(found[0])
    assert found[1] < 0 < found[2]
    assert found[3] < 0 < found[4]
    assert np.all(np.abs(found[1:]) <= 1)


def test_emoji_count_in_english_and_unmarked_sarcasm_and_foreign_words_are_taken_at_their_word() -> None:
    texts = ["It came", "It came 😍", "What a “great” day", "Danke, the parcel is great"]
    plain, loved, quoted, mixed = sentiments(texts, ["en"] * 4)
    assert loved > plain
    assert quoted > 0
    assert mixed > 0
    assert np.isnan(sentiments(["Danke, the parcel is great"], ["de"])[0])


def said(talks: int, bad: str, good: str) -> Said:
    """Talks of three messages each; after `bad` customers sound bad, after `good` they do not."""
    texts, sides, sentiment = [], [], []
    for talk in range(talks):
        is_bad = talk % 2 == 0
        texts += ["Hello", bad if is_bad else good, "No" if is_bad else "Yes"]
        sides += [False, True, False]
        sentiment += [0.1, 0.2, -0.7 if is_bad else 0.1]
    codes = np.repeat(np.arange(talks), 3)
    return Said(codes, codes, np.array(sides, bool), np.array(sentiment, float), pa.array(texts, pa.string()))


def test_words_and_sentences_before_bad_messages_are_named_and_common_ones_are_not() -> None:
    made = said(60, "We have a SLA breach at 9. Please wait here.", "It is done, all of it. Please wait here.")
    replies = answered(made)
    found = jargon(made, replies)
    assert [(one.term, one.said_to, one.bad_after) for one in found.terms] == [("SLA breach", 30, 30)]
    assert (found.terms[0].acronym, "SLA breach" in found.terms[0].example) == (True, True)
    assert found.terms[0].log_odds.low is not None
    assert found.terms[0].log_odds.low > 0
    dear = dearest_sentences(made, replies)
    assert dear[0].text == "We have a SLA breach at 9"
    assert (round(dear[0].worse.value or 0, 2), dear[0].worse.n) == (0.8, 30)


def test_too_few_people_name_nothing_and_say_how_many_more() -> None:
    made = said(10, "We have a breach now", "It is done, all of it")
    found = jargon(made, answered(made))
    assert (found.terms, found.more_bad, found.more_other) == ((), 15, 15)
    assert reading_grade(pa.array(["Short."])) is None
    nobody = said(0, "", "")
    assert (jargon(nobody, answered(nobody)).terms, dearest_sentences(nobody, answered(nobody))) == ((), ())
