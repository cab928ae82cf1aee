"""Pages of credits: the budget with what was given, granting, and one credit with its way back."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from nousnous.base import clock
from nousnous.base.errors import NousError
from nousnous.capabilities.credits import actions
from nousnous.capabilities.credits.forms import BudgetForm, GrantForm, ReverseForm
from nousnous.charts.words import number, to_the_cent
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

form_page = require_http_methods(["GET", "HEAD", "POST"])
ROWS = 100


@permission("credits:read")
@require_GET
def credit_list(request: WorkspaceRequest) -> HttpResponse:
    standing = actions.standing_of(request.workspace)
    if standing.period_days is None:
        return render(request, "credits/none.html")
    found = actions.list_credits(request.workspace)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {"title": _title(standing), "page": page, "standing": standing, "figures": _figures(standing, len(found))}
    return render(request, "credits/list.html", context)


@permission("credits:write")
@form_page
def budget(request: WorkspaceRequest) -> HttpResponse:
    standing = actions.standing_of(request.workspace)
    known = {"amount": f"{standing.total / 100:.2f}", "period_days": standing.period_days} if standing.total else None
    form = BudgetForm(request.POST or None, initial=known, label_suffix="")

    def keep() -> str:
        said = form.cleaned_data
        cents = actions.cents_of(said["amount"], "amount")
        actions.set_budget(request.workspace, cents, said["period_days"], request.access.actor)
        return "The budget is set."

    context = {"title": "How much may be given, and how often?", "button": "Set the budget"}
    return _form_page(request, form, keep, context)


@permission("credits:write")
@form_page
def grant(request: WorkspaceRequest) -> HttpResponse:
    form = GrantForm(request.POST or None, label_suffix="")

    def keep() -> str:
        said = form.cleaned_data
        amounts = {name: actions.cents_of(said[name], name) if said[name] else None for name in ("amount", "month")}
        wish = actions.Wish("", clock.now_us(), amounts["amount"], amounts["month"])
        made = actions.grant_to(request.workspace, said["person"], wish, request.access.actor)
        given = to_the_cent(made.cents, request.workspace.currency)
        return f"{made.person} was given {given}, valid until {made.valid_until:%Y-%m-%d %H:%M} UTC."

    context = {"title": "Give somebody something back", "button": "Grant the credit"}
    return _form_page(request, form, keep, context)


@permission("credits:read")
@require_GET
def credit(request: WorkspaceRequest, credit: str) -> HttpResponse:
    found = actions.credit_named(request.workspace, credit)
    return render(request, "credits/credit.html", {"credit": found, "form": ReverseForm(label_suffix="")})


@permission("credits:write")
@form_page
def reverse(request: WorkspaceRequest, credit: str) -> HttpResponse:
    found = actions.credit_named(request.workspace, credit)
    form = ReverseForm(request.POST or None, label_suffix="")

    def keep() -> str:
        actions.reverse_credit(request.workspace, credit, form.cleaned_data["reason"], request.access.actor)
        return "The credit is reversed, and its sum is back in the budget."

    return _form_page(request, form, keep, {"credit": found}, "credits/credit.html")


def _form_page(
    request: WorkspaceRequest,
    form: forms.Form,
    keep: Callable[[], str],
    context: dict[str, Any],
    template: str = "credits/form.html",
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, keep())
        except NousError as error:
            named = error.place.field if error.place else None
            form.add_error(named if named in form.fields else None, error.sentence)
        else:
            return redirect(page_address(request, "credits:list"))
    return render(request, template, context | {"form": form}, status=422 if form.errors else 200)


def _title(standing: actions.Standing) -> str:
    left = to_the_cent(standing.left, standing.currency)
    if not standing.left:
        return "The budget for credits is spent"
    return f"{left} are left to give back"


def _figures(standing: actions.Standing, count: int) -> list[dict[str, str]]:
    granted, total = (to_the_cent(cents, standing.currency) for cents in (standing.granted, standing.total))
    return [
        {"label": "Granted", "figure": granted, "basis": "without what was reversed"},
        {"label": "Budget", "figure": total, "basis": f"one credit a person in {standing.period_days} days"},
        {"label": "Credits", "figure": number(count), "basis": "each at most a month of a subscription"},
    ]
