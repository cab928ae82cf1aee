"""The gap report in the JSON form of the issue, from events, scores and a journey file.

A score is {"user_id", "anonymous_id", "step", "metric", "value", "ts_us"} and may carry weight, scale, properties.
A belief of the journey may carry `sealed_us`, the server's seal.
"""

from itertools import pairwise

from tests.oracle import debt, gaps
from tests.oracle.estimates import histogram, inverse_cdf, low_tail, quantile, share, spread
from tests.oracle.identity import owners, person_of, timelines, unique
from tests.oracle.matchers import property_text
from tests.oracle.periods import default_window, last_full_week, observed, per_year, written
from tests.oracle.visits import visits


def report(events, scores, journey, window=None, *, newest_us=None, by=None, now_us=None):
    """The report of a window (from, to) in µs, the default one if None; `by` adds "segments"."""
    events = unique(events)
    zone = journey["journey"].get("timezone", "UTC")
    window = window or default_window(events, zone, now_us)
    times = [event["ts_us"] for event in events]
    newest_us = max(times) if newest_us is None else newest_us
    world = {
        "journey": journey,
        "window": window,
        "newest_us": newest_us,
        "scale": per_year(observed(window, min(times), newest_us)),
        "week": last_full_week(window[1], zone),
        "visits": visits(events, journey, newest_us),
        "answers": _answers(scores, events, window),
        "contacts": _contacts(events),
    }
    world["references"] = {step["id"]: debt.reference_us(step, _of(world, step)) for step in journey["step"]}
    until = [visit for visit in world["visits"] if visit.opened_us < window[1]]
    world["rows"] = debt.rows_of(until, journey, world["references"])
    answer = {
        "workspace": None,
        "window": {"from": written(window[0]), "to": written(window[1])},
        "engine": None,
        "snapshot": None,
        **_parts(world),
    }
    if by is not None:
        answer["segments"] = _segments(world, by)
    return answer


def _parts(world):
    steps = [_step(world, step) for step in world["journey"]["step"]]
    steps.sort(key=lambda row: -row["debt"]["hours"]["value"])
    return {"journey": _journey(world), "steps": steps}


def _segments(world, by):
    """The same parts for each segment; overlap and references stay those of the whole."""
    values = {visit.segment(by) for visit in _of(world)} | {_segment(answer, by) for answer in world["answers"]}
    return [
        {
            "segment": value,
            **_parts(
                {
                    **world,
                    "visits": [visit for visit in world["visits"] if visit.segment(by) == value],
                    "rows": [row for row in world["rows"] if row[0].segment(by) == value],
                    "answers": [answer for answer in world["answers"] if _segment(answer, by) == value],
                }
            ),
        }
        for value in sorted(values)
    ]


def _segment(answer, by):
    text = property_text(answer, by)
    return "unknown" if text is None else text


def _answers(scores, events, window):
    """The scores of the window, each with its person; those without a person or a value count nowhere."""
    owned = owners(events)
    answers = [{**score, "person": person_of(score, owned)} for score in scores]
    return [
        answer
        for answer in answers
        if answer["person"] and answer["value"] is not None and window[0] <= answer["ts_us"] < window[1]
    ]


def _contacts(events):
    return {
        person: [event["ts_us"] for event in line if event["event"] == "Contact Started"]
        for person, line in timelines(events).items()
    }


def _of(world, step=None):
    """Visits opened in the period, of one step or of all."""
    start, end = world["window"]
    return [
        visit
        for visit in world["visits"]
        if start <= visit.opened_us < end and (step is None or visit.step == step["id"])
    ]


def _journey(world):
    found = _of(world)
    first = {}
    for visit in found:
        first[visit.person] = min(first.get(visit.person, visit.opened_us), visit.opened_us)
    last_step = world["journey"]["step"][-1]["id"]
    finished = {}
    for visit in world["visits"]:
        reached = visit.completed and visit.step == last_step and visit.person in first
        if reached and visit.ended_us >= first[visit.person]:
            finished[visit.person] = min(finished.get(visit.person, visit.ended_us), visit.ended_us)
    times = [(person, (moment - first[person]) / 1e6) for person, moment in finished.items()]
    return {
        "id": world["journey"]["journey"]["id"],
        "entered": len(first),
        "finished": share([(person, person in finished) for person in first]),
        "elapsed": {"p50": quantile(times, 50), "p90": quantile(times, 90)},
        "transitions": _transitions(found),
        "debt": _debt(world, None),
    }


def _transitions(found):
    """Consecutive visits of a person by (opening, step order), the commonest first."""
    times = {}
    ordered = sorted(found, key=lambda visit: (visit.person, visit.opened_us, visit.order))
    for one, other in pairwise(ordered):
        if one.person == other.person:
            key = (one.order, other.order, one.step, other.step)
            times.setdefault(key, []).append(other.opened_us - one.opened_us)
    left = {}
    for key, lags in times.items():
        left[key[2]] = left.get(key[2], 0) + len(lags)
    return [
        {
            "from": key[2],
            "to": key[3],
            "n": len(lags),
            "share": len(lags) / left[key[2]],
            "p50_s": inverse_cdf(lags, 50) / 1e6,
        }
        for key, lags in sorted(times.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _step(world, step):
    found = _of(world, step)
    counts = {
        outcome: sum(1 for visit in found if visit.outcome == outcome)
        for outcome in ("completed", "failed", "abandoned", "open")
    }
    beliefs = [belief for belief in world["journey"].get("belief", []) if belief["step"] == step["id"]]
    return {
        "step": step["id"],
        "stage": step.get("stage"),
        "channel": step.get("channel"),
        "owner": step.get("owner"),
        "visits": {"n": counts["completed"] + counts["failed"] + counts["abandoned"], **counts},
        "outcomes": _outcomes(found),
        "spread": {"elapsed": spread(gaps.durations(found, step)), **_score_spreads(world, step)},
        "beliefs": [_belief(world, step, belief) for belief in beliefs],
        "debt": _debt(world, step),
        "trend": None,
        "evidence": [],
        "play": None,
        "proof": None,
    }


def _outcomes(found):
    """Shares of the closed visits; of open ones among all."""
    closed = [visit for visit in found if visit.closed]
    ended = {
        outcome: share([(visit.person, visit.outcome == outcome) for visit in closed])
        for outcome in ("completed", "failed", "abandoned")
    }
    return {**ended, "open": share([(visit.person, not visit.closed) for visit in found])}


def _scored(world, step, metric):
    return [answer for answer in world["answers"] if answer["step"] == step["id"] and answer["metric"] == metric]


def _score_spreads(world, step):
    spreads = {}
    for metric in gaps.SCORES:
        if answers := _scored(world, step, metric):
            seen = gaps.score_observations(answers)
            scale = gaps.score_scale(metric, answers)
            spreads[metric] = {
                **spread(seen),
                "histogram": histogram(seen),
                "low_tail": low_tail(seen, scale),
            }
    return spreads


def _belief(world, step, belief):
    metric = belief["metric"]
    if metric in (*gaps.SCORES, "low_tail"):
        answered = metric
        if metric == "low_tail":
            answered = next((one for one in ("nps", "csat", "rating") if _scored(world, step, one)), "csat")
        answers = _scored(world, step, answered)
        scale, seen = gaps.score_scale(answered, answers), gaps.score_observations(answers)
        moments = [answer["ts_us"] for answer in answers]
    else:
        found = _of(world, step)
        seen, scale = gaps.visit_observations(metric, found, step, world), None
        moments = [visit.opened_us for visit in found]
    estimate = gaps.experienced(metric, seen, scale)
    return gaps.judged(belief, estimate, seen, scale, min(moments, default=None))


def _debt(world, step):
    """The debt of a step, or of the whole journey if None."""
    journey, (start, end) = world["journey"], world["window"]
    of_step = [row for row in world["rows"] if step is None or row[0].step == step["id"]]
    rows = [row for row in of_step if start <= row[0].opened_us < end]
    principal, interest = _principal(world, step), _between(world, of_step, *world["week"])
    reference = None if step is None else world["references"][step["id"]]
    return {
        "hours": debt.total_estimate(rows, debt.hours),
        "reference_s": None if reference is None else reference / 1e6,
        "per_year": None if world["scale"] is None else debt.total_estimate(rows, debt.money(journey, world["scale"])),
        "currency": journey["journey"]["currency"],
        "factors": {
            "hourly_wage": journey["journey"]["hourly_wage"],
            "amplification": debt.amplification(journey),
            "year_scale": world["scale"],
        },
        "causes": debt.causes(rows),
        "principal": principal,
        "interest": interest,
    }


def _between(world, rows, start, end):
    """Money of the rows whose visits opened in [start, end), unscaled."""
    worth = debt.money(world["journey"])
    return sum(worth(visit, us) for visit, us in rows if start <= visit.opened_us < end)


def _principal(world, step):
    """Money from the earliest seal among a step's beliefs; a journey's is the sum of its steps'."""
    if step is None:
        parts = [_principal(world, one) for one in world["journey"]["step"]]
        return sum(part for part in parts if part is not None) if any(part is not None for part in parts) else None
    seals = [
        belief["sealed_us"]
        for belief in world["journey"].get("belief", [])
        if belief["step"] == step["id"] and belief.get("sealed_us") is not None
    ]
    if not seals:
        return None
    rows = [row for row in world["rows"] if row[0].step == step["id"]]
    return _between(world, rows, min(seals), world["window"][1])
