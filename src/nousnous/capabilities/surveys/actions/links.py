"""Addresses at which surveys are answered: one for everybody, one for each person, and the first as a QR code."""

import io
from typing import TypedDict

import segno
from django.conf import settings

from nousnous.base.errors import Refused
from nousnous.capabilities.surveys.actions.asking import Who, ask, ask_chosen, known_people, link_of, published_of
from nousnous.capabilities.surveys.actions.versions import survey_of
from nousnous.capabilities.surveys.models import Asking, Survey
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

MOST = 10_000
FORMS = {"svg": "image/svg+xml", "png": "image/png"}


def open_address(survey: Survey, *, by_code: bool = False) -> str:
    """Where everybody may answer once per browser."""
    published_of(survey)
    return _address(survey.token) + ("?qr" if by_code else "")


class LinkShape(TypedDict):
    survey: str
    person: str
    address: str


def make_link(workspace: Workspace, survey_id: str, who: Who, actor: str) -> LinkShape:
    """Ask one person by an address that takes one answer; Refused where they may not be asked now."""
    asking = ask(survey_of(workspace, survey_id), who, "link")
    audit(workspace, actor, "make survey link", survey_id)
    return {"survey": survey_id, "person": who.user_id, "address": address_of(asking)}


class PersonalLinkShape(TypedDict):
    person: str
    address: str


class UnaskedShape(TypedDict):
    person: str
    why: str


class LinksShape(TypedDict):
    survey: str
    links: list[PersonalLinkShape]
    left_out: list[UnaskedShape]


def make_links(workspace: Workspace, survey_id: str, actor: str) -> LinksShape:
    """Ask everybody who is known, of the survey's segment where it has one, each by an address of their own.

    Answers who was left out and why.
    """
    made: list[PersonalLinkShape] = []
    left_out: list[UnaskedShape] = []
    version = published_of(survey_of(workspace, survey_id))
    people = known_people(workspace, version.definition.segment)
    if len(people) > MOST:
        raise Refused(f"These are {len(people)} people with a known id; links are made for at most {MOST} at once.")
    for person in people:
        try:
            made.append({"person": person, "address": address_of(ask_chosen(version, Who(user_id=person), "link"))})
        except Refused as refusal:
            left_out.append({"person": person, "why": refusal.sentence})
    audit(workspace, actor, "make survey links", f"{survey_id} for {len(made)}")
    return {"survey": survey_id, "links": made, "left_out": left_out}


def address_of(asking: Asking) -> str:
    """Where who was asked may answer, once."""
    return _address(link_of(asking))


def code_of(survey: Survey, form: str) -> bytes:
    """The open address as a QR code to print."""
    drawn, file = segno.make(open_address(survey, by_code=True), error="m"), io.BytesIO()
    if form == "svg":
        drawn.save(file, kind="svg", scale=8, border=4, title="Answer this survey", dark="#000", light="#fff")
    else:
        drawn.save(file, kind="png", scale=16, border=4)
    return file.getvalue()


def _address(link: str) -> str:
    return f"{settings.NOUS.address.rstrip('/')}/s/{link}/"
