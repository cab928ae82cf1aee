"""Which function performs which kind of run, and which kinds follow from which fact; filled by `site`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from nousnous.base.errors import Missing


@dataclass(frozen=True, slots=True)
class Work:
    """What a stage is told: which run, which stage, what the stages before left."""

    run_id: str
    workspace_id: str
    stage: str
    state: Mapping[str, Any]
    attempt: int


@dataclass(frozen=True, slots=True)
class Advance:
    """What a stage answers. `stage` None ends the run; `effect` writes records, in one transaction with the advance."""

    stage: str | None = None
    due_at: datetime | None = None
    state: Mapping[str, Any] = field(default_factory=dict)
    effect: Callable[[], None] | None = None


Perform = Callable[[Work], Advance]


@dataclass(frozen=True, slots=True)
class Planned:
    """A run that every installation starts by the calendar."""

    name: str
    cron: str
    kind: str
    timezone: str = "UTC"


_kinds: dict[str, Perform] = {}
_names: dict[str, str] = {}
_pauses: dict[str, timedelta] = {}
_followers: dict[type, tuple[str, ...]] = {}
_planned: dict[str, Planned] = {}
_keepers: dict[str, Callable[[], None]] = {}


def register(kind: str, perform: Perform, pause: timedelta = timedelta(0)) -> None:
    """Name the function that performs a kind of run; after a kill it is called again, so long work is idempotent.

    A kind with a pause catches up with all that happened: facts that come within the pause start one run after it.
    """
    _kinds[kind] = perform
    _pauses[kind] = pause


def name(kind: str, words: str) -> None:
    """Say what a kind of run is, as members read it."""
    _names[kind] = words


def name_of(kind: str) -> str:
    return _names.get(kind, kind)


def follow(fact: type, kind: str) -> None:
    """Start a run of a kind for every fact of a type; its state is the fact's fields."""
    _followers[fact] = tuple(dict.fromkeys((*_followers.get(fact, ()), kind)))


def plan(name: str, cron: str, kind: str, *, timezone: str = "UTC") -> None:
    """Start a run of a kind by the calendar; workers write the schedule into the records when they start."""
    _planned[name] = Planned(name, cron, kind, timezone)


def planned() -> tuple[Planned, ...]:
    return tuple(_planned.values())


def keep_by(name: str, keep: Callable[[], None]) -> None:
    """Name a function that keeps the schedules of single workspaces; workers call it when they start, and nightly."""
    _keepers[name] = keep


def keepers() -> tuple[Callable[[], None], ...]:
    return tuple(_keepers.values())


def pause_of(kind: str) -> timedelta:
    return _pauses.get(kind, timedelta(0))


def performer(kind: str) -> Perform:
    if kind not in _kinds:
        raise Missing(f"No part of this installation performs runs of kind {kind}; was it removed?")
    return _kinds[kind]


def followers(fact_name: str) -> tuple[str, ...]:
    return next((kinds for fact, kinds in _followers.items() if fact.__name__ == fact_name), ())
