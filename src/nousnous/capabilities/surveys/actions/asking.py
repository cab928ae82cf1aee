"""Asking somebody: whether they may be asked now, by whichever way, and keeping that they were."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import ibis
from django.core import signing

from nousnous.base import clock
from nousnous.base.errors import Missing, Refused
from nousnous.capabilities.surveys.measures.asking import Asked, rest_until
from nousnous.capabilities.surveys.measures.definition import Survey as Definition
from nousnous.capabilities.surveys.measures.words import words_of
from nousnous.capabilities.surveys.models import Asking, Survey, SurveyVersion
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions.segments import People, persons_in, segment_of
from nousnous.people.actions.consents import refused_keys
from nousnous.people.identity import anonymous_key, known_key, links_of
from nousnous.runs.locks import exclusive
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace, WriteKey

WAYS = ("page", "link", "open", "email", "qr")
CHANNELS = {"page": "web", "link": "link", "open": "link", "email": "email", "qr": "qr"}
MOST_ID = 500
_signer = signing.Signer(sep=".", salt="surveys.link")


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody to be asked: ids as they come with events, where they are, the moment it is about."""

    user_id: str = ""
    anonymous_id: str = ""
    session_id: str = ""
    screen: str = ""
    moment_us: int | None = None


def ask(survey: Survey, who: Who, way: str) -> Asking:
    """Keep that somebody is asked now; Refused with the reason where they may not be."""
    version = published_of(survey)
    definition = version.definition
    keys = _keys(survey.workspace, who)
    if definition.segment and not is_in(survey.workspace, definition.segment, keys):
        raise Refused(f"They are not in the segment “{definition.segment}”.")
    return ask_chosen(version, who, way)


def ask_chosen(version: SurveyVersion, who: Who, way: str) -> Asking:
    """Ask somebody whom the survey is for."""
    survey, definition, keys = version.survey, version.definition, _keys(version.survey.workspace, who)
    with exclusive(f"askings-{survey.workspace_id}"):
        if closed := why_closed(survey, definition):
            raise Refused(words_of("en")[closed])
        if reason := _why_not(survey.workspace, definition, keys):
            raise Refused(reason)
        return keep_asked(survey, version, who, way)


def why_not_by_open_link(survey: Survey, definition: Definition, browser: str) -> str:
    """Why who comes by the open link may not answer, as `why_closed` says it; to a segment's survey no stranger may."""
    if closed := why_closed(survey, definition):
        return closed
    keys = [anonymous_key(survey.workspace, browser)] if browser else []
    inside = not definition.segment or (keys and is_in(survey.workspace, definition.segment, keys))
    return "" if inside else "invited"


def why_closed(survey: Survey, definition: Definition) -> str:
    """Why nobody is asked this survey any more, as the name of its words (`measures.words`); empty while it is open."""
    today = clock.now().astimezone(ZoneInfo(survey.workspace.timezone)).date()
    if survey.closed_at is not None or (definition.closes_on and today > definition.closes_on):
        return "closed"
    if definition.quota is not None:
        answered = Asking.objects.filter(survey=survey).exclude(answered_at=None).count()
        if answered >= definition.quota:
            return "full"
    return ""


def _why_not(workspace: Workspace, definition: Definition, keys: Iterable[int]) -> str:
    """Why somebody is not asked now, by the one rule for all ways; empty where they may be."""
    identities = list(keys)
    if refused_keys(workspace.id, "scores", identities) and not definition.asks_consent:
        return "They did not allow that what they answer is kept."
    asked = Asking.objects.of_people(workspace, identities)
    history = [Asked(clock.to_us(one.asked_at), one.relationship) for one in asked]
    until_us = rest_until(history, clock.now_us(), relationship=definition.relationship)
    if until_us is None:
        return ""
    until = clock.from_us(until_us).astimezone(ZoneInfo(workspace.timezone))
    return f"They were asked something not long ago and are left alone until {until:%Y-%m-%d}."


def is_in(workspace: Workspace, segment: str, keys: Iterable[int]) -> bool:
    """Whether somebody is in a segment as things stand."""
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS, SCORES)
    identities = list(keys)
    links = links_of(snapshot, identities)
    persons = [links[key].person_key if key in links else key for key in identities]
    people = People(snapshot.events(), snapshot.resolved(SCORES))
    inside = persons_in(workspace, segment_of(workspace, segment), people)
    return bool(inside.filter(inside.person_key.isin(persons)).count().to_pyarrow().as_py())


def known_people(workspace: Workspace, segment: str | None) -> list[str]:
    """The known ids of people, one a person; those of a segment as things stand, where one is named."""
    snapshot = lake_of(workspace).snapshot(EVENTS, LINKS, SCORES)
    people = People(snapshot.events(), snapshot.resolved(SCORES))
    both = [
        rows.filter(rows.user_id.notnull()).select("person_key", "user_id") for rows in (people.events, people.scores)
    ]
    named = ibis.union(*both)
    if segment:
        inside = persons_in(workspace, segment_of(workspace, segment), people)
        named = named.semi_join(inside, "person_key")
    named = named.group_by("person_key").agg(user_id=ibis._.user_id.min())
    return sorted(named.to_pyarrow()["user_id"].to_pylist())


def survey_in_page(token: str, key: str) -> Survey:
    """The survey that a page asks for with a write key of the same workspace; Missing where there is none."""
    survey = Survey.objects.select_related("workspace").filter(pk=token).first()
    if survey is None or not WriteKey.objects.valid().filter(workspace=survey.workspace, key=key).exists():
        raise Missing("There is no such survey.")
    return survey


def published_of(survey: Survey) -> SurveyVersion:
    version = survey.published
    if version is None:
        raise Missing("This survey is not published yet.")
    return version


def link_of(asking: Asking) -> str:
    """The part of an address that lets one person answer once; signed, so that none can be guessed or made up."""
    return _signer.sign(asking.id)


def asking_of(link: str) -> Asking:
    """Who was asked by a link; Missing where it was not made here or was erased."""
    try:
        asking_id = _signer.unsign(link)
    except signing.BadSignature:
        asking_id = ""
    found = Asking.objects.select_related("survey__workspace").filter(pk=asking_id).first()
    if found is None:
        raise Missing("There is no such survey; the link may be cut off.")
    return found


def keep_asked(survey: Survey, version: SurveyVersion, who: Who, way: str) -> Asking:
    """Keep it, whatever the rule says: for who comes by themselves."""
    if max(len(who.user_id), len(who.anonymous_id)) > MOST_ID:
        raise Refused(f"Ids of people have at most {MOST_ID} characters.")
    definition, now = version.definition, clock.now()
    if definition.anonymous:  # nothing that could lead from an answer back to a person
        now = now.replace(hour=0, minute=0, second=0, microsecond=0)
    keys = {
        "identity_key": known_key(survey.workspace, who.user_id) if who.user_id else None,
        "anonymous_key": anonymous_key(survey.workspace, who.anonymous_id) if who.anonymous_id else None,
    }
    person = {
        "user_id": who.user_id,
        "anonymous_id": who.anonymous_id,
        "session_id": who.session_id[:200],
        "moment_us": who.moment_us,
    }
    return Asking.objects.create(
        workspace=survey.workspace,
        survey=survey,
        version=version.number,
        way=way,
        relationship=definition.relationship,
        screen=who.screen[:500],
        asked_at=now,
        **keys,
        **({} if definition.anonymous else person),
    )


def _keys(workspace: Workspace, who: Who) -> list[int]:
    known = [known_key(workspace, who.user_id)] if who.user_id else []
    return [*known, anonymous_key(workspace, who.anonymous_id)] if who.anonymous_id else known
