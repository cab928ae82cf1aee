"""The charts of one question about one step: its columns, its weeks, its percentiles, and the screens behind it."""

from typing import Final

from nousnous.capabilities.spreads.measures.guilt import GuiltyScreen, Screens
from nousnous.capabilities.spreads.measures.spreads import StepSpread
from nousnous.charts.bars import Bar, bars
from nousnous.charts.cards import FORMS, Card, Cell
from nousnous.charts.kit import Sheet
from nousnous.charts.words import capital, counted, duration, interval, number, percent, reading, signed
from nousnous.journeys.catalogue import metric_of, unit_of
from nousnous.journeys.views.answers import band_card, score_card
from nousnous.stats.quantiles import SPREAD

MOST_DRAWN: Final = 5
SAID: Final = {
    "p5": "Lowest 5%",
    "p10": "Lowest tenth",
    "p25": "Lowest quarter",
    "p50": "Lower half",
    "p75": "Three quarters",
    "p90": "Nine of ten",
    "p95": "19 of 20",
}


def columns_card(row: StepSpread) -> Card | None:
    """The columns of all answers, the low ones under a bracket."""
    return None if row.score.low_tail.value is None else score_card(row.score)


def weeks_card(row: StepSpread, to_at: str) -> Card | None:
    """The whole distribution week by week."""
    return band_card(row.metric, [{} if week is None else week.quantiles for week in row.weeks], to_at)


def percentiles(row: StepSpread) -> list[list[Cell]]:
    """Each percentile with its interval."""
    unit = _unit(row)
    found: list[list[Cell]] = []
    for name in SPREAD:
        one = row.score.quantiles[name]
        if one.value is not None:
            ends = interval(one.low, one.high, unit)
            found.append([(f"{SAID[name]} ({name})", False), (f"up to {reading(one.value, unit)}", True), (ends, True)])
    return found


def _unit(row: StepSpread) -> str:
    values = [float(answer) for answer in row.score.histogram]
    return "nps" if all(value == round(value) for value in values) else "score"


def screens_card(screens: Screens) -> Card | None:
    """The guilty screens: which share of low and of high sessions saw each."""
    guilty = screens.guilty[:MOST_DRAWN]
    if not guilty:
        return None
    drawn = []
    for screen in guilty:
        for kind, one, tone in (("low", screen.low, "bad"), ("high", screen.high, "quiet")):
            ends = interval(one.low, one.high, "share")
            name = f"{screen.screen}, {kind} sessions"
            sentence = f"{name}: {percent(one.value)} saw it ({ends})"
            drawn.append(
                Bar(name, one.value or 0.0, percent(one.value), ends, sentence, one.low, one.high, tone=tone)  # type: ignore[arg-type]  # plain words above
            )
    named = counted(len(screens.guilty), "screen")
    title = (
        f"{capital(named)} stand{'s' if len(screens.guilty) == 1 else ''} behind it, seen in low sessions more often"
    )
    wide, narrow = (bars(drawn, title, Sheet("screens", form)) for form in FORMS)
    caption = (
        f"The session before each answer, {number(screens.low)} low and {number(screens.high)} high; a screen counts "
        "once in it. Bar: share of sessions that saw it. Thin line: 95% interval. Of the screens that are named "
        "at most one in twenty is wrong."
    )
    columns = [("Screen", False), ("Low sessions", True), ("95% interval", True), ("High sessions", True)]
    columns += [("95% interval", True), ("Chance", True), ("Named", False)]
    return Card("screens-card", title, caption, wide, narrow, columns, [_cells(one) for one in screens.screens])


def _cells(one: GuiltyScreen) -> list[Cell]:
    return [
        (one.screen, False),
        (percent(one.low.value), True),
        (interval(one.low.low, one.low.high, "share") if one.low.value is not None else "too few", True),
        (percent(one.high.value), True),
        (interval(one.high.low, one.high.high, "share") if one.high.value is not None else "too few", True),
        (chance(one.adjusted), True),
        ("guilty" if one.guilty else "not proven", False),
    ]


def chance(p: float) -> str:
    """How likely so much is without any guilt.

    >>> chance(0.0000002), chance(0.031), chance(1.0)
    ('under 0.1%', '3.1%', '100.0%')
    """
    return "under 0.1%" if p < 0.001 else percent(p, 1)


def changed(row: StepSpread) -> str:
    """By how many points the low tail rose or fell; nothing where that may be chance."""
    found = row.proven_change
    return "" if found is None else f"{signed(100 * (found.value or 0.0))} points"


def delay_of(row: StepSpread) -> str:
    """How long after the moment people answered."""
    half = row.delay.get("p50")
    return "" if half is None or half.value is None else duration(half.value)


def question(row: StepSpread) -> str:
    """What was asked, as pages say it."""
    return metric_of(row.metric).name


def value_of(row: StepSpread) -> tuple[str, str]:
    """The metric's own value and its interval."""
    one, unit = row.score.estimate, unit_of(metric_of(row.metric).unit)
    return reading(one.value, unit), interval(one.low, one.high, unit) if one.value is not None else "too few"


def missing(screens: Screens) -> str:
    """How many sessions are missing before a screen can be named."""
    wanted = [
        counted(more, f"more {kind} session")
        for kind, more in (("low", screens.more_low), ("high", screens.more_high))
        if more
    ]
    return " and ".join(wanted)
