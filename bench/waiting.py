"""What people wait for: every page of the site over 10 million events, at its first view in a window and afterwards.

Usage: python -m bench.waiting [--events N] [--views N]. A furnished installation, its people copied with all
that was found of them until the events are there; then each address of the URL table is asked for in one process, as a
browser would ask. The end is 1 where a page keeps people waiting. To ask again and again, keep a
home: NOUS_HOME=FOLDER DJANGO_SETTINGS_MODULE=nousnous.site.settings python -m bench.waiting --part wait.
"""

import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.parts import measured, number, run, show

EVENTS = 10_000_000
VIEWS = 10
MOST_FIRST_MS, MOST_LATER_MS = 2_000, 200
FOUND_OF_EACH = ("journeys.visits", "attrition.signals", "attrition.risks")
FOUND_AMONG_ALL = ("spreads.low_scores", "themes.find", "language.score", "gaps.verdicts")


def main(events: int) -> int:
    found = measured("bench.waiting", PARTS, events)
    rows = [
        ("pages of the table of addresses", found["pages"], None),
        ("pages that keep people waiting", found["slow"], 0),
        ("slowest first view in a window, processor ms", found["first_ms"], MOST_FIRST_MS),
        ("slowest later view, processor ms", found["later_ms"], MOST_LATER_MS),
        ("half of the later views, processor ms", found["median_ms"], None),
    ]
    return show(rows)


def wait(events: int) -> None:
    """What each page costs. What is loaded once, and which addresses are pages, comes out while the home is small."""
    from nousnous.warehouse.lake import lake_of
    from nousnous.warehouse.memory import forget

    kept = Path(os.environ["NOUS_HOME"]) / "things.json"
    things = json.loads(kept.read_text("utf-8")) if kept.exists() else _furnished()
    client, workspace = _owner(things)
    with _told("pages found"):
        addresses = _pages(client, things)
    if not kept.exists():
        _grow(workspace, events)
        kept.write_text(json.dumps(things, default=str), "utf-8")
    forget(lake_of(workspace))
    gc.collect()
    gc.freeze()  # as a server does when it starts
    views = [_viewed(client, address) for address in addresses]
    firsts, later = zip(*views, strict=True)
    slow = sum(first > MOST_FIRST_MS or after > MOST_LATER_MS for first, after in views)
    print(f"pages={len(views)} slow={slow} first_ms={max(firsts)} later_ms={max(later)}")
    print(f"median_ms={statistics.median(later)}")


def _furnished() -> dict[str, Any]:
    from tests.browser.furnish import furnish

    with _told("furnished"):
        return furnish()


def _grow(workspace: Any, events: int) -> None:
    """Copies of everybody with what was found of each by their own events, and then what is found among all."""
    from bench.lakes import multiply

    from nousnous.facts.attrition import RISKS, SIGNS_OF_FADING
    from nousnous.facts.events import EVENTS as TABLE
    from nousnous.facts.events import LINKS
    from nousnous.facts.messages import MESSAGES
    from nousnous.facts.scores import SCORES
    from nousnous.facts.sentiments import SENTIMENTS
    from nousnous.facts.visits import visits_table
    from nousnous.journeys.models import KeptVisits
    from nousnous.runs.models import Run
    from nousnous.warehouse.lake import lake_of

    lake = lake_of(workspace)
    Run.objects.filter(status__in=(Run.WAITING,)).delete()
    for kind in FOUND_OF_EACH:
        _find(kind, workspace)
    kept = KeptVisits.objects.filter(workspace=workspace)
    found = (SIGNS_OF_FADING, RISKS, *(visits_table(one.visits_key) for one in kept))
    with _told("copied"):
        copies = events // lake.snapshot(TABLE).count(TABLE)
        multiply(lake, copies, (TABLE, LINKS, MESSAGES, SCORES, SENTIMENTS, *found))
        kept.update(landed_us=lake.snapshot().landed_us)
    for kind in FOUND_AMONG_ALL:
        _find(kind, workspace)


def _find(kind: str, workspace: Any) -> None:
    from nousnous.runs.actions import start_run
    from nousnous.runs.worker import work_all

    start_run(kind, workspace_id=workspace.id)
    with _told(kind):
        work_all()


@contextmanager
def _told(what: str) -> Iterator[None]:
    start_s, spent_s = time.monotonic(), time.process_time()
    yield
    passed = f"{time.process_time() - spent_s:.1f} s of processor, {time.monotonic() - start_s:.1f} s"
    print(f"{what:24}{passed}", file=sys.stderr, flush=True)


def _owner(things: dict[str, Any]) -> tuple[Any, Any]:
    """A browser of the workspace's owner, and the workspace."""
    from django.test import Client

    from nousnous.workspaces.models import Member

    client = Client(headers={"host": "localhost"})
    owner = Member.objects.filter(workspace__slug=things["workspace"], role="owner").first()
    assert owner is not None
    client.force_login(owner.user)
    return client, owner.workspace


def _pages(client: Any, things: dict[str, Any]) -> list[str]:
    """Each address of the URL table that answers with a page to somebody who is in."""
    from tests.browser.sights import ONLY_ON_THE_WAY, addresses
    from tests.site.routes import ROUTES

    from nousnous.workspaces.access import PUBLIC

    found = []
    for route in ROUTES:
        unseen = route.template.startswith("api/v1/") or route.template.endswith("/live/")
        if not unseen and route.name not in ONLY_ON_THE_WAY and route.word != PUBLIC:
            found += [one for one in addresses(route, things) if _is_page(_asked(client, one)[1])]
    return found


def _is_page(answer: Any) -> bool:
    return answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")


def _viewed(client: Any, address: str) -> tuple[float, float]:
    """Processor milliseconds of a first view, and of the 95th of a hundred later ones: what else runs changes these
    least, and where nothing else runs people wait no longer."""
    first_ms, _ = _asked(client, address)
    later = sorted(_asked(client, address)[0] for _ in range(number("--views", VIEWS)))
    late_ms = later[int(0.95 * (len(later) - 1))]
    good = first_ms <= MOST_FIRST_MS and late_ms <= MOST_LATER_MS
    figures = f"{first_ms:9.0f}{statistics.median(later):9.0f}{late_ms:9.0f}"
    print(f"{address:70}{figures}  {'ok' if good else 'SLOW'}", file=sys.stderr, flush=True)
    return first_ms, late_ms


def _asked(client: Any, address: str) -> tuple[float, Any]:
    spent_s = time.process_time()
    answer = client.get(address)
    b"".join(answer.streaming_content) if answer.streaming else answer.content
    return (time.process_time() - spent_s) * 1e3, answer


PARTS = {"wait": wait}

if __name__ == "__main__":
    sys.exit(run(PARTS, main, EVENTS))
