"""Real visits of a step, as timelines: what a person did between opening and end."""

from dataclasses import dataclass
from typing import Literal, TypedDict

from nousnous.base.errors import Place, Refused

Outcome = Literal["completed", "failed", "abandoned"]
OUTCOMES: tuple[Outcome, ...] = ("completed", "failed", "abandoned")


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a visit; `offset_us` from its opening, `cause` where it is what the wasted time is put down to."""

    moment_us: int
    offset_us: int
    event: str
    element: str | None
    screen: str | None
    cause: bool


class HappeningShape(TypedDict):
    at_s: float
    event: str
    element: str | None
    screen: str | None
    cause: bool


class ExampleVisitShape(TypedDict):
    outcome: Outcome
    person_id: str
    opened_us: int
    elapsed_s: float
    active_s: float
    wasted_s: float
    country: str | None
    channel: str | None
    cause: str | None
    events: list[HappeningShape]
    events_left_out: int


@dataclass(frozen=True, slots=True)
class ExampleVisit:
    """One visit with its events in order; times in microseconds. `cut` counts the events that were left out."""

    outcome: Outcome
    person_id: str
    opened_us: int
    ended_us: int
    active_us: int
    wasted_us: int
    country: str | None
    channel: str | None
    cause: str | None
    happenings: tuple[Happening, ...]
    cut: int

    def as_dict(self) -> ExampleVisitShape:
        return {
            "outcome": self.outcome,
            "person_id": self.person_id,
            "opened_us": self.opened_us,
            "elapsed_s": (self.ended_us - self.opened_us) / 1e6,
            "active_s": self.active_us / 1e6,
            "wasted_s": self.wasted_us / 1e6,
            "country": self.country,
            "channel": self.channel,
            "cause": self.cause,
            "events": [
                {
                    "at_s": one.offset_us / 1e6,
                    "event": one.event,
                    "element": one.element,
                    "screen": one.screen,
                    "cause": one.cause,
                }
                for one in self.happenings
            ],
            "events_left_out": self.cut,
        }


def outcome_of(*, completed: bool, failed: bool) -> Outcome:
    """How a closed visit ended.

    >>> outcome_of(completed=False, failed=True)
    'failed'
    """
    if completed:
        return "completed"
    return "failed" if failed else "abandoned"


def position_of(steps: tuple[str, ...], step: str) -> int:
    """Where a step stands in the journey's file; Refused for one that is not there."""
    if step not in steps:
        raise Refused(f"The journey has no step “{step}”; its steps are {', '.join(steps)}.", Place(field="step"))
    return steps.index(step)
