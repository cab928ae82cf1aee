"""Surveys in the API: their documents, versions, links, and how many answered."""

from ninja import Field, Query, Router, Schema

from nousnous.base.errors import Place, Refused
from nousnous.base.shapes import Page
from nousnous.capabilities.surveys.actions import building, links, mailing, versions
from nousnous.capabilities.surveys.actions.asking import MOST_ID, Who
from nousnous.capabilities.surveys.actions.rates import RateShape, rates_of
from nousnous.capabilities.surveys.models import Survey, SurveyShape, SurveyVersionShape
from nousnous.workspaces.access import WorkspaceRequest, permission
from nousnous.workspaces.paging import Paging, page_of

router = Router(tags=["surveys"])
LAST_US = 32_503_680_000_000_000


class ListedSurveyShape(SurveyShape, RateShape):
    """A survey, and how many answered."""


class SurveyText(Schema):
    text: str = Field(..., description="The document as JSON text, as it is exported; or the export of another tool.")


class ForWhom(Schema):
    person: str = Field("", max_length=MOST_ID, description="Known id of the person.")
    everybody: bool = Field(default=False, description="An address for each person who is known.")
    moment_us: int | None = Field(None, ge=0, le=LAST_US, description="The moment it is about.")
    screen: str = Field("", max_length=500)


class To(Schema):
    person: str = Field(..., min_length=1, max_length=MOST_ID, description="Known id of the person.")
    email: str = Field(..., max_length=320)
    language: str = Field("", max_length=12, description="Empty for the survey's own.")


class Mails(Schema):
    people: list[To] = Field(..., max_length=mailing.MOST)


class WholeSurveyShape(ListedSurveyShape):
    """A survey with its document; `address` where anybody may answer it."""

    text: str
    versions: list[SurveyVersionShape]
    address: str | None


class SavedSurveyShape(WholeSurveyShape):
    left_out: list[str]


@router.get("/surveys")
@permission("surveys:read")
def list_surveys(request: WorkspaceRequest, paging: Query[Paging]) -> Page[ListedSurveyShape]:
    """All surveys with their state and how many answered."""
    rates = rates_of(request.workspace)
    rows = Survey.objects.filter(workspace=request.workspace).prefetch_related("versions")
    return page_of(rows, paging, lambda one: {**one.as_dict(), **rates[one.survey_id].as_dict()})


@router.post("/surveys")
@permission("surveys:write")
def save_survey(request: WorkspaceRequest, text: SurveyText) -> SavedSurveyShape:
    """Save a document as what the survey of its id says, or an export of Formbricks or LimeSurvey as a new survey.

    Nobody is asked it before it is published; `left_out` says what of an export has no counterpart here.
    """
    saved, foreign = building.take_in(request.workspace, text.text, request.access.actor)
    return {**_whole(saved), "left_out": list(foreign.left_out) if foreign else []}


@router.get("/surveys/{survey}")
@permission("surveys:read")
def get_survey(request: WorkspaceRequest, survey: str) -> WholeSurveyShape:
    """A survey with its document, versions, and how many answered."""
    return _whole(versions.survey_of(request.workspace, survey))


@router.put("/surveys/{survey}")
@permission("surveys:write")
def put_survey(request: WorkspaceRequest, survey: str, text: SurveyText) -> WholeSurveyShape:
    """Save a document of a survey that is there."""
    return _whole(versions.replace_survey(request.workspace, survey, text.text, request.access.actor))


@router.post("/surveys/{survey}/publish")
@permission("surveys:write")
def publish_survey(request: WorkspaceRequest, survey: str) -> WholeSurveyShape:
    """Ask what the document says from now on."""
    versions.publish_survey(request.workspace, survey, request.access.actor)
    return _whole(versions.survey_of(request.workspace, survey))


@router.post("/surveys/{survey}/close")
@permission("surveys:write")
def close_survey(request: WorkspaceRequest, survey: str) -> WholeSurveyShape:
    """Ask nobody any more."""
    return _whole(versions.close_survey(request.workspace, survey, request.access.actor))


@router.post("/surveys/{survey}/links")
@permission("surveys:write")
def make_link(request: WorkspaceRequest, survey: str, whom: ForWhom) -> links.LinkShape | links.LinksShape:
    """Ask one person by an address that takes one answer; refused where they may not be asked now.

    Or everybody who is known, of its segment where it has one: `links`, and who was left out and why.
    """
    if not whom.person and not whom.everybody:
        raise Refused("Say for whom: the id of a person, or everybody.", Place(field="person"))
    if whom.everybody:
        return links.make_links(request.workspace, survey, request.access.actor)
    who = Who(user_id=whom.person, screen=whom.screen, moment_us=whom.moment_us)
    return links.make_link(request.workspace, survey, who, request.access.actor)


@router.post("/surveys/{survey}/mails")
@permission("surveys:write")
def send_survey(request: WorkspaceRequest, survey: str, mails: Mails) -> mailing.MailedShape:
    """Write to people, each with an address of their own; answers who was left out and why. Addresses are not kept."""
    to = [mailing.Recipient(one.person, one.email, one.language) for one in mails.people]
    return mailing.send_survey(request.workspace, survey, to, request.access.actor)


def _whole(survey: Survey) -> WholeSurveyShape:
    rate = rates_of(survey.workspace)[survey.survey_id]
    published = [one.as_dict() for one in survey.versions.all()]
    address = links.open_address(survey) if published else None
    return {**survey.as_dict(), "text": survey.text, "versions": published, "address": address, **rate.as_dict()}
