"""The page of contacts that come back."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.capabilities.contacts.actions import SOURCES, USUAL_DAYS, ContactReport, contact_report
from nousnous.capabilities.contacts.measures.returns import Line
from nousnous.charts.bars import Bar, bars
from nousnous.charts.cards import FORMS, Card, Cell
from nousnous.charts.kit import Sheet
from nousnous.charts.words import NOTHING, capital, interval, number, percent, signed
from nousnous.workspaces.access import WorkspaceRequest, permission

DAYS: Final = {"28": "28 days", "56": "56 days", "182": "half a year", "365": "a year"}
MOST_DRAWN: Final = 8
COLUMNS: Final[list[Cell]] = [
    ("Group", False), ("Came back", True), ("95% interval", True), ("Same topic", True), ("Handling, minutes", True),
    ("Contacts", True),
]  # fmt: skip


@permission("contacts:read")
@require_safe
def contacts(request: WorkspaceRequest) -> HttpResponse:
    """How many had to come back, where, and whether that was bought by hurrying."""
    asked = request.GET.get("days", str(USUAL_DAYS))
    if not asked.isdecimal() or len(asked) > 3:
        raise Refused(f"“{asked}” is no number of days; ask for {USUAL_DAYS}.")
    report = contact_report(request.workspace, int(asked), request.GET.get("source", ""))
    known = DAYS if asked in DAYS else {**DAYS, asked: f"{asked} days"}
    context = {
        "report": report,
        "title": title_of(report),
        "filters": [
            {
                "name": "days",
                "label": "Period",
                "options": [(one, label, one == asked) for one, label in known.items()],
            },
            {
                "name": "source",
                "label": "Read from",
                "options": [(one, one, one == report.source) for one in SOURCES],
            },
        ],
        "maturing_since": clock.from_us(report.mature_us).strftime("%Y-%m-%d"),
        "figures": _figures(report.whole) if report.whole else [],
        "chart": _card(report),
        "lines": [_row(one) for one in report.lines],
        "period": " to ".join(clock.from_us(one).strftime("%Y-%m-%d") for one in (report.from_us, report.to_us)),
    }
    return render(request, "contacts/contacts.html", context)


def title_of(report: ContactReport) -> str:
    """The answer."""
    whole = report.whole
    if whole is None:
        return "No contact was resolved in this time"
    if whole.avoidance.value is None:
        return "Too few people had a contact resolved to say who comes back"
    hurried = [one for one in report.lines if one.hurried]
    if hurried:
        return f"{capital(hurried[0].name)} got faster, and more people come back"
    return f"{percent(1 - whole.avoidance.value)} of resolved contacts come back within a week"


def ends_of(one: Line) -> str:
    """The interval of the share that came back."""
    low, high = one.avoidance.low, one.avoidance.high
    return "too few" if low is None or high is None else interval(1 - high, 1 - low, "share")


def came_back(one: Line) -> str:
    return NOTHING if one.avoidance.value is None else percent(1 - one.avoidance.value)


def change_of(one: Line) -> str:
    """How much more, or fewer, came back than in the time before, in points, with both ends."""
    change = one.change
    if change is None or change.value is None or change.low is None or change.high is None:
        return NOTHING
    low, high = signed(-100 * change.high), signed(-100 * change.low)
    return f"{signed(-100 * change.value)} points ({low} to {high})"


def minutes_of(one: Line) -> tuple[str, str]:
    """Mean handling in minutes, and by how much it is longer, or shorter, than before, with both ends."""
    change = one.minutes_change
    if change is None or change.value is None:
        return number(one.minutes.value, 1), ""
    ends = f"{signed(change.low, 1)} to {signed(change.high, 1)}"
    return number(one.minutes.value, 1), f"{signed(change.value, 1)} ({ends})"


def net_hours(one: Line) -> tuple[str, str]:
    """The net cost in hours, and its interval."""
    net = one.net_minutes
    if net is None or net.value is None or net.low is None or net.high is None:
        return NOTHING, ""
    value, low, high = (end / 60 for end in (net.value, net.low, net.high))
    digits = 0 if max(abs(low), abs(high)) >= 100 else 1
    return signed(value, digits), f"{signed(low, digits)} to {signed(high, digits)}"


def _figures(whole: Line) -> list[dict[str, Any]]:
    same = whole.same_topic.value
    minutes, longer = minutes_of(whole)
    net, ends = net_hours(whole)
    return [
        {
            "label": "Next-contact avoidance",
            "figure": percent(whole.avoidance.value),
            "unit": "",
            "basis": f"any topic, n {number(whole.avoidance.n)}",
        },
        {"label": "On the same topic", "figure": percent(same), "unit": "", "basis": "did not come back for it"},
        {
            "label": "Handling",
            "figure": minutes,
            "unit": "" if whole.minutes.value is None else "min",
            "basis": f"change {longer}"
            if longer
            else ("not told in this time" if whole.minutes.value is None else "no time before"),
        },
        {
            "label": "Net cost",
            "figure": net,
            "unit": "" if net == NOTHING else "hours",
            "basis": f"{ends}; minus saves" if ends else "handling or a time before is not known",
        },
    ]


def _card(report: ContactReport) -> Card | None:
    shown = [one for one in report.lines[1:] if one.avoidance.value is not None][:MOST_DRAWN]
    if not shown:
        return None
    title = "Where most have to come back"
    made = [_bar(one) for one in shown]
    wide, narrow = (bars(made, title, Sheet("returns", form)) for form in FORMS)
    caption = (
        "Share of contacts that were called resolved and whose customer started another one within 7 days, about "
        "anything. Thin line: 95% interval over customers. Contacts of the newest 7 days are maturing and left out."
    )
    return Card("returns-card", title, caption, wide, narrow, COLUMNS, [_cells(one) for one in report.lines])


def _bar(one: Line) -> Bar:
    value = 1 - (one.avoidance.value or 0.0)
    name, ends = name_of(one), ends_of(one)
    low, high = (None if end is None else 1 - end for end in (one.avoidance.high, one.avoidance.low))
    said = f"{name}: {percent(value)} came back ({ends})"
    return Bar(name, value, percent(value), ends, said, low, high, "bad" if one.hurried else "exp")


def _cells(one: Line) -> list[Cell]:
    same = NOTHING if one.same_topic.value is None else percent(1 - one.same_topic.value)
    return [
        (name_of(one), False),
        (came_back(one), True),
        (ends_of(one), True),
        (same, True),
        (minutes_of(one)[0], True),
        (number(one.avoidance.n), True),
    ]


def name_of(one: Line) -> str:
    """A group as a table names it."""
    return capital(one.name if one.dimension == "all" else f"{one.dimension} {one.name}")


def _row(one: Line) -> dict[str, Any]:
    minutes, longer = minutes_of(one)
    net, net_ends = net_hours(one)
    return {
        "name": name_of(one),
        "back": came_back(one),
        "ends": ends_of(one),
        "change": change_of(one),
        "minutes": minutes,
        "longer": longer,
        "net": net,
        "net_ends": net_ends,
        "maturing": number(one.maturing),
        "hurried": one.hurried,
    }
