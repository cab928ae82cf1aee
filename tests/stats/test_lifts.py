"""Lifts: equal to tea-tasting and statsmodels on three public data sets; what cannot be told is not told."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
import tea_tasting as tt
from bench.experiments import TABLE, Rates, failures, page, rates
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW
from tests.places import SHARED_DATA

from nousnous.base.errors import Refused
from nousnous.stats.assignment import arm_of
from nousnous.stats.estimate import Estimate
from nousnous.stats.lifts import Comparison, arm, compare
from nousnous.stats.sequential import always_valid, always_valid_p


def telco() -> Iterator[dict[str, Any]]:
    """Subscriptions with and without paper bills: who left, what they pay a month, for how long."""
    with (SHARED_DATA / "telco_churn.csv").open() as file:
        for row in csv.DictReader(file):
            arm, left = int(row["PaperlessBilling"] == "Yes"), float(row["Churn"] == "Yes")
            yield {"variant": arm, "x": left, "y": 1.0, "x0": float(row["tenure"]), "y0": 1.0}


def retail() -> Iterator[dict[str, Any]]:
    """Customers at random in two arms: revenue and order lines from March 2011 on, and before."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0] * 4)
    with gzip.open(SHARED_DATA / "online_retail.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            if customer := row["CustomerID"]:
                place = 0 if row["InvoiceDate"] >= "2011-03-01" else 2
                sums[customer][place] += float(row["Quantity"]) * float(row["UnitPrice"])
                sums[customer][place + 1] += 1
    for customer, (x, y, x0, y0) in sums.items():
        variant = int(arm_of("retail", customer, {"0": 1, "1": 1}))
        yield {"variant": variant, "x": x, "y": y, "x0": x0, "y0": y0}


def clicks() -> Iterator[dict[str, Any]]:
    """Shop users by platform: events that went wrong, and sessions."""
    wrong: dict[str, list[Any]] = defaultdict(lambda: [0, 0.0, set()])
    with (SHARED_DATA / "shop_clickstream.csv").open() as file:
        for row in csv.DictReader(file):
            user = wrong[row["user_id"]]
            user[0] = int(arm_of("clicks", row["user_id"], {"0": 1, "1": 2}))
            user[1] += row["event"] in {"payment_error", "checkout_bug", "error_page"}
            user[2].add(row["session_id"])
    for variant, failed, sessions in wrong.values():
        yield {"variant": variant, "x": failed, "y": float(len(sessions)), "x0": 0.0, "y0": 1.0}


@pytest.fixture(scope="module", params=[telco, retail, clicks])
def rows(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return list(request.param())


def compared(rows: list[dict[str, Any]], names: str, **options: Any) -> Comparison:
    arms = [arm(*([row[name] for row in rows if row["variant"] == each] for name in names.split())) for each in (0, 1)]
    return compare(*arms, **options)


def theirs(rows: list[dict[str, Any]], **columns: str) -> Any:
    metric = tt.RatioOfMeans(**columns) if "denom" in columns else tt.Mean(columns["numer"])
    return tt.Experiment(metric=metric).analyze(pa.Table.from_pylist(rows))["metric"]


def numbers(one: Estimate) -> tuple[float | None, ...]:
    return one.value, one.low, one.high


def test_a_ratio_is_compared_as_tea_tasting_does_it(rows: list[dict[str, Any]]) -> None:
    found, told = compared(rows, "x y"), theirs(rows, numer="x", denom="y")
    expected = (told.effect_size, told.effect_size_ci_lower, told.effect_size_ci_upper)
    assert numbers(found.difference) == pytest.approx(expected, rel=1e-9)
    expected = (told.rel_effect_size, told.rel_effect_size_ci_lower, told.rel_effect_size_ci_upper)
    assert numbers(found.lift) == pytest.approx(expected, rel=1e-9)
    assert found.p == pytest.approx(told.pvalue, rel=1e-9)


def test_what_people_did_before_is_taken_out_as_tea_tasting_does_it(rows: list[dict[str, Any]]) -> None:
    found = compared(rows, "x y x0 y0")
    if not any(row["x0"] for row in rows):
        assert found == compared(rows, "x y")
        return
    told = theirs(rows, numer="x", denom="y", numer_covariate="x0", denom_covariate="y0")
    expected = (told.effect_size, told.effect_size_ci_lower, told.effect_size_ci_upper)
    assert numbers(found.difference) == pytest.approx(expected, rel=1e-9)
    assert numbers(found.lift)[1:] == pytest.approx(
        (told.rel_effect_size_ci_lower, told.rel_effect_size_ci_upper), rel=1e-9
    )
    assert 0 < found.variance_saved < 1


def test_a_mean_is_compared_as_statsmodels_does_it(rows: list[dict[str, Any]]) -> None:
    found = compared(rows, "x")
    arms = [DescrStatsW([row["x"] for row in rows if row["variant"] == each]) for each in (1, 0)]
    told = CompareMeans(*arms)
    assert numbers(found.difference)[1:] == pytest.approx(told.tconfint_diff(usevar="unequal"), rel=1e-9)
    assert found.p == pytest.approx(told.ttest_ind(usevar="unequal")[1], rel=1e-9)


def test_an_always_valid_interval_is_wider_and_agrees_with_its_chance(rows: list[dict[str, Any]]) -> None:
    fixed, always = compared(rows, "x y"), compared(rows, "x y", planned=1_000)
    assert always.difference.value == fixed.difference.value
    low, high = always.difference.low or 0.0, always.difference.high or 0.0
    assert low < (fixed.difference.low or 0.0) < (fixed.difference.high or 0.0) < high
    assert ((always.p or 0) <= 0.05) == (not low <= 0 <= high)


def test_always_valid_chances_are_no_smaller_than_those_of_one_look() -> None:
    assert always_valid_p(0.0, 500, 1_000) == 1.0
    assert always_valid_p(3.0, 500, 1_000) > 0.0027
    reaches = [always_valid(persons, 10_000) for persons in (10, 1_000, 10_000, 1_000_000)]
    assert min(reaches) == reaches[2] > 1.96


@pytest.mark.parametrize(("persons", "planned"), [(0, 10), (10, 0)])
def test_a_look_without_persons_is_refused(persons: int, planned: int) -> None:
    with pytest.raises(Refused, match="at least one"):
        always_valid(persons, planned)


def test_four_persons_in_an_arm_are_too_few() -> None:
    found = compare(arm([1, 0, 1, 0]), arm([1, 0] * 50))
    assert found.difference.too_few
    assert found.p is None
    nobody = compare(arm([0] * 9, [0] * 9), arm([1] * 9, [1] * 9))
    assert nobody.lift.too_few


def test_without_spread_or_base_there_is_no_interval() -> None:
    same = compare(arm([1.0] * 10), arm([1.0] * 10))
    assert (same.difference.value, same.difference.low, same.p) == (0.0, None, None)
    baseless = compare(arm([0.0] * 10), arm([1.0, 0.0] * 5))
    assert baseless.lift.value is None
    assert baseless.difference.value == 0.5


def test_values_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(Refused, match="one numerator"):
        arm([1, 2], [1])
    with pytest.raises(Refused, match="no number"):
        arm([1, float("nan")])


@pytest.fixture(scope="module")
def thin() -> Rates:
    return rates(tests=100, worlds=100)


def test_nothing_is_found_where_nothing_is(thin: Rates) -> None:
    assert failures(thin, slack=0.06) == []
    assert thin.fix_naive > thin.fix


def test_the_stored_table_of_the_soak_is_as_asked_and_of_this_form(thin: Rates) -> None:
    told = TABLE.read_text()
    head, rest = page(thin).split("| --- |", 1)
    assert told.startswith(head)
    assert len(told.splitlines()) == len((head + rest).splitlines())
