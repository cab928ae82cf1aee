"""Who takes part in an experiment, and in which arm: decided by hashes, so that everybody who asks hears the same."""

from nousnous.experiments.definition import ExperimentDefinition
from nousnous.stats.assignment import arm_of, share_of

WHOLE = (0.0, 1.0)
ON, OFF = "on", "off"


def arm_for(definition: ExperimentDefinition, part: tuple[float, float], unit: str, country: str | None) -> str | None:
    """The arm of a unit; None where it does not take part by country or by chance (segments are looked up before).

    `part` is what the experiment takes of its group, or of everybody, as [low, high) of 0 to 1. Experiments of a group
    share one hash and have parts apart: nobody is in two of them.
    """
    if definition.countries and country not in definition.countries:
        return None
    key = f"group/{definition.group}" if definition.group else f"traffic/{definition.id}"
    if part != WHOLE and not part[0] <= share_of(key, unit) < part[1]:
        return None
    return arm_of(definition.id, unit, definition.weights)


def free_part(taken: list[tuple[float, float]], traffic: float) -> tuple[float, float] | None:
    """The lowest part of a group that is free and wide enough; None where there is none.

    >>> free_part([(0.0, 0.5)], 0.25), free_part([(0.0, 0.5)], 0.75)
    ((0.5, 0.75), None)
    """
    low = 0.0
    for start, end in sorted(taken):
        if start - low >= traffic - 1e-12:
            break
        low = max(low, end)
    return (low, low + traffic) if low + traffic <= 1 + 1e-12 else None


def flag_value(arm: str) -> str | bool:
    """An arm as flags say it: the arms on and off are true and false.

    >>> flag_value("on"), flag_value("short")
    (True, 'short')
    """
    return {ON: True, OFF: False}.get(arm, arm)
