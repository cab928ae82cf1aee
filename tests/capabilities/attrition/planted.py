"""A forecast that was learned, with chances of people of a workspace, without learning one."""

import numpy as np

from nousnous.base import clock
from nousnous.capabilities.attrition.measures.documents import as_document
from nousnous.capabilities.attrition.measures.features import FEATURES
from nousnous.capabilities.attrition.measures.forecast import BASE_RATE, HAZARD, KINDS, Forecast, Learned
from nousnous.capabilities.attrition.models import ForecastVersion
from nousnous.facts.attrition import RISKS
from nousnous.facts.events import EVENTS, LINKS
from nousnous.stats.estimate import Estimate
from nousnous.stats.hazards import Hazard
from nousnous.warehouse.lake import lake_of, rows_of
from nousnous.workspaces.models import Workspace

SAID = (0.011, 0.015, 0.019, 0.024, 0.031, 0.045, 0.13, 0.296, 0.5, 0.798)
CAME = (0.009, 0.014, 0.015, 0.021, 0.03, 0.039, 0.112, 0.318, 0.52, 0.782)


def plant_forecast(workspace: Workspace) -> ForecastVersion:
    """Everybody who ever did something gets a chance, from likely to not; subscribers have the base rate."""
    hazard = Hazard(-2.0, np.ones(len(FEATURES)), np.zeros(len(FEATURES)), 10.0)
    kinds = zip(KINDS, (BASE_RATE, HAZARD), (120, 4_210), strict=True)
    learned = tuple(Learned(kind, method, hazard, 20 * left, left) for kind, method, left in kinds)
    document = as_document(Forecast(42 * clock.DAY_US, learned))
    document["signs"] = [
        {
            "signal": "articles",
            "event": event,
            "followed": told(0.2, 0.15, 0.26, 310),
            "usual": told(0.01, 0.009, 0.012),
        }
        | {"lead_days": told(12, 10, 13, 62)}
        for event in ("left", "downgraded")
    ]
    number = ForecastVersion.objects.filter(workspace=workspace).count() + 1
    made = {"definition": "leaving@1", "learned_at": clock.now(), "document": document, "backtest": backtest()}
    version = ForecastVersion.objects.create(workspace=workspace, number=number, **made)
    lake = lake_of(workspace)
    events = lake.snapshot(EVENTS, LINKS).events()
    keys = sorted(events.filter(events.person_key.notnull()).person_key.to_pyarrow().unique().to_pylist())
    size = len(keys)
    columns = {
        "person_key": keys,
        "moment_us": [clock.now_us()] * size,
        "chance": np.linspace(0.9, 0.02, size).tolist(),
        "forecast": [number] * size,
        "features": [["days_since_purchase", "contacts", "hover"]] * size,
        "seen": [[38.0, 3.0, 1.0]] * size,
        "odds": [[3.4, 2.1, 1.6]] * size,
    }
    lake.delete(RISKS, "moment_us IS NOT NULL")
    lake.append(RISKS, rows_of(RISKS, columns))
    return version


def told(value: float, low: float, high: float, n: int = 61_000) -> dict[str, object]:
    return Estimate(value, low, high, n, "made up").as_dict()


def backtest() -> dict[str, object]:
    curve = [
        {"predicted": said, "observed": told(came, 0.93 * came, 1.07 * came, 6_100)}
        for said, came in zip(SAID, CAME, strict=True)
    ]
    span = {"learned_until_us": 1_730_000_000_000_000, "tried_until_us": 1_745_000_000_000_000}
    counts = {"learned_leavers": 4_210, "periods": 61_000, "people": 16_200, "leavers": 11_300}
    ranks = {"auc": told(0.912, 0.909, 0.915), "lift": told(4.21, 4.13, 4.28), "slope": told(1.02, 0.99, 1.05)}
    early = {"caught": told(0.79, 0.78, 0.8, 11_300), "lead_days": told(16.9, 16.6, 17.3, 9_000)}
    early["right"] = told(0.61, 0.6, 0.62, 14_000)
    return {**span, **counts, **ranks, **early, "curve": curve}
