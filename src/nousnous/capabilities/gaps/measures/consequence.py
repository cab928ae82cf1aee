"""What goes with lost time: who leaves and what people spend afterwards, beside others like them. Not why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NotRequired, TypedDict, cast

import numpy as np

from nousnous.base.shapes import Window
from nousnous.capabilities.gaps.measures.following import FOLLOWED_DAYS, MATCHED_ON, Followed, Rows
from nousnous.stats.contrasts import contrast
from nousnous.stats.estimate import MINIMUM_PERSONS, Estimate, EstimateShape
from nousnous.stats.gaps import FEW_PERSONS, Gap, Judgement, Lean, Verdict, judge
from nousnous.stats.matching import matched, strata

ASSOCIATION: Final = "association"
# As for beliefs: what is within is no difference.
LEAVING_TOLERANCE, SPEND_TOLERANCE = 0.02, 0.05
TINY = 1e-9
WEIGHTS: Final = {2: (-1.0, 1.0), 3: (1.0, -2.0, 1.0)}


GroupsShape = TypedDict("GroupsShape", {"with": EstimateShape, "without": EstimateShape}, total=False)


class ComparedShape(GroupsShape):
    """Groups with and without a friction, or with none, one and two of them."""

    difference: EstimateShape
    verdict: Verdict
    lean: Lean | None
    needed_n: int | None
    needed_reason: str | None
    none: NotRequired[EstimateShape]
    one: NotRequired[EstimateShape]
    two: NotRequired[EstimateShape]
    singles: NotRequired[EstimateShape]


@dataclass(frozen=True, slots=True)
class Compared:
    """One outcome of groups with rising friction, the last as it is and the others as if they were alike.

    `difference` is the last less the one without, or two frictions less the sum of single ones. It is judged as a gap
    is, plus being bad news: leaving in points, spend in per cent of what it is compared with.
    """

    groups: tuple[Estimate, ...]
    difference: Estimate
    judgement: Judgement

    @property
    def singles(self) -> Estimate:
        """Of three groups: what two frictions would go with if each counted as it does alone."""
        none, one, _ = self.groups
        return contrast([(2.0, one), (-1.0, none)])

    def as_dict(self) -> ComparedShape:
        ends: dict[str, Any] = {
            "difference": self.difference.as_dict(),
            "verdict": self.judgement.verdict,
            "lean": self.judgement.lean,
            "needed_n": self.judgement.needed_n,
            "needed_reason": self.judgement.reason,
        }
        if len(self.groups) == 2:
            told = {"with": self.groups[1], "without": self.groups[0]}
        else:
            told = dict(zip(("none", "one", "two"), self.groups, strict=True)) | {"singles": self.singles}
        return cast("ComparedShape", {name: one.as_dict() for name, one in told.items()} | ends)


class ConsequenceShape(Window):
    days: int
    design: str
    left: ComparedShape | None
    spend: ComparedShape | None
    currency: str
    people: int
    alike: int
    matched_on: list[str]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Consequence:
    """Leaving (a share) and spend (money a person) in the 90 days after; None where nothing says so.

    `people` had the friction (for a journey: two), `alike` of them had counterparts; their visits opened in
    [from_at, to_at).
    """

    left: Compared | None
    spend: Compared | None
    people: int
    alike: int
    from_at: str
    to_at: str
    currency: str
    reason: str | None = None

    def as_dict(self) -> ConsequenceShape:
        return {
            "days": FOLLOWED_DAYS,
            "design": ASSOCIATION,
            "left": self.left.as_dict() if self.left else None,
            "spend": self.spend.as_dict() if self.spend else None,
            "currency": self.currency,
            "people": self.people,
            "alike": self.alike,
            "matched_on": list(MATCHED_ON),
            "from": self.from_at,
            "to": self.to_at,
            "reason": self.reason,
        }


def consequence(followed: Followed, position: int, currency: str) -> Consequence:
    """Of persons with a wasted visit of a step against matched others without."""
    rows = None if followed.visits is None else followed.visits.of_step(position)
    found = Consequence(None, None, 0, 0, *followed.written, currency, followed.why_not)
    return found if rows is None else _compare(found, rows, 2, priced=followed.priced)


def multiplied(followed: Followed, currency: str) -> Consequence:
    """People with two frictions in the journey within 30 days against the sum of singles."""
    found = Consequence(None, None, 0, 0, *followed.written_of_persons, currency, followed.why_not)
    return found if followed.persons is None else _compare(found, followed.persons, 3, priced=followed.priced)


def _compare(found: Consequence, rows: Rows, groups: int, *, priced: bool) -> Consequence:
    rows = replace(rows, stratum=strata([rows.stratum]))
    everybody, customers = matched(rows.group, rows.stratum, groups), rows.only(rows.customer)
    of_customers = matched(customers.group, customers.stratum, groups)
    asked = rows.group == groups - 1
    return replace(
        found,
        left=_compared(of_customers.shares(customers.left, customers.person)),
        spend=_compared(everybody.means(rows.spent, rows.person), money=True) if priced else None,
        people=int(np.count_nonzero(asked)),
        alike=int(np.count_nonzero(everybody.kept & asked)),
    )


def _compared(groups: Sequence[Estimate], *, money: bool = False) -> Compared:
    difference = contrast(list(zip(WEIGHTS[len(groups)], groups, strict=True)))
    value, low, high, asked = difference.value, difference.low, difference.high, groups[-1]
    if value is None or low is None or high is None:
        missing = MINIMUM_PERSONS if asked.n < MINIMUM_PERSONS else None
        few = Judgement("unproven", None, missing, None if missing else FEW_PERSONS)
        return Compared(tuple(groups), difference, few)
    apart, tolerance = Gap(100 * value, 100 * low, 100 * high, "points"), LEAVING_TOLERANCE
    if money:
        beside = 100 / max(abs((asked.value or 0.0) - value), TINY)
        apart, tolerance = Gap(-beside * value, -beside * high, -beside * low, "percent"), SPEND_TOLERANCE
    return Compared(tuple(groups), difference, judge(apart, asked, tolerance))
