"""Kept visits, events and scores of a workspace as the columns that measures read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nousnous.capabilities.gaps.actions.columns import (
    Texts,
    by_step,
    joined_by_step,
    numbers_of,
    persons_coded,
    whole_batches,
)
from nousnous.capabilities.gaps.measures.contacts import CONTACT_WITHIN_US, Contacts, visit_before
from nousnous.capabilities.gaps.measures.debt import Candidates, Reference
from nousnous.capabilities.gaps.measures.evidence import RELATIONSHIP, Evidence
from nousnous.capabilities.gaps.measures.passage import Finishes
from nousnous.capabilities.gaps.measures.visits import Visits
from nousnous.facts.journeys import Journey
from nousnous.journeys.parts import UNKNOWN, property_text
from nousnous.journeys.periods import Period
from nousnous.journeys.scores import SCORE_METRICS, Answers, commonest_scale
from nousnous.stats.bisection import Sorted, in_order

NUMBERS = ("step", "opened_us", "ended_us", "active_us")
FLAGS = ("completed", "failed", "frustrated", "troubled", "open")
CONTACT_STARTED, CONTACT_RESOLVED = "Contact Started", "Contact Resolved"
SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Sources:
    """Ibis tables of one snapshot: kept visits, events as stored, events and scores with `person_key`; its name, and
    when the newest of it came in (0: nothing did)."""

    visits: Any
    stored: Any
    events: Any
    scores: Any
    name: str
    landed_us: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Persons by code: a sorted index of their keys, so that every table codes them alike."""

    keys: Any

    def codes(self, keys: Any) -> Any:
        """The code of each key; keys that are not known get codes above all others, by their order."""
        wanted = np.asarray(keys, dtype=np.int64)
        places = pc.index_in(pa.array(wanted), value_set=pa.array(self.keys))
        codes = numbers_of(pc.fill_null(places, -1)).astype(np.int64)
        strange = codes < 0
        codes[strange] = self.keys.size + np.unique(wanted[strange], return_inverse=True)[1]
        return codes


@dataclass(frozen=True, slots=True)
class Coding:
    """How persons and the values of a splitting property are coded in one report."""

    people: People
    split: str | None
    segments: tuple[str, ...]

    def segment_codes(self, texts: Any) -> Any:
        """The place of each text among the segments; −1 for one that is not among them."""
        return numbers_of(pc.fill_null(pc.index_in(texts, pa.array(self.segments, pa.string())), -1))

    @property
    def column(self) -> str:
        """The column of rows that were read for several codings which holds the texts of this one."""
        return column_of(self.split)

    def knowing(self, rows: Any) -> "Coding":
        """This coding with the texts of such rows, too."""
        texts = pc.unique(rows[self.column]).to_pylist()
        return replace(self, segments=tuple(dict.fromkeys([*self.segments, *texts])))

    def codes_in(self, rows: Any) -> Any:
        """The codes of such rows."""
        return self.segment_codes(rows[self.column])


def read_evidence(
    sources: Sources, journey: Journey, period: Period, newest_us: int, splits: Sequence[str | None] = (None,)
) -> list[tuple[Evidence, Coding]]:
    """What customers went through in a period, read once and told apart by each of some properties of the opening
    event, None: by none.
    """
    reach = Period(period.from_us - CONTACT_WITHIN_US, period.to_us)
    visits, codings = read_visits(sources.visits, reach, newest_us, splits)
    answers, codings = read_answers(sources.scores, journey, period, codings)
    contacts = read_contacts(sources.events, period, codings[0].people)
    before = visit_before(visits[0], contacts)
    finishes = read_finishes(sources.visits, len(journey.steps) - 1, period, codings)
    return [
        (Evidence(journey, mine, answered, contacts.of(one, before), newest_us, finished, coding.segments), coding)
        for one, mine, answered, finished, coding in zip(
            visits, _during(visits, period), answers, finishes, codings, strict=True
        )
    ]


def read_visits(
    table: Any, period: Period, newest_us: int, splits: Sequence[str | None] = (None,)
) -> tuple[list[Visits], list[Coding]]:
    """The visits that opened in the period, step after step, for each of some properties: they share what is alike."""
    rows = told_apart(opened_in(table, period), splits)
    rows = rows.mutate(open=~rows.completed & (rows.window_us > newest_us), step=rows.step.cast("int16"))
    names, parts = ("person_key", *NUMBERS, *FLAGS), []
    texts = {split: Texts() for split in splits}
    for batch in whole_batches(rows.select(*names, *map(column_of, texts))):
        codes = {column_of(split): known.codes(batch[column_of(split)]) for split, known in texts.items()}
        parts.append(by_step({name: numbers_of(batch[name]) for name in names} | codes))
    columns = joined_by_step(parts)
    keys, person = persons_coded(columns.pop("person_key"))
    people, visits, codings = People(keys), [], []
    told = {split: columns.pop(column_of(split)) for split in splits}
    for split in splits:
        segments, places = texts[split].in_order()
        visits.append(Visits(int(keys.size), person, **columns, segment=places[told[split]]))
        codings.append(Coding(people, split, segments))
    return visits, codings


def read_candidates(
    table: Any, period: Period, newest_us: int, references: Sequence[Reference], coding: Coding
) -> Candidates:
    """The visits of a period that may have wasted seconds."""
    rows = told_apart(opened_in(table, period), [coding.split])
    country = ibis.coalesce(rows.country, UNKNOWN) if "country" in rows.columns else ibis.literal(UNKNOWN)
    rows = rows.mutate(
        allowed_us=allowed_us(rows, newest_us, references), country_of_visit=country, cause_name=_cause_name(rows)
    )
    rows = rows.filter(rows.allowed_us.notnull() & (rows.active_us > rows.allowed_us))
    wanted = ("person_key", "step", "opened_us", "allowed_us", "cause_name", "country_of_visit", "activity_us")
    found = rows.select(*wanted, coding.column).to_pyarrow()
    causes, cause = _coded(found["cause_name"])
    countries, country_codes = _coded(found["country_of_visit"])
    activity = found["activity_us"].combine_chunks()
    return Candidates(
        coding.people.codes(numbers_of(found["person_key"])),
        numbers_of(found["step"]),
        numbers_of(found["opened_us"]),
        numbers_of(found["allowed_us"]),
        cause,
        country_codes,
        coding.codes_in(found),
        numbers_of(activity.flatten()),
        np.concatenate([[0], np.cumsum(numbers_of(pc.list_value_length(activity)))]),
        causes,
        countries,
    )


def allowed_us(rows: Any, newest_us: int, references: Sequence[Reference]) -> Any:
    """How much active time of a visit is not wasted; null where all of it is in order, whatever it is."""
    return ibis.ifelse(
        rows.completed,
        ibis.ifelse(
            rows.troubled,
            _by_step(rows.step, [one.troubled_us for one in references]),
            _by_step(rows.step, [one.clean_us for one in references]),
        ),
        ibis.ifelse(rows.troubled & (rows.window_us <= newest_us), 0, ibis.null("int64")),
    )


def read_answers(
    table: Any, journey: Journey, period: Period, codings: Sequence[Coding]
) -> tuple[list[dict[tuple[str, str], Answers]], list[Coding]]:
    """Answers of people about the journey's steps in a period, each metric on the scale that most of them use.

    Answers without a step are about the relationship as a whole. What the codings do not know yet, they learn.
    """
    table = table.mutate(step=ibis.coalesce(table.step, RELATIONSHIP))
    about = table.step.isin([RELATIONSHIP, *(step.id for step in journey.steps)]) & table.metric.isin(SCORE_METRICS)
    inside = (table.ts_us >= period.from_us) & (table.ts_us < period.to_us)
    rows = told_apart(
        table.filter(about & inside & table.value.notnull() & table.person_key.notnull()), splits_of(codings)
    )
    columns = ("person_key", "step", "metric", "ts_us", "value", "scale_low", "scale_high", "weight", "believed")
    found = rows.select(*columns, *(coding.column for coding in codings)).to_pyarrow()
    codings = [coding.knowing(found) for coding in codings]
    codes = [coding.codes_in(found) for coding in codings]
    answers: list[dict[tuple[str, str], Answers]] = [{} for _ in codings]
    for step, metric in sorted(
        tuple(one.values()) for one in found.group_by(["step", "metric"]).aggregate([]).to_pylist()
    ):
        chosen = _flags(pc.and_(pc.equal(found["step"], step), pc.equal(found["metric"], metric)))
        part = found.filter(pa.array(chosen))
        persons = codings[0].people.codes(numbers_of(part["person_key"]))
        answered, same = _answers(metric, part, persons)
        for mine, code in zip(answers, codes, strict=True):
            mine[step, metric] = replace(answered, segment=code[chosen][same])
    return answers, codings


def _answers(metric: str, part: Any, persons: Any) -> tuple[Answers, Any]:
    """Answers that are told apart by nothing yet, and which rows they are of."""
    low, high = numbers_of(part["scale_low"]), numbers_of(part["scale_high"])
    same = commonest_scale(low, high)
    weights = numbers_of(pc.fill_null(part["weight"], 1.0))[same]
    answers = Answers(
        metric,
        (float(low[same][0]), float(high[same][0])),
        numbers_of(part["value"])[same],
        persons[same],
        numbers_of(part["ts_us"])[same],
        np.zeros(weights.size, dtype=np.int16),
        None if bool((weights == 1).all()) else weights,
        None if part["believed"].null_count == len(part) else numbers_of(part["believed"])[same],
    )
    return answers, same


def read_finishes(table: Any, last_step: int, period: Period, codings: Sequence[Coding]) -> list[Finishes]:
    """Completions of the last step from the begin of the period on, of persons with a visit in it."""
    done = table.completed & (table.step == last_step) & (table.ended_us >= period.from_us)
    rows = told_apart(table.filter(done), splits_of(codings))
    found = rows.select("person_key", "ended_us", *(coding.column for coding in codings)).to_pyarrow()
    people = codings[0].people
    person = people.codes(numbers_of(found["person_key"]))
    known = person < people.keys.size
    mine, ended_us = person[known], numbers_of(found["ended_us"])[known]
    return [Finishes(mine, ended_us, coding.codes_in(found)[known]) for coding in codings]


def read_contacts(events: Any, period: Period, people: People) -> Contacts:
    """Contacts that began at or after the begin of the period.

    Minutes that are told when a contact is resolved count at the person's last start of a contact before.
    """
    names = events.event.isin([CONTACT_STARTED, CONTACT_RESOLVED]) & events.person_key.notnull()
    rows = events.filter(names & (events.ts_us >= period.from_us))
    found = rows.select("person_key", "ts_us", "event", "customer_minutes", "handling_minutes").to_pyarrow()
    person, moment_us = people.codes(numbers_of(found["person_key"])), numbers_of(found["ts_us"])
    customer, handling = (
        np.nan_to_num(numbers_of(pc.fill_null(found[name], 0.0))) for name in ("customer_minutes", "handling_minutes")
    )
    begins = _flags(pc.equal(found["event"], CONTACT_STARTED))
    order = in_order(person[begins], moment_us[begins])
    starts, start_us = person[begins][order], moment_us[begins][order]
    sums = [customer[begins][order], handling[begins][order]]
    if starts.size:
        ended, ended_us = person[~begins], moment_us[~begins]
        place = Sorted(starts, start_us).after(ended, ended_us) - 1
        here = np.maximum(place, 0)
        mine = (place >= 0) & (starts[here] == ended)
        sums = [
            one + np.bincount(here[mine], weights=minutes[~begins][mine], minlength=one.size)
            for one, minutes in zip(sums, (customer, handling), strict=True)
        ]
    return Contacts.of_no_visit(starts, start_us, *sums)


def _during(visits: Sequence[Visits], period: Period) -> list[Visits]:
    """The visits that opened in a period; they go on sharing what is alike."""
    inside = period.holds(visits[0].opened_us)
    found = visits[0].only(inside)
    return [replace(found, segment=one.segment[inside]) for one in visits]


def told_apart(rows: Any, splits: Iterable[str | None]) -> Any:
    """The rows with a column of texts for each of some properties; one text for all where there is none to tell by."""
    return rows.mutate(
        **{column_of(name): ibis.literal("") if name is None else property_text(rows, name) for name in splits}
    )


def column_of(split: str | None) -> str:
    return f"segment_{split or ''}"


def splits_of(codings: Iterable[Coding]) -> list[str | None]:
    return [coding.split for coding in codings]


def opened_in(table: Any, period: Period) -> Any:
    return table.filter((table.opened_us >= period.from_us) & (table.opened_us < period.to_us))


def _by_step(step: Any, numbers: Sequence[int | None]) -> Any:
    branches = [
        (position, ibis.literal(number, "int64")) for position, number in enumerate(numbers) if number is not None
    ]
    return step.cases(*branches, else_=ibis.null("int64")) if branches else ibis.null("int64")


def _cause_name(rows: Any) -> Any:
    """The event's name with its element where it has one; slow where nothing went wrong."""
    element = ibis.coalesce(" " + rows.cause_element.nullif(""), "")
    return ibis.coalesce(rows.cause + element, SLOW)


def _coded(texts: Any) -> tuple[tuple[str, ...], Any]:
    """The distinct texts in their order, and each row's place among them."""
    names = sorted(text for text in pc.unique(texts).to_pylist() if text is not None)
    return tuple(names), numbers_of(pc.index_in(texts, pa.array(names, pa.string())).cast(pa.int16()))


def _flags(column: Any) -> Any:
    return numbers_of(column).astype(bool)
