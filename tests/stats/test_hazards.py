"""Hazards: equal to statsmodels on subscriptions by the month; penalised ones hold for people they have not seen."""

import csv

import numpy as np
import pytest
import statsmodels.api as sm
from tests.places import SHARED_DATA

from nousnous.base.errors import Refused
from nousnous.stats.hazards import Hazard, base_rate, chances_of, fit, log_loss, train


def telco_months() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each subscription once a month that it lasted: features, whether it ended in that month, whose it is."""
    with (SHARED_DATA / "telco_churn.csv").open() as file:
        rows = list(csv.DictReader(file))
    tenure = np.array([int(row["tenure"]) for row in rows])
    asked = {"Contract": "Month-to-month", "InternetService": "Fiber optic", "TechSupport": "Yes", "Partner": "Yes"}
    fixed = np.array([[float(row[name] == value) for name, value in asked.items()] for row in rows])
    paid = np.array([float(row["MonthlyCharges"]) for row in rows])
    person = np.repeat(np.arange(tenure.size), tenure)
    month = np.arange(person.size) - np.repeat(np.cumsum(tenure) - tenure, tenure) + 1
    left = np.array([row["Churn"] == "Yes" for row in rows])[person] & (month == tenure[person])
    return np.column_stack([np.log(month), fixed[person], paid[person]]), left.astype(int), person


@pytest.fixture(scope="module")
def months() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return telco_months()


def test_without_a_penalty_coefficients_are_those_of_statsmodels(
    months: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    features, left, _ = months
    assert left.sum() == 1_869
    assert left.size > 200_000
    found, told = fit(features, left), sm.Logit(left, sm.add_constant(features)).fit(disp=0, tol=1e-12)
    assert np.abs(np.array([found.intercept, *found.coefficients]) - told.params).max() < 1e-6


def test_a_trained_one_finds_what_matters_shrinks_what_does_not_and_holds_for_others() -> None:
    random = np.random.default_rng(5)
    rows = random.normal(size=(6_000, 20))
    true = chances_of(1.2 * rows[:, 0] - 0.8 * rows[:, 1] - 2)
    left, half = (random.random(6_000) < true).astype(int), 1_000
    found = train(rows[:half], left[:half], np.arange(half))
    plain = fit(rows[:half], left[:half])
    assert found.penalty is not None
    assert np.abs(found.coefficients[2:]).sum() < np.abs(plain.coefficients[2:]).sum()
    assert log_loss(left[half:], found.chances(rows[half:])) < log_loss(left[half:], plain.chances(rows[half:]))
    slope = fit(found.logits(rows[half:])[:, None], left[half:]).coefficients[0]
    assert 0.85 < slope < 1.15


def test_contributions_add_up_to_the_logit_beside_that_of_the_average() -> None:
    found = Hazard(-2.0, np.array([0.5, -1.0]), np.array([2.0, 1.0]), None)
    row = np.array([[4.0, 3.0]])
    assert found.contributions(row).sum() == pytest.approx((found.logits(row) - found.logits([found.means]))[0])
    assert found.contributions(row).tolist() == [[1.0, -2.0]]


def test_a_feature_that_never_varies_says_nothing_and_nothing_is_learned_where_all_ended_alike() -> None:
    rows = np.column_stack([np.ones(40), np.arange(40.0) % 4])
    assert fit(rows, np.arange(40) % 3 == 0, 1.0).coefficients[0] == 0
    assert fit(rows[:, :1], [1, *[0] * 39]).chances([[1.0]])[0] == pytest.approx(1 / 40)
    with pytest.raises(Refused, match="both kinds"):
        fit(rows, np.zeros(40))
    with pytest.raises(Refused, match="one outcome"):
        fit(rows, np.zeros(39))
    assert base_rate(0, 9, 1).chances([[5.0]])[0] == pytest.approx(0.05)
