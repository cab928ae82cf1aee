"""Estimates, by the paragraphs "Estimates" and "Scores". An observation is (person, value) or (person, value, weight).

Every estimate is {"value", "low", "high", "n", "method"}; shares are fractions of 1, NPS points, the rest in its unit.
"""

import math
from fractions import Fraction
from itertools import accumulate

from scipy.stats import binom, t

Z = 1.959963984540054
PERSONS = 5
QUANTILES = {"p5": 5, "p10": 10, "p25": 25, "p50": 50, "p75": 75, "p90": 90, "p95": 95}
CSAT_TOP = {3: 3, 5: 4, 10: 8}
LOW_TAIL = {5: 2, 10: 6}


def estimate(value, low, high, n, method):
    return {"value": value, "low": low, "high": high, "n": n, "method": method}


def too_few(n):
    return estimate(None, None, None, n, "too few")


def enough(observations):
    """At least five persons."""
    return len({person for person, *_ in observations}) >= PERSONS


def weighted(observations):
    """Weighted data carry a weight in at least one observation."""
    return any(len(one) > 2 and one[2] is not None for one in observations)


def weights(observations):
    return [float(one[2]) if len(one) > 2 and one[2] is not None else 1.0 for one in observations]


def kish(observations):
    """(Σw)²/Σw², exactly."""
    given = [Fraction(weight) for weight in weights(observations)]
    return sum(given) ** 2 / sum(weight * weight for weight in given)


def per_person(observations, measure):
    """Person → sum of what is measured in that person's values."""
    sums = {}
    for person, value, *_ in observations:
        sums[person] = sums.get(person, 0) + measure(value)
    return sums


def effective(observations, holds):
    """n_eff of the share of observations for which `holds`, as an exact fraction (Kish's, if weighted)."""
    if weighted(observations):
        return kish(observations)
    counts = per_person(observations, lambda _: 1)
    hits = per_person(observations, lambda value: 1 if holds(value) else 0)
    total, persons, hit = sum(counts.values()), len(counts), sum(hits.values())
    spread = sum((total * hits[person] - counts[person] * hit) ** 2 for person in counts)
    if spread == 0:
        return Fraction(persons)
    return min(Fraction(total), Fraction(hit * (total - hit) * total**2 * (persons - 1), persons * spread))


def wilson(p, n_eff):
    centre = (p + Z**2 / (2 * n_eff)) / (1 + Z**2 / n_eff)
    half = Z / (1 + Z**2 / n_eff) * math.sqrt(p * (1 - p) / n_eff + Z**2 / (4 * n_eff**2))
    return centre - half, centre + half


def share(observations, holds=bool):
    """The share of observations for which `holds`."""
    total = len(observations)
    if not enough(observations):
        return too_few(total)
    hit = sum(1 for _, value, *_ in observations if holds(value))
    given = weights(observations)
    weight_hit = math.fsum(w for w, (_, value, *_) in zip(given, observations, strict=True) if holds(value))
    p = weight_hit / math.fsum(given)
    low, high = wilson(p, float(effective(observations, holds)))
    return estimate(p, 0.0 if hit == 0 else low, 1.0 if hit == total else high, total, "wilson")


def order_rank(total, percent):
    """⌈n p⌉ in integers."""
    return -(-total * percent // 100)


def inverse_cdf(values, percent):
    """The ⌈n p⌉-th smallest of unweighted values."""
    return sorted(values)[order_rank(len(values), percent) - 1]


def binomial_ranks(m, percent):
    """Ranks (l, u) among m; None where there is no such rank."""
    if m < 1:
        return None, None
    low = int(binom.ppf(0.025, m, percent / 100))
    high = int(binom.ppf(0.975, m, percent / 100)) + 1
    return (low if low >= 1 else None), (high if high <= m else None)


def effective_rank_count(observations, value):
    """m: the integer part of n_eff of the indicator "at most the quantile"."""
    return math.floor(effective(observations, lambda one: one <= value))


def quantile(observations, percent):
    """A quantile by inverse CDF with its interval by ranks."""
    total = len(observations)
    if not enough(observations):
        return too_few(total)
    if weighted(observations):
        return _weighted_quantile(observations, percent)
    values = sorted(value for _, value, *_ in observations)
    value = inverse_cdf(values, percent)
    m = effective_rank_count(observations, value)
    low, high = binomial_ranks(m, percent)
    return estimate(
        value,
        None if low is None else values[low * total // m - 1],
        None if high is None else values[-(-high * total // m) - 1],
        total,
        "ranks",
    )


def _weighted_quantile(observations, percent):
    """As above with weights, exactly: rank l of m is the share l/m of the weight (low rounded down, high up)."""
    given = [Fraction(weight) for weight in weights(observations)]
    pairs = sorted((one[1], weight) for one, weight in zip(observations, given, strict=True))
    values = [value for value, _ in pairs]
    reached = [part / sum(given) for part in accumulate(weight for _, weight in pairs)]
    m = math.floor(kish(observations))
    low, high = binomial_ranks(m, percent)
    return estimate(
        min(value for value, part in zip(values, reached, strict=True) if part >= Fraction(percent, 100)),
        max((v for v, part in zip(values, reached, strict=True) if low and part <= Fraction(low, m)), default=None),
        min((v for v, part in zip(values, reached, strict=True) if high and part >= Fraction(high, m)), default=None),
        len(values),
        "ranks",
    )


def mean_variance(observations):
    """(mean, V, degrees of freedom): over persons; weighted by Kish."""
    total = len(observations)
    given = weights(observations)
    whole = math.fsum(given)
    mean = math.fsum(w * one[1] for w, one in zip(given, observations, strict=True)) / whole
    if weighted(observations):
        squares = math.fsum(w * (one[1] - mean) ** 2 for w, one in zip(given, observations, strict=True))
        freedom = float(kish(observations)) - 1
        return mean, squares / whole / freedom, freedom
    sums = per_person(observations, lambda value: value - mean)
    persons = len(sums)
    variance = persons / (persons - 1) * math.fsum(one**2 for one in sums.values()) / total**2
    return mean, variance, persons - 1


def mean(observations):
    """The mean, with a t interval over persons."""
    if not enough(observations):
        return too_few(len(observations))
    value, variance, freedom = mean_variance(observations)
    half = float(t.ppf(0.975, freedom)) * math.sqrt(variance)
    return estimate(value, value - half, value + half, len(observations), "t")


def signed(answer):
    """An answer 0–10 as promoter 1, passive 0, detractor −1."""
    return 1 if answer >= 9 else 0 if answer >= 7 else -1


def nps_effective(observations):
    """min(n, variance of a single answer / V), in integers (Kish's n_eff, if weighted)."""
    if weighted(observations):
        return float(kish(observations))
    total = len(observations)
    sums = per_person(observations, signed)
    counts = per_person(observations, lambda _: 1)
    score = Fraction(sum(sums.values()), total)
    single = Fraction(sum(signed(value) ** 2 for _, value, *_ in observations), total) - score**2
    persons = len(counts)
    spread = sum((sums[person] - counts[person] * score) ** 2 for person in counts)
    if spread == 0:
        return float(persons)
    variance = Fraction(persons, persons - 1) * spread / total**2
    return float(min(Fraction(total), single / variance))


def nps(observations):
    """Net promoter score in points; interval by adjusted Wald (Rocks 2016)."""
    if not enough(observations):
        return too_few(len(observations))
    given = weights(observations)
    whole = math.fsum(given)
    marks = [signed(one[1]) for one in observations]
    p = math.fsum(w for w, mark in zip(given, marks, strict=True) if mark == 1) / whole
    d = math.fsum(w for w, mark in zip(given, marks, strict=True) if mark == -1) / whole
    n_eff = nps_effective(observations)
    low, high = adjusted_wald(p * n_eff, d * n_eff, n_eff, 1.0)
    return estimate(100 * (p - d), low, high, len(observations), "adjusted wald")


def adjusted_wald(promoters, detractors, n, correction):
    """The interval in points; the correction for finite staff is 1 for customers."""
    more = n + 3 * correction
    p, d = (promoters + 0.75 * correction) / more, (detractors + 0.75 * correction) / more
    error = math.sqrt((p + d - (p - d) ** 2) / more) * math.sqrt(correction)
    return max(-100.0, 100 * (p - d - Z * error)), min(100.0, 100 * (p - d + Z * error))


def enps(answers, staff):
    """eNPS of a staff: at least 5 answers in the cell and in its complement."""
    n = len(answers)
    if n < PERSONS or 0 < staff - n < PERSONS:
        return too_few(n)
    promoters, detractors = (sum(1 for one in answers if signed(one) == mark) for mark in (1, -1))
    low, high = adjusted_wald(promoters, detractors, n, (staff - n) / (staff - 1))
    return estimate(100 * (promoters - detractors) / n, low, high, n, "adjusted wald")


def csat(observations, scale=(1, 5)):
    """The share of the top answers: two of 5, one of 3, three of 10."""
    return share(observations, lambda value: value >= CSAT_TOP[scale[1]])


def low_tail(observations, scale):
    """The share of 1–2 of 5, or 0–6 of 10; None on other scales."""
    if scale[1] not in LOW_TAIL:
        return None
    return share(observations, lambda value: value <= LOW_TAIL[scale[1]])


def histogram(observations):
    """Value → count, unweighted, by value."""
    values = sorted(value for _, value, *_ in observations)
    return {f"{value:g}": values.count(value) for value in dict.fromkeys(values)}


def spread(observations):
    """The seven quantiles, each with interval."""
    return {name: quantile(observations, percent) for name, percent in QUANTILES.items()}
