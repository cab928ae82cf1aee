"""Experiments: the list, one read out, its text with what it could show, its end."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from nousnous.base import clock
from nousnous.base.errors import NousError
from nousnous.charts import words
from nousnous.experiments import telling
from nousnous.experiments.actions import keeping, planning, reading
from nousnous.experiments.actions.keeping import Standing
from nousnous.experiments.definition import study_experiment
from nousnous.journeys.views.journeys import form_page, placed
from nousnous.workspaces.access import WorkspaceRequest, page_address, permission

FIRST = """\
[experiment]
id = "short-form"
name = "A shorter form"
start = {start}
end = {end}                    # read out then; or: reading = "any time"
# country = ["DE", "AT"]
# segment = "regulars"
# group = "checkout"                # nobody is in two experiments of a group
# traffic = 0.5                     # share of people who take part
effect = 0.10                       # smallest relative change worth finding

[[variant]]                         # the first is the one compared with
id = "control"

[[variant]]
id = "short"
name = "the short form"

[[metric]]
name = "Ordered"
did = {{ event = "Order Completed" }}
within = "7d"

[[guard]]
name = "Asked for help"
did = {{ event = "Contact Started" }}
better = "lower"
tolerance = 0.05                    # up to 5 % worse is borne
"""

KINDS = """\
[[metric]]                          # share of persons who did it
did = { event = "Order Completed" }

[[metric]]                          # how often, a person
count = { event = "Product Viewed", where = { platform = "ios" } }
better = "higher"                   # or "lower"

[[metric]]                          # revenue, total, customer_minutes, handling_minutes a person
sum = { event = "Order Completed" }
of = "revenue"

[[metric]]                          # events for each other event
ratio = { event = "Order Completed" }
per = { event = "Checkout Started" }

[[metric]]                          # of the catalogue, at a step of a journey
catalogue = "completion"
step = "checkout"
within = "14d"
"""


@permission("experiments:read")
@require_GET
def experiments(request: WorkspaceRequest) -> HttpResponse:
    found = keeping.list_experiments(request.workspace)
    seen = reading.list_seen(request.workspace)
    rows = [(one, sum(seen.pop(one.definition.id, {"arms": {}})["arms"].values())) for one in found]
    others = [(name, sum(one["arms"].values())) for name, one in sorted(seen.items())]
    running = sum(one.status == "running" for one in found)
    title = f"{words.capital(words.counted(running, 'experiment'))} {'is' if running == 1 else 'are'} running"
    return render(request, "experiments/list.html", {"rows": rows, "others": others, "title": title})


@permission("experiments:read")
@require_GET
def show(request: WorkspaceRequest, experiment: str) -> HttpResponse:
    found = reading.read_experiment(request.workspace, experiment)
    standing = found.standing
    context = {"readout": found, "standing": standing, "sentence": found.sentence, **telling.readout_rows(found)}
    if standing and standing.status == "planned":
        plans = planning.plans_of(request.workspace, found.definition, standing)
        context["plans"] = telling.plan_rows(found.definition, plans)
        context["sentence"] = telling.planned(reading.day_of(request.workspace, standing.start_us), plans)
    context["title"] = str(context["sentence"]).removesuffix(".")
    return render(request, "experiments/show.html", context)


@permission("experiments:write")
@form_page
def new(request: WorkspaceRequest) -> HttpResponse:
    if request.method == "POST":
        return _edited(request, None)
    start_us = clock.now_us() + clock.DAY_US
    days = [clock.from_us(start_us + days * clock.DAY_US).date().isoformat() for days in (0, 14)]
    return _editor(request, None, {"text": FIRST.format(start=days[0], end=days[1])})


@permission("experiments:read")
@form_page
def edit(request: WorkspaceRequest, experiment: str) -> HttpResponse:
    found = keeping.experiment_of(request.workspace, experiment)
    if request.method == "POST":
        request.access.require("experiments:write")
        return _edited(request, found)
    return _editor(request, found, {"text": found.version.text})


@permission("experiments:read")
@require_GET
def history(request: WorkspaceRequest, experiment: str) -> HttpResponse:
    versions = keeping.list_versions(request.workspace, experiment)
    return render(request, "experiments/history.html", {"versions": versions, "newest": versions[0]})


@permission("experiments:write")
@require_POST
def end(request: WorkspaceRequest, experiment: str) -> HttpResponse:
    ended = keeping.end_experiment(request.workspace, experiment, request.access.actor)
    messages.success(request, f"{ended.version.name} is ended: nobody is assigned any more.")
    return redirect(page_address(request, "experiments:show", experiment=experiment))


def _edited(request: WorkspaceRequest, standing: Standing | None) -> HttpResponse:
    text = request.POST.get("text", "").replace("\r\n", "\n")
    study = study_experiment(text)
    if study.definition is None:
        return _editor(request, standing, {"text": text, "troubles": placed(text, study.troubles)}, status=422)
    try:
        if "apply" in request.POST:
            kept = keeping.apply_experiment(request.workspace, text, None, request.access.actor)
            messages.success(request, f"{kept.version.name} is kept as version {kept.version.number}.")
            return redirect(page_address(request, "experiments:show", experiment=kept.definition.id))
        plans = telling.plan_rows(study.definition, planning.plans_of(request.workspace, study.definition))
    except NousError as error:
        return _editor(request, standing, {"text": text, "troubles": [(None, str(error), "")]}, status=422)
    return _editor(request, standing, {"text": text, "plans": plans, "looked_at": True})


def _editor(
    request: WorkspaceRequest, standing: Standing | None, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    rows = max(12, context["text"].count("\n") + 2)
    return render(
        request,
        "experiments/editor.html",
        {"standing": standing, "kinds": KINDS, "rows": rows, **context},
        status=status,
    )
