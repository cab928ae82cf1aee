"""Addresses at which surveys are answered: one for everybody, one for each person, and the first as a QR code."""

import io
from typing import Any

import segno
from django.conf import settings

from nousnous.capabilities.surveys.actions.asking import Who, ask, link_of, published_of
from nousnous.capabilities.surveys.actions.versions import survey_of
from nousnous.capabilities.surveys.models import Asking, Survey
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

FORMS = {"svg": "image/svg+xml", "png": "image/png"}


def open_address(survey: Survey, *, by_code: bool = False) -> str:
    """Where everybody may answer once per browser."""
    published_of(survey)
    return _address(survey.token) + ("?qr" if by_code else "")


def make_link(workspace: Workspace, survey_id: str, who: Who, actor: str) -> dict[str, Any]:
    """Ask one person by an address that takes one answer; Refused where they may not be asked now."""
    asking = ask(survey_of(workspace, survey_id), who, "link")
    audit(workspace, actor, "make survey link", survey_id)
    return {"survey": survey_id, "person": who.user_id, "address": address_of(asking)}


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
