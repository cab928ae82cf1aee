"""From event names to a journey: which pairs begin and end something, what comes after what, what goes wrong."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from nousnous.facts.journeys import STAGES

BEGINS: Final = frozenset({"started", "opened", "entered", "announced", "begun", "requested", "start", "open", "begin"})
ENDS: Final = frozenset(
    {"completed", "finished", "confirmed", "resolved", "left", "submitted", "done", "refunded", "complete", "finish"}
)
TROUBLES: Final = frozenset({"error", "failed", "failure", "refused", "declined", "rejected", "bug", "crash", "denied"})
EVERYWHERE: Final = frozenset({"Page Viewed", "Screen Viewed", "Element Clicked"})
"""Names that come with everything and tell no step apart."""
STAGE_WORDS: Final = {
    "evangelism": "share shared refer referral review invite invited",
    "loyalty": "renew renewal renewed lounge reward loyalty",
    "retention": "support contact chat ticket help cancel cancelled return refund account",
    "purchase": "checkout payment pay order purchase shipping book booking subscribe subscription",
    "evaluation": "cart basket wishlist compare added plan pricing add",
    "consideration": "search searched product catalog filter view viewed browse trip list results",
    "awareness": "home landing promo sign signed signup campaign ad onboarding welcome",
}
MOST_STEPS: Final = 8
RARE_SHARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Name:
    """An event name: how often, of how many persons, and when in their story (0 first, 1 last)."""

    event: str
    n: int
    persons: int
    place: float


@dataclass(frozen=True, slots=True)
class Suggested:
    """A step as it is suggested, with the reason."""

    starts: str
    completes: str | None
    fails: tuple[str, ...] = ()
    reason: str = ""

    @property
    def words(self) -> list[str]:
        return [word for word in words_of(self.starts) if word not in BEGINS] or words_of(self.starts)


@dataclass(slots=True)
class Sketch:
    """What was found: steps in the order in which people reach them."""

    steps: list[Suggested] = field(default_factory=list)
    names: dict[str, Name] = field(default_factory=dict)


def words_of(event: str) -> list[str]:
    """The words of a name, in any spelling.

    >>> words_of("Check-in Opened"), words_of("addToCart"), words_of("payment_error")
    (['check', 'in', 'opened'], ['add', 'to', 'cart'], ['payment', 'error'])
    """
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_A-Za-z]+", event)]


def sketch(names: Sequence[Name], before_trouble: Mapping[str, str]) -> Sketch:
    """Steps for the commonest names: pairs by their words first, the others chained in the order of people's stories.

    `before_trouble` says for each name of trouble what people did just before, most often.
    """
    most = max((name.persons for name in names), default=0)
    common = [name for name in names if name.persons >= max(1, RARE_SHARE * most)]
    troubles = [name.event for name in names if _is_trouble(name.event)]
    calm = [name for name in common if not _is_trouble(name.event)]
    calm = [name for name in calm if name.event not in EVERYWHERE] or calm
    pairs = _pairs(calm)
    taken = {one for pair in pairs for one in pair}
    chained = _chain([name for name in calm if name.event not in taken], MOST_STEPS - len(pairs))
    by_name = {name.event: name for name in names}
    together = [(*pair, "one name begins what the other ends") for pair in pairs]
    together += [(*pair, "people do the one and then the other") for pair in chained]
    order = _in_order([by_name[pair[0]] for pair in together])
    ordered = sorted(together, key=lambda pair: order.index(pair[0]))[:MOST_STEPS]
    fails = _fails([start for start, _, _ in ordered], troubles, before_trouble)
    steps = [Suggested(start, end, tuple(fails[start]), reason) for start, end, reason in ordered]
    return Sketch(steps, by_name)


def _is_trouble(event: str) -> bool:
    return not TROUBLES.isdisjoint(words_of(event))


def _stem(event: str, ends: frozenset[str]) -> tuple[str, ...] | None:
    words = words_of(event)
    return tuple(words[:-1]) if len(words) > 1 and words[-1] in ends else None


def _pairs(names: Sequence[Name]) -> list[tuple[str, str]]:
    ends: dict[tuple[str, ...], Name] = {}
    for name in names:
        stem = _stem(name.event, ENDS)
        if stem is not None and (stem not in ends or name.n > ends[stem].n):
            ends[stem] = name
    found = []
    for name in names:
        stem = _stem(name.event, BEGINS)
        if stem is not None and stem in ends:
            found.append((name.event, ends[stem].event))
    return found[:MOST_STEPS]


def _chain(names: Sequence[Name], most: int) -> list[tuple[str, str]]:
    """Neighbours of the commonest names, those of a purchase first, by stage and then by their place in the stories."""
    if most < 1:
        return []
    wanted = sorted(names, key=lambda name: (stage_of(name.event) != "purchase", -name.persons, name.event))
    ordered = _in_order(wanted[: most + 1])
    if len(ordered) == 1:
        return [(ordered[0], ordered[0])]
    return [(one, other) for one, other in pairwise(ordered) if ENDS.isdisjoint(words_of(one)[-1:])]


def _in_order(names: Sequence[Name]) -> list[str]:
    """By stage; a name that speaks of no stage belongs to that of the name nearest in people's stories."""
    staged = [(name.place, STAGES.index(stage)) for name in names if (stage := stage_of(name.event))]

    def key(name: Name) -> tuple[int, float, str]:
        stage = stage_of(name.event)
        near = min(staged, key=lambda one: (abs(one[0] - name.place), one), default=(0.0, 0))[1]
        return (STAGES.index(stage) if stage else near, name.place, name.event)

    return [name.event for name in sorted(names, key=key)]


def _fails(starts: Sequence[str], troubles: Sequence[str], before_trouble: Mapping[str, str]) -> dict[str, list[str]]:
    """Trouble belongs to the steps whose words it shares, else to what people did just before it."""
    found: dict[str, list[str]] = {start: [] for start in starts}
    for trouble in troubles:
        words = set(words_of(trouble)) - TROUBLES
        sharing = [start for start in starts if words & (set(words_of(start)) - BEGINS)]
        for start in sharing or [before_trouble.get(trouble, "")]:
            if start in found:
                found[start].append(trouble)
    return found


def stage_of(event: str) -> str | None:
    """The stage that a name's words speak of.

    >>> stage_of("shipping_details"), stage_of("Lorem")
    ('purchase', None)
    """
    words = set(words_of(event))
    return next((stage for stage, spoken in STAGE_WORDS.items() if words & set(spoken.split())), None)


def written(found: Sketch, identity: str, currency: str, timezone: str) -> str:
    """A sketch as a journey file with its reasons."""
    total = sum(name.n for name in found.names.values())
    head = [
        f"# Suggested from {total} events of {len(found.names)} names. Names, stages and owners are yours to say.",
        "[journey]",
        f"id = {json.dumps(identity)}",
        f'name = "{identity.capitalize()}"',
        f"currency = {json.dumps(currency)}",
        "hourly_wage = 25.0    # what an hour of a customer is worth; or a table by country with a default",
        f"timezone = {json.dumps(timezone)}",
    ]
    used: set[str] = set()
    for step in found.steps:
        head += ["", *_step_lines(step, found.names, used)]
    return "\n".join([*head, ""])


def _step_lines(step: Suggested, names: Mapping[str, Name], used: set[str]) -> list[str]:
    name = " ".join(step.words).capitalize()
    base = identity = "-".join(step.words)
    while identity in used:
        identity = f"{base}-{len(used)}"
    used.add(identity)
    stage = stage_of(step.starts)
    begun = names[step.starts]
    lines = [
        f"# {begun.n} times by {begun.persons} people; {step.reason}",
        "[[step]]",
        f"id = {json.dumps(identity)}",
        f"name = {json.dumps(name, ensure_ascii=False)}",
        f'stage = "{stage}"' if stage else '# stage = "purchase"',
        f"starts = {_matcher(step.starts)}",
    ]
    if step.completes and step.completes != step.starts:
        lines.append(f"completes = {_matcher(step.completes)}")
    if step.fails:
        lines.append(f"fails = [{', '.join(_matcher(one) for one in step.fails)}]")
    return [*lines, 'within = "30m"']


def _matcher(event: str) -> str:
    return f"{{ event = {json.dumps(event, ensure_ascii=False)} }}"
