"""Whether this installation can do its work: one answer for monitors, with the details for who may run commands."""

import json
import shutil
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from nousnous.base.clock import MINUTE_US, SECOND_US
from nousnous.collector.doctor import Finding
from nousnous.collector.loader import waiting_in_log
from nousnous.runs.actions import state_of_work
from nousnous.site.records import newer_migrations, pending_migrations
from nousnous.warehouse.stores import silence_of

LEAST_FREE_MEGABYTES = 200
LATE_US = 10 * MINUTE_US
"""How long rows may wait in the log, or a run past its time, before somebody should look."""


def look() -> list[Finding]:
    """Look at the records, the disk, the lake, the log and the runs."""
    return [_guarded(name, examine) for name, examine in EXAMINED.items()]


async def health(_scope: Any, _receive: Any, send: Any) -> None:
    """Answer a monitor: 200 when nothing failed, else 503; states alone, for anybody may ask."""
    findings = await sync_to_async(look)()
    failed = any(finding.state == "failed" for finding in findings)
    body = {"status": "failed" if failed else "ok", **{finding.name: finding.state for finding in findings}}
    content = json.dumps(body).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    headers.append((b"cache-control", b"no-store"))
    await send({"type": "http.response.start", "status": 503 if failed else 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _guarded(name: str, examine: Callable[[], tuple[str, str]]) -> Finding:
    try:
        return Finding(name, *examine())
    except (DatabaseError, OSError) as trouble:
        return Finding(name, "failed", str(trouble).splitlines()[0] if str(trouble) else type(trouble).__name__)
    finally:
        close_old_connections()


def _records() -> tuple[str, str]:
    waiting = len(pending_migrations())
    if waiting:
        return "failed", f"{waiting} migrations are not applied; run `nous migrate`"
    if newer := newer_migrations():
        return "failed", f"a newer version wrote the records ({newer[0]}); install that version again"
    return "ok", connection.vendor


def _disk() -> tuple[str, str]:
    free = shutil.disk_usage(settings.NOUS.home).free // 1024**2
    return "ok" if free >= LEAST_FREE_MEGABYTES else "failed", f"{free:,} MB free under {settings.NOUS.home}"


def _lake() -> tuple[str, str]:
    """No failure: who receives goes on, and a balancer must not send clients away for it."""
    place = settings.NOUS.lake_folder
    trouble = silence_of(place)
    return ("warning", f"{place} {trouble}; what arrives waits in the log") if trouble else ("ok", place)


def _log() -> tuple[str, str]:
    waiting = waiting_in_log()
    if not waiting.megabytes:
        return "ok", "nothing waits to be loaded"
    late = waiting.oldest_us > LATE_US
    detail = f"{waiting.megabytes:.1f} MB wait to be loaded, the oldest for {waiting.oldest_us // SECOND_US} s"
    return "warning" if late else "ok", detail


def _runs() -> tuple[str, str]:
    work = state_of_work()
    late = work.oldest_due_us > LATE_US
    detail = f"{work.waiting} waiting, {work.dead} dead"
    if late:
        detail += f", the oldest is due since {work.oldest_due_us // MINUTE_US} minutes: does a worker run?"
    return "warning" if work.dead or late else "ok", detail


EXAMINED: dict[str, Callable[[], tuple[str, str]]] = {
    "records": _records,
    "disk": _disk,
    "lake": _lake,
    "log": _log,
    "runs": _runs,
}
