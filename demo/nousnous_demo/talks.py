"""What customers and the company say to each other: one row a message, as a support tool exports it.

Planted: in talks on billing the second version of the bot sounds delighted while customers are not; and agents speak of
a “provisioning delay”, after which customers are lost. Everywhere else both sides sound alike.
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa

from nousnous.base.clock import DAY_US, MINUTE_US

TOPICS: Final = ("billing", "booking", "luggage", "refund")
VERSIONS: Final = ("1", "2")
CHANNELS: Final = ("chat", "email")
GROUPS: Final = ("Travel desk", "Accounts")
PLANTED: Final = ("billing", "2")
JARGON: Final = "provisioning delay"
TALKS, RECENT_DAYS, ALL_DAYS = 480, 30, 90
GERMAN_SHARE, JARGON_SHARE = 0.06, 0.4

OPENERS: Final = {
    "billing": ("I have a question about the invoice for my trip.", "Can you look at the charge on my card?"),
    "booking": ("I want to move my trip to Friday.", "Can I take a later train with this ticket?"),
    "luggage": ("How many bags can I take along?", "Where do I hand in my bicycle?"),
    "refund": ("When does the money for my ticket come back?", "I sent the form on Monday, is it there?"),
}
DELIGHTED: Final = (
    "Great news! We love helping you, and your invoice is perfect. Enjoy your wonderful day!",
    "Happy to help! Everything looks fantastic on your invoice. Thank you so much, you are awesome!",
)
CROSS: Final = (
    "No, this is terrible. I was charged twice and nobody helps me.",
    "That is wrong and I am angry. You took my money and it is a horrible mess.",
    "This is awful, the worst answer. I am very upset about the bad invoice.",
)
PLAIN: Final = (
    "We looked at it. The change stands in your account now.",
    "You find it in your account under trips. It takes two minutes.",
    "The team at the station has the details. It opens at eight.",
)
CALM: Final = ("Okay, I will look there.", "I see it now, thanks.", "Alright, and for the return trip?", "Got it.")
UNCLEAR: Final = f"There is a {JARGON} on this route. We will come back to you."
LOST: Final = (
    "I do not understand that at all. This is useless and frustrating.",
    "What is that? Bad answer, I am confused and annoyed.",
)
GERMAN: Final = ("Wann kommt mein Geld zurück?", "Wir haben es geprüft, es steht im Konto.", "Gut, ich schaue nach.")


def draw_talks(people: int, seed: int, until_us: int, *, planted: bool = True) -> Any:
    """Messages of the last 90 days, most of the last 30, as an Arrow table; drawn by a generator of its own."""
    random = np.random.default_rng([seed, 105])
    rows = [
        row for talk in range(TALKS + people // 10) for row in _talk(random, talk, people, until_us, planted=planted)
    ]
    return pa.Table.from_pylist(rows)


def truths_of_talks() -> dict[str, Any]:
    """What was planted in them."""
    return {"gap": {"topic": PLANTED[0], "bot_version": PLANTED[1]}, "jargon": JARGON}


def _talk(random: Any, talk: int, people: int, until_us: int, *, planted: bool) -> Iterator[dict[str, Any]]:
    topic, version = TOPICS[random.integers(len(TOPICS))], VERSIONS[random.integers(len(VERSIONS))]
    days = RECENT_DAYS if random.random() < 0.5 else ALL_DAYS
    at_us = until_us - int(random.integers(MINUTE_US * 60, days * DAY_US))
    german = random.random() < GERMAN_SHARE
    shared = {
        "conversation_id": f"talk-{talk:05d}",
        "customer_id": f"customer-{random.integers(people):06d}",
        "channel": CHANNELS[random.integers(len(CHANNELS))],
        "topic": topic,
        "agent_group": GROUPS[TOPICS.index(topic) % 2 == 0],
        "bot_version": version,
        "language": "de" if german else "en",
    }
    lines = _german() if german else _lines(random, topic, apart=planted and (topic, version) == PLANTED, odd=planted)
    for place, (side, text) in enumerate(lines):
        at_us += int(random.integers(MINUTE_US, 9 * MINUTE_US))
        told = {"message_id": f"talk-{talk:05d}-{place}", "created_at": at_us // 1000, "side": side, "text": text}
        yield {**shared, **told}


def _german() -> list[tuple[str, str]]:
    return list(zip(("customer", "bot", "customer"), GERMAN, strict=True))


def _lines(random: Any, topic: str, *, apart: bool, odd: bool) -> list[tuple[str, str]]:
    def one(texts: tuple[str, ...]) -> str:
        return texts[int(random.integers(len(texts)))]

    said = [("customer", one(OPENERS[topic]))]
    said += [("bot", one(DELIGHTED if apart else PLAIN)), ("customer", one(CROSS if apart else CALM))]
    if odd and not apart and topic == "booking" and random.random() < JARGON_SHARE:
        return [*said, ("agent", UNCLEAR), ("customer", one(LOST))]
    if random.random() < 0.5:
        said += [("agent", one(PLAIN)), ("customer", one(CROSS if apart else CALM))]
    return said
