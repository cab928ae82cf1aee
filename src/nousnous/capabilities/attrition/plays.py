"""What plays can be triggered by: a sign that somebody fades, and a chance to leave that rose."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from nousnous.capabilities.attrition.measures.features import sentence_of
from nousnous.capabilities.attrition.measures.signals import sentence
from nousnous.capabilities.attrition.models import thresholds_of
from nousnous.facts.attrition import RISKS, SIGNS_OF_FADING
from nousnous.facts.plays import Told
from nousnous.plays.registry import FactTrigger
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace


def told(fact: Mapping[str, Any]) -> Told | None:
    """The sign, as long as it stands."""
    workspace = Workspace.objects.get(pk=fact["workspace_id"])
    signs = _signs(workspace)
    same = [signs[name] == fact[name] for name in ("moment_us", "signal")]
    rows = signs.filter(signs.person_key == fact["identity_key"], *same).to_pyarrow().to_pylist()
    return _told(rows[0]) if rows else None


def past(workspace: Workspace, since_us: int) -> Iterable[Told]:
    """The signs that began since a moment."""
    signs = _signs(workspace)
    return map(_told, signs.filter(signs.moment_us >= since_us).to_pyarrow().to_pylist())


def _signs(workspace: Workspace) -> Any:
    return lake_of(workspace).snapshot(SIGNS_OF_FADING).table(SIGNS_OF_FADING)


def _told(row: dict[str, Any]) -> Told:
    said = sentence(row["signal"], len(row["evidence_us"]), row["days"], row["baseline"])
    key = f"{row['person_key']} {row['signal']} {row['moment_us']}"
    return Told(key, row["person_key"], row["moment_us"], {"signal": row["signal"], "said": said})


def told_risk(fact: Mapping[str, Any]) -> Told | None:
    """The chance, as long as the person stands at the workspace's threshold or above it."""
    workspace = Workspace.objects.get(pk=fact["workspace_id"])
    risks = _likely(workspace)
    rows = risks.filter(risks.person_key == fact["identity_key"]).to_pyarrow().to_pylist()
    return _told_risk({**rows[0], "moment_us": fact["moment_us"]}) if rows else None


def past_risks(workspace: Workspace, since_us: int) -> Iterable[Told]:
    """Those who are likely to leave by a look since a moment: what stood before is not kept."""
    risks = _likely(workspace)
    return map(_told_risk, risks.filter(risks.moment_us >= since_us).to_pyarrow().to_pylist())


def _likely(workspace: Workspace) -> Any:
    risks = lake_of(workspace).snapshot(RISKS).table(RISKS)
    return risks.filter((risks.chance >= thresholds_of(workspace).risk_chance) & risks.features.notnull())


def _told_risk(row: dict[str, Any]) -> Told:
    """What raises the chance is said, for a call sheet: what lowers it would not help who calls."""
    reasons = zip(row["features"], row["seen"], row["odds"], strict=True)
    said = ", ".join(sentence_of(name, value) for name, value, factor in reasons if factor > 1)
    key = f"{row['person_key']} {row['moment_us']}"
    return Told(key, row["person_key"], row["moment_us"], {"chance": row["chance"], "said": said})


SIGNALLED: Final = FactTrigger(("signal",), told, past)
RAISED: Final = FactTrigger(("chance",), told_risk, past_risks)
