"""Whether a journey is ready to be improved: people, process, platform, participation; each lack with what to do."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Literal

from nousnous.facts.journeys import Journey

Area = Literal["people", "process", "platform", "participation"]
AREAS: tuple[Area, ...] = ("people", "process", "platform", "participation")
Where = Literal["journey", "import", "belief"]


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing, what to do about it, and on which page: the journey's, imports, or beliefs."""

    area: Area
    sentence: str
    action: str
    where: Where
    step: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        return {
            "area": self.area,
            "sentence": self.sentence,
            "action": self.action,
            "where": self.where,
            "step": self.step,
        }


@dataclass(frozen=True, slots=True)
class Readiness:
    """One journey. `ready` counts the checks that hold out of `checks`, by area."""

    journey: str
    name: str
    lacks: tuple[Lack, ...]
    checks: Mapping[Area, int]

    @property
    def ready(self) -> dict[Area, int]:
        return {area: count - sum(lack.area == area for lack in self.lacks) for area, count in self.checks.items()}

    def as_dict(self) -> dict[str, Any]:
        areas: dict[str, Any] = {
            area: {
                "ready": self.ready[area],
                "of": self.checks[area],
                "lacks": [lack.as_dict() for lack in self.lacks if lack.area == area],
            }
            for area in AREAS
        }
        return {"journey": self.journey, "name": self.name, **areas}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a journey's steps: visits and answers by id, and the ids that have a belief and a sealed one."""

    seen: Mapping[str, int]
    believed: AbstractSet[str]
    sealed: AbstractSet[str]


def readiness(journey: Journey, standing: Standing) -> Readiness:
    """What is missing before the gap report can lead to a decision.

    >>> readiness(Journey("shop", "Shop", "USD", (), {"default": 1.0}), Standing({}, set(), set())).lacks[0].sentence
    'The journey has no owner.'
    """
    steps = len(journey.steps)
    lacks = (*_people(journey), *_process(journey), *_platform(journey, standing), *_participation(journey, standing))
    return Readiness(
        journey.id,
        journey.name,
        lacks,
        {"people": 3 + steps, "process": steps, "platform": steps, "participation": 2 * steps},
    )


def _people(journey: Journey) -> list[Lack]:
    roles = (
        ("owner", journey.owner, "Name who decides what is done about it."),
        ("champion", journey.champion, "Name who argues for the customers."),
        ("defender", journey.defender, "Name who argues for the employees."),
    )
    found = [
        Lack("people", f"The journey has no {role}.", action, "journey") for role, name, action in roles if not name
    ]
    return found + [
        Lack("people", f"“{step.name}” has no owner.", "Name the team that answers for this step.", "journey", step.id)
        for step in journey.steps
        if not step.owner
    ]


def _process(journey: Journey) -> list[Lack]:
    return [
        Lack(
            "process",
            f"Nothing is written down of what “{step.name}” is meant to be.",
            "Write one sentence on what was designed.",
            "journey",
            step.id,
        )
        for step in journey.steps
        if not step.designed
    ]


def _platform(journey: Journey, standing: Standing) -> list[Lack]:
    return [
        Lack(
            "platform",
            f"Nothing of “{step.name}” was seen in this period.",
            "Import its events or answers, send them by a client, or correct what starts the step.",
            "import",
            step.id,
        )
        for step in journey.steps
        if not standing.seen.get(step.id)
    ]


def _participation(journey: Journey, standing: Standing) -> list[Lack]:
    found = []
    for step in journey.steps:
        if step.id not in standing.believed:
            sentence, action = f"Nobody has written a belief about “{step.name}”.", "Write what the team believes."
            found.append(Lack("participation", sentence, action, "belief", step.id))
        if step.id not in standing.sealed:
            sentence, action = f"No belief about “{step.name}” is sealed.", "Seal it before the next week closes."
            found.append(Lack("participation", sentence, action, "belief", step.id))
    return found
