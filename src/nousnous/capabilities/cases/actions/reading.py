"""What stands: the war room of a team, its rates, its root causes, and what became of those who were called."""

from collections import Counter
from dataclasses import dataclass
from typing import Final, TypedDict

from django.db.models import Count, Q, QuerySet

from nousnous.base import clock
from nousnous.capabilities.cases.measures.outcomes import recovery_rate
from nousnous.capabilities.cases.models import Case, CaseShape
from nousnous.charts.words import capital, counted
from nousnous.facts.events import LINKS
from nousnous.facts.scores import SCORES
from nousnous.people.identity import links_of
from nousnous.stats.estimate import Estimate
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.memory import remembered
from nousnous.workspaces.models import Workspace

MOST_PATTERNS: Final = 5
MOST_CAUSES: Final = 10


@dataclass(frozen=True, slots=True)
class Pattern:
    """What several cases have in common: where they came from, how many."""

    said: str
    count: int


class PatternShape(TypedDict):
    said: str
    count: int


class RoomShape(TypedDict):
    title: str
    stake: float
    late: int
    unclaimed: int
    patterns: list[PatternShape]
    cases: list[CaseShape]


@dataclass(frozen=True, slots=True)
class Room:
    """The war room: cases that stand, the most urgent first; what they have in common; the money at stake."""

    cases: tuple[Case, ...]
    patterns: tuple[Pattern, ...]
    stake: float
    late: int
    unclaimed: int

    @property
    def title(self) -> str:
        if not self.cases:
            return "Nobody waits for a call"
        if self.late:
            waits = "waits" if self.late == 1 else "wait"
            return f"{capital(counted(self.late, 'customer', 'customers'))} {waits} longer than promised"
        if self.unclaimed:
            waits = "waits" if self.unclaimed == 1 else "wait"
            return f"{capital(counted(self.unclaimed, 'customer', 'customers'))} {waits} for a call"
        return f"Everybody is being called: {counted(len(self.cases), 'case', 'cases')}"

    def as_dict(self) -> RoomShape:
        return {
            "title": self.title,
            "stake": self.stake,
            "late": self.late,
            "unclaimed": self.unclaimed,
            "patterns": [{"said": one.said, "count": one.count} for one in self.patterns],
            "cases": [one.as_dict() for one in self.cases],
        }


@dataclass(frozen=True, slots=True)
class Loop:
    """The outer loop: how often closing found a cause, where it lies, and how many of these are resolved."""

    cause: str
    journey: str
    step: str
    count: int
    resolved: int


def war_room(workspace: Workspace, team: str = "") -> Room:
    """What stands now, of one team or all."""
    rows = Case.objects.of(workspace).standing()
    cases = tuple(rows.filter(team=team) if team else rows)
    counts = Counter(one.source.replace("_", " ") for one in cases)
    return Room(
        cases,
        tuple(Pattern(said, count) for said, count in counts.most_common(MOST_PATTERNS)),
        sum(one.stake or 0.0 for one in cases),
        sum(one.is_late for one in cases),
        sum(one.state in {Case.WAITING, Case.RUNNING} for one in cases),
    )


def count_waiting(workspace: Workspace) -> int:
    """How many cases nobody took on yet."""
    return Case.objects.of(workspace).unclaimed().count()


def closed_cases(workspace: Workspace) -> QuerySet[Case]:
    """Those that are over, newest first."""
    return Case.objects.of(workspace).filter(state=Case.CLOSED).order_by("-closed_at", "id")


def list_causes(workspace: Workspace) -> list[Loop]:
    """The root causes that closed cases found, the commonest first."""
    rows = closed_cases(workspace).order_by().values("cause", "journey", "step")
    counted_rows = rows.annotate(n=Count("id"), done=Count("id", filter=Q(resolved=True))).order_by("-n", "cause")
    return [
        Loop(one["cause"], one["journey"], one["step"], one["n"], one["done"]) for one in counted_rows[:MOST_CAUSES]
    ]


def known_causes(workspace: Workspace) -> list[str]:
    """Names of root causes, for who closes the next case."""
    return sorted({one.cause for one in list_causes(workspace)})


def read_recovery(workspace: Workspace) -> Estimate:
    """Of the closed cases whose customer answered the recovery survey, the share that is no low answer any more."""
    closed = Case.objects.of(workspace).answered()
    snapshot = lake_of(workspace).snapshot(SCORES, LINKS)
    links = links_of(snapshot, [one.identity_key for one in closed])
    asked = [
        (
            links[one.identity_key].person_key if one.identity_key in links else one.identity_key,
            f"survey:{one.survey}",
            clock.to_us(one.closed_at) if one.closed_at else 0,
        )
        for one in closed
    ]
    return remembered(snapshot, ("recovery", tuple(asked)), lambda: recovery_rate(snapshot.resolved(SCORES), asked))
