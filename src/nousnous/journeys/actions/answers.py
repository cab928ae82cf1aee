"""What the pages of journeys say in their titles, and how a map is laid out by stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from nousnous.facts.journeys import STAGES, Journey, Matcher, Step
from nousnous.journeys.matching import in_words, span_text

NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


@dataclass(frozen=True, slots=True)
class MapStep:
    """A step as the map shows it."""

    number: int
    step: Step
    starts: tuple[str, ...]
    completes: tuple[str, ...]
    fails: tuple[str, ...]
    within: str
    fractures: int


@dataclass(frozen=True, slots=True)
class MapStage:
    """Neighbouring steps of one stage."""

    name: str
    steps: tuple[MapStep, ...]


def map_of(journey: Journey, fractures: dict[str, int]) -> list[MapStage]:
    """The steps in the file's order, neighbours of one stage together."""
    placed = [
        MapStep(
            number,
            step,
            _words(step.starts),
            _words(step.completes),
            _words(step.fails),
            span_text(step.within_us),
            fractures.get(step.id, 0),
        )
        for number, step in enumerate(journey.steps, 1)
    ]
    return [MapStage(stage, tuple(steps)) for stage, steps in groupby(placed, lambda one: one.step.stage or "no stage")]


def stages_of(journey: Journey) -> list[tuple[str, list[int]]]:
    """All stages there are, each with the numbers of the journey's steps in it."""
    return [
        (stage, [number for number, step in enumerate(journey.steps, 1) if step.stage == stage]) for stage in STAGES
    ]


def map_title(journey: Journey) -> str:
    """What is most worth saying of a map."""
    ownerless = [step for step in journey.steps if not step.owner]
    undesigned = [step for step in journey.steps if not step.designed]
    if ownerless:
        return f"{journey.name}: {_count(ownerless, journey)} no owner"
    if undesigned:
        return f"{journey.name}: nobody wrote what was designed at {counted(len(undesigned), 'step')}"
    return f"{journey.name}: every step has an owner and a design"


def list_title(journeys: Sequence[Journey]) -> str:
    steps = sum(len(journey.steps) for journey in journeys)
    are = "is" if len(journeys) == 1 else "are"
    return f"{counted(len(journeys), 'journey').capitalize()} {are} mapped, {counted(steps, 'step')} in all"


def fractures_title(step: Step, number: int) -> str:
    if number == 0:
        return f"No fracture is noted at {step.name}"
    return f"{step.name} broke its promise in {counted(number, 'moment')} that we noted"


def counted(number: int, noun: str) -> str:
    """A number of things in words.

    >>> counted(1, "step"), counted(3, "step"), counted(20, "step"), counted(0, "step")
    ('one step', 'three steps', '20 steps', 'no steps')
    """
    word = NUMBERS[number] if number < len(NUMBERS) else str(number)
    return f"{word} {noun}" if number == 1 else f"{word} {noun}s"


def _words(matchers: tuple[Matcher, ...]) -> tuple[str, ...]:
    return tuple(in_words(one) for one in matchers)


def _count(steps: Sequence[Step], journey: Journey) -> str:
    if len(steps) == len(journey.steps):
        return "its only step has" if len(steps) == 1 else f"all {counted(len(steps), 'step')} have"
    return f"{counted(len(steps), 'step')} of {len(journey.steps)} {'has' if len(steps) == 1 else 'have'}"
