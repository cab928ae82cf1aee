"""E-mail: one message, one button, one click to hear nothing more."""

import smtplib
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import mrml
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from nousnous.base.errors import Place, Refused
from nousnous.facts.plays import Firing, Outcome
from nousnous.people.actions.consents import decide_consent
from nousnous.plays.actions.people import email_of
from nousnous.plays.channels.filling import filled, sound
from nousnous.plays.registry import Action, Ask
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

SALT: Final = "plays.unsubscribe"
PURPOSE: Final = "contact"
FIELDS: Final = ("subject", "text", "button", "address")
FOR_EVER: Final = range(500, 600)
"""Answers of mail servers that say: never."""


def check(parameters: Mapping[str, Any]) -> None:
    """A mail has a subject, a text, and one button that leads somewhere."""
    sound("An e-mail", dict.fromkeys(FIELDS, True), parameters)
    if urlsplit(parameters["address"]).scheme not in {"http", "https"}:
        raise Refused("The button of an e-mail leads to an address such as https://…", Place(field="address"))


def send(firing: Firing) -> Outcome:
    """Write to the person at the address that they told (the trait `email`, or an id that is one)."""
    workspace = Workspace.objects.get(pk=firing.workspace_id)
    to = email_of(workspace, firing)
    if not to:
        raise Refused("We know no e-mail address of theirs: neither a trait “email” nor an id that is one.")
    said = {name: filled(str(firing.parameters[name]), firing.details) for name in FIELDS}
    leave = f"{settings.NOUS.address.rstrip('/')}/u/{leaving_token(workspace, firing.person)}/"
    context = {**said, "workspace": workspace, "leave": leave}
    mail = EmailMultiAlternatives(
        subject=" ".join(said["subject"].split()),
        body=render_to_string("plays/mail.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        headers={
            "Message-ID": f"<{firing.key}@{urlsplit(settings.NOUS.address).hostname}>",
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.attach_alternative(mrml.to_html(render_to_string("plays/mail.mjml", context)).content, "text/html")
    _deliver(mail)
    return Outcome("An e-mail was sent.", firing.key)


def leaving_token(workspace: Workspace, person: str) -> str:
    """What the address holds by which somebody asks not to be written to any more."""
    return signing.dumps([workspace.id, person], salt=SALT, compress=True)


def who_leaves(token: str) -> tuple[Workspace, str]:
    """Whose token it is; refused where we did not make it."""
    try:
        workspace_id, person = signing.loads(token, salt=SALT)
        return Workspace.objects.get(pk=workspace_id), str(person)
    except (signing.BadSignature, Workspace.DoesNotExist, ValueError):
        raise Refused("This address is not whole; use the one in the mail.") from None


def leave(token: str) -> Workspace:
    """Take back the consent to be written to."""
    workspace, person = who_leaves(token)
    decide_consent(workspace, person, PURPOSE, "revoked")
    audit(workspace, "a customer", "unsubscribe", "by the address in a mail")
    return workspace


def _deliver(mail: EmailMultiAlternatives) -> None:
    """Send; what the server refuses for ever is not tried again, anything else is."""
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [(code, text) for code, text in refusal.recipients.values()]
        if all(code in FOR_EVER for code, _ in codes):
            raise Refused(f"The mail server refuses this address for ever ({codes[0][0]}).") from None
        raise
    except smtplib.SMTPResponseException as trouble:
        if trouble.smtp_code in FOR_EVER and not isinstance(trouble, smtplib.SMTPConnectError):
            raise Refused(f"The mail server refuses this mail for ever ({trouble.smtp_code}).") from None
        raise


ASKS: Final = (
    Ask("subject", help="{plan} stands for a property of the event."),
    Ask("text", kind="text"),
    Ask("button"),
    Ask("address", help="Where the button leads, such as https://example.com/go-on."),
)
ACTION: Final = Action(send, check, PURPOSE, label="Write an e-mail", asks=ASKS)
