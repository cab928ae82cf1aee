"""Answers, and the events before them, as the columns that measures read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nousnous.base.errors import Missing
from nousnous.capabilities.spreads.measures.sessions import REACH_US, Happenings
from nousnous.capabilities.spreads.measures.spreads import Answered
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.journeys import SIGNALS, Journey
from nousnous.facts.replays import REPLAY_CHUNKS
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions.parts import part_of
from nousnous.journeys.actions.versions import journey_of
from nousnous.journeys.measures import extent_of
from nousnous.journeys.parts import Part, with_property
from nousnous.journeys.periods import Period
from nousnous.journeys.scores import SCORE_METRICS, Answers, commonest_scale
from nousnous.journeys.windows import Asked, period_of, start_of_today_us, window_of
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.workspaces.models import Workspace

RELATIONSHIP = ""
COLUMNS = ("person_key", "step", "metric", "ts_us", "moment_us", "value", "scale_low", "scale_high", "weight")


@dataclass(frozen=True, slots=True)
class Opened:
    """The tables of one snapshot that spreads read, the period and the part that are asked for."""

    workspace: Workspace
    snapshot: Snapshot
    events: Any
    scores: Any
    period: Period
    part: Part
    timezone: str
    journey: Journey | None


def standing(workspace: Workspace) -> Snapshot:
    """The tables that spreads read, as they stand."""
    return lake_of(workspace).snapshot(EVENTS, LINKS, SCORES, REPLAY_CHUNKS)


def open_scores(workspace: Workspace, question: Asked, period: Period | None = None) -> Opened:
    """The newest answers of a workspace, and what is asked of them."""
    journey = journey_of(workspace, question.journey).journey if question.journey else None
    timezone = (journey.timezone if journey else None) or workspace.timezone
    window = window_of(question.from_text, question.to_text, timezone)
    snapshot = standing(workspace)
    events, scores = snapshot.events(), snapshot.resolved(SCORES)
    if period is None:
        extent = extent_of(snapshot.table(EVENTS), scores, start_of_today_us(timezone))
        period = period_of(window, extent.last_day_us, timezone)
    part = part_of(workspace, _Tables(events, scores), question.by, question.segment)
    return Opened(workspace, snapshot, events, scores, period, part, timezone, journey)


@dataclass(frozen=True, slots=True)
class _Tables:
    events: Any
    scores: Any


def read_answered(opened: Opened, from_us: int) -> tuple[list[Answered], dict[str, int]]:
    """The answers from a moment on by step and metric, each on its commonest scale, and the codes of segments."""
    scores = opened.part.marked(opened.scores)
    scores = scores.mutate(step=ibis.coalesce(scores.step, RELATIONSHIP))
    if opened.journey is not None:
        scores = scores.filter(scores.step.isin([RELATIONSHIP, *(step.id for step in opened.journey.steps)]))
    inside = (scores.ts_us >= from_us) & (scores.ts_us < opened.period.to_us) & scores.metric.isin(SCORE_METRICS)
    told = scores.value.notnull() & scores.person_key.notnull()
    rows = with_property(scores.filter(inside & told), opened.part.split).select(*COLUMNS, "segment")
    found = rows.to_pyarrow()
    texts = opened.part.values(text for text in pc.unique(found["segment"]).to_pylist())
    if opened.part.segment is not None:
        found = found.filter(pc.is_in(found["segment"], pa.array(texts, pa.string())))
    return list(_by_question(found, texts)), {text: code for code, text in enumerate(texts)}


def _by_question(found: Any, texts: list[str]) -> Iterator[Answered]:
    segment = pc.index_in(found["segment"], pa.array(texts, pa.string()))
    for step, metric in sorted(set(zip(found["step"].to_pylist(), found["metric"].to_pylist(), strict=True))):
        chosen = pc.and_(pc.equal(found["step"], step), pc.equal(found["metric"], metric))
        yield _answered(step, metric, found.filter(chosen), segment.filter(chosen))


def _answered(step: str, metric: str, rows: Any, segment: Any) -> Answered:
    low, high = _numbers(rows["scale_low"]), _numbers(rows["scale_high"])
    same = commonest_scale(low, high)
    weights = _numbers(pc.fill_null(rows["weight"], 1.0))[same]
    answers = Answers(
        metric,
        (float(low[same][0]), float(high[same][0])),
        _numbers(rows["value"])[same],
        _numbers(rows["person_key"])[same],
        _numbers(rows["ts_us"])[same],
        _numbers(segment)[same],
        None if bool((weights == 1).all()) else weights,
    )
    return Answered(step, answers, _numbers(pc.fill_null(rows["moment_us"], -1))[same])


def question_among(answered: Iterable[Answered], step: str, metric: str) -> Answered:
    """The answers to one question."""
    for one in answered:
        if (one.step, one.answers.metric) == (step, metric):
            return one
    about = f"the step “{step}”" if step else "the relationship as a whole"
    raise Missing(f"Nobody answered “{metric}” about {about} in this period.")


def read_happenings(opened: Opened, persons: Any, moments_us: Any) -> Happenings:
    """What these persons did in the day before these moments, sorted by person and time."""
    events = opened.events
    theirs = ibis.memtable(pa.table({"person_key": pa.array(np.unique(persons), pa.int64())}))
    lasted = (events.ts_us >= int(moments_us.min()) - REACH_US) & (events.ts_us <= int(moments_us.max()))
    rows = events.filter(lasted & events.event.notnull()).semi_join(theirs, "person_key")
    found = rows.select("person_key", "ts_us", "session_id", "screen", "event").to_pyarrow()
    sessions, session = _coded(found["session_id"])
    screens, screen = _coded(found["screen"])
    signals = _numbers(pc.is_in(found["event"], pa.array(signals_of(opened.journey), pa.string()))).astype(bool)
    person, ts_us = _numbers(found["person_key"]), _numbers(found["ts_us"])
    order = np.lexsort((screen, session, ts_us, person))
    return Happenings(person[order], ts_us[order], session[order], screen[order], signals[order], sessions, screens)


def signals_of(journey: Journey | None) -> list[str]:
    """The names of the signals of frustration; those that a journey names without conditions, too."""
    named = [] if journey is None else [one for one in journey.frustration if not one.where]
    return sorted({*SIGNALS, *(event for one in named for event in one.events)})


def recorded_sessions(opened: Opened, sessions: list[str]) -> set[str]:
    """Which of these sessions have a recording."""
    if not sessions:
        return set()
    wanted = pa.array(sorted(set(sessions)), pa.string())
    chunks = opened.snapshot.matching(REPLAY_CHUNKS, "session_id", wanted)
    return set(chunks.select("session_id").distinct().to_pyarrow()["session_id"].to_pylist())


def _coded(texts: Any) -> tuple[tuple[str, ...], Any]:
    names = sorted(text for text in pc.unique(texts).to_pylist() if text)
    codes = pc.fill_null(pc.index_in(texts, pa.array(names, pa.string())), -1)
    return tuple(names), _numbers(codes)


def _numbers(column: Any) -> Any:
    return column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy()
