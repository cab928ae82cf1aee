"""What goes with lost time, by the paragraphs "Consequence" and "Leaving" and the choices of decision 72. Times are µs.

Slowly: every person and every visit is looked at by itself.
"""

import math
from itertools import pairwise

from scipy.stats import t as student
from tests.oracle import debt
from tests.oracle.estimates import estimate, inverse_cdf, too_few, wilson

DAY = 86_400 * 1_000_000
FOLLOWED, TOGETHER, BLOCK = 90 * DAY, 30 * DAY, 30 * DAY


def trade_of(lines):
    """Of each person the orders (moment to amount) and the subscription's events; and what gap is usual."""
    people = {}
    for person, line in lines.items():
        orders, subscriptions = {}, []
        for event in line:
            if event["event"] == "Order Completed":
                told = event["properties"].get("revenue")
                orders[event["ts_us"]] = orders.get(event["ts_us"], 0.0) + (told or 0.0)
            if event["event"] in ("Subscription Started", "Subscription Cancelled"):
                subscriptions.append((event["ts_us"], event["event"].endswith("Started")))
        people[person] = (orders, sorted(subscriptions))
    gaps, coming_again = [], 0
    for orders, _ in people.values():
        moments = sorted(orders)
        own = [later - earlier for earlier, later in pairwise(moments)]
        coming_again += bool(own)
        gaps += own
    return people, inverse_cdf(gaps, 90) if coming_again >= 5 else None


def customer(person, moment, usual):
    """Just before a moment: subscribed, or with an order no longer ago than is usual."""
    orders, subscriptions = person
    before = [began for at, began in subscriptions if at < moment]
    bought = [at for at in orders if at < moment]
    return bool((before and before[-1]) or (bought and usual is not None and moment - max(bought) <= usual))


def has_left(person, since, usual):
    """At the end of the 90 days: the subscription ended in them, or the last order is longer ago than is usual."""
    orders, subscriptions = person
    until = since + FOLLOWED
    before = [(at, began) for at, began in subscriptions if at <= until]
    if before and not before[-1][1] and before[-1][0] >= since:
        return True
    bought = [at for at in orders if at <= until]
    if not bought or usual is None:
        return False
    return since - max(bought) <= usual < until - max(bought)


def spent(person, since):
    return math.fsum(amount for at, amount in person[0].items() if since < at <= since + FOLLOWED)


def band(count):
    """0, 1, 2, 3 to 4, 5 to 8, …: each twice as wide as the one before."""
    return 0 if count == 0 else 1 + math.ceil(math.log2(count))


def rows_of_step(world, step, by):
    """(person, group, stratum, customer, left, spent, segment) of each visit up to a person's first wasted one."""
    start, end = world["followed"]
    rows = []
    for person in {visit.person for visit in world["visits"]}:
        mine = [visit for visit in world["visits"] if visit.person == person]
        trade = world["trade"].get(person)
        for visit in sorted(mine, key=lambda one: one.opened_us):
            late = visit.ended_us + FOLLOWED > world["newest_us"]
            if visit.step != step["id"] or not start <= visit.opened_us < end or late:
                continue
            earlier = [one for one in mine if visit.opened_us - FOLLOWED <= one.opened_us < visit.opened_us]
            orders = [at for at in trade[0] if at < visit.opened_us]
            block = (visit.opened_us - start) // BLOCK
            stratum = (band(len(earlier)), band(len(orders)), *_where(visit), block)
            known = customer(trade, visit.opened_us, world["usual"])
            fate = has_left(trade, visit.ended_us, world["usual"]), spent(trade, visit.ended_us)
            lost = _lost(world, visit)
            rows.append((person, int(lost), stratum, known, *fate, visit.segment(by)))
            if lost:
                break
    return rows


def rows_of_journey(world, by):
    """The same of each person: group is how many frictions the 30 days since the first visit held, 2 at most."""
    start, end = (moment - TOGETHER for moment in world["followed"])
    rows = []
    for person in {visit.person for visit in world["visits"]}:
        mine = [visit for visit in world["visits"] if visit.person == person and visit.opened_us >= start]
        mine.sort(key=lambda one: (one.opened_us, one.order))
        if not mine or mine[0].opened_us >= end:
            continue
        first, since = mine[0], mine[0].opened_us + TOGETHER
        together = [visit for visit in mine if visit.opened_us < since]
        frictions, latest = 0, None
        for visit in together:
            if _lost(world, visit):
                frictions += latest is None or visit.opened_us > latest
                latest = visit.ended_us if latest is None else max(latest, visit.ended_us)
        trade = world["trade"].get(person)
        orders = [at for at in trade[0] if at < since]
        stratum = (band(len(together)), band(len(orders)), *_where(first), (first.opened_us - start) // BLOCK)
        fate = has_left(trade, since, world["usual"]), spent(trade, since)
        if frictions <= 2:
            known = customer(trade, since, world["usual"])
            rows.append((person, frictions, stratum, known, *fate, first.segment(by)))
    return rows


def _where(visit):
    return visit.segment("country"), visit.segment("channel")


def _lost(world, visit):
    step = next(one for one in world["journey"]["step"] if one["id"] == visit.step)
    owner = step.get("reference_s") is not None
    return sum(end - start for start, end in debt.wasted(visit, world["references"][visit.step], owner=owner)) > 0


def compared(rows, groups):
    """left and spend: the estimate of each group and their difference."""
    customers = [row for row in rows if row[3]]
    left = _groups(customers, groups, 4, share)
    spend = _groups(rows, groups, 5, mean)
    return {"left": left, "spend": spend}


def _groups(rows, groups, field, estimator):
    found = []
    for group in range(groups):
        seen = []
        for row in rows:
            counts = [sum(one[1] == number and one[2] == row[2] for one in rows) for number in range(groups)]
            if row[1] == group and all(counts):
                seen.append((row[0], float(row[field]), counts[-1] / counts[group]))
        found.append(estimator(seen, plain=group == groups - 1))
    signs = (-1, 1) if groups == 2 else (1, -2, 1)
    return found, contrast(list(zip(signs, found, strict=True)))


def contrast(parts):
    """Square and add."""
    n = sum(one["n"] for _, one in parts)
    if any(one["value"] is None for _, one in parts):
        return too_few(n)
    value = sum(weight * one["value"] for weight, one in parts)
    ends = [sorted(weight * (one[end] - one["value"]) for end in ("low", "high")) for weight, one in parts]
    low, high = (math.sqrt(sum(pair[place] ** 2 for pair in ends)) for place in (0, 1))
    return estimate(value, value - low, value + high, n, "square and add")


def share(seen, *, plain):
    value, n_eff, few = _worth(seen, plain=plain)
    if few:
        return too_few(len(seen))
    low, high = wilson(value, n_eff)
    return estimate(value, 0.0 if value == 0 else low, 1.0 if value == 1 else high, len(seen), "wilson")


def mean(seen, *, plain):
    value, n_eff, few = _worth(seen, plain=plain)
    if few or n_eff <= 1:
        return too_few(len(seen))
    heavy = math.fsum(weight for _, _, weight in seen)
    spread = math.fsum(weight * (y - value) ** 2 for _, y, weight in seen) / heavy
    persons = len({person for person, _, _ in seen})
    variance = spread / (n_eff - 1)
    if plain:  # everybody once, so V is the plain variance of a mean
        variance = math.fsum((y - value) ** 2 for _, y, _ in seen) / (persons - 1) / persons
    half = student.ppf(0.975, persons - 1) * math.sqrt(variance)
    return estimate(value, value - half, value + half, len(seen), "t")


def _worth(seen, *, plain):
    """The weighted mean, n_eff, and whether fewer than 5 persons stand behind it; Kish's n_eff thinned by clusters."""
    n, persons = len(seen), {}
    for person, y, _ in seen:
        own = persons.setdefault(person, [0, 0.0])
        own[0], own[1] = own[0] + 1, own[1] + y
    if len(persons) < 5:
        return None, None, True
    heavy = math.fsum(weight for _, _, weight in seen)
    value = math.fsum(weight * y for _, y, weight in seen) / heavy
    kish = heavy**2 / math.fsum(weight**2 for _, _, weight in seen)
    ones = math.fsum(y for _, y, _ in seen) / n
    apart = math.fsum((y - ones) ** 2 for _, y, _ in seen)
    together = math.fsum((total - count * ones) ** 2 for count, total in persons.values())
    if plain and {y for _, y, _ in seen} <= {0.0, 1.0}:  # in integers, with the correction for few clusters
        scatter = sum((n * total - count * round(n * ones)) ** 2 for count, total in persons.values())
        k, size = round(n * ones), len(persons)
        return value, size if scatter == 0 else min(n, k * (n - k) * n**2 * (size - 1) / (size * scatter)), False
    thinning = min(1.0, apart / together) if together > 1e-9 else len(persons) / n
    return value, kish * thinning, False


def world_of(events_by_person, visits, plan, window, newest_us):
    """What the functions above ask for."""
    trade, usual = trade_of(events_by_person)
    end = min(window[1], newest_us + 1 - FOLLOWED)
    inside = [visit for visit in visits if window[0] <= visit.opened_us < window[1]]
    own = {step["id"]: [visit for visit in inside if visit.step == step["id"]] for step in plan["step"]}
    return {
        "journey": plan,
        "visits": [visit for visit in visits if visit.closed],
        "references": {step["id"]: debt.reference_us(step, own[step["id"]]) for step in plan["step"]},
        "trade": trade,
        "usual": usual,
        "followed": (end - (window[1] - window[0]), end),
        "newest_us": newest_us,
    }
