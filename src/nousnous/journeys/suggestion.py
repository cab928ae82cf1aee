"""From event names to a journey: which names begin and end something, what leads to a purchase, what goes wrong."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from nousnous.facts.journeys import STAGES

BEGINS: Final = frozenset(
    {"started", "opened", "entered", "announced", "begun", "requested", "asked", "initiated", "start", "open", "begin"}
)
ENDS: Final = frozenset(
    {"completed", "finished", "confirmed", "resolved", "left", "submitted", "done", "refunded", "granted", "renewed"}
    | {"approved", "delivered", "paid", "closed", "complete", "finish", "success"}
)
TROUBLES: Final = frozenset({"error", "failed", "failure", "refused", "declined", "rejected", "bug", "crash", "denied"})
EVERYWHERE: Final = frozenset({"Page Viewed", "Screen Viewed", "Element Clicked"})
"""Names that come with everything and tell no step apart."""
SAYING_NOTHING: Final = frozenset({"page", "screen", "event", "user"})
STAGE_WORDS: Final = {
    "evangelism": "share shared refer referral review invite invited",
    "loyalty": "renew renewal renewed lounge reward loyalty",
    "retention": "support contact chat ticket help cancel cancelled return refund account",
    "purchase": "checkout payment pay order purchase shipping book booking subscribe subscription",
    "evaluation": "cart basket wishlist compare added plan pricing add",
    "consideration": "search searched product catalog filter view viewed browse trip list results",
    "awareness": "home landing promo sign signed signup campaign ad onboarding welcome",
}
MOST_STEPS: Final = 12
MOST_ALONE: Final = 4
RARE_SHARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Rung:
    """A part of the way to a purchase: how a step that begins here is called, and the words of names that mean it."""

    title: str
    stage: str
    words: tuple[str, ...]
    never: tuple[str, ...] = ()

    def holds(self, event: str) -> bool:
        """Whether a name has all words of one of the alternatives, and none of the others."""
        found = set(words_of(event))
        return found.isdisjoint(self.never) and any(found.issuperset(every.split("+")) for every in self.words)


ASIDE: Final = (
    "wishlist",
    "removed",
    "remove",
    "review",
    "reviews",
    "shared",
    "share",
    "refunded",
    "cancelled",
    "help",
)
WAY: Final = (
    Rung("Arrive", "awareness", ("home", "homepage", "landing", "promo", "campaign", "welcome"), ASIDE),
    Rung("Find", "consideration",
         ("search", "searched", "catalog", "category", "list", "results", "filter", "browse", "collection"), ASIDE),
    Rung("Choose", "evaluation", ("product", "item", "details", "offer", "pdp"), ("added", "add", "support", *ASIDE)),
    Rung("Cart", "evaluation", ("cart", "basket", "bag", "product+added", "item+added"), ASIDE),
    Rung("Checkout", "purchase", ("checkout", "shipping", "address", "delivery"), ("delivered", *ASIDE)),
    Rung("Payment", "purchase", ("payment", "pay", "billing"), ASIDE),
    Rung("Purchase", "purchase",
         ("purchase", "purchased", "bought", "booked", "subscribed", "transaction", "order+completed", "order+placed",
          "order+paid", "order+confirmed", "order+submitted", "payment+completed", "checkout+completed"), ASIDE),
)  # fmt: skip
CART, GOAL = WAY[3], WAY[-1]


@dataclass(frozen=True, slots=True)
class Name:
    """An event name: how often, of how many persons, and when in their story (0 first, 1 last)."""

    event: str
    n: int
    persons: int
    place: float


@dataclass(frozen=True, slots=True)
class Suggested:
    """A step as it is suggested; without `completes` one kind of event alone tells of it, and in one that lingers
    people look around for as long as they like."""

    title: str
    starts: tuple[str, ...]
    completes: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()
    stage: str | None = None
    within: str = "30m"
    lingers: bool = False


@dataclass(frozen=True, slots=True)
class Sketch:
    """What was found: steps in the order in which people reach them, and the names that came in."""

    steps: tuple[Suggested, ...]
    names: Mapping[str, Name]


def words_of(event: str) -> list[str]:
    """The words of a name, in any spelling.

    >>> words_of("Check-in Opened"), words_of("addToCart"), words_of("payment_error"), words_of("Kasse geöffnet")
    (['check', 'in', 'opened'], ['add', 'to', 'cart'], ['payment', 'error'], ['kasse', 'geöffnet'])
    """
    apart = re.sub(r"([a-zß-öø-ÿ])([A-ZÀ-ÖØ-Þ])", r"\1 \2", event)
    return [word.lower() for word in re.findall(r"[^\W\d_]+|\d+", apart)]


def stage_of(event: str) -> str | None:
    """The stage that a name's words speak of.

    >>> stage_of("shipping_details"), stage_of("Lorem")
    ('purchase', None)
    """
    words = _stems(words_of(event))
    return next((stage for stage, spoken in STAGE_WORDS.items() if words & _stems(spoken.split())), None)


def calm_names(names: Iterable[Name]) -> list[Name]:
    """The common names that speak of no trouble; those that come with everything only where there is no other."""
    found = list(names)
    most = max((name.persons for name in found), default=0)
    common = [name for name in found if name.persons >= max(1, RARE_SHARE * most) and not is_trouble(name.event)]
    return [name for name in common if name.event not in EVERYWHERE] or common


def is_trouble(event: str) -> bool:
    return not TROUBLES.isdisjoint(words_of(event))


def endless(names: Sequence[Name]) -> tuple[list[str], list[str]]:
    """Names that begin something no other name ends by its words, and the names that may end it."""
    paired = _pairs(names)
    begun = [name.event for name in names if _stem(name.event, BEGINS) and name.event not in paired]
    return begun, [name.event for name in names if _last(name.event, ENDS) or GOAL.holds(name.event)]


def sketch(names: Sequence[Name], ended_by: Mapping[str, str], before_trouble: Mapping[str, str]) -> Sketch:
    """Steps of the commonest names: what begins and ends, the way to a purchase, else the order of people's stories.

    `ended_by` says what mostly ends a beginning whose words no other name has; `before_trouble` what people did just
    before a name of trouble, most often.
    """
    calm = calm_names(names)
    pairs = {**_pairs(calm), **ended_by}
    begun = [_paired(start, end) for start, end in pairs.items()]
    taken = {*pairs, *(end for end in pairs.values() if not GOAL.holds(end))}
    left = [name for name in calm if name.event not in taken]
    steps = [*_way(left), *begun][:MOST_STEPS]
    steps = steps or _chained(left) or [_alone(name) for name in left[:MOST_ALONE]]
    by_name = {name.event: name for name in names}
    ordered = _in_order(steps, by_name)
    return Sketch(tuple(_with_fails(ordered, [name.event for name in names], before_trouble)), by_name)


def title_of(found: Sketch) -> str:
    """What a journey is called: from where its first step begins to where the last one with a stage ends.

    >>> steps = Suggested("Arrive", ("home",)), Suggested("Pay", ("pay",), ("purchase",), stage="purchase")
    >>> title_of(Sketch(steps, {}))
    'Home to purchase'
    """
    last = ([step for step in found.steps if step.stage] or found.steps)[-1]
    events = found.steps[0].starts[0], (last.completes or last.starts)[0]
    ends = [_plainly(event, BEGINS | ENDS) for event in events]
    if ends[0] == ends[1]:
        ends = [" ".join(words_of(event)) or event for event in events]
    return " to ".join(dict.fromkeys(ends)).capitalize()


def _pairs(names: Sequence[Name]) -> dict[str, str]:
    """Names of which one begins what the other ends, by their words; the commonest first."""
    ends: dict[tuple[str, ...], Name] = {}
    for name in names:
        stem = _stem(name.event, ENDS)
        if stem is not None and (stem not in ends or name.n > ends[stem].n):
            ends[stem] = name
    begun = {name.event: stem for name in names if (stem := _stem(name.event, BEGINS))}
    return dict([(event, ends[stem].event) for event, stem in begun.items() if stem in ends][:MOST_STEPS])


def _stem(event: str, ends: Collection[str]) -> tuple[str, ...] | None:
    words = words_of(event)
    return tuple(words[:-1]) if len(words) > 1 and words[-1] in ends else None


def _last(event: str, ends: Collection[str]) -> bool:
    return words_of(event)[-1:] != [] and words_of(event)[-1] in ends


def _paired(start: str, end: str) -> Suggested:
    return Suggested(_plainly(start, BEGINS).capitalize(), (start,), (end,), stage=stage_of(start))


def _alone(name: Name) -> Suggested:
    return Suggested(" ".join(words_of(name.event)).capitalize(), (name.event,), stage=stage_of(name.event))


def _plainly(event: str, without: Collection[str]) -> str:
    words = words_of(event)
    return " ".join([word for word in words if word not in without] or words) or event


def _way(names: Sequence[Name]) -> list[Suggested]:
    """Steps from each rung to the next that is there; what begins near its end ends with the purchase."""
    rungs: dict[Rung, list[str]] = {}
    for name in sorted(names, key=lambda name: (-name.persons, name.event)):
        rung = next((rung for rung in reversed(WAY) if rung.holds(name.event)), None)
        if rung:
            rungs.setdefault(rung, []).append(name.event)
    there = [rung for rung in WAY if rung in rungs]
    goal = tuple(rungs.get(GOAL, ()))
    found = []
    for rung, following in pairwise(there):
        late = goal and WAY.index(rung) > WAY.index(CART)
        ends = goal if late else tuple(rungs[following])
        if following == CART and not late:
            ends = tuple(event for event in ends if not {"add", "added"}.isdisjoint(words_of(event))) or ends
        found.append(Suggested(rung.title, tuple(rungs[rung]), ends, stage=rung.stage, lingers=not late))
    return found


def _chained(names: Sequence[Name]) -> list[Suggested]:
    """Neighbours of the commonest names in the order of people's stories, where no word says what they are."""
    ordered = sorted(names[: MOST_STEPS + 1], key=lambda name: (name.place, name.event))
    return [
        Suggested(_plainly(one.event, BEGINS).capitalize(), (one.event,), (other.event,), stage=stage_of(one.event))
        for one, other in pairwise(ordered)
        if not _last(one.event, ENDS)
    ]


def _in_order(steps: Sequence[Suggested], names: Mapping[str, Name]) -> list[Suggested]:
    """By stage; a step that speaks of none belongs to that of the step nearest in people's stories."""
    staged = [(names[step.starts[0]].place, STAGES.index(step.stage)) for step in steps if step.stage]

    def key(step: Suggested) -> tuple[int, float, float, str]:
        place = names[step.starts[0]].place
        near = min(staged, key=lambda one: (abs(one[0] - place), one), default=(0.0, 0))[1]
        titles = [rung.title for rung in WAY]
        rung = titles.index(step.title) if step.title in titles else -1.0
        return (STAGES.index(step.stage) if step.stage else near, rung, place, step.title)

    return sorted(steps, key=key)


def _with_fails(
    steps: Sequence[Suggested], names: Iterable[str], before_trouble: Mapping[str, str]
) -> Iterable[Suggested]:
    """Trouble belongs to the steps whose words it shares, else to what people did just before it.

    Where steps end with the same event, the trouble of the later is that of the earlier, which holds it.
    """
    found: dict[int, list[str]] = {at: [] for at in range(len(steps))}
    for trouble in filter(is_trouble, names):
        words = _stems(word for word in words_of(trouble) if word not in TROUBLES | SAYING_NOTHING)
        sharing = [at for at, step in enumerate(steps) if words & _words(step)]
        before = [at for at, step in enumerate(steps) if before_trouble.get(trouble) in step.starts]
        own = sharing or before[:1]
        ends = {steps[at].completes for at in own}
        holding = [at for at, step in enumerate(steps) if own and at < max(own) and step.completes in ends]
        for at in sorted({*own, *holding}):
            found[at].append(trouble)
    return [replace(step, fails=tuple(found[at])) for at, step in enumerate(steps)]


def _words(step: Suggested) -> set[str]:
    words = (word for text in (step.title, *step.starts) for word in words_of(text))
    return _stems(word for word in words if word not in BEGINS)


def _stems(words: Iterable[str]) -> set[str]:
    """Words without the endings that verbs and plurals have."""
    return {re.sub(r"(?<=\w{3})(ed|ing|s)$", "", word) for word in words}
