"""Pages of themes: what customers talk about, one theme with its answers, and arranging it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nousnous.base.errors import Refused
from nousnous.capabilities.themes.actions.arranging import arrange as arrange_theme
from nousnous.capabilities.themes.actions.finding import find_of
from nousnous.capabilities.themes.actions.reading import CONVERSATION, Themes, ThemeTalk, read_theme, read_themes
from nousnous.capabilities.themes.forms import ArrangementForm
from nousnous.capabilities.themes.models import WORDS, Theme
from nousnous.charts.cards import FORMS, Card
from nousnous.charts.kit import Sheet
from nousnous.charts.trend import Week, spark, trend
from nousnous.charts.words import counted, interval, number, percent, signed
from nousnous.journeys.views.answers import first_days
from nousnous.journeys.views.filters import Filter, asked_of, filters_of
from nousnous.stats.estimate import Estimate
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

PLEASED = 0.05
"""VADER's own bound between pleased, neither and not (Hutto and Gilbert 2014)."""

METHODS = {WORDS: "the words that answers share"}
MEANINGS = "what English answers mean (MiniLM) and the words that others share"


@permission("themes:read")
@require_safe
def themes(request: WorkspaceRequest) -> HttpResponse:
    """All themes, the most talked about first."""
    asked = asked_of(request.GET)
    found = read_themes(request.workspace, asked.from_text, asked.to_text)
    context = {
        "found": found,
        "title": _title(found),
        "rows": [_row(one) for one in found.themes if one.talk.answers],
        "quiet": [one.theme for one in found.themes if not one.talk.answers],
        "answers": number(found.answers),
        "unsorted": number(found.unsorted),
        "needed": f"{counted(found.answers, 'open answer was', 'open answers were')} read; {number(found.needed)} more "
        "are needed to tell what they have in common.".capitalize(),
        "method": _method(found),
        "filters": _period(request, found),
    }
    return render(request, "themes/themes.html", context)


@permission("themes:read")
@require_safe
def theme(request: WorkspaceRequest, theme: str) -> HttpResponse:
    """One theme: how much it is talked about week by week, and what people wrote."""
    asked = asked_of(request.GET)
    found, mine = read_theme(request.workspace, theme, asked.from_text, asked.to_text)
    share = mine.talk.share
    few = f"“{mine.theme.name}”: n {number(share.n)}, too few to tell its share"
    context = {
        "theme": mine.theme,
        "parts": mine.parts,
        "title": few
        if share.value is None
        else f"{percent(share.value)} of open answers are about “{mine.theme.name}”",
        "row": _row(mine),
        "card": _card(mine, found),
        "method": "what its answers mean (MiniLM)" if mine.theme.center else METHODS[WORDS],
        "languages": ", ".join(f"{name} {number(count)}" for name, count in mine.languages.items()),
        "quotes": [_quote(one) for one in mine.quotes],
        "filters": _period(request, found),
    }
    return render(request, "themes/theme.html", context)


@permission("themes:write")
@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: WorkspaceRequest, theme: str) -> HttpResponse:
    """Rename a theme, pin it, make it part of another one."""
    own = Theme.objects.named(request.workspace, theme)
    form = _form(own, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            arrange_theme(request.workspace, theme, form.arrangement(), request.access.actor)
        except Refused as refusal:
            form.add_error("parent", str(refusal))
        else:
            messages.success(request, "Kept. It stays so when answers come in.")
            return redirect(page_address(request, "themes:theme", theme=theme))
    words = ", ".join(sorted(own.words, key=lambda word: -own.words[word])[:12])
    context = {"form": form, "theme": own, "words": words}
    return render(request, "themes/arrange.html", context, status=422 if form.errors else 200)


@permission("themes:write")
@require_POST
def find(request: WorkspaceRequest) -> HttpResponse:
    """Find themes again, those apart that were arranged."""
    read = find_of(request.workspace, anew=True)
    messages.success(request, f"{counted(read, 'answer', 'answers').capitalize()} read again.")
    return redirect(page_address(request, "themes:themes"))


def _form(theme: Theme, given: Any = None) -> ArrangementForm:
    others = Theme.objects.of(theme.workspace).filter(parent=None).exclude(pk=theme.pk)
    return ArrangementForm(given, theme, list(others))


def _title(found: Themes) -> str:
    talked = [one for one in found.themes if one.talk.share.value]
    if not talked:
        return "Nobody has told yet what they think" if not found.answers else "Too few answers to find themes"
    first = talked[0]
    return f"Customers talk most about “{first.theme.name}”: {percent(first.talk.share.value)} of what they write"


def _method(found: Themes) -> str:
    """How themes were found, and the switch if there was one."""
    method = found.method
    said = f"Found from {METHODS.get(method.name, MEANINGS)}"
    if method.since is None or method.before is None:
        return f"{said}."
    before = METHODS.get(method.before, MEANINGS)
    return f"{said} since {method.since.day} {method.since:%b %Y}, from {before} before; all were sorted anew then."


def _row(one: ThemeTalk) -> dict[str, Any]:
    talk = one.talk
    return {
        "theme": one.theme,
        "parts": one.parts,
        "answers": number(talk.answers),
        "share": percent(talk.share.value) if talk.share.value is not None else f"n {number(talk.share.n)}, too few",
        "share_ends": interval(talk.share.low, talk.share.high, "share"),
        "mood": _mood(talk.sentiment),
        "change": f"{signed(100 * (talk.change.value or 0))} points" if talk.changed else "",
        "line": spark([week.value for week in talk.weeks]),
        "quotes": [_quote(quote) for quote in one.quotes],
    }


def _mood(sentiment: Estimate) -> tuple[str, str]:
    """A word with its tone; only what the interval bears."""
    if sentiment.value is None or sentiment.low is None or sentiment.high is None:
        return f"n {number(sentiment.n)}, too few", "muted"
    if sentiment.high < -PLEASED:
        return "displeased", "bad"
    return ("pleased", "good") if sentiment.low > PLEASED else ("mixed", "muted")


def _quote(quote: Any) -> dict[str, Any]:
    score = quote.metric if quote.metric == CONVERSATION else ""
    score = score if quote.value is None else f"{quote.metric} {quote.value:g}"
    return {"text": quote.text, "about": " · ".join(filter(None, (quote.at[:10], quote.step, score)))}


def _card(mine: ThemeTalk, found: Themes) -> Card | None:
    weeks = mine.talk.weeks
    if sum(week.value is not None for week in weeks) < 2:
        return None
    labels = first_days(found.to_at, len(weeks))
    drawn = [
        Week(label, week.value, week.low, week.high, _sentence(label, week))
        for label, week in zip(labels, weeks, strict=True)
    ]
    title = "How much it is talked about, week by week"
    wide, narrow = (trend(drawn, "share", None, title, Sheet("theme", form)) for form in FORMS)
    return Card("theme-card", title, "Line: share of the week’s open answers. Band: its 95% interval.", wide, narrow)


def _sentence(label: str, week: Estimate) -> str:
    if week.value is None:
        return f"Week from {label}: n {number(week.n)}, too few"
    ends = interval(week.low, week.high, "share")
    return f"Week from {label}: {percent(week.value)} ({ends}) of {number(week.n)} answers"


def _period(request: WorkspaceRequest, found: Themes) -> list[Filter]:
    return [one for one in filters_of(request.GET, found, [], []) if one.name == "period"]
