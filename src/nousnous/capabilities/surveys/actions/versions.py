"""Saving surveys, publishing and closing them, finding them again."""

import json
from typing import Any

from django.db import transaction

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, Place, Refused
from nousnous.capabilities.surveys.actions.told import tell_of_surveys
from nousnous.capabilities.surveys.measures.definition import Survey as Definition
from nousnous.capabilities.surveys.measures.definition import parse_survey
from nousnous.capabilities.surveys.models import Survey, SurveyVersion
from nousnous.journeys.actions.segments import list_segments
from nousnous.journeys.actions.versions import list_journeys
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace


def save_survey(workspace: Workspace, text: str, actor: str, file: str | None = None) -> Survey:
    """Keep a document as what its survey says; nobody is asked it before it is published."""
    definition = parse_survey(text, file)
    with transaction.atomic():
        found, made = Survey.objects.get_or_create(
            workspace=workspace,
            survey_id=definition.id,
            defaults={"name": definition.name, "text": text, "actor": actor},
        )
        if made or found.text != text:
            found.name, found.text, found.actor, found.changed_at = definition.name, text, actor, clock.now()
            found.save()
            audit(workspace, actor, "save survey", definition.id)
    return found


def replace_survey(workspace: Workspace, survey_id: str, text: str, actor: str) -> Survey:
    """Save a document of a survey that is there; its id stays."""
    standing = survey_of(workspace, survey_id)
    if parse_survey(text).id != standing.survey_id:
        raise Refused(f"A survey keeps its id: write “{survey_id}”, or save this as a new one.", Place(field="id"))
    return save_survey(workspace, text, actor)


def publish_survey(workspace: Workspace, survey_id: str, actor: str) -> SurveyVersion:
    """Ask what the document says from now on; the same text makes no new version. One that was closed opens again."""
    with transaction.atomic():
        survey = survey_of(workspace, survey_id)
        _check_targets(workspace, survey.definition)
        newest = survey.published
        if newest is None or newest.text != survey.text:
            number = newest.number + 1 if newest else 1
            newest = SurveyVersion.objects.create(survey=survey, number=number, text=survey.text, actor=actor)
        if survey.closed_at is not None:
            survey.closed_at = None
            survey.save(update_fields=["closed_at"])
        audit(workspace, actor, "publish survey", f"{survey_id} version {newest.number}")
        tell_of_surveys(workspace)
    return newest


def _check_targets(workspace: Workspace, definition: Definition) -> None:
    """A segment and steps that a survey is asked by are there."""
    if definition.segment and not any(one.name == definition.segment for one in list_segments(workspace)):
        raise Refused(f"There is no segment “{definition.segment}”.", Place(field="segment"))
    steps = {step.id for version in list_journeys(workspace) for step in version.journey.steps}
    wanted = definition.in_page.steps if definition.in_page else ()
    if lost := next((one for one in wanted if one not in steps), None):
        raise Refused(f"There is no step “{lost}” in any journey.", Place(field="page.steps"))


def close_survey(workspace: Workspace, survey_id: str, actor: str) -> Survey:
    """Ask nobody any more; who has begun may finish."""
    with transaction.atomic():
        survey = survey_of(workspace, survey_id)
        if survey.published is None:
            raise Conflict("This survey was never published, so there is nothing to close.")
        if survey.closed_at is None:
            survey.closed_at = clock.now()
            survey.save(update_fields=["closed_at"])
            audit(workspace, actor, "close survey", survey_id)
        tell_of_surveys(workspace)
    return survey


def survey_of(workspace: Workspace, survey_id: str) -> Survey:
    found = Survey.objects.filter(workspace=workspace, survey_id=survey_id).first()
    if found is None:
        raise Missing(f"There is no survey “{survey_id}” in this workspace; `nous survey list` shows those that are.")
    return found


def list_surveys(workspace: Workspace) -> list[Survey]:
    return list(Survey.objects.filter(workspace=workspace).prefetch_related("versions"))


def written(document: dict[str, Any]) -> str:
    """A document as its text.

    >>> written({"id": "a"})
    '{\\n  "id": "a"\\n}\\n'
    """
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
