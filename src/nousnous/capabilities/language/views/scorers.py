"""The pages on which messages are judged, and on which another scorer is decided for."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nousnous.base.errors import Refused
from nousnous.capabilities.language.actions.labelling import A_PAGE, count_labels, keep_labels, next_messages
from nousnous.capabilities.language.actions.switching import Standing, list_scorers, switch_scorer
from nousnous.capabilities.language.actions.training import NEW
from nousnous.capabilities.language.measures.qualities import QUALITIES, SENTIMENT, Quality, quality_of
from nousnous.capabilities.language.models import Head
from nousnous.charts.words import capital, counted, number, percent, signed
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

FIELD = "label-"
UNKNOWN = "unknown"


@permission("language:write")
@require_http_methods(["GET", "HEAD", "POST"])
def labels(request: WorkspaceRequest) -> HttpResponse:
    """Twenty messages to judge; what was chosen is kept, and the next twenty follow."""
    request.access.require("people:read")
    quality = quality_of(request.GET.get("of", SENTIMENT.name))
    if request.method == "POST":
        return _keep(request, quality)
    asked = next_messages(request.workspace, quality.name, request.access.actor)
    counts = count_labels(request.workspace, quality)
    context = {
        "quality": quality,
        "counts": counts,
        "title": _labels_title(quality, len(asked)),
        "asked": [{**one.as_dict(), "side": capital(one.side)} for one in asked],
        "levels": [(f"{value:g}", words) for value, words in quality.levels],
        "unknown": UNKNOWN,
        "filters": [{"name": "of", "label": "Judge", "options": _options(quality)}],
        "page_of": A_PAGE,
    }
    return render(request, "language/labels.html", context)


@permission("language:read")
@require_safe
def scorers(request: WorkspaceRequest) -> HttpResponse:
    """What judges messages, how well by the workspace's own labels, and who decided what and why."""
    standing = list_scorers(request.workspace)
    context = {
        "title": _scorers_title(standing[0]),
        "standing": [_card(one) for one in standing],
        "coming": [_coming(one) for one in standing if one.coming],
        "decisions": [decision for one in standing for decision in _decisions(one)],
    }
    return render(request, "language/scorers.html", context)


@permission("language:write")
@require_POST
def switched(request: WorkspaceRequest) -> HttpResponse:
    """Another scorer was decided for."""
    asked = request.POST
    made = switch_scorer(
        request.workspace, asked.get("of", ""), asked.get("scorer", ""), asked.get("why", ""), request.access.actor
    )
    messages.success(request, f"All history is being scored by {made.version}; then it takes over.")
    return redirect(page_address(request, "language:scorers"))


def _keep(request: WorkspaceRequest, quality: Quality) -> HttpResponse:
    told = {}
    for name, value in request.POST.items():
        key = name.removeprefix(FIELD)
        if name.startswith(FIELD) and key.removeprefix("-").isdecimal() and len(key) <= 20:
            told[int(key)] = None if value == UNKNOWN else _level(str(value))
    if told:
        keep_labels(request.workspace, quality.name, told, request.access.actor)
        needed = count_labels(request.workspace, quality).needed
        after = f"{counted(needed, 'more')} to go" if needed else "a worker learns from them now"
        messages.success(request, f"{capital(counted(len(told), 'label'))} kept; {after}.")
    return redirect(f"{page_address(request, 'language:labels')}?of={quality.name}")


def _level(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Refused(f"“{text[:20]}” is no level; choose one of those beside the message.") from None


def _labels_title(quality: Quality, asked: int) -> str:
    if not asked:
        return "There is no message left to judge"
    about = "how do they sound?" if quality is SENTIMENT else f"how much {quality.title.lower()} do they show?"
    return f"{capital(counted(asked, 'message'))}: {about}"


def _scorers_title(sentiment: Standing) -> str:
    if sentiment.coming is not None:
        return f"{sentiment.coming.version} takes over from {sentiment.version}"
    return f"{sentiment.version} judges how messages sound"


def _options(quality: Quality) -> list[tuple[str, str, bool]]:
    return [(one.name, one.title, one is quality) for one in QUALITIES.values()]


def _card(one: Standing) -> dict[str, Any]:
    return {
        "quality": one.quality,
        "heading": _heading(one),
        "counts": one.counts,
        "since": one.since,
        "version": one.version,
        "rows": _rows(one),
        "choices": one.choices,
    }


def _heading(one: Standing) -> str:
    if one.version:
        return f"{one.quality.title}: {one.version}"
    if one.counts.needed:
        return f"{one.quality.title}: {number(one.counts.needed)} more labels are needed"
    return f"{one.quality.title}: decide for a scorer"


def _rows(one: Standing) -> list[dict[str, Any]]:
    """The newest head of each base and what stands beside it, each scorer once, the best first."""
    newest: dict[str, Head] = {}
    for head in one.heads:
        newest.setdefault(head.base, head)
    rows: dict[str, dict[str, Any]] = {}
    for head in newest.values():
        for told in head.report:
            name = head.version if told["scorer"] == NEW else told["scorer"]
            note = f"learned from {number(head.learned_from)} labels" if told["scorer"] == NEW else ""
            note = "pinned" if name == one.version else note
            rows.setdefault(name, {"name": name, "note": note, **_figures(told)})
    return sorted(rows.values(), key=lambda row: -row["value"])


def _figures(told: dict[str, Any]) -> dict[str, Any]:
    same, order, better = told["same_class"], told["rank_correlation"], told["better"]
    few = same["value"] is None
    return {
        "value": same["value"] or 0.0,
        "same": "too few" if few else percent(same["value"]),
        "same_ends": "" if few else f"{percent(same['low'])} to {percent(same['high'])}",
        "order": "–" if order["value"] is None else signed(order["value"], 2),
        "order_ends": "" if order["value"] is None else f"{signed(order['low'], 2)} to {signed(order['high'], 2)}",
        "better": "–" if better is None or better["value"] is None else f"{signed(100 * better['value'], 0)} points",
        "better_ends": ""
        if better is None or better["low"] is None
        else f"{signed(100 * better['low'], 0)} to {signed(100 * better['high'], 0)}",
        "n": number(same["n"]),
    }


def _coming(one: Standing) -> dict[str, Any]:
    assert one.coming is not None  # asked for such alone  # noqa: S101
    all_ = max(one.messages, 1)
    done = all_ - one.left
    return {"version": one.coming.version, "title": one.quality.title, "done": done, "of": all_, "left": one.left}


def _decisions(one: Standing) -> list[dict[str, Any]]:
    def state(switch: Any) -> str:
        if switch.replaced:
            return "replaced by a newer decision"
        return f"since {switch.finished_at:%Y-%m-%d %H:%M} UTC" if switch.finished_at else "being scored"

    return [
        {
            "title": one.quality.title,
            "change": f"{switch.version_before or 'nothing'} to {switch.version}",
            "who": switch.actor,
            "why": switch.reason,
            "when": f"{switch.decided_at:%Y-%m-%d %H:%M}",
            "state": state(switch),
        }
        for switch in one.switches
    ]
