"""What the gap report costs, from kept visits and with intervals and debt, beside the scan of the columns it reads.

Usage: python -m bench.report [--events N] [--days N]; over 180 days and more people are followed, too. The figure is a
ratio within one run; the last column says what is allowed.
"""

import resource
import statistics
import sys
import time

from bench.parts import measured, number, run, show

EVENTS = 10_000_000
STEPS = 10
DAYS = 30
REPEATS = 3
MOST = 25
MOST_MEMORY = 1.0
COLUMNS = (
    *("person_key", "step", "opened_us", "ended_us", "window_us", "completed", "failed", "frustrated", "troubled"),
    *("cause", "cause_element", "active_us", "activity_us", "country"),
)


def main(events: int) -> int:
    found = measured("bench.report", PARTS, events)
    rows = [
        ("visits", found["visits"], None),
        ("processor seconds of the scan of their columns", found["scan_s"], None),
        ("processor seconds of the gap report", found["report_s"], None),
        ("the gap report / scan", found["report_s"] / found["scan_s"], MOST),
        ("peak memory of a first and a second report, GB", found["memory"], MOST_MEMORY),
    ]
    return show(rows)


def journey_text() -> str:
    """The journey of the lake's steps as a file, with a belief about each."""
    from bench.lakes import STEP_EVENTS

    lines = ['[journey]\nid = "bench"\nname = "Bench"\ncurrency = "USD"\nhourly_wage = { default = 30.0, DE = 20.0 }']
    for place in range(STEPS):
        fails = '[{ event = "Error 1" }, { event = "Error 2", where = { channel = "web" } }]'
        lines.append(
            f'[[step]]\nid = "step-{place}"\nname = "Step {place}"\nstarts = {{ event = "{STEP_EVENTS[place]}" }}\n'
            f'completes = {{ event = "{STEP_EVENTS[place + 1]}" }}\nfails = {fails}\n'
            f'[[belief]]\nstep = "step-{place}"\nmetric = "completion"\nvalue = 0.7\nauthor = "bench"\n'
            f'[[belief]]\nstep = "step-{place}"\nmetric = "duration_p50"\nvalue = 300\nauthor = "bench"'
        )
    return "\n\n".join(lines)


def fill(events: int) -> None:
    from bench.lakes import EVENTS_A_PERSON, fill_day
    from django.core.management import call_command

    from nousnous.journeys.actions.versions import apply_journey, journey_of
    from nousnous.journeys.actions.visits import kept_visits
    from nousnous.warehouse.lake import lake_of
    from nousnous.workspaces.actions import WorkspaceProfile, create_workspace

    call_command("migrate", verbosity=0, interactive=False)
    workspace = create_workspace(WorkspaceProfile("bench")).workspace
    days = number("--days", DAYS)
    for day in range(days):
        fill_day(lake_of(workspace), day, events // days, events // EVENTS_A_PERSON)
    apply_journey(workspace, journey_text(), None, "bench")
    kept_visits(workspace, journey_of(workspace, None).journey)


def remember(_events: int) -> None:
    """The peak of a process that makes reports and nothing else; the first one stores last week's verdicts, too."""
    from nousnous.capabilities.gaps.actions.reports import gap_report
    from nousnous.journeys.windows import Asked
    from nousnous.workspaces.models import current_workspace

    for _ in range(2):
        gap_report(current_workspace("bench"), Asked())
    print(f"memory={resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2}")


def measure(_events: int) -> None:
    from bench.floors import scan

    from nousnous.capabilities.gaps.actions.reports import gap_report
    from nousnous.facts.visits import visits_table
    from nousnous.journeys.actions.versions import journey_of
    from nousnous.journeys.windows import Asked
    from nousnous.warehouse.lake import lake_of
    from nousnous.workspaces.models import current_workspace

    workspace = current_workspace("bench")
    table = visits_table(journey_of(workspace, None).journey.visits_key)
    lake = lake_of(workspace)
    files = lake.open(table).file_uris()
    reports, scans = [], []
    for _ in range(REPEATS):
        scans.append(scan(files, COLUMNS))
        start_s = time.process_time()
        report = gap_report(workspace, Asked())
        reports.append(time.process_time() - start_s)
    assert report.steps
    assert report.steps[0].debt is not None
    print(f"scan_s={statistics.median(scans)} report_s={statistics.median(reports)}")
    print(f"visits={lake.snapshot(table).table(table).count().to_pyarrow().as_py()}")


PARTS = {"fill": fill, "memory": remember, "measure": measure}

if __name__ == "__main__":
    sys.exit(run(PARTS, main, EVENTS))
