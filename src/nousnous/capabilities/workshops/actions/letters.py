"""The ways to a workshop: a code for the room, and one-time links by e-mail to addresses that are used and not kept."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, TypedDict

import mrml
import segno
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.db.models import F
from django.template.loader import render_to_string

from nousnous.base.errors import Conflict, Refused, Unavailable
from nousnous.capabilities.workshops.actions.voting import letter_of
from nousnous.capabilities.workshops.models import Round, Workshop
from nousnous.people.actions.consents import refused_for
from nousnous.people.identity import known_key
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

MOST: Final = 1_000
FORMS: Final = {"svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom to write to; with an id, their consent is asked. Neither is kept."""

    email: str
    person: str = ""


def address_of(link: str) -> str:
    return f"{settings.NOUS.address.rstrip('/')}/vote/{link}/"


def code_of(workshop: Workshop, form: str) -> bytes:
    """The address of a workshop as a QR code, to show in the room."""
    drawn, file = segno.make(address_of(workshop.link), error="m"), io.BytesIO()
    if form == "svg":
        drawn.save(file, kind="svg", scale=8, border=4, title="Vote", dark="#000", light="#fff")
    else:
        drawn.save(file, kind="png", scale=16, border=4)
    return file.getvalue()


class UnsentShape(TypedDict):
    email: str
    why: str


class LettersShape(TypedDict):
    workshop: str
    sent: int
    left_out: list[UnsentShape]


def send_letters(workspace: Workspace, workshop_id: str, to: Iterable[Recipient], actor: str) -> LettersShape:
    """Write to everybody who may be written to; answers how many mails went out, and who was left out and why."""
    workshop, recipients = Workshop.objects.named(workspace, workshop_id), list(to)
    found = workshop.current
    if found is None or found.is_over:
        raise Conflict("No round is open; open one first.")
    if len(recipients) > MOST:
        raise Refused(f"Send to at most {MOST} people at once.")
    left_out: list[UnsentShape] = []
    sent, connection = 0, get_connection()
    for one in recipients:
        reason = _why_not(workspace, one)
        if reason:
            left_out.append({"email": one.email, "why": reason})
            continue
        try:
            connection.open()  # does nothing where it is open
            _mail(workshop, found, one, connection).send()
        except OSError as error:  # those of SMTP, too
            raise Unavailable(f"The mail server failed after {sent} mails ({error}); send the rest again.") from error
        sent += 1
        Round.objects.filter(pk=found.pk).update(letters=F("letters") + 1)
    connection.close()
    audit(workspace, actor, "send votes", f"{workshop_id} to {sent}")
    return {"workshop": workshop_id, "sent": sent, "left_out": left_out}


def recipients_in(text: str) -> list[Recipient]:
    """Addresses as somebody pastes them: one a line, perhaps with the person's id after a comma.

    >>> recipients_in("ann@example.org, ann\\n\\nben@example.org")[1]
    Recipient(email='ben@example.org', person='')
    """
    rows = [line.split(",", 1) for line in text.splitlines() if line.strip()]
    return [Recipient(row[0].strip(), row[1].strip() if len(row) > 1 else "") for row in rows]


def _why_not(workspace: Workspace, to: Recipient) -> str:
    try:
        validate_email(to.email)
    except ValidationError:
        return "This is no e-mail address."
    if to.person and refused_for(workspace.id, "contact", [known_key(workspace, to.person)]):
        return "They did not allow being written to."
    return ""


def _mail(workshop: Workshop, found: Round, to: Recipient, connection: Any) -> EmailMultiAlternatives:
    context = {
        "workspace": workshop.workspace,
        "definition": workshop.definition,
        "address": address_of(letter_of(found)),
        "closes_at": found.closes_at,
    }
    mail = EmailMultiAlternatives(
        subject=" ".join(f"Which would you rather read? {workshop.workspace.name} asks".split()),
        body=render_to_string("workshops/mail.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to.email],
        connection=connection,
    )
    mail.attach_alternative(mrml.to_html(render_to_string("workshops/mail.mjml", context)).content, "text/html")
    return mail
