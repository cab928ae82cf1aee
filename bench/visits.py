"""What visits cost: all of them, and a new day, beside the plainest scan of what they are made of.

Usage: python -m bench.visits [--events N]. Each figure is a ratio within one run; the last column says what is allowed.
"""

import resource
import sys
import time

from bench.parts import measured, run, show

EVENTS = 10_000_000
STEPS = 10
DAYS = 30


def main(events: int) -> int:
    small, large = (measured("bench.visits", PARTS, size) for size in (events // 10, events))
    rows = [
        ("visits an event", large["visits"] / events, None),
        ("processor seconds of the scan of person, time, name", large["scan_s"], None),
        ("processor seconds of all visits", large["all_s"], None),
        ("all visits / scan", large["all_s"] / large["scan_s"], 60),
        ("a new day / all visits", large["day_s"] / large["all_s"], 0.04),
        ("a new day / a day's share of all visits", large["day_s"] / large["all_s"] * DAYS, None),
        ("rows of the new day that differ from all computed anew", large["different"], 0),
        ("peak memory, GB", large["memory"], 1.0),
        ("all visits of ten times the events", large["all_s"] / small["all_s"], 12),
    ]
    return show(rows)


def fill(events: int) -> None:
    from bench.lakes import EVENTS_A_PERSON, fill_day
    from django.core.management import call_command

    from nousnous.workspaces.actions import WorkspaceProfile, create_workspace

    call_command("migrate", verbosity=0, interactive=False)
    create_workspace(WorkspaceProfile("bench"))
    for day in range(DAYS):
        fill_day(_lake(), day, events // DAYS, events // EVENTS_A_PERSON)


def compute_all(_events: int) -> None:
    from bench import floors
    from bench.lakes import journey_of_steps

    from nousnous.facts.events import EVENTS as TABLE
    from nousnous.journeys.actions.visits import kept_visits

    files = _lake().open(TABLE).file_uris()
    scans = [floors.scan(files, ("identity_key", "ts_us", "event")) for _ in range(5)]
    _warm_up()
    start_s = time.process_time()
    kept = kept_visits(_workspace(), journey_of_steps(STEPS))
    print(f"scan_s={sorted(scans)[2]} all_s={time.process_time() - start_s}")
    print(f"memory={resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2}")
    print(f"visits={kept.visits.count().to_pyarrow().as_py()}")


def add_day(events: int) -> None:
    from bench.lakes import EVENTS_A_PERSON, fill_day

    fill_day(_lake(), DAYS, events // DAYS, events // EVENTS_A_PERSON)


def compute_day(_events: int) -> None:
    from bench.lakes import journey_of_steps

    from nousnous.journeys.actions.visits import kept_visits
    from nousnous.journeys.models import KeptVisits

    journey = journey_of_steps(STEPS)
    _warm_up()
    start_s = time.process_time()
    kept = kept_visits(_workspace(), journey)
    print(f"day_s={time.process_time() - start_s}")
    grown = _in_order(kept.visits)
    KeptVisits.objects.all().delete()
    anew = _in_order(kept_visits(_workspace(), journey).visits)
    same = grown.num_rows == anew.num_rows and grown.equals(anew)
    print(f"different={0 if same else abs(grown.num_rows - anew.num_rows) or 1}")


def _warm_up() -> None:
    """What a process loads once, whatever it is asked."""
    _lake().snapshot().events().limit(1).to_pyarrow()


def _in_order(visits: "object") -> "object":
    return visits.drop("landed_us").order_by("person_key", "step", "opened_us").to_pyarrow()


def _workspace() -> "object":
    from nousnous.workspaces.models import current_workspace

    return current_workspace("bench")


def _lake() -> "object":
    from nousnous.warehouse.lake import lake_of

    return lake_of(_workspace())


PARTS = {"fill": fill, "all": compute_all, "add-day": add_day, "day": compute_day}

if __name__ == "__main__":
    sys.exit(run(PARTS, main, EVENTS))
