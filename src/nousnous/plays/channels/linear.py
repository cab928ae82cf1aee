"""Linear: an issue of a team under an id of our own, so that making it twice makes it once."""

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from nousnous.base.errors import Place, Refused, Unavailable
from nousnous.plays.channels import outward
from nousnous.plays.channels.kinds import Field, Kind
from nousnous.plays.channels.models import Channel, Sent
from nousnous.plays.channels.trackers import ASKS, Issue, Tracker, check, judged, listed, perform
from nousnous.plays.registry import Action

PUBLIC: Final = "https://api.linear.app/graphql"
FIND: Final = "query($id: ID!) { issues(filter: {id: {eq: $id}}, includeArchived: true) { nodes { url } } }"
TEAM: Final = "query($key: String!) { teams(filter: {key: {eq: $key}}) { nodes { id name } } }"
CREATE: Final = "mutation($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { url } } }"
_TEAM: Final = re.compile(r"[A-Z0-9]{1,10}")


def id_of(mark: str) -> str:
    """The id that an issue gets in Linear, which takes those of clients where they are UUIDs of version 4.

    >>> uuid.UUID(id_of("nous-1")).version
    4
    """
    digest = hashlib.blake2b(mark.encode(), digest_size=16).digest()
    return str(uuid.UUID(bytes=digest, version=4))


def find(channel: Channel, issue: Issue, _before: Sent) -> str:
    found = _ask(channel, FIND, {"id": id_of(issue.mark)})["issues"]["nodes"]
    return str(found[0]["url"]) if found else ""


def create(channel: Channel, issue: Issue) -> str:
    made = {
        "id": id_of(issue.mark),
        "teamId": _team(channel)["id"],
        "title": issue.title,
        "description": f"{issue.text}\n\nEvidence:\n{listed(issue.links)}",
    }
    return str(_ask(channel, CREATE, {"input": made})["issueCreate"]["issue"]["url"])


def _team(channel: Channel) -> dict[str, Any]:
    key = channel.told["team"]
    found = _ask(channel, TEAM, {"key": key})["teams"]["nodes"]
    if not found:
        raise outward.Disconnected(f"Linear knows no team {key}, or hides it from this key.")
    team: dict[str, Any] = found[0]
    return team


def _ask(channel: Channel, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Linear's answer. It names errors in the body: with status 400 where the query is wrong, else often with 200."""
    headers = {"Authorization": channel.secrets["token"], "Content-Type": "application/json"}
    body = json.dumps({"query": query, "variables": variables}).encode()
    answer = outward.call("POST", channel.told.get("address", PUBLIC), body, headers)
    told = answer.json()
    errors = (told.get("errors") or []) if isinstance(told, dict) else []
    if errors:
        more = errors[0].get("extensions") or {}
        reason = str(more.get("userPresentableMessage") or errors[0].get("message"))[:300]
        if more.get("code") == "AUTHENTICATION_ERROR":
            raise outward.Disconnected("Linear does not know the key any more; paste a new one.")
        if more.get("code") == "RATELIMITED":
            raise Unavailable("Linear cannot take it now (too many requests).")
        raise Refused(f"Linear refuses the issue: {reason}")
    found: dict[str, Any] = judged("Linear", answer, "There is no Linear at this address.")["data"]
    return found


def _checked(values: Mapping[str, str]) -> None:
    if not _TEAM.fullmatch(values["team"]):
        raise Refused("A team is named by its key, such as ENG.", Place(field="team"))
    if "address" in values:
        outward.checked(values["address"])


def _tested(channel: Channel) -> str:
    return f"Linear shows the team {_team(channel)['name']} to this key."


TRACKER: Final = Tracker("linear", find, create)
ACTION: Final = Action(partial(perform, TRACKER), check, personal=False, label="Hand over to Linear", asks=ASKS)
KIND: Final = Kind(
    "linear",
    "Linear",
    (
        Field("team", "Team", "Its key, such as ENG."),
        Field("token", "API key", "A personal key that may read and write.", secret=True),
        Field("address", "Address of the API", "Linear's own, if you say nothing.", needed=False),
    ),
    _checked,
    _tested,
    lambda values: values["team"],
)
