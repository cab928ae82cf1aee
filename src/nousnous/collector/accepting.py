"""Events that the house itself accepts, in the log like those of clients: they stand on disk when this returns."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.conf import settings

from nousnous.base import clock
from nousnous.collector.entries import Arrival
from nousnous.collector.log import Log
from nousnous.workspaces.models import Workspace


def accept_events(workspace: Workspace, events: Iterable[Mapping[str, Any]], source: str) -> None:
    """Write events, as our own script would send them, into the log; Unavailable when that cannot be done."""
    body = msgspec.json.encode({"batch": list(events)})
    arrival = Arrival(workspace.id, source, "nous", "/v1/batch", clock.now_us(), "", body)
    log = Log(settings.NOUS.home / "log", settings.NOUS.log_megabytes * 1024 * 1024)
    try:
        log.append_now(arrival)
    finally:
        log.close()
