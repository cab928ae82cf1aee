"""A forecast and its backtest as plain numbers under names, and back: what is kept, shown and sent."""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

import numpy as np

from nousnous.capabilities.attrition.measures.echoes import Echo
from nousnous.capabilities.attrition.measures.features import FEATURES
from nousnous.capabilities.attrition.measures.forecast import Backtest, Forecast, Learned
from nousnous.capabilities.attrition.measures.signals import DAY_US
from nousnous.stats.estimate import EstimateShape
from nousnous.stats.hazards import Hazard


def as_document(forecast: Forecast) -> dict[str, Any]:
    """What was learned, by the names of features."""
    return {
        "silence_days": None if forecast.silence_us is None else forecast.silence_us / DAY_US,
        "kinds": [_kind(one) for one in forecast.kinds],
    }


def as_forecast(document: Mapping[str, Any]) -> Forecast | None:
    """The forecast of a document; None for one that was learned from other features."""
    days = document["silence_days"]
    if any(set(one["coefficients"]) != set(FEATURES) for one in document["kinds"]):
        return None
    learned = tuple(_learned(one) for one in document["kinds"])
    return Forecast(None if days is None else round(days * DAY_US), learned)


class TenthShape(TypedDict):
    predicted: float
    observed: EstimateShape


class BacktestShape(TypedDict):
    """How good a forecast was."""

    learned_until_us: int
    tried_until_us: int
    learned_leavers: int
    periods: int
    people: int
    leavers: int
    auc: EstimateShape
    lift: EstimateShape
    slope: EstimateShape
    caught: EstimateShape
    right: EstimateShape
    lead_days: EstimateShape
    curve: list[TenthShape]


def backtest_document(found: Backtest) -> dict[str, Any]:
    """How good a forecast was, as estimates."""
    named = ("auc", "lift", "slope", "caught", "right", "lead_days")
    return {
        "learned_until_us": found.split_us,
        "tried_until_us": found.until_us,
        "learned_leavers": found.learned.leavers,
        "periods": int(found.periods.person.size),
        "people": int(np.unique(found.periods.person).size),
        "leavers": found.periods.leavers,
        **{name: getattr(found, name).as_dict() for name in named},
        "curve": [{"predicted": one.predicted, "observed": one.observed.as_dict()} for one in found.curve],
    }


class EchoShape(TypedDict):
    """What followed a sign of fading."""

    signal: str
    event: str
    followed: EstimateShape
    usual: EstimateShape
    lead_days: EstimateShape


def echo_documents(found: Iterable[Echo]) -> list[dict[str, Any]]:
    """What followed signs of fading, as estimates."""
    estimates = ("followed", "usual", "lead_days")
    return [
        {"signal": one.signal, "event": one.event, **{name: getattr(one, name).as_dict() for name in estimates}}
        for one in found
    ]


def _kind(one: Learned) -> dict[str, Any]:
    told = {"kind": one.kind, "method": one.method, "periods": one.periods, "leavers": one.leavers}
    hazard = one.hazard
    numbers = {"intercept": hazard.intercept, "penalty": hazard.penalty}
    by_name = {"coefficients": hazard.coefficients, "means": hazard.means}
    named = {name: dict(zip(FEATURES, map(float, values), strict=True)) for name, values in by_name.items()}
    return {**told, **numbers, **named}


def _learned(one: Mapping[str, Any]) -> Learned:
    coefficients, means = (np.array([one[name][each] for each in FEATURES]) for name in ("coefficients", "means"))
    hazard = Hazard(one["intercept"], coefficients, means, one["penalty"])
    return Learned(one["kind"], one["method"], hazard, one["periods"], one["leavers"])
