"""E-mail: one message, one button, one click to hear nothing more."""

import smtplib  # noqa: TID251  # its words for refusals
from collections.abc import Mapping
from email.utils import formataddr
from typing import Any, Final
from urllib.parse import urlsplit

import mrml
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string

from nousnous.base.errors import Place, Refused
from nousnous.facts.plays import Firing, Outcome
from nousnous.people.actions.consents import decide_consent
from nousnous.plays.actions.people import email_of
from nousnous.plays.channels import seeing
from nousnous.plays.channels.actions import channel_for, told
from nousnous.plays.channels.filling import addressed, filled, leads_somewhere, sound
from nousnous.plays.channels.kinds import Field, Kind
from nousnous.plays.channels.models import Channel
from nousnous.plays.channels.outward import Disconnected
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
    sound("An e-mail", dict.fromkeys(FIELDS, True) | {"channel": False}, parameters)
    leads_somewhere("The button of an e-mail", parameters["address"], "address")


def send(firing: Firing) -> Outcome:
    """Write to the person at the address that they told (the trait `email`, or an id that is one)."""
    workspace = Workspace.objects.get(pk=firing.workspace_id)
    to = email_of(workspace, firing)
    if not to:
        raise Refused("We know no e-mail address of theirs: neither a trait “email” nor an id that is one.")
    said = {name: filled(str(firing.parameters[name]), firing.details) for name in FIELDS}
    leave = f"{settings.NOUS.address.rstrip('/')}/u/{leaving_token(workspace, firing.person)}/"
    said["address"] = seeing.address_of(firing, addressed(str(firing.parameters["address"]), firing.details))
    context = {**said, "workspace": workspace, "leave": leave, "pixel": seeing.pixel_of(firing)}
    sender = _sender_of(workspace, str(firing.parameters.get("channel", "")))
    mail = EmailMultiAlternatives(
        subject=" ".join(said["subject"].split()),
        body=render_to_string("plays/mail.txt", context),
        from_email=_from(sender),
        to=[to],
        reply_to=[sender.told["reply_to"]] if sender and "reply_to" in sender.told else None,
        headers={
            "Message-ID": f"<{firing.key}@{urlsplit(settings.NOUS.address).hostname}>",
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.attach_alternative(mrml.to_html(render_to_string("plays/mail.mjml", context)).content, "text/html")
    _deliver(mail)
    if sender is not None:
        told(sender, lambda: "")
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


def _sender_of(workspace: Workspace, name: str) -> Channel | None:
    """The sender that a play names, or the only one that is connected; None for the installation's own."""
    known = Channel.objects.of_kind(workspace.id, "email").exists()
    return channel_for(workspace.id, "email", name) if name or known else None


def _from(sender: Channel | None) -> str:
    return formataddr((sender.told["sender"], sender.told["address"])) if sender else str(settings.DEFAULT_FROM_EMAIL)


def _checked(values: Mapping[str, str]) -> None:
    for name in ("address", "reply_to"):
        try:
            validate_email(values.get(name, values["address"]))
        except ValidationError:
            raise Refused(f"“{values[name]}” is no e-mail address.", Place(field=name)) from None


def _tested(channel: Channel) -> str:
    """Send a mail to the sender itself, as nobody else asked for one."""
    mail = EmailMultiAlternatives("Nous-Nous is connected", "Plays write in this name.", _from(channel))
    mail.to = [channel.told["address"]]
    _deliver(mail)
    return f"The mail server took a mail to {channel.told['address']}; look for it there."


def _deliver(mail: EmailMultiAlternatives) -> None:
    """Send; what the server refuses for ever is not tried again, anything else is."""
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [(code, text) for code, text in refusal.recipients.values()]
        if all(code in FOR_EVER for code, _ in codes):
            raise Refused(f"The mail server refuses this address for ever ({codes[0][0]}).") from None
        raise
    except smtplib.SMTPSenderRefused as refusal:
        raise Disconnected(f"The mail server sends nothing in this name ({refusal.smtp_code}).") from None
    except smtplib.SMTPResponseException as trouble:
        if trouble.smtp_code in FOR_EVER and not isinstance(trouble, smtplib.SMTPConnectError):
            raise Refused(f"The mail server refuses this mail for ever ({trouble.smtp_code}).") from None
        raise


ASKS: Final = (
    Ask("subject", help="{plan} stands for a property of the event."),
    Ask("text", kind="text"),
    Ask("button"),
    Ask("address", help="Where the button leads, such as https://example.com/go-on."),
    Ask("channel", needed=False, help="Which sender, if several are connected."),
)
ACTION: Final = Action(send, check, PURPOSE, label="Write an e-mail", asks=ASKS)
KIND: Final = Kind(
    "email",
    "E-mail sender",
    (
        Field("sender", "Sender", "Whom mails come from, such as North Shop."),
        Field("address", "Address", "One that your mail server may send from."),
        Field("reply_to", "Answers go to", "Empty: to the address.", needed=False),
    ),
    _checked,
    _tested,
    lambda values: f"{values['sender']}, {values['address']}",
)
