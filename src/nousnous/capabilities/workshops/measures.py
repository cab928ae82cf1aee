"""A workshop as its document says, the order in which somebody sees its versions, and what came of its votes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NotRequired, TypedDict

import numpy as np

from nousnous.base.errors import Place, Refused
from nousnous.base.shapes import shaped
from nousnous.facts.phrases import KEY, LOCALE, TONE
from nousnous.stats.assignment import share_of
from nousnous.stats.contrasts import contrast
from nousnous.stats.estimate import Estimate, EstimateShape
from nousnous.stats.means import mean
from nousnous.stats.shares import share
from nousnous.stats.votes import poll

KINDS: Final = ("text", "recording", "call")
VERSIONS: Final = 3
MINUTES: Final = range(1, 60 * 24 * 31 + 1)
LETTERS: Final = 5_000
MOST_GROUPS: Final = 6
RATINGS: Final = range(1, 6)
"""How well a wording shows that the customer is understood: from not at all to fully."""
NAMES: Final = {"name": 200, "key": 100, "tone": 40, "locale": 20, "group": 60, "address": 500}
EXAMPLES: Final = {"key": "refund.delay", "tone": "empathetic", "locale": "pt-br"}


@dataclass(frozen=True, slots=True)
class Version:
    """One way to say it: its tone, its words, and where it can be heard."""

    tone: str
    text: str
    recording: str = ""


class VersionShape(TypedDict):
    tone: str
    text: str
    recording: str


class WorkshopDefinitionShape(TypedDict):
    name: str
    key: str
    sentence: str
    locale: str
    kind: str
    call: str
    minutes: int
    monthly: bool
    empathy: bool
    groups: list[str]
    versions: list[VersionShape]


@dataclass(frozen=True, slots=True)
class Definition:
    """What is asked: the sentence or policy, three versions of it, for how long the vote is open, and how often."""

    name: str
    key: str
    sentence: str
    versions: tuple[Version, ...]
    locale: str = "en"
    kind: str = "text"
    call: str = ""
    minutes: int = 60
    monthly: bool = False
    groups: tuple[str, ...] = field(default=())
    empathy: bool = False

    def as_dict(self) -> WorkshopDefinitionShape:
        versions = [shaped(VersionShape, one) for one in self.versions]
        return shaped(WorkshopDefinitionShape, self, groups=list(self.groups), versions=versions)


def read_workshop(document: Any) -> Definition:
    """The workshop of a document; Refused with the field that is wrong."""
    if not isinstance(document, Mapping):
        raise Refused("A workshop is a JSON object with name, key, sentence and three versions.")
    known = {"name", "key", "sentence", "versions", "locale", "kind", "call", "minutes", "monthly", "groups", "empathy"}
    if strange := sorted(str(one) for one in document if one not in known):
        raise Refused(f"“{strange[0][:60]}” is nothing that a workshop says.", Place(field=strange[0][:60]))
    kind = document.get("kind", "text")
    if kind not in KINDS:
        raise Refused("A workshop is text, recording or call.", Place(field="kind"))
    call = _address(document.get("call", ""), "call")
    if (kind == "call") != bool(call):
        raise Refused("A live call, and only that, names its address under “call”.", Place(field="call"))
    return Definition(
        name=_text(document.get("name"), "name", NAMES["name"]),
        key=_like(KEY, document.get("key"), "key"),
        sentence=_text(document.get("sentence"), "sentence", LETTERS),
        versions=_versions(document.get("versions"), kind),
        locale=_like(LOCALE, document.get("locale", "en"), "locale"),
        kind=kind,
        call=call,
        minutes=_minutes(document.get("minutes", 60)),
        monthly=_switch(document, "monthly"),
        groups=_groups(document.get("groups", [])),
        empathy=_switch(document, "empathy"),
    )


def order_of(round_id: str, voter: str, count: int) -> list[int]:
    """The places of the versions in the order in which one voter sees them: random between voters, the same again.

    >>> sorted(order_of("r", "v", 3))
    [0, 1, 2]
    """
    return sorted(range(count), key=lambda place: share_of(f"workshop/{round_id}/{place}", voter))


def rated_by(round_id: str, voter: str, count: int) -> int:
    """The place of the version that one voter rates: drawn for each, whatever they choose, the same again.

    >>> rated_by("r", "v", 3) in range(3)
    True
    """
    return min(int(share_of(f"workshop/{round_id}/rated", voter) * count), count - 1)


class RatedShape(TypedDict):
    today: EstimateShape
    rating: EstimateShape
    change: EstimateShape


class EmpathyShape(TypedDict):
    """How well customers say they are understood."""

    today: EstimateShape
    versions: list[RatedShape]


def empathy_of(ratings: Sequence[tuple[int, int, int]], count: int) -> EmpathyShape:
    """How well customers say they are understood by the wording of today and by each version, from 1 to 5.

    Each rated today's wording and one version that was drawn for them, so those who like a version are not asked
    about it more often than others; the change is within each of them.

    Args:
        ratings: place of the version, rating of today's wording, rating of the version; one entry a voter.
        count: how many versions there are.

    >>> found = empathy_of([(0, 2, 4), (0, 1, 4), (0, 2, 5), (0, 3, 4), (0, 2, 5), (1, 2, 2)], 2)
    >>> round(found["today"]["value"], 1), found["versions"][0]["change"]["value"], found["versions"][1]["rating"]["n"]
    (2.0, 2.4, 1)
    """
    places, today, new = np.array(ratings, dtype=np.float64).reshape(-1, 3).T
    told: list[RatedShape] = []
    for place in range(count):
        mask = places == place
        persons = np.arange(int(mask.sum()))
        rating, change = mean(new[mask], persons), mean(new[mask] - today[mask], persons)
        same = mean(today[mask], persons)
        told.append({"today": same.as_dict(), "rating": rating.as_dict(), "change": change.as_dict()})
    return {"today": mean(today, np.arange(today.size)).as_dict(), "versions": told}


class OutcomeShape(TypedDict):
    """What came of a vote: places count from 0."""

    votes: int
    counts: list[int]
    shares: list[EstimateShape]
    first: int | None
    lead: EstimateShape
    winner: int | None
    more: int | None
    groups: dict[str, "OutcomeShape"]
    empathy: NotRequired[EmpathyShape]


def outcome_of(counts: Sequence[int], groups: Mapping[str, Sequence[int]]) -> OutcomeShape:
    """What came of a vote, as it is kept: shares, the lead of the first over the second, the winner or what it takes.

    >>> found = outcome_of([60, 25, 15], {})
    >>> found["winner"], found["votes"], found["more"]
    (0, 100, None)
    >>> outcome_of([1, 0, 0], {})["more"]
    4
    """
    found, votes = poll(counts), sum(counts)
    return {
        "votes": votes,
        "counts": list(counts),
        "shares": [share_among(one, votes).as_dict() for one in counts],
        "first": found.first if votes else None,
        "lead": found.lead.as_dict(),
        "winner": found.first if found.won else None,
        "more": None if found.needed is None else max(1, found.needed - votes),
        "groups": {name: outcome_of(one, {}) for name, one in groups.items()},
    }


def share_among(count: int, votes: int) -> Estimate:
    """The share of votes for one version, with Wilson's interval; a vote is a person."""
    return share(np.repeat([1, 0], [count, votes - count]), np.ones(votes, dtype=np.int64))


def drift_of(then: Mapping[str, Any], now: Mapping[str, Any], place: int) -> Estimate:
    """By how much the share of one version has changed between two rounds of different voters.

    >>> drift_of(outcome_of([60, 25, 15], {}), outcome_of([30, 55, 15], {}), 0).value
    -0.3
    """
    shares = [share_among(one["counts"][place], one["votes"]) for one in (now, then)]
    return contrast([(1.0, shares[0]), (-1.0, shares[1])])


def _versions(given: Any, kind: str) -> tuple[Version, ...]:
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) != VERSIONS:
        raise Refused("A workshop compares three versions.", Place(field="versions"))
    if not all(isinstance(one, Mapping) for one in given):
        raise Refused("A version says its tone and its text.", Place(field="versions"))
    made = tuple(
        Version(
            _like(TONE, one.get("tone"), "tone"),
            _text(one.get("text"), "text", LETTERS),
            _address(one.get("recording", ""), "recording"),
        )
        for one in given
    )
    if len({one.tone for one in made}) < VERSIONS or len({one.text for one in made}) < VERSIONS:
        raise Refused("Three versions have three tones and three texts.", Place(field="versions"))
    if kind == "recording" and not all(one.recording for one in made):
        raise Refused("Each version names the address of its recording.", Place(field="recording"))
    return made


def _groups(given: Any) -> tuple[str, ...]:
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) > MOST_GROUPS:
        raise Refused(f"Groups are a list of at most {MOST_GROUPS} names.", Place(field="groups"))
    made = tuple(_text(one, "groups", NAMES["group"]) for one in given)
    if len(set(made)) < len(made) or len(made) == 1:
        raise Refused("Groups are none, or at least two that differ.", Place(field="groups"))
    return made


def _switch(document: Mapping[str, Any], field: str) -> bool:
    given = document.get(field, False)
    if not isinstance(given, bool):
        raise Refused(f"“{field}” is true or false.", Place(field=field))
    return given


def _minutes(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given not in MINUTES:
        raise Refused("A vote is open for 1 minute to 31 days; say it in minutes.", Place(field="minutes"))
    return given


def _text(given: Any, field: str, most: int) -> str:
    if not isinstance(given, str) or not given.strip() or len(given) > most or "\0" in given:
        raise Refused(f"Write “{field}”, in at most {most} letters.", Place(field=field))
    return given.strip()


def _like(pattern: re.Pattern[str], given: Any, field: str) -> str:
    """A name as the phrase book writes it."""
    text = _text(given, field, NAMES[field]).lower()
    written = text.replace("_", "-") if field == "locale" else text
    if not pattern.fullmatch(written):
        raise Refused(f"Write “{field}” in small letters, such as {EXAMPLES[field]}.", Place(field=field))
    return written


def _address(given: Any, field: str) -> str:
    if not given:
        return ""
    if not isinstance(given, str) or not given.startswith("https://") or len(given) > NAMES["address"]:
        raise Refused("An address begins with https://.", Place(field=field))
    return given
