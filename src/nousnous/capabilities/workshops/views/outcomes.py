"""What came of a workshop in words, as a chart, and round by round."""

from typing import Any

from nousnous.capabilities.workshops.actions.holding import felt
from nousnous.capabilities.workshops.measures import drift_of
from nousnous.capabilities.workshops.models import Round, Workshop
from nousnous.charts.bars import Bar, bars
from nousnous.charts.cards import FORMS, Card
from nousnous.charts.kit import Sheet
from nousnous.charts.words import capital, interval, number, percent, signed
from nousnous.stats.estimate import Estimate


def outcome_title(workshop: Workshop) -> str:
    """The answer of a workshop, or what it waits for."""
    newest = workshop.current
    if newest is None:
        return "Nobody can vote yet"
    if newest.outcome is None:
        return "The votes are being counted" if newest.is_over else "Customers are choosing"
    outcome = newest.outcome
    if not outcome["votes"]:
        return "Nobody voted"
    tone = workshop.definition.versions[outcome["first"]].tone
    if outcome["winner"] is not None:
        return f"{capital(tone)} won: {percent(outcome['shares'][outcome['first']]['value'] or 0)} chose it"
    if outcome["more"] is None:
        return "No winner: it is too close to call"
    return f"No winner yet: {capital(tone)} leads, and needs {number(outcome['more'])} more votes"


def lead_sentence(outcome: dict[str, Any]) -> str:
    """By how much the first leads the second."""
    lead = outcome["lead"]
    if lead["value"] is None:
        return f"{number(outcome['votes'])} voted, too few to say by how much."
    low, high = (signed(100 * lead[end]) for end in ("low", "high"))
    return f"The first leads the second by {100 * lead['value']:.0f} points, {low} to {high} (95% interval)."


def empathy_sentence(outcome: dict[str, Any]) -> str:
    """How understood customers feel by the wording of today and by the one that leads; empty where nobody was asked."""
    first = outcome["first"]
    return "" if first is None else felt(outcome, first).strip()


def outcome_card(workshop: Workshop, newest: Round) -> Card:
    """The shares of the three versions."""
    outcome = newest.outcome or {}
    rows = []
    for place, version in enumerate(workshop.definition.versions):
        share, count = outcome["shares"][place], outcome["counts"][place]
        figure = "too few" if share["value"] is None else percent(share["value"])
        between = interval(share["low"], share["high"], "share") if share["value"] is not None else ""
        sentence = f"{capital(version.tone)}: {figure} of {outcome['votes']} votes{f', {between}' if between else ''}."
        won = place == outcome["winner"]
        value = count / outcome["votes"] if outcome["votes"] else 0.0
        tone = "good" if won else "quiet"
        rows.append(
            Bar(capital(version.tone), value, figure, number(count), sentence, share["low"], share["high"], tone)  # type: ignore[arg-type]  # one of the two
        )
    title = "What customers chose"
    wide, narrow = (bars(rows, title, Sheet("votes", form)) for form in FORMS)
    columns = (("Tone", False), ("Share", True), ("95% interval", True), ("Votes", True))
    table = [
        (
            (capital(version.tone), False),
            (rows[place].figure, True),
            (interval(outcome["shares"][place]["low"], outcome["shares"][place]["high"], "share"), True),
            (rows[place].note, True),
        )
        for place, version in enumerate(workshop.definition.versions)
    ]
    caption = f"Bar: share of the votes. Line with ends: its 95% interval. {lead_sentence(outcome)}"
    return Card("votes", title, caption, wide, narrow, columns, table)


def rounds_of(workshop: Workshop) -> list[dict[str, Any]]:
    """Each round that was counted, newest first: who won, and how the share of the first winner has drifted."""
    counted = [one for one in workshop.rounds.all() if one.outcome]
    chosen = next((one for one in reversed(counted) if (one.outcome or {}).get("winner") is not None), None)
    names = [version.tone for version in workshop.definition.versions]
    return [_row(one, chosen, names) for one in counted]


def _row(one: Round, chosen: Round | None, names: list[str]) -> dict[str, Any]:
    outcome = one.outcome or {}
    drift = None
    if chosen is not None and chosen.outcome and one.number > chosen.number:
        drift = drift_of(chosen.outcome, outcome, chosen.outcome["winner"])
    groups = [
        {"name": name, "votes": found["votes"], "winner": _name(found, names), "more": found["more"]}
        for name, found in outcome["groups"].items()
    ]
    return {
        "closes_at": one.closes_at,
        "votes": outcome["votes"],
        "winner": _name(outcome, names),
        "groups": groups,
        "drift": _drift(drift),
        "moved": drift is not None and drift.low is not None and drift.high is not None and drift.low * drift.high > 0,
    }


def _name(outcome: dict[str, Any], names: list[str]) -> str:
    return names[outcome["winner"]] if outcome["winner"] is not None else "no winner"


def _drift(drift: Estimate | None) -> str:
    if drift is None:
        return ""
    if drift.value is None or drift.low is None or drift.high is None:
        return "too few"
    return f"{signed(100 * drift.value)} ({signed(100 * drift.low)} to {signed(100 * drift.high)})"
