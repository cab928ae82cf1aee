"""What came of a play: how many of its firings ended in which way, and the newest of them."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Count

from nousnous.plays.models import Firing, Play
from nousnous.workspaces.models import Workspace

MOST_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Result:
    """How many firings of a play wait, acted, were held out, left out, cancelled, or failed."""

    play: Play
    counts: dict[str, int]

    def count(self, *states: str) -> int:
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def acted(self) -> int:
        return self.count(Firing.ACTED, Firing.ACTING)

    @property
    def held_out(self) -> int:
        return self.count(Firing.HELD_OUT)

    @property
    def waiting(self) -> int:
        return self.count(Firing.WAITING)

    @property
    def failed(self) -> int:
        return self.count(Firing.FAILED)

    @property
    def spared(self) -> int:
        """Whom nothing was done for, with a reason."""
        return self.count(Firing.LEFT_OUT, Firing.CANCELLED)

    @property
    def figures(self) -> list[dict[str, str]]:
        """The strip of key figures."""
        definition = self.play.current.definition
        if definition.trigger.threshold:
            told = ("Told", self.acted, "each time that the value was passed")
            return _figures(told, ("Failed", self.failed, "to be tried again"))
        share = definition.holdout
        return _figures(
            ("Reached", self.acted, "by what it did"),
            ("Held out", self.held_out, f"{share:.0%} are left alone"),
            ("Waiting", self.waiting, "until their time is over"),
            ("Spared", self.spared, "left out, or came by themselves"),
        )

    @property
    def sentence(self) -> str:
        if not self.counts:
            return "It has not fired yet."
        people = "1 person was" if self.acted == 1 else f"{self.acted} people were"
        return f"{people} reached, {self.held_out} held out to compare, {self.waiting} wait, {self.failed} failed."


def _figures(*counts: tuple[str, int, str]) -> list[dict[str, str]]:
    return [{"label": label, "figure": f"{count:,}", "basis": basis} for label, count, basis in counts]


def results_of(workspace: Workspace) -> dict[int, Result]:
    """The results of all plays of a workspace, by the keys of their records."""
    found = {one.pk: Result(one, {}) for one in Play.objects.filter(workspace=workspace)}
    counted = Firing.objects.of(workspace).order_by().values_list("play", "state").annotate(n=Count("id"))
    for play, state, n in counted:
        found[int(play)].counts[str(state)] = n
    return found


def newest_firings(play: Play) -> list[Firing]:
    """The newest firings, those that failed first."""
    failed = list(play.firings.filter(state=Firing.FAILED)[:MOST_SHOWN])
    return [*failed, *play.firings.exclude(state=Firing.FAILED)[: MOST_SHOWN - len(failed)]]
