"""Reading experiments out: from exposures and events to what was found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

import ibis
import numpy as np

from nousnous.base import clock
from nousnous.base.errors import Missing
from nousnous.experiments.actions.keeping import Standing, experiment_of, journey_of_goal
from nousnous.experiments.definition import EventGoal, ExperimentDefinition, Goal, StepGoal, Variant
from nousnous.experiments.measures import outcomes
from nousnous.experiments.measures.exposed import assigned, seen_in
from nousnous.experiments.measures.finding import finding
from nousnous.experiments.measures.readout import (
    Asked,
    Assigned,
    Line,
    ReadoutLineShape,
    Rows,
    Split,
    SplitShape,
    lines,
)
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.journeys import Matcher
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions.segments import basis_of
from nousnous.journeys.actions.visits import kept_visits
from nousnous.journeys.catalogue import metric_of
from nousnous.stats.mismatch import Mismatch, mismatch
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.warehouse.memory import remembered
from nousnous.workspaces.models import Workspace

CONTROLS = ("control", "held_out", "before", "off")
QUANTILES = {"duration_p50": (1, 2), "duration_p90": (9, 10)}
VISIT_METRICS = ("completion", "failure_rate", "frustration_rate", "contact_rate")
ORDERED = (Matcher(("Order Completed",)),)
DEFAULT_GOALS: tuple[Goal, ...] = (
    EventGoal("Ordered", "did", ORDERED),
    EventGoal("Revenue a person", "sum", ORDERED, amount="revenue"),
)
OPEN_END_US = 2**62


class ReadoutShape(TypedDict):
    id: str
    name: str
    status: str
    found: str
    reading: str
    waits: bool
    split: SplitShape
    metrics: list[ReadoutLineShape]
    snapshot: str


@dataclass(frozen=True, slots=True)
class Readout:
    """What an experiment says now; `standing` is None for one that only events name."""

    definition: ExperimentDefinition
    standing: Standing | None
    sentence: str
    split: Split
    lines: tuple[Line, ...]
    sequential: bool
    waits: bool
    snapshot: str

    @property
    def names(self) -> dict[str, str]:
        return {one.id: one.name for one in self.definition.variants}

    def as_dict(self) -> ReadoutShape:
        return {
            "id": self.definition.id,
            "name": self.definition.name,
            "status": self.standing.status if self.standing else "seen",
            "found": self.sentence,
            "reading": "always valid" if self.sequential else "fixed horizon",
            "waits": self.waits,
            "split": self.split.as_dict(),
            "metrics": [line.as_dict() for line in self.lines],
            "snapshot": self.snapshot,
        }


@dataclass(frozen=True, slots=True)
class Read:
    """One snapshot: events and scores with `person_key`, when the newest event happened, and its people."""

    workspace: Workspace
    events: Any
    scores: Any
    newest_us: int
    keys: Any
    people: Any


def read_experiment(workspace: Workspace, experiment: str) -> Readout:
    """Read an experiment out as it stands; one that was never applied is known by its exposures."""
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS, SCORES)
    standing = _standing(workspace, experiment)
    state = standing and (standing.version.pk, standing.status, standing.end_us, standing.stopped)
    asked = ("experiment", experiment, state, basis_of(workspace))
    found = remembered(snapshot, asked, lambda: _read(workspace, snapshot, experiment, standing))
    return replace(found, standing=standing)


def _read(workspace: Workspace, snapshot: Snapshot, experiment: str, standing: Standing | None) -> Readout:
    events = snapshot.events()
    definition = standing.definition if standing else _told(events, experiment)
    arms = tuple(one.id for one in definition.variants)
    start_us, end_us = (standing.start_us, standing.end_us) if standing else (0, None)
    found = assigned(events, experiment, arms, (start_us, end_us or OPEN_END_US)).order_by("person_key").to_pyarrow()
    split, kept = _split(found, definition, weighted=standing is not None)
    waits = standing is not None and standing.status == "running" and definition.reading == "at the end"
    fixed = standing is not None and standing.status == "ended" and definition.reading == "at the end"
    sequential = not fixed or (standing is not None and standing.stopped)
    goals = [] if split.mismatch.blocks or not len(kept) else [*(() if waits else definition.goals), *definition.guards]
    read = Read(
        workspace,
        events,
        snapshot.resolved(SCORES),
        int(events.ts_us.max().to_pyarrow().as_py() or 0),
        kept["person_key"].to_numpy(),
        ibis.memtable(kept.select(["person_key", "first_us"])),
    )
    asked = [(_asked(one, guard=one in definition.guards), rows_of(read, one, end_us)) for one in goals]
    made = lines(_assigned(kept, arms), arms, asked, definition.persons if sequential else None)
    day = day_of(workspace, end_us) if waits and end_us else ""
    sentence = finding(made, split, {one.id: one.name for one in definition.variants}, day)
    return Readout(definition, standing, sentence, split, made, sequential, waits, str(snapshot))


def _standing(workspace: Workspace, experiment: str) -> Standing | None:
    try:
        return experiment_of(workspace, experiment)
    except Missing:
        return None


def day_of(workspace: Workspace, moment_us: int) -> str:
    """The day of a moment where the workspace is."""
    return clock.from_us(moment_us).astimezone(ZoneInfo(workspace.timezone)).strftime("%-d %B %Y")


def _assigned(kept: Any, arms: Sequence[str]) -> Assigned:
    texts = kept["country"].combine_chunks().fill_null("").dictionary_encode()
    named = tuple(texts.dictionary.to_pylist())
    places = texts.indices.to_numpy().astype(np.int64) if len(kept) else np.zeros(0, dtype=np.int64)
    known = tuple(sorted(one for one in named if one))
    order = np.array([known.index(one) if one else -1 for one in named], dtype=np.int64)
    return Assigned(_arms(kept, arms), order[places] if len(kept) else places, known)


def list_seen(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """Every experiment that exposures name: persons of each arm, first and last moment."""
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS)
    return remembered(snapshot, "experiments seen", lambda: _seen(snapshot))


def _seen(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in seen_in(snapshot.events()).order_by("experiment", "variant").to_pyarrow().to_pylist():
        one = found.setdefault(row["experiment"], {"arms": {}, "first_us": row["first_us"], "last_us": row["last_us"]})
        one["arms"][row["variant"]] = row["persons"]
        one["first_us"] = min(one["first_us"], row["first_us"])
        one["last_us"] = max(one["last_us"], row["last_us"])
    return found


def _told(events: Any, experiment: str) -> ExperimentDefinition:
    """What can be said of an experiment that only events name: its arms, and whether people order."""
    mine = seen_in(events.filter(events.experiment == experiment)).to_pyarrow()["variant"].to_pylist()
    if not mine:
        raise Missing(f"There is no experiment “{experiment}” in this workspace, and no event names it.")
    arms = sorted(mine, key=lambda arm: (CONTROLS.index(arm) if arm in CONTROLS else len(CONTROLS), arm))
    variants = tuple(Variant(arm, arm.replace("_", " "), 1.0) for arm in arms)
    return ExperimentDefinition(experiment, experiment, variants, DEFAULT_GOALS, reading="any time")


def _split(rows: Any, definition: ExperimentDefinition, *, weighted: bool) -> tuple[Split, Any]:
    """Persons of each arm; who was seen in two arms is dropped, and counted."""
    once = rows["arms"].to_numpy() == 1
    kept = rows.filter(once)
    arms = tuple(one.id for one in definition.variants)
    counts = tuple(np.bincount(_arms(kept, arms), minlength=len(arms)).tolist())
    weights = [one.weight for one in definition.variants]
    found = mismatch(counts, weights) if weighted else Mismatch(counts, tuple(map(float, counts)), None)
    return Split(arms, counts, int((~once).sum()), found), kept


def _arms(kept: Any, arms: Sequence[str]) -> Any:
    places = {arm: place for place, arm in enumerate(arms)}
    coded = kept["variant"].combine_chunks().dictionary_encode()
    by_code = np.array([places[arm] for arm in coded.dictionary.to_pylist()], dtype=np.int64)
    return by_code[coded.indices.to_numpy()] if len(kept) else np.zeros(0, dtype=np.int64)


def _asked(goal: Goal, *, guard: bool) -> Asked:
    if isinstance(goal, StepGoal):
        unit = metric_of(goal.metric).unit
    else:
        unit = {"did": "share", "sum": "amount"}.get(goal.kind, "times")
    return Asked(goal.name, unit, goal.direction, goal.tolerance if guard else None)


def rows_of(read: Read, goal: Goal, end_us: int | None) -> Rows:
    """What the people of a snapshot did of a metric, per person; observations of them for a quantile."""
    read_to_us = OPEN_END_US if end_us is None else end_us + (goal.within_us or 0)
    if isinstance(goal, EventGoal):
        table = outcomes.of_events(read.events, read.people, goal, read_to_us)
        return Rows(_aligned(read, table, ones=goal.kind != "ratio"))
    if goal.metric in QUANTILES or goal.metric in VISIT_METRICS:
        return _rows_of_visits(read, goal, read_to_us)
    scores = _on_commonest_scale(read.scores.filter(read.scores.step == goal.step), goal.metric)
    table = outcomes.of_answers(scores, read.people, (goal.metric, goal.step), (goal.within_us, read_to_us))
    return Rows(_aligned(read, table, ones=False))


def _rows_of_visits(read: Read, goal: StepGoal, read_to_us: int) -> Rows:
    journey = journey_of_goal(read.workspace, goal).journey
    step = next(place for place, one in enumerate(journey.steps) if one.id == goal.step)
    kept = kept_visits(read.workspace, journey)
    rows = outcomes.visits_after(kept.visits, read.people, step, (goal.within_us, read_to_us))
    if goal.metric in VISIT_METRICS:
        return Rows(_aligned(read, outcomes.of_visits(rows, goal.metric, read.newest_us, kept.events), ones=False))
    done = rows.filter(rows.completed & rows.after).select("person_key", took_us=rows.ended_us - rows.opened_us)
    found = done.order_by("person_key", "took_us").to_pyarrow()
    places = np.searchsorted(read.keys, found["person_key"].to_numpy()).astype(np.int64)
    seconds = found["took_us"].to_numpy() / clock.SECOND_US
    return Rows(values=seconds, persons=places, quantile=QUANTILES[goal.metric])


def _on_commonest_scale(scores: Any, metric: str) -> Any:
    """The answers of the scale that most of them use: scales never mix."""
    mine = scores if metric == "low_tail" else scores.filter(scores.metric == metric)
    counts = mine.group_by("metric", "scale_low", "scale_high").agg(n=ibis._.count())
    order = [ibis.desc("n"), ibis.desc("scale_high"), "scale_low", "metric"]
    commonest = counts.order_by(*order).limit(1).select("metric", "scale_low", "scale_high")
    return mine.semi_join(commonest, ["metric", "scale_low", "scale_high"])


def _aligned(read: Read, table: Any, *, ones: bool) -> Any:
    """x, y, x0, y0 of every person in the order of their keys; who did nothing has 0."""
    found = table.select("person_key", *outcomes.COLUMNS).to_pyarrow()
    places = np.searchsorted(read.keys, found["person_key"].to_numpy())
    columns = []
    for name in outcomes.COLUMNS:
        column = np.zeros(read.keys.size)
        column[places] = found[name].to_numpy()
        columns.append(np.ones(read.keys.size) if ones and name in {"y", "y0"} else column)
    return tuple(columns)
