"""The company and its planted truths: how each step really goes, and what its team believes."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Passage:
    """How customers go through one step. Shares are of visits; `visits` counts them per person in 90 days."""

    step: str
    starts: str
    completes: str
    screen: str
    visits: float
    completion: float
    failing: float
    seconds: float
    fails: str = ""
    signal: str = ""
    element: str = ""
    channel: str = "app"
    inside: str = ""
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Conviction:
    """What a team believes of a step; an honest measure must find `verdict`, or anything where that is None."""

    step: str
    metric: str
    value: float
    low: float
    high: float
    expected_gap: float
    verdict: str | None
    tolerance: float = 0.02


@dataclass(frozen=True, slots=True)
class Company:
    """All steps, convictions, and the answers customers give."""

    passages: tuple[Passage, ...]
    convictions: tuple[Conviction, ...]
    dearest: str
    dearest_element: str

    def passage(self, step: str) -> Passage:
        return next(one for one in self.passages if one.step == step)


NORTHWIND = Company(
    passages=(
        Passage("onboarding", "Sign-up Started", "Sign-up Finished", "/sign-up", 0.35, 0.68, 0.2, 240, "Form Error"),
        Passage("search-and-book", "Trip Searched", "Order Completed", "/search", 4.0, 0.84, 0.15, 200, "Search Error"),
        Passage(
            "payment",
            "Payment Started",
            "Order Completed",
            "/pay",
            0,
            0.93,
            0.6,
            60,
            "Payment Error",
            inside="search-and-book",
        ),
        Passage(
            "check-in",
            "Check-in Opened",
            "Check-in Finished",
            "/check-in",
            3.0,
            0.61,
            0.8,
            150,
            "Check-in Error",
            "Rage Click",
            "#check-in-button",
        ),
        Passage(
            "change-booking",
            "Change Opened",
            "Change Confirmed",
            "/change",
            0.8,
            0.69,
            0.5,
            220,
            "Change Refused",
            "Dead Click",
            "#change-date",
        ),
        Passage("store-pick-up", "Pick-up Announced", "Pick-up Finished", "store", 0.6, 0.86, 0, 900, channel="store"),
        Passage("support-chat", "Contact Started", "Contact Resolved", "/chat", 0.5, 0.71, 0.0, 600, channel="chat"),
        Passage("lounge", "Lounge Entered", "Lounge Left", "lounge", 0, 0.75, 0.0, 3600, channel="store", people=4),
    ),
    convictions=(
        Conviction("onboarding", "completion", 0.70, 0.62, 0.80, 2.0, None),
        Conviction("search-and-book", "completion", 0.84, 0.80, 0.88, 1.0, "confirmed"),
        Conviction("payment", "completion", 0.97, 0.94, 0.99, 1.0, "gap", tolerance=0.01),
        Conviction("check-in", "completion", 0.95, 0.90, 0.98, 2.0, "gap"),
        Conviction("change-booking", "completion", 0.80, 0.70, 0.90, 5.0, "gap"),
        Conviction("store-pick-up", "completion", 0.70, 0.60, 0.80, 0.0, "delight"),
        Conviction("support-chat", "completion", 0.90, 0.80, 0.95, 5.0, "gap"),
        Conviction("lounge", "completion", 0.92, 0.85, 0.97, 0.0, "unproven"),
    ),
    dearest="check-in",
    dearest_element="#check-in-button",
)


def without_gaps(company: Company) -> Company:
    """The same company whose teams are right about everything; any gap found there is a false one."""
    return replace(
        company,
        convictions=tuple(
            replace(one, value=company.passage(one.step).completion, verdict=None) for one in company.convictions
        ),
    )
