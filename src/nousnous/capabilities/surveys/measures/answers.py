"""What somebody answered: read, checked, and where it leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nousnous.base.errors import Refused
from nousnous.capabilities.surveys.measures.definition import Question, Survey, onward

MOST_WRITTEN = 4_000
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Answer:
    """A number, choices, or words; none of them when it was skipped."""

    value: int | None = None
    choices: tuple[str, ...] = ()
    words: str = ""

    @property
    def given(self) -> bool:
        return self.value is not None or bool(self.choices or self.words)


def answer_of(question: Question, given: Sequence[str], words: str = "") -> Answer:
    """The answer of what was sent; refused in words of who answers."""
    chosen, written = tuple(dict.fromkeys(one for one in given if one)), words.strip().replace("\x00", "")
    if len(written) > MOST_WRITTEN:
        raise Refused(f"Write at most {MOST_WRITTEN} characters.")
    answer = Answer()
    if question.kind == "open":
        answer = Answer(words=written)
    elif question.scale and chosen:
        low, high = question.scale
        if len(chosen) > 1 or not chosen[0].isascii() or not chosen[0].isdigit() or not low <= int(chosen[0]) <= high:
            raise Refused(f"Choose a number from {low} to {high}.")
        answer = Answer(int(chosen[0]), words=written)
    elif chosen:
        allowed = {one.id for one in question.choices} if question.choices else {YES, NO}
        if question.kind == "statement" or not set(chosen) <= allowed or (len(chosen) > 1 and not _many(question)):
            raise Refused("Choose one of the answers that are there.")
        answer = Answer(choices=chosen)
    if question.required and not answer.given and question.kind != "statement":
        raise Refused("This question needs an answer.")
    return answer


def next_of(survey: Survey, question: Question, answer: Answer) -> str:
    """Id of the question that follows an answer, or `end`: the first branch that holds leads."""
    for branch in question.go:
        if branch.any and set(branch.any) & set(answer.choices):
            return branch.to
        if answer.value is None or branch.any:
            continue
        low = answer.value if branch.at_least is None else branch.at_least
        high = answer.value if branch.at_most is None else branch.at_most
        if low <= answer.value <= high:
            return branch.to
    return onward(survey, question)


def properties_of(survey: Survey, question: Question, answer: Answer) -> dict[str, Any]:
    """What the event `Survey Answered` says of one answer; absent is what was not said."""
    found: dict[str, Any] = {
        "survey": survey.id,
        "question": question.id,
        "kind": question.kind,
        "metric": question.kind if question.scale else "comment",
        "step": survey.step,
        "value": answer.value,
        "scale": list(question.scale) if question.scale else None,
        "answer": list(answer.choices) or None,
        "comment": answer.words or None,
        "anonymous": survey.anonymous or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _many(question: Question) -> bool:
    return question.kind == "multiple"
