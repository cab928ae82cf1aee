"""Axes: round ticks in the unit of a metric, the unit said once, at the last tick."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor

from nousnous.charts import kit
from nousnous.charts.words import number, percent

# seconds between ticks that people count in, with the unit in which they say them
STEPS: list[tuple[float, int, str]] = [(one, 1, "s") for one in (1, 2, 5, 10, 15, 20)]
STEPS += [(60 * one, 60, "min") for one in (0.5, 1, 2, 5, 10, 15, 20)]
STEPS += [(3_600 * one, 3_600, "h") for one in (0.5, 1, 2, 3, 6, 12)]
STEPS += [(86_400 * one, 86_400, "days") for one in (1, 2, 5, 10, 20, 50, 100)]


@dataclass(frozen=True, slots=True)
class Axis:
    """Ticks in the metric's unit and what stands at them."""

    ticks: Sequence[float]
    labels: Sequence[str]

    def scale(self, start: float, end: float) -> Callable[[float], float]:
        return kit.scale(self.ticks[0], self.ticks[-1], start, end)


def axis_of(values: Sequence[float], unit: str, about: int = 5, *, from_zero: bool = False) -> Axis:
    """An axis that holds all values.

    >>> axis_of([0.61, 0.95], "share").labels
    ['60', '70', '80', '90', '100%']
    >>> axis_of([45, 250], "seconds").labels
    ['0', '1', '2', '3', '4', '5 min']
    """
    low, high = (min(0.0, *values) if from_zero else min(values)), max(values)
    if unit == "seconds":
        return _of_seconds(low, high, about)
    ticks = kit.ticks(low, min(high, 1.0) if unit == "share" else high, about)
    if unit == "share":
        digits = 0 if all(abs(100 * tick - round(100 * tick)) < 1e-6 for tick in ticks) else 1
        labels = [number(100 * tick, digits) for tick in ticks]
        return Axis(ticks, [*labels[:-1], percent(ticks[-1], digits)])
    digits = 0 if all(tick == round(tick) for tick in ticks) else 1
    return Axis(ticks, [number(tick, digits) for tick in ticks])


def _of_seconds(low: float, high: float, about: int) -> Axis:
    wanted = max(high - low, 1.0) / about
    step, size, unit = next((one for one in STEPS if one[0] >= wanted * 0.999), STEPS[-1])
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    ticks = [index * step for index in range(first, max(last, first + 1) + 1)]
    digits = 0 if all(tick % size == 0 for tick in ticks) else 1
    labels = [number(tick / size, digits if tick else 0) for tick in ticks]
    return Axis(ticks, [*labels[:-1], f"{labels[-1]} {unit}"])
