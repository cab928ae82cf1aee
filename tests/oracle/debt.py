"""Experience debt, by the paragraph of that name. A row is (visit, wasted µs after the overlap rule)."""

import math
from dataclasses import replace
from itertools import pairwise

from scipy.stats import chi2
from tests.oracle.estimates import PERSONS, estimate, inverse_cdf

HOUR = 3_600_000_000
CONTACT = 7 * 24 * HOUR


def reference_us(step, visits):
    """The owner's reference, else the median active time of the clean closed visits given; None without any."""
    if step.get("reference_s") is not None:
        return round(step["reference_s"] * 1_000_000)
    clean = [visit.active_us for visit in visits if visit.clean]
    return inverse_cdf(clean, 50) if clean else None


def wasted(visit, reference, *, owner):
    """Wasted intervals of a visit, before the overlap rule. `owner`: the reference was set by the step's owner."""
    if visit.outcome == "failed" or (visit.outcome == "abandoned" and (visit.failures or visit.signals)):
        return visit.active
    charged = visit.completed and reference is not None and (owner or not visit.clean)
    return last_part(visit.active, visit.active_us - reference) if charged else []


def last_part(intervals, length):
    """The last `length` µs of the intervals."""
    part = []
    for start, end in reversed(intervals):
        if length <= 0:
            break
        part.append((max(start, end - length), end))
        length -= end - start
    return part


def each_second_once(charges):
    """Rows from (visit, wasted intervals): a second belongs to the visit opened last (together: to the later step)."""
    people = {}
    for number, (visit, intervals) in enumerate(charges):
        for start, end in intervals:
            rank = (visit.opened_us, visit.order, number)
            people.setdefault(visit.person, []).append((start, end, rank))
    owned = [0] * len(charges)
    for pieces in people.values():
        cuts = sorted({cut for start, end, _ in pieces for cut in (start, end)})
        for left, right in pairwise(cuts):
            covering = [rank for start, end, rank in pieces if start <= left and right <= end]
            if covering:
                owned[max(covering)[2]] += right - left
    return [(visit, owned[number]) for number, (visit, _) in enumerate(charges)]


def rows_of(visits, journey, references):
    """Rows of all closed visits. References in µs by step id."""
    owners = {step["id"]: step.get("reference_s") is not None for step in journey["step"]}
    return each_second_once(
        [(visit, wasted(visit, references[visit.step], owner=owners[visit.step])) for visit in visits if visit.closed]
    )


def gamma_interval(totals):
    """Fay and Feuer 1997 on per-person totals; 0 to 0 if all are 0."""
    y, v, w = math.fsum(totals), math.fsum(x * x for x in totals), max(totals, default=0.0)
    if y == 0:
        return 0.0, 0.0
    low = v / (2 * y) * float(chi2.ppf(0.025, 2 * y * y / v))
    high = (v + w * w) / (2 * (y + w)) * float(chi2.ppf(0.975, 2 * (y + w) ** 2 / (v + w * w)))
    return low, high


def total_estimate(rows, worth):
    """The sum over rows of what their wasted time is worth; interval null under 5 persons with a closed visit."""
    totals = {}
    for visit, us in rows:
        totals[visit.person] = totals.get(visit.person, 0.0) + worth(visit, us)
    n = len({visit.person for visit, us in rows if us > 0})
    value = math.fsum(totals.values())
    if len(totals) < PERSONS:
        return estimate(value, None, None, n, "too few")
    return estimate(value, *gamma_interval(list(totals.values())), n, "gamma")


def hours(_visit, us):
    return us / HOUR


def wage(journey, visit):
    """The hourly wage: one, or by the country of the opening event with a default."""
    given = journey["journey"]["hourly_wage"]
    if not isinstance(given, dict):
        return given
    country = visit.segment("country")
    return given[country] if country in given else given["default"]


def amplification(journey):
    """1 + share × reach × carry; of (low, mid, high) factors the mid ones."""
    given = {"share": 0.0, "reach": 0.0, "carry": 0.01, **journey["journey"].get("amplification", {})}
    mids = {name: factor["mid"] if isinstance(factor, dict) else factor for name, factor in given.items()}
    return 1 + mids["share"] * mids["reach"] * mids["carry"]


def money(journey, scale=1.0):
    """What wasted time of a visit is worth in money, with amplification, times a scale."""
    more = amplification(journey) * scale
    return lambda visit, us: us / HOUR * wage(journey, visit) * more


def causes(rows):
    """Hours by cause, dearest first. What an owner's reference takes from a clean visit is "slow"."""
    found = {}
    for visit, us in rows:
        if us > 0:
            name = cause_text(visit.cause)
            found[name] = found.get(name, 0) + us
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [{"cause": name, "hours": us / HOUR} for name, us in ranked]


def cause_text(cause):
    if cause is None:
        return "slow"
    name, element = cause
    return f"{name} {element}" if element else name


def simulated(visits, most_us):
    """The visits with each active time replaced by min(active, x): the first x remain."""
    return [replace(visit, active=_first_part(visit.active, most_us)) for visit in visits]


def _first_part(intervals, length):
    part = []
    for start, end in intervals:
        if length <= 0:
            break
        part.append((start, min(end, start + length)))
        length -= end - start
    return part


def contact_step(visits, person, contact_us):
    """The step a contact belongs to: visited last in the 7 days before; None for the row "no step"."""
    before = [
        (visit.opened_us, visit.order, visit.step)
        for visit in visits
        if visit.person == person and contact_us - CONTACT <= visit.opened_us <= contact_us
    ]
    return max(before)[2] if before else None
