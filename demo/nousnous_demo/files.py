"""The files of a world, as a company would export them: they can be imported by hand, too."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.conf import settings

from nousnous.base import clock
from nousnous.base.clock import DAY_US
from nousnous_demo.company import LABEL, Conviction
from nousnous_demo.plan import Plan
from nousnous_demo.simulate import simulate
from nousnous_demo.talks import draw_talks
from nousnous_demo.truths import truths_of

HERE = Path(__file__).parent
STATED_BEFORE_US = 10 * DAY_US


@dataclass(frozen=True, slots=True)
class Files:
    """Where they lie: in a folder of the home, one for each workspace that is a demo."""

    folder: Path

    @classmethod
    def of(cls, workspace: str) -> "Files":
        return cls(settings.NOUS.home / "demo" / workspace)

    @property
    def events(self) -> Path:
        return self.folder / "events.parquet"

    @property
    def answers(self) -> Path:
        return self.folder / "answers.parquet"

    @property
    def talks(self) -> Path:
        return self.folder / "conversations.parquet"

    @property
    def mapping(self) -> Path:
        return HERE / "survey.toml"

    @property
    def journey(self) -> Path:
        return self.folder / "journey.toml"

    @property
    def truth(self) -> Path:
        return self.folder / "truth.json"

    @property
    def drawn(self) -> Path:
        return self.folder / "drawn.json"

    @property
    def plan(self) -> Path:
        return self.folder / "plan.json"

    def draw(self, plan: Plan) -> None:
        """Draw the world and write it; what was planted is written last, when all else stands (`write_truths`)."""
        self.folder.mkdir(parents=True, exist_ok=True)
        world = simulate(plan.company, plan.people, plan.seed, plan.until_us, plan.days)
        pq.write_table(world.events, self.events)
        pq.write_table(world.answers, self.answers)
        pq.write_table(draw_talks(plan.people, plan.seed, plan.until_us), self.talks)
        self.drawn.write_text(json.dumps({"faders": world.faders, "rescues": world.rescues}), "utf-8")
        self.journey.write_text(journey_text(plan), "utf-8")

    def write_truths(self, plan: Plan) -> None:
        drawn = json.loads(self.drawn.read_text("utf-8"))
        text = json.dumps(truths_of(plan) | drawn, indent=2, ensure_ascii=False)
        self.truth.write_text(text + "\n", "utf-8")

    def truths(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.truth.read_text("utf-8"))
        return found


def journey_text(plan: Plan) -> str:
    """The journey with what its teams believe, as a file that `nous journey apply` takes."""
    stated = clock.from_us(plan.from_us - STATED_BEFORE_US).isoformat()
    beliefs = "".join(_belief(one, stated) for one in plan.company.convictions)
    return f"# {LABEL}\n{(HERE / 'journey.toml').read_text('utf-8')}{beliefs}"


def _belief(one: Conviction, stated: str) -> str:
    lines = [
        f'step = "{one.step}"',
        f'metric = "{one.metric}"',
        f"value = {one.value}",
        f"tolerance = {one.tolerance}" if one.tolerance is not None else "",
        f"range = [{one.low}, {one.high}]",
        f"expected_gap = {one.expected_gap}",
        f'author = "{one.author}"',
        f'segment = "{one.segment}"' if one.segment else "",
        f"stated_at = {stated}",
    ]
    return "\n[[belief]]\n" + "\n".join(line for line in lines if line) + "\n"
