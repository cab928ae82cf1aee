"""Answering: what somebody sees next, and what they answered, kept for ever before they hear so.

Where somebody stands travels with the form, signed. The first answer to a question stands. Answers go to the version
that was seen, also when another was published meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core import signing

from nousnous.base import clock
from nousnous.base.errors import Missing, Refused
from nousnous.base.ids import random_id
from nousnous.capabilities.surveys.actions.asking import (
    CHANNELS,
    Who,
    asking_of,
    keep_asked,
    published_of,
    why_closed,
    why_not_by_open_link,
)
from nousnous.capabilities.surveys.measures.answers import YES, Answer, answer_of, next_of, properties_of
from nousnous.capabilities.surveys.measures.definition import END, Question
from nousnous.capabilities.surveys.measures.definition import Survey as Definition
from nousnous.capabilities.surveys.models import Asking, Survey, SurveyVersion
from nousnous.collector.accepting import accept_events
from nousnous.collector.scrubbing import clean_text
from nousnous.people.identity import anonymous_key
from nousnous.runs.locks import exclusive
from nousnous.workspaces.models import Workspace

_SALT = "surveys.state"
OPEN = "survey_"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What somebody sees: a question with the state of its form; `told` as in `measures.sheets` instead or beside."""

    workspace: Workspace
    definition: Definition
    question: Question | None
    state: str = ""
    place: int = 0
    told: Mapping[str, str] = field(default_factory=dict)
    browser: str = ""


@dataclass(frozen=True, slots=True)
class _State:
    """Where somebody stands: version, question, a name for this way through, whether they have answered something."""

    link: str
    version: int
    question: str
    response: str
    browser: str
    begun: bool = False
    place: int = 1

    def signed(self) -> str:
        return signing.dumps([getattr(self, name) for name in self.__slots__], salt=_SALT)


def open_sheet(link: str, browser: str = "") -> Sheet:
    """What somebody with a link sees first; `browser` is what an open link remembered of them, if anything."""
    survey, asking = _target(link, browser)
    if asking is not None and (asking.finished_at or (asking.answered_at and not asking.position)):
        return _over(survey, asking, "already")
    version = published_of(survey)
    number = asking.version if asking and asking.answered_at else version.number
    definition = _definition(survey, number)
    if not (asking and asking.answered_at) and (closed := _why_not(survey, definition, asking, browser)):
        return _over(survey, asking, closed)
    first = asking.position if asking and asking.position else definition.questions[0].id
    state = _State(link, number, first, random_id("response"), browser or random_id("browser"))
    return _sheet(survey, definition, state)


def sheet_of_asking(asking: Asking, link: str) -> Sheet:
    """What is shown on a page of customers' to who was asked there."""
    definition = _definition(asking.survey, asking.version)
    state = _State(link, asking.version, definition.questions[0].id, random_id("response"), "")
    return _sheet(asking.survey, definition, state)


def take_answer(link: str, signed: str, given: Sequence[str], words: str = "", way: str = "open") -> Sheet:
    """Keep an answer and say what comes next; Refused, with nothing kept, where it is none."""
    state = _read(signed, link)
    survey, asking = _target(link, state.browser)
    if asking is not None and asking.answered_at:
        return _take(state, given, words, way)
    with exclusive(f"answers-{survey.token}"):  # of two that begin at once by one link one stands, and quotas are kept
        return _take(state, given, words, way)


def dismiss(asking: Asking) -> None:
    """Somebody closed a survey without answering: kept apart, in no rate's denominator."""
    Asking.objects.filter(pk=asking.pk, answered_at=None, dismissed_at=None).update(dismissed_at=_now(asking))


def _take(state: _State, given: Sequence[str], words: str, way: str) -> Sheet:
    survey, asking = _target(state.link, state.browser)
    definition = _definition(survey, state.version)
    question = definition.question(state.question)
    if question is None:
        raise Missing("There is no such question.")
    if asking is not None and (stopped := _stopped(survey, definition, asking, state)):
        return stopped
    if not (asking and asking.answered_at) and (closed := _why_not(survey, definition, asking, state.browser)):
        return _over(survey, asking, closed)
    answer = answer_of(question, given, clean_text(words))
    if asking is None:
        version = _version(survey, state.version)
        asking = keep_asked(survey, version, Who(anonymous_id=state.browser), "qr" if way == "qr" else "open")
    if answer.given:
        source = f"survey:{survey.survey_id}"
        accept_events(survey.workspace, _events(definition, question, answer, (asking, state)), source)
    return _go_on(survey, definition, asking, (state, question, answer))


def _go_on(survey: Survey, definition: Definition, asking: Asking, done: tuple[_State, Question, Answer]) -> Sheet:
    state, question, answer = done
    following = next_of(definition, question, answer)
    now = _now(asking, definition)
    fresh: dict[str, Any] = {"position": "" if definition.anonymous or following == END else following}
    if answer.given:
        fresh["answered_at"] = asking.answered_at or now
    if following == END:
        fresh["finished_at"] = now
    Asking.objects.filter(pk=asking.pk).update(**fresh)
    if following == END:
        return Sheet(survey.workspace, definition, None, browser=state.browser)
    begun = state.begun or answer.given
    return _sheet(survey, definition, replace(state, question=following, begun=begun, place=state.place + 1))


def _why_not(survey: Survey, definition: Definition, asking: Asking | None, browser: str) -> str:
    if asking is None:
        return why_not_by_open_link(survey, definition, browser)
    return why_closed(survey, definition)


def _stopped(survey: Survey, definition: Definition, asking: Asking, state: _State) -> Sheet | None:
    """Nothing where the answer may be taken; otherwise what is shown instead, for the first answer stands."""
    if not asking.answered_at:
        return None
    if asking.finished_at or (definition.anonymous and not state.begun):
        return _over(survey, asking, "already")
    if asking.position and asking.position != state.question:
        sheet = _sheet(survey, definition, replace(state, question=asking.position))
        return replace(sheet, told={"note": "stands", "on": _day(asking)})
    return None


def _events(
    definition: Definition, question: Question, answer: Answer, of: tuple[Asking, _State]
) -> list[dict[str, Any]]:
    """The answer as the event that a browser would send, and a choice about their data beside it."""
    asking, state = of
    said = properties_of(definition, question, answer)
    said |= {"version": asking.version, "way": asking.way, "screen": asking.screen or None}
    told: dict[str, Any] = {"type": "track", "timestamp": clock.now().isoformat()}
    if definition.anonymous:
        return [
            {**told, "event": "Survey Answered", "messageId": f"{state.response}-{question.id}", "properties": said}
        ]
    said |= {
        "channel": CHANNELS[asking.way],
        "session_id": asking.session_id or None,
        "moment": asking.moment_us,
        "element": f"survey:{definition.id}",
    }
    told |= {"userId": asking.user_id or None, "anonymousId": asking.anonymous_id or None}
    name = f"{asking.id}-{question.id}"
    events = [{**told, "event": "Survey Answered", "messageId": name, "properties": said}]
    if question.kind == "consent":
        chosen = {"categoryPreferences": {question.purpose: YES in answer.choices}}
        events.insert(
            0, {**told, "event": "Consent Updated", "messageId": f"{name}-consent", "context": {"consent": chosen}}
        )
    return events


def _target(link: str, browser: str) -> tuple[Survey, Asking | None]:
    """The survey of a link, and the asking it belongs to, if there is one yet."""
    if not link.startswith(OPEN):
        asking = asking_of(link)
        return asking.survey, asking
    survey = Survey.objects.select_related("workspace").filter(pk=link).first()
    if survey is None:
        raise Missing("There is no such survey; the link may be cut off.")
    if not browser:
        return survey, None
    key = anonymous_key(survey.workspace, browser)
    return survey, Asking.objects.filter(survey=survey, anonymous_key=key, way__in=("open", "qr")).first()


def _version(survey: Survey, number: int) -> SurveyVersion:
    found = survey.versions.filter(number=number).first()
    if found is None:
        raise Missing("There is no such version of this survey.")
    return found


def _definition(survey: Survey, number: int) -> Definition:
    return _version(survey, number).definition


def _read(signed: str, link: str) -> _State:
    try:
        state = _State(*signing.loads(signed, salt=_SALT))
    except (signing.BadSignature, TypeError):
        raise Refused("This form is damaged; open the link again.") from None
    if state.link != link:
        raise Refused("This form belongs to another link; open the link again.")
    return state


def _sheet(survey: Survey, definition: Definition, state: _State) -> Sheet:
    question = definition.question(state.question)
    return Sheet(survey.workspace, definition, question, state.signed(), state.place, browser=state.browser)


def _over(survey: Survey, asking: Asking | None, words: str) -> Sheet:
    number = asking.version if asking else published_of(survey).number
    told = {"over": words, "on": _day(asking) if asking else ""}
    return Sheet(survey.workspace, _definition(survey, number), None, told=told)


def _day(asking: Asking) -> str:
    return f"{asking.answered_at:%Y-%m-%d}" if asking.answered_at else ""


def _now(asking: Asking, definition: Definition | None = None) -> Any:
    """This instant; of an anonymous survey the day alone is kept."""
    anonymous = definition.anonymous if definition else not (asking.user_id or asking.anonymous_id)
    now = clock.now()
    return now.replace(hour=0, minute=0, second=0, microsecond=0) if anonymous else now
