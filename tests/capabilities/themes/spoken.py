"""Open answers of planted topics."""

from random import Random

import pyarrow as pa

from nousnous.base.clock import DAY_US
from nousnous.collector.landing import land
from nousnous.facts.scores import SCORES
from nousnous.workspaces.models import Workspace

START_US = 1_767_607_205_000_000
TOPICS = {
    "check-in": ("check-in button", "boarding pass", "front desk", "queue at the desk"),
    "refund": ("refund", "money back", "waited weeks", "form rejected"),
    "seat": ("seat map", "window seat", "leg room", "aisle"),
    "chat": ("chat bot", "human agent", "nobody answered", "support chat"),
}
ENDS = ("was terrible", "is great", "took ages", "never worked for me", "again and again", "on my trip", "last Monday")


def spoken(count: int, seed: int = 1, topics: tuple[str, ...] = tuple(TOPICS)) -> list[tuple[str, str]]:
    """(topic, text) of so many answers; each sixth is about nothing."""
    random, found = Random(seed), []
    for number in range(count):
        topic = random.choice(topics)
        first, second = random.sample(TOPICS[topic], 2)
        text = f"The {first} {random.choice(ENDS)}, and the {second} {random.choice(ENDS)}"
        found.append((topic, text) if number % 6 else ("", f"{random.choice(('fine', 'nothing', 'ok'))} {number}"))
    return found


def answer(workspace: Workspace, texts: list[str], first: int = 0) -> None:
    """Each text is of a person of its own, one a quarter of a day."""
    numbers = range(first, first + len(texts))
    rows = {
        "score_id": [f"answer-{number}" for number in numbers],
        "ts_us": [START_US + number * DAY_US // 4 for number in numbers],
        "received_us": [START_US + number * DAY_US // 4 for number in numbers],
        "user_id": [f"person-{number}" for number in numbers],
        "metric": ["comment"] * len(texts),
        "comment": texts,
    }
    land(workspace, SCORES, pa.table(rows))
