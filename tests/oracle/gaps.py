"""Metrics of the catalogue, beliefs, gaps, verdicts and blind spots."""

import math

from tests.oracle.estimates import (
    csat,
    effective_rank_count,
    estimate,
    low_tail,
    mean,
    nps,
    quantile,
    share,
    too_few,
)

SHARES = ("completion", "failure_rate", "frustration_rate", "contact_rate", "csat", "low_tail")
DURATIONS = {"duration_p50": (50, 6), "duration_p90": (90, 36)}
SCORES = ("nps", "csat", "ces", "rating")
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "rating": (1, 5)}
LOWER_IS_BETTER = ("failure_rate", "frustration_rate", "contact_rate", "low_tail", *DURATIONS)
WEEK = 7 * 86_400_000_000


def direction(metric):
    return -1 if metric in LOWER_IS_BETTER else 1


def duration_us(visit, step):
    return visit.active_us if step.get("clock") == "active" else visit.elapsed_us


def durations(visits, step):
    """Seconds of completed visits."""
    return [(visit.person, duration_us(visit, step) / 1e6) for visit in visits if visit.completed]


def followed(visit, contacts):
    """A contact after the opening and at most 7 days after the end."""
    return any(visit.opened_us < moment <= visit.ended_us + WEEK for moment in contacts.get(visit.person, []))


def visit_observations(metric, visits, step, facts):
    """(person, value) of a metric of visits; `facts` holds newest_us and contacts: person → moments."""
    closed = [visit for visit in visits if visit.closed]
    if metric in DURATIONS:
        return durations(closed, step)
    if metric == "contact_rate":
        old = [visit for visit in closed if facts["newest_us"] - visit.ended_us > WEEK]
        return [(visit.person, followed(visit, facts["contacts"])) for visit in old]
    measure = {
        "completion": lambda visit: visit.completed,
        "failure_rate": lambda visit: visit.outcome == "failed",
        "frustration_rate": lambda visit: bool(visit.signals),
    }[metric]
    return [(visit.person, measure(visit)) for visit in closed]


def score_scale(metric, answers):
    """The scale of answers; scales never mix."""
    scales = {tuple(answer.get("scale") or SCALES[metric]) for answer in answers} or {SCALES[metric]}
    (scale,) = scales
    return scale


def score_observations(answers):
    return [(answer["person"], answer["value"], answer.get("weight")) for answer in answers]


def experienced(metric, observations, scale=None):
    """The estimate of a metric from its observations."""
    if metric in DURATIONS:
        return quantile(observations, DURATIONS[metric][0])
    if metric == "nps":
        return nps(observations)
    if metric == "csat":
        return csat(observations, scale)
    if metric == "low_tail":
        return low_tail(observations, scale) or too_few(len(observations))
    if metric in ("ces", "rating"):
        return mean(observations)
    return share(observations)


def gap_value(metric, believed, value, scale):
    """The gap of one value, positive = bad news: points, or per cent."""
    difference = direction(metric) * (believed - value)
    if metric == "nps":
        return difference
    if metric in SHARES:
        return 100 * difference
    if metric in DURATIONS:
        return 100 * difference / max(believed, value) if max(believed, value) else 0.0
    return 100 * difference / (scale[1] - scale[0])


def unit(metric):
    if metric in DURATIONS:
        return "percent"
    return "points" if metric == "nps" or metric in SHARES else "percent of scale"


def gap(metric, believed, seen, scale=None):
    """The gap with its interval: the ends of the estimate mapped through; None if the estimate is too few."""
    if seen["value"] is None:
        return None
    value, low, high = (
        None if end is None else gap_value(metric, believed, end, scale)
        for end in (seen["value"], seen["low"], seen["high"])
    )
    if direction(metric) == 1:
        low, high = high, low
    return {"value": value, "low": low, "high": high, "unit": unit(metric)}


def tolerance(belief):
    """t as a fraction: 0.02 unless said, 0.05 for durations."""
    return belief.get("tolerance", 0.05 if belief["metric"] in DURATIONS else 0.02)


def verdict(found, t):
    """gap, delight, confirmed or unproven, with t in the gap's unit."""
    if found is None:
        return "unproven"
    low, high = found["low"], found["high"]
    if low is not None and low > t:
        return "gap"
    if high is not None and high < -t:
        return "delight"
    if low is not None and high is not None and low >= -t and high <= t:
        return "confirmed"
    return "unproven"


def lean(found):
    if found is None or found["value"] == 0:
        return None
    return "gap" if found["value"] > 0 else "delight"


def needed_n(found, t, n, metric=None, observations=()):
    """(number of observations, reason): what an unproven gap would need."""
    if found is None:
        return None, "too few"
    if found["low"] is None or found["high"] is None:
        percent, least = DURATIONS[metric]
        m = effective_rank_count(observations, quantile(observations, percent)["value"])
        return (-(-n * least // m), None) if m else (None, "too few")
    half = (found["high"] - found["low"]) / 2
    distance = min(abs(found["value"] - t), abs(found["value"] + t))
    if distance == 0 or (needed := math.ceil(n * (half / distance) ** 2)) > 100 * n:
        return None, "too close to call"
    return needed, None


def blind_spot(found, expected, n):
    """Gap − expected gap with the gap's interval; a ratio only where it means something."""
    if expected is None:
        return None
    if found is None:
        return {"difference": too_few(n), "ratio": None, "reason": "too few"}
    ends = [None if found[end] is None else found[end] - expected for end in ("value", "low", "high")]
    answer = {"difference": estimate(*ends, n, "gap − expected"), "ratio": None, "reason": None}
    if abs(expected) < 2:
        answer["reason"] = "the expected gap is below 2"
    elif any(found[end] is None or found[end] * expected <= 0 for end in ("low", "high")):
        answer["reason"] = "the interval does not have the sign of the expected gap"
    else:
        answer["ratio"] = found["value"] / expected
    return answer


def team_blind_spot(sealed):
    """Σ|gap| / Σ|expected| over (gap, expected) of sealed beliefs."""
    return math.fsum(abs(one) for one, _ in sealed) / math.fsum(abs(expected) for _, expected in sealed)


def interval_score(low, high, truth, level=0.8):
    """Gneiting and Raftery 2007: the width, and 2/α times what the truth lies outside."""
    outside = max(0.0, low - truth) + max(0.0, truth - high)
    return high - low + 2 / (1 - level) * outside


def judged(belief, seen, observations, scale, first_us):
    """The belief's row in the report. `first_us`: the first observation of the window, None without any."""
    t = 100 * tolerance(belief)
    found = gap(belief["metric"], belief["value"], seen, scale)
    word = verdict(found, t)
    unproven = word == "unproven"
    sealed = belief.get("sealed_us")
    return {
        "metric": belief["metric"],
        "believed": belief["value"],
        "tolerance": tolerance(belief),
        "range": belief.get("range"),
        "expected_gap": belief.get("expected_gap"),
        "sealed_in_time": sealed is not None and (first_us is None or sealed < first_us),
        "experienced": seen,
        "gap": found,
        "verdict": word,
        "lean": lean(found) if unproven else None,
        "needed_n": needed_n(found, t, seen["n"], belief["metric"], observations)[0] if unproven else None,
        "blind_spot": blind_spot(found, belief.get("expected_gap"), seen["n"]),
    }
