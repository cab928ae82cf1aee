"""GitHub: an issue in a repository, found again by a mark in its text."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from nousnous.base.errors import Place, Refused
from nousnous.plays.channels import outward
from nousnous.plays.channels.kinds import Field, Kind
from nousnous.plays.channels.models import Channel, Sent
from nousnous.plays.channels.trackers import ASKS, Issue, Tracker, check, judged, listed, perform
from nousnous.plays.registry import Action

PUBLIC: Final = "https://api.github.com"
OVERLAP: Final = timedelta(minutes=5)
PAGES: Final = 20
_REPOSITORY: Final = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)


def find(channel: Channel, issue: Issue, before: Sent) -> str:
    """The issue of an attempt that never heard how it ended, among those changed since; search would lag behind."""
    since = (before.begun_at - OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")
    for page in range(1, PAGES + 1):
        asked = urlencode({"state": "all", "since": since, "per_page": 100, "page": page})
        found = _ask(channel, "GET", f"/issues?{asked}")
        if match := next((one for one in found if issue.mark in (one.get("body") or "")), None):
            return str(match["html_url"])
        if len(found) < 100:
            break
    return ""


def create(channel: Channel, issue: Issue) -> str:
    text = f"{issue.text}\n\nEvidence:\n{listed(issue.links)}\n\n<!-- {issue.mark} -->"
    return str(_ask(channel, "POST", "/issues", {"title": issue.title, "body": text})["html_url"])


def _ask(channel: Channel, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    told = channel.told
    headers = {
        "Authorization": f"Bearer {channel.secrets['token']}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
        "Content-Type": "application/json",
    }
    address = f"{told.get('address', PUBLIC).rstrip('/')}/repos/{told['repository']}{path}"
    answer = outward.call(method, address, json.dumps(body).encode() if body else None, headers)
    return judged("GitHub", answer, f"GitHub knows no repository {told['repository']}, or hides it from this token.")


def _checked(values: Mapping[str, str]) -> None:
    if not _REPOSITORY.fullmatch(values["repository"]):
        raise Refused("A repository is written owner/name.", Place(field="repository"))
    if "address" in values:
        outward.checked(values["address"])


def _tested(channel: Channel) -> str:
    found = _ask(channel, "GET", "")
    if not found.get("has_issues", True):
        raise Refused(f"{channel.told['repository']} has its issues switched off.")
    return f"GitHub shows {channel.told['repository']} to this token."


TRACKER: Final = Tracker("github", find, create)
ACTION: Final = Action(partial(perform, TRACKER), check, personal=False, label="Hand over to GitHub", asks=ASKS)
KIND: Final = Kind(
    "github",
    "GitHub",
    (
        Field("repository", "Repository", "As owner/name."),
        Field("token", "Token", "A fine-grained one that may read and write issues of this repository.", secret=True),
        Field("address", "Address of the API", "For GitHub Enterprise: https://host/api/v3.", needed=False),
    ),
    _checked,
    _tested,
    lambda values: values["repository"],
)
