"""The soak of worlds: whether the product finds what was planted, and nothing where nothing was.

    python -m bench.worlds [--planted 10] [--without 200] [--people 2000] [--write]

Each world is drawn from its seed, imported, and reported like any company's data. `--write` writes the tables into
docs/reference/worlds.md as well. Fails where a truth is found in fewer than 9 of 10 worlds, or where more than 6 % of
the worlds without gaps show one.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nousnous_demo.plan import Plan

PEOPLE, DAYS = 2_000, 100
UNTIL_US = 1_795_651_200_000_000  # 26 November 2026: the same worlds on every day
PLANTED, WITHOUT = 10, 200
FOUND_AT_LEAST, FALSE_AT_MOST = 0.9, 0.06
ONCE_WITHIN = 0.03
TABLE = Path(__file__).parents[1] / "docs" / "reference" / "worlds.md"

Report = Mapping[str, Any]


@dataclass(slots=True)
class Tally:
    """How often each truth was found, and which worlds without gaps showed one."""

    worlds: int = 0
    found: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)
    without: int = 0
    false: list[str] = field(default_factory=list)
    judged: int = 0
    held: int = 0

    @property
    def false_share(self) -> float:
        return len(self.false) / max(1, self.without)

    def missed(self) -> list[str]:
        return [name for name in self.names if self.found[name] < FOUND_AT_LEAST * self.worlds]


def world_report(plan: "Plan") -> tuple[dict[str, Any], Report, Report]:
    """Truths, report, and the report of the same journey without its nested step, of one world brought in."""
    from nousnous.capabilities.gaps.actions.reports import gap_report
    from nousnous.journeys.actions.versions import apply_journey
    from nousnous.journeys.windows import Asked
    from nousnous_demo.build import ACTOR, JOURNEY, bring_in
    from nousnous_demo.files import Files
    from nousnous_demo.truths import truths_of

    files = Files.of(plan.workspace)
    workspace = bring_in(plan, files, lambda _name: nullcontext(lambda _share: None)).workspace
    truths = truths_of(plan)
    until = truths["until"]
    report = gap_report(workspace, Asked(JOURNEY, None, until)).as_dict()
    flat = report
    if any(one["verdict"] for one in truths["beliefs"]):
        apply_journey(workspace, without_nested(files.journey.read_text("utf-8"), truths), "flat.toml", ACTOR)
        flat = gap_report(workspace, Asked("flat", None, until)).as_dict()
    return truths, report, flat


def without_nested(text: str, truths: Mapping[str, Any]) -> str:
    """The journey file without beliefs and without the steps that lie in others."""
    nested = {one["step"] for one in truths["nested"]}
    steps, _, _ = text.partition("\n[[belief]]")
    head, *parts = steps.replace('id = "travel"', 'id = "flat"').split("\n[[step]]")
    kept = [part for part in parts if not any(f'id = "{one}"' in part for one in nested)]
    return "\n[[step]]".join([head, *kept])


def findings(truths: Mapping[str, Any], report: Report, flat: Report) -> Iterator[tuple[str, bool]]:
    """Each planted truth by its sentence, and whether the report says so."""
    steps = {one["step"]: one for one in report["steps"]}
    dearest = report["steps"][0]
    causes = sorted(dearest["debt"]["causes"], key=lambda one: -one["hours"])
    wanted = truths["dearest"]
    yield f"{wanted['step']} is the dearest step", dearest["step"] == wanted["step"]
    yield f"its first cause is {wanted['cause']}", bool(causes) and causes[0]["cause"] == wanted["cause"]
    for belief in truths["beliefs"]:
        if belief["verdict"]:
            row = row_of(steps[belief["step"]], belief)
            yield sentence_of(belief), agrees(row, belief["verdict"])
    yield "debt adds up to the journey's", adds_up(report)
    for nested in truths["nested"]:
        yield f"{nested['step']} is counted once", counted_once(steps, flat, nested)
    yield "robot and strangers enter no journey", report["journey"]["entered"] <= truths["people"]


def row_of(step: Report, belief: Mapping[str, Any]) -> Mapping[str, Any]:
    named = ("metric", "author", "segment")
    return next(row for row in step["beliefs"] if all((row[one] or None) == belief[one] for one in named))


def sentence_of(belief: Mapping[str, Any]) -> str:
    where = f" where {belief['segment']}" if belief["segment"] else ""
    return f"{belief['step']}, {belief['metric']}{where}: {belief['verdict']}"


def agrees(row: Mapping[str, Any], planted: str) -> bool:
    if planted == "too few":
        return row["verdict"] == "unproven" and row["experienced"]["value"] is None
    if planted == "no gap":
        return row["verdict"] not in {"gap", "delight"} and row["experienced"]["value"] is not None
    return bool(row["verdict"] == planted)


def hours(step: Report) -> float:
    return float(step["debt"]["hours"]["value"])


def adds_up(report: Report) -> bool:
    total = sum(hours(step) for step in report["steps"])
    return abs(total - hours(report["journey"])) <= 1e-6 * max(1.0, total)


def counted_once(steps: Mapping[str, Report], flat: Report, nested: Mapping[str, str]) -> bool:
    """Both steps together cost what the outer one costs where the inner one is not looked at."""
    alone = next(hours(step) for step in flat["steps"] if step["step"] == nested["inside"])
    both = hours(steps[nested["step"]]) + hours(steps[nested["inside"]])
    return abs(both - alone) <= ONCE_WITHIN * alone


def false_gaps(report: Report) -> list[str]:
    return [
        f"{step['step']}, {row['metric']}"
        for step in report["steps"]
        for row in step["beliefs"]
        if row["verdict"] == "gap"
    ]


def judge_planted(seed: int, people: int, tally: Tally) -> None:
    from nousnous_demo.plan import Plan

    plan = Plan(people, seed, DAYS, f"planted-{seed}", UNTIL_US)
    tally.worlds += 1
    for name, found in findings(*world_report(plan)):
        tally.names.setdefault(name, name)
        tally.found[name] += found


def judge_without(seed: int, people: int, tally: Tally) -> None:
    from nousnous_demo.company import NORTHWIND
    from nousnous_demo.plan import Plan
    from nousnous_demo.truths import without_gaps

    plan = Plan(people, seed, DAYS, f"without-{seed}", UNTIL_US, without_gaps(NORTHWIND))
    tally.without += 1
    report = world_report(plan)[1]
    seen = [row for step in report["steps"] for row in step["beliefs"] if row["experienced"]["value"] is not None]
    tally.judged += len(seen)
    tally.held += sum(row["experienced"]["low"] <= row["believed"] <= row["experienced"]["high"] for row in seen)
    if found := false_gaps(report):
        tally.false.append(f"seed {seed}: {'; '.join(found)}")


def page(tally: Tally, people: int) -> Iterator[str]:
    yield "# Worlds\n"
    yield "What `make soak` last found in simulated companies. Each world is drawn from a seed, then imported and"
    yield f"reported by the product like any company's data: {people:,} people over {DAYS} days.\n"
    yield "## What was planted\n"
    yield "| planted | found in | of |\n| --- | --- | --- |"
    for name in tally.names:
        yield f"| {name} | {tally.found[name]} | {tally.worlds} |"
    yield "\n## Where nothing was planted\n"
    share, held = f"{len(tally.false)} show a gap ({tally.false_share:.1%})", f"{tally.held / max(1, tally.judged):.1%}"
    yield f"Of {tally.without} worlds in which every belief is true, {share}. {tally.judged:,} beliefs were judged; the"
    yield f"95 % interval of what customers went through held what was believed in {held}.\n"
    if tally.false:
        yield "| world | false gap |\n| --- | --- |"
    for line in tally.false:
        yield "| {} | {} |".format(*line.split(": ", 1))


@contextmanager
def own_home() -> Iterator[None]:
    """A home of its own with fresh records, in this process."""
    import django

    with tempfile.TemporaryDirectory(prefix="nous-worlds-") as home:
        os.environ |= {"NOUS_HOME": home, "DJANGO_SETTINGS_MODULE": "nousnous.site.settings"}
        django.setup()
        from nousnous.site.records import prepare_records

        prepare_records()
        yield


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--planted", type=int, default=PLANTED)
    asked.add_argument("--without", type=int, default=WITHOUT)
    asked.add_argument("--people", type=int, default=PEOPLE)
    asked.add_argument("--write", action="store_true")
    options = asked.parse_args()
    tally, begun_s = Tally(), time.monotonic()
    with own_home():
        for seed in range(1, options.planted + 1):
            judge_planted(seed, options.people, tally)
            print(f"planted {seed}, {time.monotonic() - begun_s:.0f} s, missed: {tally.missed()}", flush=True)
        for seed in range(1, options.without + 1):
            judge_without(seed, options.people, tally)
            if seed % 10 == 0:
                print(f"without {seed}, {time.monotonic() - begun_s:.0f} s, false: {tally.false}", flush=True)
    text = "\n".join(page(tally, options.people)) + "\n"
    print(text)
    if options.write:
        TABLE.write_text(text, "utf-8")
    return 1 if tally.missed() or tally.false_share > FALSE_AT_MOST else 0


if __name__ == "__main__":
    sys.exit(main())
