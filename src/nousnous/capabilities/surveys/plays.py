"""What a play can do with surveys: `ask_survey`, by e-mail, or by a link where we know no address."""

from collections.abc import Mapping
from typing import Any, Final

from nousnous.base.errors import Unavailable
from nousnous.capabilities.surveys.actions.asking import Who, ask
from nousnous.capabilities.surveys.actions.links import address_of
from nousnous.capabilities.surveys.actions.mailing import Recipient, mail_of
from nousnous.capabilities.surveys.actions.versions import survey_of
from nousnous.capabilities.surveys.models import Asking
from nousnous.facts.plays import Firing, Outcome
from nousnous.people.actions.consents import refused_for
from nousnous.plays.actions.people import email_of
from nousnous.plays.channels.filling import sound
from nousnous.plays.registry import Action, Ask
from nousnous.workspaces.models import Workspace


def check(parameters: Mapping[str, Any]) -> None:
    """It names a survey."""
    sound("ask_survey", {"survey": True}, parameters)


def ask_one(firing: Firing) -> Outcome:
    """Ask somebody, once under the key of the firing; Refused where they may not be asked now."""
    workspace = Workspace.objects.get(pk=firing.workspace_id)
    survey = survey_of(workspace, str(firing.parameters["survey"]))
    email = _address(workspace, firing)
    asking = Asking.objects.filter(workspace=workspace, key=firing.key).first()
    if asking is None:
        asking = ask(survey, Who(user_id=firing.person, moment_us=firing.moment_us), "email" if email else "link")
        Asking.objects.filter(pk=asking.pk).update(key=firing.key)
    if not email:
        return Outcome(f"We know no e-mail address of theirs; give them this link: {address_of(asking)}", asking.id)
    try:
        mail_of(asking, Recipient(firing.person, email)).send()
    except OSError as error:  # those of SMTP, too
        raise Unavailable(f"The mail server failed ({error}).") from error
    return Outcome(f"They were asked “{survey.name}” by e-mail.", asking.id)


def _address(workspace: Workspace, firing: Firing) -> str:
    """Their address, or nothing: also where they do not want to be written to."""
    if refused_for(workspace.id, "contact", firing.identity_keys):
        return ""
    return email_of(workspace, firing)


ASKS: Final = (Ask("survey", help="Id of a published survey."),)
ACTION: Final = Action(ask_one, check, label="Ask them a survey", asks=ASKS)
