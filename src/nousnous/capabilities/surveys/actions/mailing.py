"""Asking people by e-mail: each gets an address of their own, and a number in the mail only chooses."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypedDict

import mrml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.template.loader import render_to_string

from nousnous.base.errors import Refused, Unavailable
from nousnous.capabilities.surveys.actions.asking import Who, ask, published_of
from nousnous.capabilities.surveys.actions.links import address_of
from nousnous.capabilities.surveys.actions.versions import survey_of
from nousnous.capabilities.surveys.measures.sheets import shown
from nousnous.capabilities.surveys.models import Asking, Survey
from nousnous.people.actions.consents import refused_for
from nousnous.people.identity import known_key
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom to write to; the address is used and not kept."""

    person: str
    email: str
    language: str = ""


class SparedShape(TypedDict):
    person: str
    why: str


class MailedShape(TypedDict):
    survey: str
    sent: int
    left_out: list[SparedShape]


def send_survey(workspace: Workspace, survey_id: str, to: Iterable[Recipient], actor: str) -> MailedShape:
    """Write to everybody who may be asked; answers how many mails went out, and who was left out and why.

    Unavailable where the mail server fails: who was not written to was not asked, so sending again writes to them.
    """
    survey, recipients = survey_of(workspace, survey_id), list(to)
    published_of(survey)
    if len(recipients) > MOST:
        raise Refused(f"Send to at most {MOST} people at once.")
    left_out: list[SparedShape] = []
    sent, connection = 0, get_connection()
    for one in recipients:
        try:
            asking = _asked(survey, one)
        except Refused as refusal:
            left_out.append({"person": one.person, "why": refusal.sentence})
            continue
        try:
            connection.open()  # does nothing where it is open
            mail_of(asking, one, connection).send()
        except OSError as error:  # those of SMTP, too
            asking.delete()
            raise Unavailable(f"The mail server failed after {sent} mails ({error}); send it again.") from error
        sent += 1
    connection.close()
    audit(workspace, actor, "send survey", f"{survey_id} to {sent}")
    return {"survey": survey_id, "sent": sent, "left_out": left_out}


def _asked(survey: Survey, to: Recipient) -> Asking:
    if not to.person:
        raise Refused("The row names no person.")
    try:
        validate_email(to.email)
    except ValidationError:
        raise Refused("This is no e-mail address.") from None
    if refused_for(survey.workspace_id, "contact", [known_key(survey.workspace, to.person)]):
        raise Refused("They did not allow being written to.")
    return ask(survey, Who(user_id=to.person), "email")


def mail_of(asking: Asking, to: Recipient, connection: Any = None) -> EmailMultiAlternatives:
    """The mail that asks somebody, in their language."""
    definition = asking.survey.versions.get(number=asking.version).definition
    spoken = shown(definition, definition.questions[0], to.language or definition.language)
    context = {**spoken, "address": address_of(asking), "workspace": asking.workspace, "theme": definition.theme}
    mail = EmailMultiAlternatives(
        subject=" ".join(spoken["question"]["text"].split()),
        body=render_to_string("surveys/mail.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to.email],
        connection=connection,
    )
    mail.attach_alternative(mrml.to_html(render_to_string("surveys/mail.mjml", context)).content, "text/html")
    return mail
