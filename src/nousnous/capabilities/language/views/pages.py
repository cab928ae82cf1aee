"""The audit's page, the audit as PDF, one conversation."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from nousnous.base.errors import Refused
from nousnous.capabilities.language.actions.auditing import USUAL_DAYS, LanguageAudit, Level, audit_language
from nousnous.capabilities.language.actions.posting import post_audit
from nousnous.capabilities.language.actions.reading import read_conversation
from nousnous.capabilities.language.measures.audit import Group
from nousnous.capabilities.language.measures.headline import NAMES, name_of, readability_of, title_of, verdict_of
from nousnous.capabilities.language.views import cards
from nousnous.capabilities.language.views.printing import audit_as_pdf
from nousnous.charts.words import capital, number, percent
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

DAYS: Final = {"7": "7 days", "30": "30 days", "90": "90 days", "365": "a year"}


@permission("language:read")
@require_safe
def audit(request: WorkspaceRequest) -> HttpResponse:
    """How far apart company and customers sound, where, and by which words."""
    report = audit_language(request.workspace, days_of(request))
    context = {
        "report": report,
        "title": title_of(report.conversations, report.named, report.groups),
        "lead": cards.lead_of(report),
        "filters": [{"name": "days", "label": "Period", "options": _options(report.days)}],
        "figures": _figures(report),
        "charts": [one for one in (cards.groups_card(report), cards.weeks_card(report)) if one],
        "lines": [_line(one) for one in report.groups],
        "empathy": [_part(one) for one in report.empathy],
        "sentences": [_sentence(one, talk) for one, talk in report.sentences],
        "terms": _terms(report),
        "readability": readability_of(report.jargon),
        "shown": request.access.allows("people:read"),
        "period": cards.period_of(report) if report.messages else "",
    }
    return render(request, "language/audit.html", context)


@permission("language:read")
@require_safe
def printed(request: WorkspaceRequest) -> HttpResponse:
    """The audit as a tagged PDF."""
    report = audit_language(request.workspace, days_of(request))
    named = request.access.allows("people:read")
    document = audit_as_pdf(report, request.workspace.name, named=named)
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="language-{report.days}-days.pdf"'
    return response


@permission("language:write")
@require_POST
def posted(request: WorkspaceRequest) -> HttpResponse:
    """The audit's summary goes to Slack."""
    days = days_of(request)
    channel = post_audit(request.workspace, days, request.access.actor)
    messages.success(request, f"It stands in Slack, {channel}.")
    return redirect(f"{page_address(request, 'language:audit')}?days={days}")


@permission("people:read")
@require_safe
def conversation(request: WorkspaceRequest, conversation_id: str) -> HttpResponse:
    """One conversation, both sides."""
    request.access.require("language:read")
    talk = read_conversation(request.workspace, conversation_id, request.access.actor)
    lines = [
        {"side": capital(one.side), "at": one.at, "text": one.text, "sentiment": cards.scale_text(one.sentiment)}
        for one in talk.lines
    ]
    return render(request, "language/conversation.html", {"talk": talk, "lines": lines})


def days_of(request: WorkspaceRequest) -> int:
    """The days that are asked for."""
    asked = request.GET.get("days", str(USUAL_DAYS))
    if not asked.isdecimal() or len(asked) > 3:
        raise Refused(f"“{asked}” is no number of days; ask for 30.")
    return int(asked)


def _options(days: int) -> list[tuple[str, str, bool]]:
    known = DAYS if str(days) in DAYS else {**DAYS, str(days): f"{days} days"}
    return [(value, label, value == str(days)) for value, label in known.items()]


def _figures(report: LanguageAudit) -> list[dict[str, Any]]:
    whole = report.whole
    if whole is None or whole.gap.value is None:
        return []
    tested = sum(one.verdict != "few" for one in report.groups)
    return [
        {
            "label": "Gap of all",
            "figure": cards.scale_text(whole.gap.value),
            "unit": "",
            "basis": cards.ends(whole.gap),
        },
        {"label": "Company", "figure": cards.scale_text(whole.company), "unit": "", "basis": "agents and bots"},
        {"label": "Customers", "figure": cards.scale_text(whole.customer), "unit": "", "basis": "in the same talks"},
        {"label": "Groups named", "figure": number(len(report.named)), "unit": "", "basis": f"of {tested} compared"},
    ]


def _line(one: Group) -> dict[str, Any]:
    few = one.verdict == "few"
    return {
        "name": capital(name_of(one)),
        "dimension": NAMES[one.dimension],
        "gap": cards.NONE if few else cards.scale_text(one.gap.value),
        "ends": "" if few else cards.ends(one.gap),
        "change": cards.scale_text(one.change.value) if one.change else cards.NONE,
        "change_ends": cards.ends(one.change) if one.change else "",
        "n": number(one.gap.n),
        "verdict": verdict_of(one),
        "named": one.verdict == "gap",
    }


def _part(one: Level) -> dict[str, str]:
    told = one.estimate
    value = "too few" if told.value is None else number(told.value, 2)
    ends = "" if told.low is None or told.high is None else f"{number(told.low, 2)} to {number(told.high, 2)}"
    return {"name": one.name, "value": value, "ends": ends, "n": number(told.n), "scorer": one.scorer}


def _sentence(one: Any, talk: str) -> dict[str, Any]:
    sure = (one.worse.low or 0.0) > 0
    return {
        "text": one.text,
        "worse": cards.scale_text(one.worse.value),
        "ends": cards.ends(one.worse),
        "n": number(one.worse.n),
        "cost": number(one.cost, 1),
        "talk": talk,
        "sure": sure,
    }


def _terms(report: LanguageAudit) -> list[dict[str, Any]]:
    if report.jargon is None:
        return []
    return [
        {
            "term": one.term,
            "acronym": one.acronym,
            "said_to": number(one.said_to),
            "bad": percent(one.bad_after / max(1, one.said_to)),
            "odds": number(one.log_odds.value, 1),
            "ends": f"{number(one.log_odds.low, 1)} to {number(one.log_odds.high, 1)}",
            "own": percent(one.share_of_customers),
            "example": one.example,
            "talk": talk,
        }
        for one, talk in zip(report.jargon.terms, report.examples, strict=True)
    ]
