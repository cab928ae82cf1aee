"""Whether a journey is ready to be improved: people, process, platform, participation; each lack with what to do."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, cast

from nousnous.charts.words import counted, in_words
from nousnous.facts.journeys import Journey, Step

NAMED = 3
Area = Literal["people", "process", "platform", "participation"]
AREAS: tuple[Area, ...] = ("people", "process", "platform", "participation")
Where = Literal["journey", "import", "belief", "beliefs"]
OF_STEPS: dict[str, tuple[Area, str, str, Where]] = {
    "events": (
        "platform",
        "Nothing was seen in this period of {}.",
        "Import events or answers, send them by a client, or correct what starts a step.",
        "import",
    ),
    "beliefs": ("participation", "Nobody has written a belief about {}.", "Write what the team believes.", "belief"),
    "seals": ("participation", "No belief is sealed about {}.", "Seal it before the next week closes.", "beliefs"),
    "owners": ("people", "No owner is named for {}.", "Name the team that answers for a step.", "journey"),
    "designs": (
        "process",
        "What was designed is not written down for {}.",
        "Write one sentence on what a step is meant to be.",
        "journey",
    ),
}


class LackShape(TypedDict):
    area: Area
    sentence: str
    action: str
    where: Where
    steps: list[str]


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing, at which steps if at any, what to do about it, and on which page.

    `where` is the page of the journey, of imports, of a new belief, or of all beliefs.
    """

    area: Area
    about: str
    sentence: str
    action: str
    where: Where
    steps: tuple[Step, ...] = ()

    @property
    def count(self) -> int:
        return len(self.steps) or 1

    def as_dict(self) -> LackShape:
        return {
            "area": self.area,
            "sentence": self.sentence,
            "action": self.action,
            "where": self.where,
            "steps": [step.id for step in self.steps],
        }


class AreaShape(TypedDict):
    ready: int
    of: int
    lacks: list[LackShape]


class ReadinessShape(TypedDict):
    journey: str
    name: str
    people: AreaShape
    process: AreaShape
    platform: AreaShape
    participation: AreaShape


@dataclass(frozen=True, slots=True)
class Readiness:
    """One journey: what it lacks, most useful first. `ready` counts the checks that hold out of `checks`, by area."""

    journey: str
    name: str
    lacks: tuple[Lack, ...]
    checks: Mapping[Area, int]

    @property
    def ready(self) -> dict[Area, int]:
        return {
            area: count - sum(lack.count for lack in self.lacks if lack.area == area)
            for area, count in self.checks.items()
        }

    def as_dict(self) -> ReadinessShape:
        areas: dict[str, Any] = {
            area: {
                "ready": self.ready[area],
                "of": self.checks[area],
                "lacks": [lack.as_dict() for lack in self.lacks if lack.area == area],
            }
            for area in AREAS
        }
        return cast("ReadinessShape", {"journey": self.journey, "name": self.name, **areas})


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a journey's steps: visits and answers by id, and the ids that have a belief and a sealed one."""

    seen: Mapping[str, int]
    believed: AbstractSet[str]
    sealed: AbstractSet[str]


def readiness(journey: Journey, standing: Standing) -> Readiness:
    """What is missing before the gap report can lead to a decision, the same lack of many steps told once.

    >>> readiness(Journey("shop", "Shop", "USD", (), {"default": 1.0}), Standing({}, set(), set())).lacks[0].sentence
    'The journey has no owner.'
    """
    count, steps = len(journey.steps), journey.steps
    lacks = (
        *_of_steps("events", [step for step in steps if not standing.seen.get(step.id)]),
        *_of_steps("beliefs", [step for step in steps if step.id not in standing.believed]),
        *_of_steps("seals", [step for step in steps if step.id in standing.believed - standing.sealed]),
        *_of_people(journey),
        *_of_steps("owners", [step for step in steps if not step.owner]),
        *_of_steps("designs", [step for step in steps if not step.designed]),
    )
    return Readiness(
        journey.id,
        journey.name,
        lacks,
        {"people": 3 + count, "process": count, "platform": count, "participation": count},
    )


def _of_people(journey: Journey) -> list[Lack]:
    roles = (
        ("owner", journey.owner, "Name who decides what is done about it."),
        ("champion", journey.champion, "Name who argues for the customers."),
        ("defender", journey.defender, "Name who argues for the employees."),
    )
    return [
        Lack("people", f"the {role}", f"The journey has no {role}.", action, "journey")
        for role, name, action in roles
        if not name
    ]


def _of_steps(about: str, steps: list[Step]) -> list[Lack]:
    """The same lack of steps, told once."""
    area, sentence, action, where = OF_STEPS[about]
    return [Lack(area, about, sentence.format(_named(steps)), action, where, tuple(steps))] if steps else []


def _named(steps: list[Step]) -> str:
    """The steps of a sentence: one by its name, more by their number and first names.

    >>> _named([Step("a", "A")]), _named([Step(name, name) for name in "ABCDE"])
    ('“A”', 'five steps: “A”, “B”, “C” and two more')
    """
    names = [f"“{step.name}”" for step in steps]
    if len(names) == 1:
        return names[0]
    if len(names) <= NAMED:
        return f"{counted(len(names), 'step')}: {', '.join(names[:-1])} and {names[-1]}"
    return f"{counted(len(names), 'step')}: {', '.join(names[:NAMED])} and {in_words(len(names) - NAMED)} more"
