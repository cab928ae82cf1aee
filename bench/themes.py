"""Are planted themes found, by what answers mean and by the words they share, and none where nothing is shared?

python -m bench.themes               10 worlds of 240 answers with 80 sentences of a newspaper among them
python -m bench.themes --write       the table into docs/reference/themes.md as well

In each world customers write about six things in words of their own: seven ways to name it, six or seven to say what
was wrong with it, eight tails. Null worlds are 320 sentences of the newspaper alone.
"""

import csv
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
from bench.parts import trial
from tests.places import SHARED_DATA

from nousnous.capabilities.themes.measures.finding import find_themes
from nousnous.texts.embeddings import embeddings

WORLDS, ANSWERS, OTHERS = 10, 240, 80
METHODS = ("words", "meanings")
INDEX_AT_LEAST, MADE_UP_AT_MOST = 0.85, 0.1
TABLE = Path(__file__).parents[1] / "docs" / "reference" / "themes.md"
TOPICS = {
    "delivery": (
        "My parcel/The package/Our shipment/The courier/What I ordered/The box/The delivery van",
        (
            "never came/arrived two weeks late/was left at the wrong house/is still not here/went to a neighbour/"
            "got lost on its way/turned up after a month"
        ),
    ),
    "money": (
        "The refund/My money/The reimbursement/What I am owed/The credit to my card/The sum you promised back",
        (
            "has not been paid back/is still missing on my account/took two months to come/was only half of the price/"
            "got refused without a reason/never reached my bank"
        ),
    ),
    "entry": (
        "My password/The sign-in page/The code by text message/My account/The username/Two-step verification",
        (
            "is rejected each time/locks me out/does not let me in/says that I do not exist/keeps asking me again/"
            "could not be reset"
        ),
    ),
    "staff": (
        "The agent/Your employee on the phone/The lady at the desk/The assistant/Your team/The young man who helped",
        (
            "was rude to me/hung up/was so friendly and patient/knew everything at once/did not listen/"
            "made my day with kindness"
        ),
    ),
    "program": (
        "The app/Your software/The mobile version/The latest update/The website/The screen",
        (
            "crashes when I open it/freezes all the time/is slow as a snail/shows only a white page/drains my battery/"
            "closes by itself"
        ),
    ),
    "price": (
        "The subscription/The fee/Your tariff/The monthly bill/What you charge/The new plan",
        (
            "is far too expensive/went up without notice/costs more than at your rivals/is not worth it/"
            "has hidden extras/doubled since last year"
        ),
    ),
}
TAILS = ("", "", ", sadly", ", to be honest", " this week", ", as always", " since Monday", ", I think")

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of one method: the adjusted Rand index of answers with what they are about, and how often a sentence of the
    newspaper was made part of a theme among customers and alone; answers a second of a processor.
    """

    index: float
    lowest: float
    mixed_in: float
    made_up: float
    a_second: float


def newspaper() -> list[str]:
    """Sentences about everything, of people who wrote editorials and letters."""
    with (SHARED_DATA / "support" / "sentiment_editorials.csv").open() as file:
        return [row["text"] for row in csv.DictReader(file)]


def planted(seed: int, answers: int = ANSWERS, others: int = OTHERS) -> tuple[list[str], Integers]:
    """Texts, and the number of what each is about, −1 for a sentence of the newspaper."""
    random, topics = Random(seed), [tuple(part.split("/") for part in parts) for parts in TOPICS.values()]
    about = [random.randrange(len(topics)) for _ in range(answers)]
    texts = [f"{random.choice(topics[one][0])} {random.choice(topics[one][1])}{random.choice(TAILS)}" for one in about]
    every = [*zip(texts, about, strict=True), *((text, -1) for text in random.sample(newspaper(), others))]
    random.shuffle(every)
    return [text for text, _ in every], np.array([one for _, one in every])


def sorted_by(method: str, texts: list[str]) -> Integers:
    """The theme of each text, −1 for none."""
    vectors = embeddings(texts).astype(np.float64) if method == "meanings" else None
    return find_themes(texts, (), vectors).belongs


def agreement(method: str, worlds: int = WORLDS) -> Agreement:
    """What a method makes of planted worlds and of the newspaper alone."""
    from sklearn.metrics import adjusted_rand_score

    indexes, mixed_in, made_up, began, read = [], [], [], time.process_time(), 0
    for seed in range(worlds):
        texts, about = planted(seed)
        found = sorted_by(method, texts)
        indexes.append(float(adjusted_rand_score(about[about >= 0], found[about >= 0])))
        mixed_in.append(float((found[about < 0] >= 0).mean()))
        alone = planted(seed, 0, ANSWERS + OTHERS)[0]
        made_up.append(float((sorted_by(method, alone) >= 0).mean()))
        read += len(texts) + len(alone)
    speed = read / (time.process_time() - began)
    return Agreement(float(np.mean(indexes)), min(indexes), float(np.mean(mixed_in)), float(np.mean(made_up)), speed)


def failures(words: Agreement, meanings: Agreement) -> list[str]:
    """What is not as asked of themes by meaning."""
    asked = (
        ("planted themes are found", meanings.index >= INDEX_AT_LEAST),
        ("they are found better than by words", meanings.index > words.index),
        ("nothing is made a theme where nothing is shared", meanings.made_up <= MADE_UP_AT_MOST),
    )
    return [f"{what}: not as often as asked" for what, held in asked if not held]


def page(words: Agreement, meanings: Agreement) -> str:
    """The table as Markdown."""
    rows = (
        ("Adjusted Rand index, mean", [f"{one.index:.2f}" for one in (words, meanings)], f"at least {INDEX_AT_LEAST}"),
        ("Adjusted Rand index, lowest", [f"{one.lowest:.2f}" for one in (words, meanings)], "–"),
        ("Sentences of the newspaper in a theme, among customers", _shares(words.mixed_in, meanings.mixed_in), "–"),
        (
            "Sentences of the newspaper in a theme, alone",
            _shares(words.made_up, meanings.made_up),
            f"at most {100 * MADE_UP_AT_MOST:.0f} %",
        ),
        ("Answers a second of a processor", [f"{one.a_second:,.0f}" for one in (words, meanings)], "–"),
    )
    lines = [f"| {what} | {one} | {other} | {asked} |" for what, (one, other), asked in rows]
    return "\n".join([INTRODUCTION, *lines]) + "\n"


def _shares(*values: float) -> list[str]:
    return [f"{100 * value:.1f} %" for value in values]


INTRODUCTION = f"""# Themes by words and by meanings

Generated by `python -m bench.themes --write`; seeds are fixed.

{WORLDS} worlds: {ANSWERS} customers write about {len(TOPICS)} things in words of their own, among {OTHERS} sentences of
a newspaper; and {ANSWERS + OTHERS} sentences of the newspaper alone, where nothing is planted. The index is 1 where
themes are what was planted, and 0 where they are as good as chance; answers in no theme count as one more theme.

| what | by words | by meanings | asked of meanings |
| --- | --- | --- | --- |"""


def main() -> int:
    words, meanings = (agreement(method) for method in METHODS)
    return trial(TABLE, page(words, meanings), failures(words, meanings))


if __name__ == "__main__":
    sys.exit(main())
