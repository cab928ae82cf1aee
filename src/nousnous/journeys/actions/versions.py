"""Applying journeys, version by version, and finding them again."""

import difflib
from dataclasses import dataclass
from typing import Literal, TypedDict

from django.db import transaction

from nousnous.base import clock
from nousnous.base.clock import SECOND_US
from nousnous.base.errors import Missing, Place, Refused
from nousnous.facts.journeys import Journey, JourneyApplied, JourneyPutAway, Matcher
from nousnous.journeys.actions.seen import unseen_warnings
from nousnous.journeys.definition import Definition, parse_journey
from nousnous.journeys.matching import asked_in
from nousnous.journeys.models import Archival, JourneyVersion, JourneyVersions
from nousnous.journeys.ports import beliefs
from nousnous.runs import outbox
from nousnous.workspaces.actions import audit
from nousnous.workspaces.browsers import tell_browsers
from nousnous.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Applied:
    """The version that is current now, whether it is a new one, and what may be meant otherwise."""

    version: JourneyVersion
    changed: bool
    definition: Definition
    warnings: tuple[str, ...]


def apply_journey(workspace: Workspace, text: str, file: str | None, actor: str) -> Applied:
    """Make a text the current version of its journey and keep its beliefs; an unchanged text makes no new version.

    A journey that was put away comes back.
    """
    definition = parse_journey(text, file)
    warnings = warnings_of(workspace, definition)
    journey = definition.journey
    with transaction.atomic():
        Archival.objects.filter(workspace=workspace, journey_id=journey.id).delete()
        newest = _versions(workspace, journey.id).first()
        changed = newest is None or newest.text != text
        if newest is None or changed:
            newest = JourneyVersion.objects.create(
                workspace=workspace,
                journey_id=journey.id,
                number=newest.number + 1 if newest else 1,
                name=journey.name[:200],
                text=text,
                actor=actor,
            )
            audit(workspace, actor, "apply journey", f"{journey.id} version {newest.number}")
        _tell_browsers(workspace)
        if definition.beliefs:
            beliefs().keep(workspace, definition.beliefs, actor)
        outbox.record(JourneyApplied(workspace.id, journey.id, newest.number))
    return Applied(newest, changed, definition, warnings)


def replace_journey(workspace: Workspace, journey_id: str, text: str, actor: str) -> Applied:
    """Apply a text to a journey that is there; its id stays."""
    standing = journey_of(workspace, journey_id)
    given = parse_journey(text).journey.id
    if given != standing.journey_id:
        raise Refused(
            f'The text is of “{given}”, and a journey keeps its id: write id = "{standing.journey_id}", '
            "or apply the text as a new journey.",
            Place(field="journey.id"),
        )
    return apply_journey(workspace, text, None, actor)


def warnings_of(workspace: Workspace, definition: Definition) -> tuple[str, ...]:
    """What may be meant otherwise in a file: its own warnings, another currency, names that never came."""
    found = list(definition.warnings)
    currency = definition.journey.currency
    if currency != workspace.currency:
        found.append(f"The journey counts in {currency}, the workspace in {workspace.currency}; nothing is converted.")
    return (*found, *unseen_warnings(workspace, definition.journey))


def journey_of(workspace: Workspace, journey_id: str | None = None) -> JourneyVersion:
    """The current version of a journey; without an id the only journey there is."""
    if journey_id is not None:
        found = _versions(workspace, journey_id).first()
        if found is None:
            raise Missing(
                f"There is no journey “{journey_id}” in this workspace; `nous journey list` shows those that are."
            )
        return found
    standing = list_journeys(workspace)
    if not standing:
        raise Missing("This workspace has no journey; `nous journey apply FILE` makes one.")
    if len(standing) > 1:
        names = ", ".join(version.journey_id for version in standing)
        raise Refused(f"Say which journey: {names}.", Place(field="journey"))
    return standing[0]


def list_journeys(workspace: Workspace) -> list[JourneyVersion]:
    """The current versions of all journeys that were not put away."""
    return list(JourneyVersion.objects.of(workspace).current().standing().order_by("name", "journey_id"))


def archived_journeys(workspace: Workspace) -> list[JourneyVersion]:
    """The last versions of journeys that were put away."""
    away = Archival.objects.filter(workspace=workspace).values_list("journey_id", flat=True)
    return list(JourneyVersion.objects.of(workspace).current().filter(journey_id__in=away))


def list_versions(workspace: Workspace, journey_id: str) -> list[JourneyVersion]:
    """All versions of a journey, newest first."""
    found = list(_versions(workspace, journey_id))
    if not found:
        raise Missing(
            f"There is no journey “{journey_id}” in this workspace; `nous journey list` shows those that are."
        )
    return found


def version_of(workspace: Workspace, journey_id: str, number: int) -> JourneyVersion:
    """One version of a journey."""
    found = _versions(workspace, journey_id).filter(number=number).first()
    if found is None:
        raise Missing(f"There is no version {number} of a journey “{journey_id}” in this workspace.")
    return found


def archive_journey(workspace: Workspace, journey_id: str, actor: str) -> None:
    """Put a journey away; applying it again brings it back."""
    version = journey_of(workspace, journey_id)
    with transaction.atomic():
        Archival.objects.get_or_create(
            workspace=workspace,
            journey_id=version.journey_id,
            defaults={"actor": actor, "archived_at": clock.now()},
        )
        audit(workspace, actor, "archive journey", version.journey_id)
        outbox.record(JourneyPutAway(workspace.id, version.journey_id))
        _tell_browsers(workspace)


def is_archived(workspace: Workspace, journey_id: str) -> bool:
    return Archival.objects.filter(workspace=workspace, journey_id=journey_id).exists()


class MatcherShape(TypedDict):
    """What an event must be: one of some names, with properties of some values."""

    event: list[str]
    where: dict[str, list[str | float | bool | None]]


class StepShape(TypedDict):
    """A step with the fields of the file."""

    id: str
    name: str
    stage: str | None
    channel: str | None
    owner: str | None
    designed: str | None
    backstage: str | None
    service: bool
    starts: list[MatcherShape]
    completes: list[MatcherShape]
    fails: list[MatcherShape]
    within_s: float
    clock: Literal["active", "elapsed"]
    reference_s: float | None


def steps_as_dicts(journey: Journey) -> list[StepShape]:
    """The steps as data: fields as in the file, matchers as lists, spans in seconds."""
    return [
        {
            "id": step.id,
            "name": step.name,
            "stage": step.stage,
            "channel": step.channel,
            "owner": step.owner,
            "designed": step.designed,
            "backstage": step.backstage,
            "service": step.service,
            "starts": _as_dicts(step.starts),
            "completes": _as_dicts(step.completes),
            "fails": _as_dicts(step.fails),
            "within_s": step.within_us / SECOND_US,
            "clock": "active" if step.active_clock else "elapsed",
            "reference_s": None if step.owners_us is None else step.owners_us / SECOND_US,
        }
        for step in journey.steps
    ]


def _as_dicts(matchers: tuple[Matcher, ...]) -> list[MatcherShape]:
    return [
        {"event": list(one.events), "where": {condition.property: list(condition.values) for condition in one.where}}
        for one in matchers
    ]


def changed_lines(before: str, after: str) -> list[str]:
    """What a text changes, as the lines of a unified difference without its head.

    >>> changed_lines("a\\nb", "a\\nc")
    ['@@ -1,2 +1,2 @@', ' a', '-b', '+c']
    """
    return list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2))[2:]


def _tell_browsers(workspace: Workspace) -> None:
    """Tell browsers which values of properties all journeys ask for: events may have these, and no others for that."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)  # of two that apply at once the later tells of both
    tell_browsers(workspace, "journeys", asked_in(version.journey for version in list_journeys(workspace)))


def _versions(workspace: Workspace, journey_id: str) -> JourneyVersions:
    return JourneyVersion.objects.of(workspace).filter(journey_id=journey_id).order_by("-number")
