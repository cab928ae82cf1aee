"""What was planted in a world, as a file beside it. No measure reads it; tests hold reports against it."""

from dataclasses import replace
from typing import Any

from nousnous.base import clock
from nousnous_demo.company import ANGRY, ANNOYED, LABEL, NAME, Company, Conviction, Passage
from nousnous_demo.plan import Plan
from nousnous_demo.talks import truths_of_talks

WINDOW_DAYS = 90


def truths_of(plan: Plan) -> dict[str, Any]:
    """Everything that an honest report should find, and what nobody should find."""
    company = plan.company
    inner = [one for one in company.passages if one.inside]
    return {
        "made_up": LABEL,
        "company": NAME,
        "workspace": plan.workspace,
        "people": plan.people,
        "seed": plan.seed,
        "days": plan.days,
        "until": clock.from_us(plan.until_us).isoformat(),
        "seals": "The seals of the beliefs were set by a clock that stood at the days given here.",
        "dearest": {"step": company.dearest, "cause": company.cause},
        "guilty": [{"step": one.step, "screen": one.detour.screen} for one in company.passages if one.detour],
        "nested": [{"step": one.step, "inside": one.inside} for one in inner],
        "talks": truths_of_talks(),
        "noise": "Browsing, strangers, a robot of 3,000 pages, a counter at the door, and the platform of a booking.",
        "steps": [_step(one) for one in company.passages],
        "beliefs": [_belief(company, one) for one in company.convictions],
    }


def true_value(passage: Passage, metric: str) -> float | None:
    """What a metric of a step really is in the last 90 days; None where it depends on how the world is drawn."""
    if metric == "completion":
        return _completion(passage)
    if metric == "duration_p50" and not passage.struggling and not passage.inside:
        return passage.seconds
    if metric == "frustration_rate" and passage.signal and passage.release is None:
        lost = 1 - passage.completion
        given = passage.failing * ANGRY + (1 - passage.failing) * ANNOYED
        return lost * given + passage.completion * passage.struggling
    return None


def without_gaps(company: Company) -> Company:
    """The same company whose teams are right about everything; any gap found there is a false one.

    No release breaks a step, nobody is spared or hit by where they live, and nobody takes longer after a struggle:
    then what is believed is exactly how the world is drawn.
    """
    passages = tuple(replace(one, release=None, detour=None, tilts={}, struggling=0.0) for one in company.passages)
    right = replace(company, passages=passages)
    pairs = ((one, true_value(right.passage(one.step), one.metric)) for one in company.convictions)
    return replace(right, convictions=tuple(_right(one, value) for one, value in pairs if value is not None))


def _right(conviction: Conviction, value: float) -> Conviction:
    return replace(conviction, value=value, low=value * 0.9, high=min(value * 1.1, max(value, 1.0)), verdict="")


def _completion(passage: Passage) -> float:
    if passage.release is None:
        return passage.completion
    since = min(1.0, passage.release.days_before / WINDOW_DAYS)
    return round(passage.completion * (1 - since) + passage.release.completion * since, 3)


def _step(passage: Passage) -> dict[str, Any]:
    release = passage.release
    return {
        "step": passage.step,
        "completion": _completion(passage),
        "people": passage.people,
        "signal": f"{passage.signal} {passage.element}".strip() or None,
        "release": {"version": release.version, "days_before": release.days_before, "completion": release.completion}
        if release
        else None,
    }


def _belief(company: Company, conviction: Conviction) -> dict[str, Any]:
    whole = not conviction.segment
    return {
        "step": conviction.step,
        "metric": conviction.metric,
        "author": conviction.author,
        "segment": conviction.segment or None,
        "believed": conviction.value,
        "true": true_value(company.passage(conviction.step), conviction.metric) if whole else None,
        "verdict": conviction.verdict or None,
        "sealed_day": conviction.sealed_day,
    }
