"""What a survey is: its document read into frozen values, or refused with one sentence."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from nousnous.base.errors import Place, Refused
from nousnous.capabilities.surveys.measures.reading import Reader, Texts
from nousnous.capabilities.surveys.measures.themes import Theme, theme_in

KINDS: Mapping[str, str] = {
    "nps": "Would recommend, 0 to 10",
    "csat": "Satisfaction, 1 to 5",
    "ces": "Made it easy, 1 to 7",
    "rating": "Rating, 1 to 5",
    "single": "One choice",
    "multiple": "Several choices",
    "open": "Open text",
    "consent": "Consent",
    "statement": "Statement, nothing to answer",
}
SCALES: Mapping[str, tuple[int, int]] = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "rating": (1, 5)}
FREE_SCALES: Mapping[str, tuple[int, ...]] = {"csat": (3, 5, 10), "rating": (3, 4, 5, 7, 10)}
"""Where a scale may end otherwise; it always begins at 1."""
END = "end"
MOST_QUESTIONS, MOST_CHOICES, MOST_BRANCHES, MOST_BYTES = 50, 50, 20, 256 * 1024
PURPOSES = ("surveys", "analytics", "contact")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to choose from."""

    id: str
    text: Texts


@dataclass(frozen=True, slots=True)
class Branch:
    """Where to go on when an answer lies within bounds, or is any of some choices."""

    to: str
    at_least: int | None = None
    at_most: int | None = None
    any: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `scale` for those that are answered by a number."""

    id: str
    kind: str
    text: Texts
    help: Texts
    low: Texts
    high: Texts
    scale: tuple[int, int] | None
    choices: tuple[Choice, ...]
    required: bool
    purpose: str
    go: tuple[Branch, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class InPage:
    """Beside what it is asked on customers' pages; all that is given has to hold, of events and steps any one."""

    after: tuple[str, ...]
    steps: tuple[str, ...]
    paths: tuple[str, ...]
    languages: tuple[str, ...]
    share: int


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as its document says."""

    id: str
    name: str
    step: str | None
    segment: str | None
    relationship: bool
    anonymous: bool
    language: str
    questions: tuple[Question, ...]
    thanks: Texts
    theme: Theme
    in_page: InPage | None
    quota: int | None
    closes_on: date | None

    def question(self, question_id: str) -> Question | None:
        return next((one for one in self.questions if one.id == question_id), None)

    @property
    def languages(self) -> tuple[str, ...]:
        """Those in which something is said, its own first."""
        said = {language for one in self.questions for language in one.text}
        return (self.language, *sorted(said - {self.language}))

    @property
    def asks_consent(self) -> bool:
        first = self.questions[0]
        return first.kind == "consent" and first.purpose == "surveys"


def parse_survey(text: str, file: str | None = None) -> Survey:
    """The survey of a JSON document; refused with the place and what to write instead."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise Refused(f"A survey has at most {MOST_BYTES // 1024} KiB; leave something out.", Place(file))
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise Refused(f"This is no JSON: {error.msg}.", Place(file, error.lineno)) from None
    except RecursionError:
        raise Refused("This is nested too deep for a survey.", Place(file)) from None
    head = Reader(document, "", file)
    own = head.word("language", "en")
    reader = Reader(document, "", file, own)
    reader.get("language")
    survey = Survey(
        id=_id(reader),
        name=reader.word("name"),
        step=reader.word("step", "") or None,
        segment=reader.word("segment", "") or None,
        relationship=reader.flag("relationship"),
        anonymous=reader.flag("anonymous"),
        language=own,
        questions=tuple(_question(one) for one in reader.parts("questions", MOST_QUESTIONS)),
        thanks=reader.texts("thanks"),
        theme=theme_in(reader.part("theme")) if reader.has("theme") else Theme(),
        in_page=_in_page(reader.part("page")) if reader.has("page") else None,
        quota=reader.whole("quota", 1, 10_000_000),
        closes_on=_date(reader),
    )
    reader.get("theme"), reader.get("page")
    reader.done()
    _check(reader, survey)
    return survey


def said(texts: Texts, language: str, own: str) -> str:
    """A text in a language, else in its main language, else in the survey's own.

    >>> said({"en": "Hello", "de": "Hallo"}, "de-AT", "en"), said({"en": "Hello"}, "fr", "en")
    ('Hallo', 'Hello')
    """
    return texts.get(language) or texts.get(language.split("-", maxsplit=1)[0]) or texts.get(own, "")


def _id(reader: Reader) -> str:
    found = reader.word("id")
    if not _ID.fullmatch(found):
        raise reader.refused("id", "Write an id of small letters, digits, - and _, at most 60.")
    return found


def _date(reader: Reader) -> date | None:
    value = reader.get("closes_on")
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise reader.refused("closes_on", "Write a day as 2027-01-31.") from None


def _question(reader: Reader) -> Question:
    kind = reader.one_of("kind", tuple(KINDS), "")
    if not kind:
        raise reader.refused("kind", f"Write one of {', '.join(KINDS)}.")
    chosen = kind in {"single", "multiple"}
    made = Question(
        id=_id(reader),
        kind=kind,
        text=reader.texts("text", needed=True),
        help=reader.texts("help"),
        low=reader.texts("low"),
        high=reader.texts("high"),
        scale=_scale(reader, kind),
        choices=tuple(_choice(one) for one in reader.parts("choices", MOST_CHOICES)),
        required=reader.flag("required", default=kind in SCALES),
        purpose=reader.one_of("purpose", PURPOSES, "surveys"),
        go=tuple(_branch(one) for one in reader.parts("go", MOST_BRANCHES)),
        next=reader.word("next", "") or None,
    )
    reader.done()
    if chosen and not 2 <= len({one.id for one in made.choices}) == len(made.choices):
        raise reader.refused("choices", "Give at least two choices, each with an id of its own.")
    if not chosen and made.choices:
        raise reader.refused("choices", f"A question of kind {kind} has no choices; leave them out.")
    return made


def _scale(reader: Reader, kind: str) -> tuple[int, int] | None:
    given, usual = reader.get("scale"), SCALES.get(kind)
    if given is None or usual is None:
        if given is not None:
            raise reader.refused("scale", f"A question of kind {kind} has no scale; leave it out.")
        return usual
    ends = [(1, high) for high in FREE_SCALES.get(kind, ())] or [usual]
    if not isinstance(given, list) or tuple(given) not in ends:
        allowed = ", ".join(f"[{low}, {high}]" for low, high in ends)
        raise reader.refused("scale", f"A {kind} is asked on {allowed}: scales never mix.")
    return given[0], given[1]


def _choice(reader: Reader) -> Choice:
    made = Choice(_id(reader), reader.texts("text", needed=True))
    reader.done()
    return made


def _branch(reader: Reader) -> Branch:
    made = Branch(
        reader.word("to"), reader.whole("at_least", 0, 10), reader.whole("at_most", 0, 10), reader.words("any")
    )
    reader.done()
    if made.at_least is None and made.at_most is None and not made.any:
        raise reader.refused("", "Say for which answers it holds: at_least, at_most or any.")
    return made


def _in_page(reader: Reader) -> InPage:
    share = reader.whole("share", 0, 100)
    made = InPage(
        reader.words("after"),
        reader.words("steps"),
        reader.words("paths"),
        reader.words("languages"),
        100 if share is None else share,
    )
    reader.done()
    return made


def _check(reader: Reader, survey: Survey) -> None:
    """What holds between questions: ids, targets, no loop, nothing that nobody reaches."""
    places = {one.id: f"questions[{at}]" for at, one in enumerate(survey.questions, start=1)}
    if not survey.questions:
        raise reader.refused("questions", "Ask at least one question.")
    if len(places) < len(survey.questions):
        raise reader.refused("questions", "Give each question an id of its own.")
    if survey.relationship and survey.step:
        raise reader.refused("step", "A survey of the relationship is about no step; leave one of both out.")
    ways = {one.id: ways_on(survey, one) for one in survey.questions}
    for one in survey.questions:
        for branch in one.go:
            _check_branch(reader, f"{places[one.id]}.go", one, branch)
        if lost := next((target for target in ways[one.id] if target != END and target not in places), None):
            raise reader.refused(places[one.id], f"It leads to “{lost}”, which is no question and not “end”.")
    first = survey.questions[0].id
    if loop := _loop(ways, first):
        raise reader.refused(places[loop], f"“{loop}” leads back to itself: let it lead forward.")
    if left := next((one for one in places if one not in _reached(ways, first)), None):
        raise reader.refused(places[left], f"No answer leads to “{left}”; lead there, or remove it.")


def _reached(ways: Mapping[str, tuple[str, ...]], first: str) -> set[str]:
    reached, waiting = set(), [first]
    while waiting:
        if (here := waiting.pop()) != END and here not in reached:
            reached.add(here)
            waiting += ways[here]
    return reached


def _check_branch(reader: Reader, path: str, question: Question, branch: Branch) -> None:
    bounds = branch.at_least is not None or branch.at_most is not None
    if bounds and question.scale is None:
        raise reader.refused(path, f"A {question.kind} has no numbers; say `any` with its choices.")
    known = {one.id for one in question.choices} if question.choices else {"yes", "no"}
    if branch.any and (question.scale or question.kind in {"open", "statement"} or not set(branch.any) <= known):
        raise reader.refused(path, f"“{', '.join(branch.any)}” is no answer to “{question.id}”.")


def ways_on(survey: Survey, question: Question) -> tuple[str, ...]:
    """Where a question may lead: by its branches, else on."""
    return (*(branch.to for branch in question.go), onward(survey, question))


def onward(survey: Survey, question: Question) -> str:
    """Where a question leads when no branch holds."""
    if question.next:
        return question.next
    after = survey.questions.index(question) + 1
    return survey.questions[after].id if after < len(survey.questions) else END


def _loop(ways: Mapping[str, tuple[str, ...]], first: str) -> str | None:
    """A question that leads back to itself, if any."""
    over: set[str] = set()
    path: list[str] = []

    def visit(here: str) -> str | None:
        if here == END or here in over:
            return None
        if here in path:
            return here
        path.append(here)
        found = next((loop for one in ways[here] if (loop := visit(one))), None)
        path.pop()
        over.add(here)
        return found

    return visit(first)
