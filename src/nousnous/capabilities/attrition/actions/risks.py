"""Who is likely to leave within 30 days, and how good the forecast is, for members."""

from dataclasses import dataclass
from typing import Any, Final, TypedDict

import ibis
import pyarrow as pa

from nousnous.base import clock
from nousnous.base.errors import Missing
from nousnous.base.shapes import Moment
from nousnous.capabilities.attrition.actions.reading import MOST_PEOPLE, names_of
from nousnous.capabilities.attrition.measures.documents import BacktestShape, EchoShape
from nousnous.capabilities.attrition.measures.features import reasons_of
from nousnous.capabilities.attrition.measures.forecast import BASE_RATE, FEWEST_LEAVERS
from nousnous.capabilities.attrition.models import ForecastVersion, newest_forecast, thresholds_of
from nousnous.facts.attrition import RISKS
from nousnous.facts.events import EVENTS, LINKS
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

NOTHING_LEARNED: Final = (
    "No forecast was learned here yet; `nous attrition train` learns one from 120 days of events of customers."
)


class KindShape(TypedDict):
    kind: str
    method: str
    periods: int
    leavers: int


SinceShape = TypedDict("SinceShape", {"from": Moment | None})


class OutlookShape(SinceShape):
    forecast: int
    definition: str
    learned_at: Moment
    silence_days: float | None
    kinds: list[KindShape]
    may_leave: int
    expected: float
    likely: int
    risk_chance: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """How many may leave within 30 days, how many of them are expected to, and how many are likely to."""

    version: ForecastVersion
    risk_chance: float
    may_leave: int
    expected: float
    likely: int
    moment_us: int | None

    @property
    def kinds(self) -> list[dict[str, Any]]:
        return [one for one in self.version.document["kinds"] if one["periods"]]

    @property
    def base_rates(self) -> list[dict[str, Any]]:
        """The kinds of customers of whom too few left to tell people apart."""
        return [one for one in self.kinds if one["method"] == BASE_RATE]

    @property
    def tells_apart(self) -> bool:
        return len(self.base_rates) < len(self.kinds)

    def as_dict(self) -> OutlookShape:
        version = self.version
        return {
            "forecast": version.number,
            "definition": version.definition,
            "learned_at": version.learned_at.isoformat(),
            "silence_days": version.document["silence_days"],
            "kinds": [_kind(one) for one in self.kinds],
            "may_leave": self.may_leave,
            "expected": self.expected,
            "likely": self.likely,
            "risk_chance": self.risk_chance,
            "from": None if self.moment_us is None else clock.from_us(self.moment_us).isoformat(),
        }


class LeavingRiskShape(TypedDict):
    person: str
    chance: float
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Risk:
    """One person with the chance to leave within 30 days, and what moves it most."""

    person: str
    chance: float
    reasons: tuple[str, ...]

    def as_dict(self) -> LeavingRiskShape:
        return {"person": self.person, "chance": self.chance, "reasons": list(self.reasons)}


def read_outlook(workspace: Workspace) -> Outlook | None:
    """How things stand by the newest forecast; None before one was learned."""
    version = newest_forecast(workspace)
    if version is None:
        return None
    risks = lake_of(workspace).snapshot(RISKS).table(RISKS)
    chance = thresholds_of(workspace).risk_chance
    likely = (risks.chance >= chance) & risks.features.notnull()
    found = risks.agg(
        n=risks.count(), expected=risks.chance.sum(), likely=likely.cast("int64").sum(), moment_us=risks.moment_us.max()
    )
    row = found.to_pyarrow().to_pylist()[0]
    return Outlook(version, chance, row["n"], row["expected"] or 0.0, row["likely"] or 0, row["moment_us"])


def list_risks(workspace: Workspace, actor: str) -> list[Risk]:
    """The likeliest to leave first; at most 200. Looking is noted. Nobody where people cannot be told apart."""
    snapshot = lake_of(workspace).snapshot(RISKS, EVENTS, LINKS)
    risks = snapshot.table(RISKS)
    told = risks.filter(risks.features.notnull()).order_by(ibis.desc("chance"), "person_key").limit(MOST_PEOPLE)
    rows = told.to_pyarrow()
    names = names_of(snapshot, ibis.memtable(pa.table([rows["person_key"]], names=["person_key"])))
    audit(workspace, actor, "looked at who may leave", f"{rows.num_rows} people")
    return [
        Risk(names[row["person_key"]], row["chance"], tuple(reasons_of(row)))
        for row in rows.to_pylist()
        if row["person_key"] in names
    ]


class TriedForecastShape(TypedDict):
    forecast: int
    definition: str
    learned_at: Moment
    fewest_leavers: int
    backtest: BacktestShape | None
    signs: list[EchoShape]


def read_backtest(workspace: Workspace) -> TriedForecastShape:
    """How good the forecast in force was on periods that it had not seen, and what followed signs of fading.

    `backtest` is null where too few left before.
    """
    version = newest_forecast(workspace)
    if version is None:
        raise Missing(NOTHING_LEARNED)
    return {
        "forecast": version.number,
        "definition": version.definition,
        "learned_at": version.learned_at.isoformat(),
        "fewest_leavers": FEWEST_LEAVERS,
        "backtest": version.backtest,
        "signs": version.document["signs"],
    }


def _kind(one: dict[str, Any]) -> KindShape:
    return {"kind": one["kind"], "method": one["method"], "periods": one["periods"], "leavers": one["leavers"]}
