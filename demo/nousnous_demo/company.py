"""The company and its planted truths: how each step really goes, and what its teams believe."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NAME = "Northwind Travel (made-up company)"
LABEL = "Made-up company: nothing here is anybody's data. People, events and answers are simulated."


@dataclass(frozen=True, slots=True)
class Release:
    """A release that changed a step: so many days before the world ends, and the share that completes since."""

    version: str
    days_before: int
    completion: float


@dataclass(frozen=True, slots=True)
class Detour:
    """A screen that visits go through: a share of those that complete, and a larger one of those that are lost there.

    Who gives the step's signal there gives it again and again.
    """

    screen: str
    share: float
    share_of_lost: float


@dataclass(frozen=True, slots=True)
class Passage:
    """How customers go through one step. Shares are of visits; `visits` counts them per person in 90 days.

    `tilts` add to the completion by country or platform. `struggling` is the share of those who complete it late, with
    the signal before. `calling` is the share of those who failed who then ask support. With `inside` the step lies in
    another one, and starts there. With `after` it follows a completed visit of that step, some days later.
    """

    step: str
    starts: str
    completes: str
    screen: str
    visits: float
    completion: float
    failing: float = 0.0
    seconds: float = 120
    fails: str = ""
    signal: str = ""
    element: str = ""
    channel: str = "app"
    inside: str = ""
    after: str = ""
    days_later: float = 1.0
    people: int | None = None
    struggling: float = 0.0
    calling: float = 0.0
    topic: str = "booking"
    release: Release | None = None
    detour: Detour | None = None
    tilts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Survey:
    """Who is asked what after a step: the mean answer of those who completed it, and of those who did not."""

    column: str
    metric: str
    step: str
    low: int
    high: int
    share: float
    content: float
    hurt: float
    scatter: float


@dataclass(frozen=True, slots=True)
class Conviction:
    """What a team believes of a step; an honest measure must find `verdict`, or anything where that is empty.

    `sealed_day` counts from the beginning of the world; None: never sealed.
    """

    step: str
    metric: str
    value: float
    low: float
    high: float
    expected_gap: float
    verdict: str = ""
    tolerance: float | None = None
    author: str = ""
    segment: str = ""
    sealed_day: int | None = 0


@dataclass(frozen=True, slots=True)
class Fracture:
    """One moment with both sides of it, as somebody at the company noted it."""

    step: str
    days_before: int
    weight: float
    meant: str
    felt: str


@dataclass(frozen=True, slots=True)
class Company:
    """All steps, surveys and convictions; which step is the dearest, and by which button."""

    passages: tuple[Passage, ...]
    surveys: tuple[Survey, ...]
    convictions: tuple[Conviction, ...]
    fractures: tuple[Fracture, ...]
    dearest: str
    cause: str

    def survey(self, step: str) -> Survey:
        return next(one for one in self.surveys if one.step == step)

    def passage(self, step: str) -> Passage:
        return next(one for one in self.passages if one.step == step)


# How many give a step's signal of those whom it failed, and of those who just leave.
ANGRY, ANNOYED = 0.85, 0.5
# Verdicts that convictions plant: the words of the report, and two that leave it some room.
NO_GAP, TOO_FEW = "no gap", "too few"

PASSAGES = (
    Passage(
        "onboarding", "Sign-up Started", "Sign-up Finished", "/sign-up", 0.35, 0.68, 0.2, 240, "Form Error",
        signal="Quick Back", element="#passport-number", struggling=0.06, topic="account",
    ),
    Passage(
        "search-and-book", "Trip Searched", "Order Completed", "/search", 4.0, 0.84, 0.15, 200, "Search Error",
    ),
    Passage(
        "payment", "Payment Started", "Order Completed", "/pay", 0, 0.93, 0.6, 60, "Payment Error",
        inside="search-and-book",
    ),
    Passage(
        "store-pick-up", "Pick-up Announced", "Pick-up Finished", "store", 0.6, 0.86, seconds=840, channel="store",
        after="search-and-book", days_later=2,
    ),
    Passage(
        "change-booking", "Change Opened", "Change Confirmed", "/change", 0.8, 0.69, 0.5, 220, "Change Refused",
        signal="Dead Click", element="#change-date", struggling=0.05, calling=0.15, topic="change",
        after="search-and-book", days_later=4,
    ),
    Passage(
        "check-in", "Check-in Opened", "Check-in Finished", "/check-in", 3.0, 0.80, 0.8, 150, "Check-in Error",
        signal="Rage Click", element="#check-in-button", struggling=0.08, calling=0.10, topic="check-in",
        release=Release("7.2", 38, 0.36), tilts={"ES": -0.04, "DE": 0.02, "desktop": 0.04},
        detour=Detour("Seat map", 0.22, 0.62), after="search-and-book", days_later=9,
    ),
    Passage(
        "lounge", "Lounge Entered", "Lounge Left", "lounge", 0, 0.75, seconds=3600, channel="store", people=4,
    ),
    Passage(
        "support-chat", "Contact Started", "Contact Resolved", "/chat", 0.4, 0.71, 0.7, 480, "Handed Back To Bot",
        channel="chat", topic="booking",
    ),
    Passage(
        "refund", "Refund Asked", "Refund Granted", "/refund", 0.45, 0.57, 0.6, 300, "Refund Refused",
        signal="Error Click", element="#refund-form", struggling=0.05, calling=0.2, channel="web", topic="refund",
        after="search-and-book", days_later=14,
    ),
    Passage(
        "renewal", "Renewal Opened", "Subscription Renewed", "/renew", 0.5, 0.83, 0.1, 90, "Renewal Error",
        channel="web", topic="account",
    ),
)  # fmt: skip

SURVEYS = (
    Survey("after_booking", "nps", "search-and-book", 0, 10, 0.10, 8.6, 6.0, 1.7),
    Survey("check_in_ease", "ces", "check-in", 1, 7, 0.12, 6.0, 2.4, 1.1),
    Survey("chat_satisfaction", "csat", "support-chat", 1, 5, 0.5, 4.4, 2.1, 0.9),
    Survey("store_rating", "rating", "store-pick-up", 1, 5, 0.4, 4.6, 3.6, 0.7),
    Survey("refund_satisfaction", "csat", "refund", 1, 5, 0.4, 4.2, 1.8, 0.9),
)

CONVICTIONS = (
    Conviction("onboarding", "completion", 0.71, 0.62, 0.80, 2.0, author="growth team"),
    Conviction("onboarding", "duration_p50", 180, 150, 220, 10.0, "gap", author="growth team", sealed_day=None),
    Conviction("search-and-book", "completion", 0.84, 0.80, 0.88, 1.0, "confirmed", author="shop team"),
    Conviction("search-and-book", "nps", 40, 30, 50, 5.0, author="shop team", sealed_day=30),
    Conviction(
        "search-and-book", "completion", 0.84, 0.80, 0.88, 0.0, NO_GAP, author="iOS team", segment="platform=ios",
    ),
    Conviction("payment", "completion", 0.97, 0.94, 0.99, 1.0, "gap", tolerance=0.01, author="payments team"),
    Conviction("store-pick-up", "completion", 0.70, 0.60, 0.80, 0.0, "delight", author="stores"),
    Conviction("store-pick-up", "duration_p50", 900, 720, 1200, 0.0, author="stores"),
    Conviction("change-booking", "completion", 0.80, 0.70, 0.90, 5.0, "gap", author="travel day team"),
    Conviction("change-booking", "frustration_rate", 0.05, 0.02, 0.10, 2.0, "gap", author="travel day team"),
    Conviction("check-in", "completion", 0.95, 0.90, 0.98, 2.0, "gap", author="travel day team"),
    Conviction(
        "check-in", "completion", 0.64, 0.50, 0.75, 30.0, author="front desk, Germany", segment="country=DE",
    ),
    Conviction("check-in", "contact_rate", 0.03, 0.01, 0.05, 1.0, author="travel day team"),
    Conviction("check-in", "ces", 6.2, 5.5, 6.6, 3.0, "gap", author="travel day team", sealed_day=30),
    Conviction("lounge", "completion", 0.92, 0.85, 0.97, 0.0, TOO_FEW, author="lounges"),
    Conviction("support-chat", "completion", 0.90, 0.80, 0.95, 5.0, "gap", author="support"),
    Conviction("support-chat", "csat", 0.80, 0.70, 0.90, 5.0, "gap", author="support"),
    Conviction("refund", "completion", 0.88, 0.80, 0.95, 5.0, "gap", author="finance"),
    Conviction("refund", "duration_p50", 300, 240, 400, 5.0, author="finance", sealed_day=45),
    Conviction("renewal", "completion", 0.83, 0.75, 0.90, 0.0, author="growth team"),
)  # fmt: skip

FRACTURES = (
    Fracture(
        "check-in", 36, 1.0, "One tap on the day before departure.",
        "“The check-in button does nothing. I tapped it ten times.” She queued for forty minutes instead.",
    ),
    Fracture(
        "check-in", 24, 0.8, "The app tells everybody when check-in opens.",
        "At the airport the front desk prints passes by hand, and says it has for weeks.",
    ),
    Fracture(
        "refund", 40, 0.7, "Below 200 dollars a refund is granted at once.",
        "“The form lost everything I typed.” Three attempts, then a call.",
    ),
    Fracture(
        "support-chat", 22, 0.6, "A person within a minute.", "“I was sent back to the bot twice.”",
    ),
)  # fmt: skip

NORTHWIND = Company(PASSAGES, SURVEYS, CONVICTIONS, FRACTURES, "check-in", "Rage Click #check-in-button")
