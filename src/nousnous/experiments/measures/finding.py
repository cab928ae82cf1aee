"""What an experiment found, in one sentence, before anything else."""

from collections.abc import Mapping, Sequence
from typing import Final

from nousnous.charts import words
from nousnous.experiments.measures.readout import Line, Split
from nousnous.stats.estimate import Estimate

UNITS: Final = {"share": "share", "s": "seconds", "points": "nps"}


def shown(value: float | None, unit: str) -> str:
    """A value of a metric: small shares with a digit after the point.

    >>> shown(0.1234, "share"), shown(0.61, "share"), shown(12.5, "amount")
    ('12.3%', '61.0%', '12.50')
    """
    if unit == "share":
        return words.percent(value, 1)
    return words.number(value, 2) if unit in {"amount", "times"} else words.reading(value, UNITS.get(unit, "score"))


def change(lift: Estimate) -> str:
    """A lift with its interval.

    >>> change(Estimate(0.21, 0.08, 0.36, 9, "")), change(Estimate(None, None, None, 9, ""))
    ('+21%, 95% interval +8.0% to +36%', 'no interval yet')
    """
    if lift.value is None or lift.low is None or lift.high is None:
        return "no interval yet"
    value, low, high = (_per_cent(one) for one in (lift.value, lift.low, lift.high))
    return f"{value}, 95% interval {low} to {high}"


def _per_cent(value: float) -> str:
    return f"{words.signed(100 * value, 0 if abs(value) >= 0.0995 else 1)}%"


def finding(lines: Sequence[Line], split: Split, names: Mapping[str, str], waits_for: str) -> str:
    """One sentence; `names` are those of the arms, `waits_for` a day on which it is read out, empty if it is now.

    >>> from nousnous.stats.mismatch import mismatch
    >>> finding([], Split(("a", "b"), (0, 0), 0, mismatch([0, 0], [1, 1])), {}, "")
    'Nobody has been seen in an arm yet.'
    """
    if split.mismatch.blocks:
        return _broken_split(split, names)
    count = sum(split.persons)
    people = words.capital(words.counted(count, "person", "people"))
    if not count:
        return "Nobody has been seen in an arm yet."
    hurt = [_harm(line, names) for line in lines if line.verdict == "broken"][:1]
    if waits_for:
        return " ".join([*(hurt or [f"{people} take part so far."]), f"It is read out on {waits_for}."])
    goals = [line for line in lines if line.asked.tolerance is None]
    proven = [line for line in goals if line.verdict in {"better", "worse"}]
    if proven:
        return " ".join([_proven(min(proven, key=lambda line: line.adjusted or 0.0), names), *hurt])
    if hurt or not goals:
        return hurt[0] if hurt else f"{people} take part, and nothing is measured."
    return _nothing(goals[0], people, names)


def _nothing(line: Line, people: str, names: Mapping[str, str]) -> str:
    if line.found.difference.low is None:
        return f"{people} take part: too few to tell anything."
    arm = names.get(line.variant, line.variant)
    return f"Nothing is proven: {line.asked.name} with {arm} {change(line.found.lift)}."


def _proven(line: Line, names: Mapping[str, str]) -> str:
    found, arm = line.found, names.get(line.variant, line.variant)
    verb = "rises" if (found.difference.value or 0) > 0 else "falls"
    ends = f"from {shown(found.control.value, line.asked.unit)} to {shown(found.treated.value, line.asked.unit)}"
    word = "" if line.verdict == "better" else ", which is worse"
    return f"With {arm}, {line.asked.name} {verb} {ends} ({change(found.lift)}){word}."


def _harm(line: Line, names: Mapping[str, str]) -> str:
    arm = names.get(line.variant, line.variant)
    return f"A guard rail is broken: {line.asked.name} with {arm} {change(line.found.lift)}."


def _broken_split(split: Split, names: Mapping[str, str]) -> str:
    parts = [
        f"{words.number(count)} in {names.get(arm, arm)} where {words.number(due)} were due"
        for arm, count, due in zip(split.arms, split.persons, split.mismatch.expected, strict=True)
    ]
    return f"Nothing can be read out, the split is broken: {', '.join(parts)}."
