"""Learning a forecast of leaving, giving everybody their chance by it, and telling whose has risen."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from nousnous.base import clock
from nousnous.capabilities.attrition.actions.signals import FRESH_US, read_timeline
from nousnous.capabilities.attrition.measures.documents import (
    as_document,
    as_forecast,
    backtest_document,
    echo_documents,
)
from nousnous.capabilities.attrition.measures.echoes import echoes
from nousnous.capabilities.attrition.measures.features import FEATURES, History, features_at, history_of
from nousnous.capabilities.attrition.measures.forecast import (
    HAZARD,
    Forecast,
    Rules,
    backtest,
    learn,
    moments_of,
    of_kinds,
    periods_of,
    silence_of,
)
from nousnous.capabilities.attrition.measures.leaving import DEFINITION, LIFE_CODES, standing
from nousnous.capabilities.attrition.models import ForecastVersion, newest_forecast, thresholds_of
from nousnous.facts.attrition import RISKS, RiskRaised
from nousnous.facts.events import EVENTS, LINKS
from nousnous.facts.scores import SCORES
from nousnous.runs import outbox
from nousnous.runs.actions import start_run
from nousnous.runs.locks import exclusive
from nousnous.runs.registry import Advance, Work
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.warehouse.maintenance import vacuum
from nousnous.warehouse.schemas import arrow_schema
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

TRAIN_RUN: Final = "attrition.train"
RISKS_RUN: Final = "attrition.risks"


def perform_train(work: Work) -> Advance:
    """Learn anew: of one workspace, or weekly of all that have events of customers."""
    for workspace in _chosen(work):
        train_forecast(workspace)
    return Advance()


def perform_risks(work: Work) -> Advance:
    """Give everybody their chance of today, where a forecast was learned."""
    for workspace in _chosen(work):
        if newest_forecast(workspace) is not None:
            find_risks(workspace)
    return Advance()


def ask_to_train(workspace: Workspace, actor: str) -> None:
    """Have a worker learn anew now; asked again while it waits, it learns once."""
    start_run(TRAIN_RUN, workspace_id=workspace.id, key=f"{workspace.id}-{clock.now_us() // clock.MINUTE_US}")
    audit(workspace, actor, "asked to learn who leaves")


def train_forecast(workspace: Workspace) -> ForecastVersion | None:
    """Learn from the workspace's own past, try it on what came after, keep it as a new version, and give chances.

    None where nobody could have left yet: under 120 days of events, or no customers in them.
    """
    rules = thresholds_of(workspace)
    history = read_history(lake_of(workspace).snapshot(EVENTS, LINKS, SCORES))
    silence_us = silence_of(history, rules.rules)
    moments = moments_of(history)
    forecast = learn(periods_of(history, rules.rules, moments, silence_us), silence_us)
    if not forecast.periods:
        return None
    tried = backtest(history, rules.rules, rules.risk_chance)
    followed = echo_documents(echoes(history, rules.limits, silence_us, moments))
    with transaction.atomic():
        before = newest_forecast(workspace)
        version = ForecastVersion.objects.create(
            workspace=workspace,
            number=1 if before is None else before.number + 1,
            definition=DEFINITION,
            learned_at=clock.now(),
            document={**as_document(forecast), "signs": followed},
            backtest=None if tried is None else backtest_document(tried),
        )
    find_risks(workspace)
    return version


def find_risks(workspace: Workspace) -> int:
    """Everybody's chance by the newest forecast, in place of those that stand; answers of how many it was told."""
    lake, thresholds = lake_of(workspace), thresholds_of(workspace)
    version = newest_forecast(workspace)
    forecast = None if version is None else as_forecast(version.document)
    if version is None or forecast is None:
        return 0
    with exclusive(f"lake-{workspace.id}"):
        snapshot = lake.snapshot(EVENTS, LINKS, SCORES, RISKS)
        stood = RISKS.name in snapshot.versions
        known = snapshot.table(RISKS).select("person_key", "chance").to_pyarrow()
        found = _rows(read_history(snapshot), forecast, thresholds.rules, version.number)
        raised = _raised(found, known, thresholds.risk_chance) if stood else []
        with transaction.atomic():
            for one in raised:
                outbox.record(RiskRaised(workspace.id, one["person_key"], one["moment_us"], one["chance"]))
            if stood:
                lake.replace_where(RISKS, "moment_us IS NOT NULL", found)
                vacuum(lake, RISKS.name, hours=1)
            else:
                lake.append(RISKS, found)
    return len(raised)


def read_history(snapshot: Snapshot) -> History:
    """What people did and answered, for a forecast; an answer is −1 to 1 on its scale."""
    scores = snapshot.resolved(SCORES)
    given = scores.filter(scores.person_key.notnull() & scores.value.notnull() & (scores.scale_high > scores.scale_low))
    share = (given.value - given.scale_low) / (given.scale_high - given.scale_low)
    rows = given.select("person_key", "ts_us", score=2 * share - 1).to_pyarrow()
    person, ts_us, score = (rows[name].to_numpy() for name in ("person_key", "ts_us", "score"))
    return history_of(read_timeline(snapshot.events(), LIFE_CODES), (person, ts_us, score))


def _chosen(work: Work) -> Any:
    return Workspace.objects.filter(pk=work.workspace_id) if work.workspace_id else Workspace.objects.all()


def _rows(history: History, forecast: Forecast, rules: Rules, number: int) -> Any:
    moment_us = history.timeline.until_us
    stand = standing(history.timeline, forecast.silence_us, moment_us)
    seen = features_at(history, rules.limits, stand, forecast.silence_us)
    places, odds = forecast.reasons(seen)
    told = np.zeros(stand.person.size, dtype=bool)
    for one, theirs in zip(forecast.kinds, of_kinds(seen), strict=True):
        told |= theirs & (one.method == HAZARD)
    columns = {
        "person_key": history.keys[stand.person],
        "moment_us": np.full(stand.person.size, moment_us),
        "chance": forecast.chances(seen),
        "forecast": np.full(stand.person.size, number),
        "features": _lists(np.array(FEATURES, dtype=object)[places], told, pa.string()),
        "seen": _lists(np.take_along_axis(seen, places, axis=1), told, pa.float64()),
        "odds": _lists(odds, told, pa.float64()),
    }
    return pa.table(columns).cast(arrow_schema(RISKS))


def _lists(values: Any, told: Any, kind: Any) -> Any:
    """A list for each person, or null."""
    lengths = np.where(told, values.shape[1], 0)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32(), mask=np.append(~told, False))
    return pa.ListArray.from_arrays(offsets, pa.array(values[told].ravel(), kind))


def _raised(found: Any, known: Any, chance: float) -> list[dict[str, Any]]:
    """Those now at the threshold or above it who were not, where data are of the last 7 days."""
    fresh = pc.field("moment_us") >= clock.now_us() - FRESH_US
    above = found.filter(fresh & (pc.field("chance") >= chance) & pc.field("features").is_valid())
    stood = known.filter(pc.field("chance") >= chance)
    rows: list[dict[str, Any]] = (
        above.select(["person_key", "moment_us", "chance"]).join(stood, "person_key", join_type="left anti").to_pylist()
    )
    return rows
