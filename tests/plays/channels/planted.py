"""A channel that leads nowhere, as other tests need one."""

from nousnous.plays.channels.actions import Connection, connect
from nousnous.plays.channels.models import Channel
from nousnous.workspaces.models import Workspace

NOWHERE = "https://127.0.0.1:9/"
"""An address of a private network, which is refused before anything is sent."""


def plant_channel(workspace: Workspace, name: str, word: str = "north") -> Channel:
    told = {"repository": f"{word}/shop", "token": f"{word} token", "address": NOWHERE}
    return connect(workspace, Connection("github", name, told), f"{word} editor")
