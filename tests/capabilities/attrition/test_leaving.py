"""Leaving as it is defined, and what is known at a moment: nothing that comes after it."""

import numpy as np
import pytest
from bench.leaving import world

from nousnous.capabilities.attrition.measures.echoes import echoes
from nousnous.capabilities.attrition.measures.features import (
    FEATURES,
    History,
    as_inputs,
    features_at,
    history_of,
    sentence_of,
)
from nousnous.capabilities.attrition.measures.forecast import Rules, moments_of, periods_of, silence_of
from nousnous.capabilities.attrition.measures.leaving import (
    CONTACT,
    DOWNGRADED,
    ENDED,
    FRUSTRATION,
    PERIOD_US,
    STARTED,
    departures,
    next_departure,
    standing,
    usual_silence,
)
from nousnous.capabilities.attrition.measures.signals import (
    ARTICLE,
    DAY_US,
    LOG_IN,
    OTHER,
    TRANSACTION,
    Limits,
    Timeline,
)

SILENCE_US = 60 * DAY_US
LIVES = [
    [(0, TRANSACTION), (50, TRANSACTION), (115, TRANSACTION), (180, OTHER)],
    [(0, STARTED), (90, TRANSACTION), (190, LOG_IN)],
    [(0, STARTED), (40, ENDED), (100, STARTED), (150, ENDED)],
    [(0, STARTED), (40, ENDED), (45, TRANSACTION)],
    [(0, OTHER), (10, LOG_IN)],
    [(150, TRANSACTION)],
]


def line_of(lives: list[list[tuple[int, int]]], until: int = 200) -> Timeline:
    rows = np.array([(who, day, code) for who, life in enumerate(lives) for day, code in life]).T
    return Timeline(rows[0], rows[1] * DAY_US, rows[2], until * DAY_US)


def test_who_left_when() -> None:
    gone = departures(line_of(LIVES), SILENCE_US)
    left = list(zip(gone.person.tolist(), (gone.left_us // DAY_US).tolist(), strict=True))
    assert left == [(0, 110), (0, 175), (2, 40), (2, 150), (3, 40), (3, 105)]
    only_ended = departures(line_of(LIVES), None)
    assert (only_ended.left_us // DAY_US).tolist() == [40, 150, 40]


@pytest.mark.parametrize(
    ("day", "who", "left"),
    [
        (10, [1, 2, 3], {3: 40, 2: 40}),
        (80, [0, 1, 3], {0: 110, 3: 105}),
        (100, [0, 1, 2, 3], {0: 110, 3: 105}),
        (110, [1, 2], {}),
        (140, [1, 2], {2: 150}),
        (185, [1, 5], {}),
    ],
)
def test_who_may_leave_and_who_did(day: int, who: list[int], left: dict[int, int]) -> None:
    """Somebody who bought lately cannot be gone in 30 days; who is gone cannot leave; subscribers need not buy."""
    line = line_of(LIVES)
    stand = standing(line, SILENCE_US, day * DAY_US)
    assert stand.person.tolist() == who
    found = next_departure(departures(line, SILENCE_US), stand.person, day * DAY_US) // DAY_US
    assert dict(zip(who, found.tolist(), strict=True)) == {**dict.fromkeys(who, 0), **left}


def test_the_usual_silence_is_the_p90_of_gaps_of_the_same_person() -> None:
    gaps = [*range(1, 41)]
    days = np.cumsum([0, *gaps])
    line = Timeline(np.zeros(41, int), days * DAY_US, np.full(41, TRANSACTION), 0)
    assert usual_silence(line) == 36 * DAY_US
    assert usual_silence(Timeline(np.arange(41), days * DAY_US, np.full(41, TRANSACTION), 0)) is None


def test_what_is_known_of_somebody() -> None:
    life = [(1, TRANSACTION), (60, TRANSACTION), (80, CONTACT), (90, CONTACT), (92, FRUSTRATION), (92, FRUSTRATION)]
    line = line_of([[*life, (95, ARTICLE)], [(0, STARTED), (70, DOWNGRADED), (99, LOG_IN), (100, OTHER)]], 101)
    answers = np.array([0, 0]), np.array([50, 91]) * DAY_US, np.array([1.0, -0.5])
    history = history_of(line, answers)
    stand = standing(line, SILENCE_US, 101 * DAY_US)
    buyer, subscriber = (
        dict(zip(FEATURES, row, strict=True)) for row in features_at(history, Limits(), stand, SILENCE_US).tolist()
    )
    told = ("days_since_purchase", "purchases", "contacts", "frustrations", "articles_read", "tenure_days", "score")
    assert [buyer[one] for one in told] == [41, 1, 2, 2, 1, 90, -0.5]
    assert buyer["purchases_to_come"] == pytest.approx(3 / 160 * 19)
    told = ("subscribed", "days_since_purchase", "downgraded", "days_of_use", "days_since_use", "score")
    assert [subscriber[one] for one in told] == [1, 0, 1, 2, 1, 0]
    assert np.isfinite(as_inputs(np.array([list(buyer.values())]), None)).all()
    assert all(sentence_of(name, value) for name in FEATURES for value in (0.0, 1.0, 7.5))


@pytest.fixture(scope="module")
def history() -> History:
    return world(300, periods=9).history


def test_nothing_that_comes_after_the_moment_changes_what_is_known_at_it(history: History) -> None:
    """Every event after a moment is taken away, or replaced by others, and answers too: all features stay."""
    easily = Limits(
        log_ins=2, log_in_days=7, wishes=2, articles=2, article_days=28, article_chance=0.5, pause_factor=1.5
    )
    line, rules = history.timeline, Rules(easily)
    moment_us = moments_of(history)[-2]
    silence_us = silence_of(history, rules)
    known = periods_of(history, rules, [moment_us], silence_us)
    assert (known.left_us > 0).any()
    assert (np.ptp(known.seen, axis=0) > 0).all()
    random = np.random.default_rng(2)
    later, given = line.ts_us > moment_us, history.score_us > moment_us
    assert later.any()
    assert given.any()
    for code in (OTHER, LOG_IN, ARTICLE, TRANSACTION, ENDED, FRUSTRATION):
        moved = np.where(later, moment_us + random.integers(1, 2 * PERIOD_US, later.size), line.ts_us)
        order = np.lexsort((moved, line.person))
        codes = np.where(later, code, line.code)[order]
        changed = Timeline(line.person[order], moved[order], codes, line.until_us)
        answers = history.score_person, history.score_us, np.where(given, -1.0, history.score)
        other = periods_of(
            history_of(_with_keys(changed, history), _keyed(answers, history)), rules, [moment_us], silence_us
        )
        assert other.person.tolist() == known.person.tolist()
        assert np.array_equal(other.seen, known.seen)
    cut = periods_of(history.up_to(moment_us), rules, [moment_us], silence_us)
    assert np.array_equal(cut.seen, known.seen)
    assert not cut.left_us.any()


def _with_keys(line: Timeline, history: History) -> Timeline:
    return Timeline(history.keys[line.person], line.ts_us, line.code, line.until_us)


def _keyed(answers: tuple[np.ndarray, ...], history: History) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return history.keys[answers[0]], answers[1], answers[2]


def test_the_last_30_days_are_not_learned_from(history: History) -> None:
    moments = moments_of(history)
    assert moments[-1] == history.timeline.until_us - PERIOD_US
    assert moments[0] >= history.timeline.ts_us.min() + 90 * DAY_US
    assert set(np.diff(moments)) == {PERIOD_US}


def test_what_followed_a_sign_and_how_long_after() -> None:
    """Of twenty people who read all at once eight downgrade 12 days after, one too late; of forty others one does."""
    spike = [(0, OTHER), (50, ARTICLE), (51, ARTICLE), (52, ARTICLE)]
    calm = [(0, OTHER), (45, LOG_IN), (80, LOG_IN)]
    lives = [[*spike, (64, DOWNGRADED)]] * 8 + [spike] * 11 + [[*spike, (90, DOWNGRADED)]]
    lives += [[*calm[:2], (70, DOWNGRADED)], *[calm] * 38, [(45, LOG_IN), (46, DOWNGRADED)]]
    nobody = np.zeros(0, dtype=np.int64)
    history = history_of(line_of(lives, 120), (nobody, nobody, np.zeros(0)))
    found = {(one.signal, one.event): one for one in echoes(history, Limits(), SILENCE_US, [60 * DAY_US])}
    articles = found["articles", "downgraded"]
    assert (articles.followed.value, articles.followed.n) == (0.4, 20)
    assert (articles.lead_days.value, articles.lead_days.n) == (12, 8)
    assert articles.usual.value == pytest.approx(10 / 60)
    assert found["articles", "left"].followed.value == 0
    assert found["hover", "downgraded"].followed.too_few


def test_somebody_who_only_answered_is_nobody_and_a_history_may_be_empty() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    empty = history_of(Timeline(nothing, nothing, nothing, 0), (np.array([5]), np.array([1]), np.array([0.5])))
    assert empty.keys.size == 0
    assert periods_of(empty, Rules(Limits()), moments_of(empty), None).person.size == 0
