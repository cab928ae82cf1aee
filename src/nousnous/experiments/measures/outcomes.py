"""What each assigned person did afterwards, and before: one numerator and one denominator a person."""

from collections.abc import Sequence
from typing import Any

import ibis

from nousnous.experiments.definition import EventGoal
from nousnous.facts.journeys import Matcher
from nousnous.journeys.measures import property_text
from nousnous.stats.scores import DETRACTOR_BELOW, PROMOTER_FROM, low_answers_to, top_answers

DAY_US = 24 * 3_600 * 1_000_000
PRIOR_US = 28 * DAY_US
CONTACT_WITHIN_US = 7 * DAY_US
CONTACT_STARTED = "Contact Started"
COLUMNS = ("x", "y", "x0", "y0")


def of_events(events: Any, people: Any, goal: EventGoal, read_to_us: int) -> Any:
    """`x`, `y` after the first exposure and `x0`, `y0` in the 28 days before, of each person who did anything of it.

    `people` hold `person_key` and `first_us`; `within` of the goal ends what counts, as does `read_to_us`. For a share,
    a mean and a sum y is 1 for everybody, which whoever reads these rows fills in.
    """
    rows = events.join(people.select("person_key", "first_us"), "person_key")
    rows = rows.filter((rows.ts_us < read_to_us) & (rows.ts_us >= rows.first_us - PRIOR_US))
    after = rows.ts_us >= rows.first_us
    if goal.within_us is not None:
        after &= rows.ts_us < rows.first_us + goal.within_us
    before = rows.ts_us < rows.first_us
    top, below = matches(rows, goal.events), matches(rows, goal.per)
    amount = ibis.coalesce(rows[goal.amount], 0.0) if goal.kind == "sum" else ibis.literal(1.0)
    marked = rows.select(
        "person_key",
        x=ibis.ifelse(top & after, amount, 0.0),
        y=ibis.ifelse(below & after, 1.0, 0.0),
        x0=ibis.ifelse(top & before, amount, 0.0),
        y0=ibis.ifelse(below & before, 1.0, 0.0),
    )
    summed = marked.group_by("person_key").agg(**{name: marked[name].sum() for name in COLUMNS})
    if goal.kind == "did":
        flags = {name: ibis.ifelse(summed[name] > 0, 1.0, 0.0) for name in ("x", "x0")}
        return summed.mutate(**flags)
    return summed


def matches(rows: Any, matchers: Sequence[Matcher]) -> Any:
    """Whether a row is what any of some matchers says; none says nothing."""
    found = ibis.literal(value=False)
    for matcher in matchers:
        one = rows.event.isin(matcher.events) if matcher.events else ibis.literal(value=True)
        for condition in matcher.where:
            one &= ibis.coalesce(property_text(rows, condition.property).isin(condition.values), False)
        found |= ibis.coalesce(one, False)
    return found


def visits_after(visits: Any, people: Any, step: int, limits: tuple[int | None, int]) -> Any:
    """The visits of a step that opened after the first exposure or in the 28 days before, with `after`.

    `limits` are how long after the exposure an opening counts (None: always), and where reading ends.
    """
    within_us, read_to_us = limits
    rows = visits.filter(visits.step == step).join(people.select("person_key", "first_us"), "person_key")
    rows = rows.filter((rows.opened_us < read_to_us) & (rows.opened_us >= rows.first_us - PRIOR_US))
    if within_us is not None:
        rows = rows.filter(rows.opened_us < rows.first_us + within_us)
    return rows.mutate(after=rows.opened_us >= rows.first_us)


def of_visits(rows: Any, metric: str, newest_us: int, contacts: Any = None) -> Any:
    """completion, failure_rate, frustration_rate or contact_rate per person, from `visits_after`; columns as above."""
    rows = rows.filter(rows.completed | (rows.window_us <= newest_us))
    if metric == "contact_rate":
        rows = rows.filter(newest_us - rows.ended_us > CONTACT_WITHIN_US)
        hit = _contacted(rows, contacts)
        rows = rows.left_join(hit, ["person_key", "opened_us"])
        flag = rows.contacted.notnull()
    else:
        flag = {"completion": rows.completed, "failure_rate": rows.failed, "frustration_rate": rows.frustrated}[metric]
    return _summed(rows, ibis.ifelse(flag, 1.0, 0.0))


def _contacted(rows: Any, events: Any) -> Any:
    contacts = events.filter(events.event == CONTACT_STARTED).select("person_key", contact_us=events.ts_us)
    pairs = rows.join(contacts, "person_key")
    near = (pairs.contact_us > pairs.opened_us) & (pairs.contact_us <= pairs.ended_us + CONTACT_WITHIN_US)
    return pairs.filter(near).select("person_key", "opened_us").distinct().mutate(contacted=1)


def of_answers(scores: Any, people: Any, asked: tuple[str, str], limits: tuple[int | None, int]) -> Any:
    """nps, csat, ces, rating or low_tail per person: sum over answers and their number, after and before.

    `asked` is the metric and the step; answers off the scale are none. The low tail is that of all answers of the step.
    """
    metric, step = asked
    rows = scores.filter(scores.step == step).join(people.select("person_key", "first_us"), "person_key")
    rows = rows.filter(rows.value.notnull() & (rows.ts_us < limits[1]) & (rows.ts_us >= rows.first_us - PRIOR_US))
    if limits[0] is not None:
        rows = rows.filter(rows.ts_us < rows.first_us + limits[0])
    rows = rows.filter((rows.value >= rows.scale_low) & (rows.value <= rows.scale_high))
    rows = rows if metric == "low_tail" else rows.filter(rows.metric == metric)
    return _summed(rows.mutate(after=rows.ts_us >= rows.first_us), _scored(rows, metric))


def _scored(rows: Any, metric: str) -> Any:
    """What an answer counts as, in the metric's unit."""
    if metric == "nps":
        return ibis.ifelse(rows.value >= PROMOTER_FROM, 100.0, ibis.ifelse(rows.value < DETRACTOR_BELOW, -100.0, 0.0))
    if metric == "csat":
        tops = [(rows.scale_high == high, float(high - top_answers(high))) for high in (3, 5, 7, 10)]
        return ibis.ifelse(rows.value > ibis.cases(*tops, else_=rows.scale_high - 1), 1.0, 0.0)
    if metric == "low_tail":
        cuts = [((rows.scale_high == high), low_answers_to(1, high)) for high in (3, 5, 7)]
        return ibis.ifelse(rows.value <= ibis.cases(*cuts, else_=6.0), 1.0, 0.0)
    return rows.value


def _summed(rows: Any, worth: Any) -> Any:
    marked = rows.mutate(worth=worth)
    after = marked.after
    return marked.group_by("person_key").agg(
        x=ibis.ifelse(after, marked.worth, 0.0).sum(),
        y=ibis.ifelse(after, 1.0, 0.0).sum(),
        x0=ibis.ifelse(after, 0.0, marked.worth).sum(),
        y0=ibis.ifelse(after, 0.0, 1.0).sum(),
    )
