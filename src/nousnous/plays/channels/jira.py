"""Jira, in the cloud or one's own: an issue in a project, found again by its label."""

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from nousnous.base.errors import Place, Refused
from nousnous.plays.channels import outward
from nousnous.plays.channels.kinds import Field, Kind
from nousnous.plays.channels.models import Channel, Sent
from nousnous.plays.channels.trackers import ASKS, Issue, Tracker, basic, check, judged, listed, perform
from nousnous.plays.registry import Action

_PROJECT: Final = re.compile(r"[A-Z][A-Z0-9_]+")


def find(channel: Channel, issue: Issue, _before: Sent) -> str:
    """The issue that bears our label; the cloud is searched at another address than a server of one's own."""
    path = "/rest/api/3/search/jql" if "account" in channel.told else "/rest/api/2/search"
    asked = urlencode({"jql": f'labels = "{issue.mark}"', "fields": "summary", "maxResults": 1})
    found = _ask(channel, "GET", f"{path}?{asked}")["issues"]
    return _address(channel, found[0]["key"]) if found else ""


def create(channel: Channel, issue: Issue) -> str:
    fields = {
        "project": {"key": channel.told["project"]},
        "issuetype": {"name": channel.told.get("type", "Task")},
        "summary": issue.title,
        "description": f"{issue.text}\n\nEvidence:\n{listed(issue.links)}",
        "labels": ["nous-nous", issue.mark],
    }
    return _address(channel, _ask(channel, "POST", "/rest/api/2/issue", {"fields": fields})["key"])


def _address(channel: Channel, key: str) -> str:
    return f"{channel.told['address'].rstrip('/')}/browse/{key}"


def _ask(channel: Channel, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    told, token = channel.told, channel.secrets["token"]
    headers = {
        "Authorization": basic(told["account"], token) if "account" in told else f"Bearer {token}",
        "Accept": "application/json",
        "Content-Type": "application/json",
    }
    address = told["address"].rstrip("/") + path
    answer = outward.call(method, address, json.dumps(body).encode() if body else None, headers)
    return judged("Jira", answer, f"There is no Jira at {told['address']} that knows the project {told['project']}.")


def _checked(values: Mapping[str, str]) -> None:
    outward.checked(values["address"])
    if not _PROJECT.fullmatch(values["project"]):
        raise Refused("A project is named by its key, such as CX.", Place(field="project"))


def _tested(channel: Channel) -> str:
    found = _ask(channel, "GET", f"/rest/api/2/project/{channel.told['project']}")
    return f"Jira shows {found.get('name', channel.told['project'])} to this token."


TRACKER: Final = Tracker("jira", find, create)
ACTION: Final = Action(partial(perform, TRACKER), check, personal=False, label="Hand over to Jira", asks=ASKS)
KIND: Final = Kind(
    "jira",
    "Jira",
    (
        Field("address", "Address", "Such as https://yours.atlassian.net."),
        Field("project", "Project", "Its key, such as CX."),
        Field(
            "token", "Token", "An API token in the cloud, a personal access token on a server of your own.", secret=True
        ),
        Field("account", "Account", "The token's e-mail address; for the cloud alone.", needed=False),
        Field("type", "Kind of issue", "Task, if you say nothing.", needed=False),
    ),
    _checked,
    _tested,
    lambda values: values["project"],
)
